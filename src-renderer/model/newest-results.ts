/** What is to be shown of results: the newest of each experiment. Pure. */
import type { ExperimentResult } from '@common/experiments/experiment-run.ts'

/** @param results the newest first */
export function newestByExperiment(results: readonly ExperimentResult[]): ReadonlyMap<string, ExperimentResult> {
  const newest = new Map<string, ExperimentResult>()
  for (const result of results) if (!newest.has(result.experiment)) newest.set(result.experiment, result)
  return newest
}

/** `against`: at least one answer is not what Kubernetes is known to do. */
export type ResultStanding = 'as-expected' | 'against' | 'not-finished'

export function standingOf(result: ExperimentResult): ResultStanding {
  if (result.outcome !== 'finished') return 'not-finished'
  const isAgainst = result.sides.some(({ observed }) => observed.some(({ verdict }) => verdict === 'against'))
  return isAgainst ? 'against' : 'as-expected'
}
