/** On which node pods are ended, when several would do (framework/preemption pickOneNodeForPreemption). Pure. */
import type { Candidate } from './select-victims.ts'
import { startMs } from './victim-importance.ts'

/** Added to priorities, so that many negative ones are not better than few. */
const PRIORITY_OFFSET = 2 ** 31

/** The first is asked first; the next only among those that are equal by it. The greatest number wins. */
const CRITERIA: readonly ((candidate: Candidate) => number)[] = [
  ({ violations }) => -violations,
  ({ victims }) => -highestPriority({ victims }),
  ({ victims }) => -victims.reduce((sum, { priority }) => sum + priority + PRIORITY_OFFSET, 0),
  ({ victims }) => -victims.length,
  earliestStartMs,
]

export function pickCandidate(candidates: readonly Candidate[]): Candidate | undefined {
  let best = candidates
  for (const criterion of CRITERIA) {
    const numbers = best.map(criterion)
    const greatest = Math.max(...numbers)
    best = best.filter((_, index) => numbers[index] === greatest)
    if (best.length === 1) break
  }
  return best[0]
}

function highestPriority({ victims }: Pick<Candidate, 'victims'>): number {
  return Math.max(...victims.map(({ priority }) => priority))
}

/** Of the victims of the highest priority: those that run for the shortest time go. */
function earliestStartMs({ victims }: Candidate): number {
  const highest = highestPriority({ victims })
  return Math.min(...victims.filter(({ priority }) => priority === highest).map(startMs))
}
