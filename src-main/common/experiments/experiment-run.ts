/** How an experiment goes, and what came of it. Plain data: kept as a file beside the lab, and told to the window. */
import type { Time } from '../api/meta.ts'
import type { Answer, SideName } from './experiment.ts'
import type { Evidence } from './side-record.ts'

/**
 * `as-expected`: the answer is what Kubernetes is known to do; `observed`: nothing is known of it; `against`: it is not; `unanswered`: the CEL could
 * not be evaluated over what was seen.
 */
export type AnswerVerdict = 'as-expected' | 'observed' | 'against' | 'unanswered'

/** The answer to one question for one side. */
export interface Observed {
  observation: string
  verdict: AnswerVerdict
  /** Absent when unanswered. */
  answer?: Answer
  /** Absent when nothing was expected. */
  expected?: Answer
  /** Why it is unanswered, or what is to be said of the evidence, in English. */
  message?: string
  observedAt: Time
  evidence: Evidence[]
}

export interface SideResult {
  side: SideName
  observed: Observed[]
}

/** `restored-later`: the app died, and the next one put the lab back. */
export type ExperimentOutcome = 'finished' | 'cancelled' | 'failed' | 'restored-later'

export interface ExperimentResult {
  /** Unique within the lab, and in the order of time. */
  id: string
  lab: string
  experiment: string
  startedAt: Time
  endedAt: Time
  outcome: ExperimentOutcome
  /** Why it failed, in English. */
  message?: string
  /** What could not be put back, in English; absent when all was. */
  notRestored?: string
  /** The guess that was chosen, whether it held, and of a wrong one those that did; only of a finished one. */
  hypothesis?: { name: string; held: boolean; heldInstead?: string[] }
  /** When each step began, by its index; steps that were not begun are not in it. */
  stepTimes?: Time[]
  /** None unless it finished. */
  sides: SideResult[]
}

/** One that runs now, told with every step. */
export interface ExperimentRun {
  /** Of the result that it will have. */
  id: string
  lab: string
  experiment: string
  startedAt: Time
  state: 'setting-up' | 'running' | 'restoring'
  sides: SideName[]
  hypothesis?: string
  /** Index of the step under way; -1 before the first. */
  step: number
  /** When each step so far began, by its index. */
  stepTimes?: Time[]
  /** Node that things are done to. */
  target: string
  /** Of the task that can be cancelled. */
  task: string
}

/** The agents of a lab, for the columns. `installed`: they stay there until they are removed. */
export interface ComparisonState {
  lab: string
  state: 'absent' | 'installed' | 'partial'
  sides: SideName[]
  /** Where the agents are: names that the columns look for. */
  namespace: string
  staticFile: string
  staticPod: string
  workload: string
  run?: ExperimentRun
  /** The last run's end was not seen, and what it changed is being put back, or could not be. */
  unfinished?: { experiment: string; message: string }
}
