/**
 * What has been said before about the same thing. Failures of probes are counted, as upstream's recorder bumps the `count` of
 * an event (facts 3.5); of everything else a repetition is left out.
 */
import type { Clock } from '../../base/clock.ts'
import type { TimelineDraft } from './timeline.ts'

/** A probe that has not failed for so long begins again at 1; upstream's window for similar events. */
const QUIET_MS = 10 * 60_000
/** What is not counted is written again after so long. */
const FOLD_MS = 5 * 60_000
/** Messages of failing probes that are counted beside each other; upstream merges more than so many. */
const MAX_MESSAGES = 10

interface Run {
  count: number
  firstMs: number
  lastMs: number
}

/** What was said last about one thing: messages of one reason, in the order in which they were first said. */
interface Current {
  reason: string
  runs: Map<string, Run>
}

export class Repetitions {
  readonly #clock: Clock
  readonly #current = new Map<string, Current>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /**
   * How often this has been said by now, this time included; `undefined` when it need not be written. Another reason about the
   * same thing ends the count: the first failure after a restart is news. Of several probes that fail each has its own.
   */
  count(draft: TimelineDraft): number | undefined {
    const isCounted = draft.subject === 'probe'
    const message = JSON.stringify([draft.type, draft.message, draft.details])
    const run = this.#next(this.#runsOf(draft, message, isCounted), message, isCounted ? isQuiet : isOld)
    const isWritten = isCounted ? isTold(run.count) : run.count === 1
    return isWritten ? run.count : undefined
  }

  #runsOf(draft: TimelineDraft, message: string, isCounted: boolean): Map<string, Run> {
    const key = `${draft.pod?.uid ?? ''}/${draft.container ?? ''}/${draft.file ?? ''}`
    const current = this.#current.get(key)
    if (current?.reason === draft.reason && (isCounted || current.runs.has(message))) return current.runs
    const runs = new Map<string, Run>()
    this.#current.set(key, { reason: draft.reason, runs })
    return runs
  }

  #next(runs: Map<string, Run>, message: string, isOver: (run: Run, nowMs: number) => boolean): Run {
    const nowMs = this.#clock.now()
    const known = runs.get(message)
    const run =
      known === undefined || isOver(known, nowMs)
        ? { count: 1, firstMs: nowMs, lastMs: nowMs }
        : { ...known, count: known.count + 1, lastMs: nowMs }
    runs.set(message, run)
    const [oldest] = runs.keys()
    if (runs.size > MAX_MESSAGES && oldest !== undefined) runs.delete(oldest)
    return run
  }

  forgetPod(uid: string): void {
    for (const key of this.#current.keys()) if (key.startsWith(`${uid}/`)) this.#current.delete(key)
  }
}

const isQuiet = (run: Run, nowMs: number): boolean => nowMs - run.lastMs >= QUIET_MS
const isOld = (run: Run, nowMs: number): boolean => nowMs - run.firstMs >= FOLD_MS

/** Each of the first three, and then whenever the number has doubled: a probe that fails for a day is twenty lines. */
function isTold(count: number): boolean {
  return count <= 3 || Number.isInteger(Math.log2(count))
}
