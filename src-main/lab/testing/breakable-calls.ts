/** The calls of an engine in memory, of which each can be the last. */
import { LabError } from '../../common/lab-error.ts'

interface Interruption {
  /** 1 for the next call. */
  atCall: number
  when: 'before' | 'after'
}

export class BreakableCalls {
  /** Names of all calls that change something, with what they were about. */
  readonly records: string[] = []
  #madeSinceArmed = 0
  #interruption: Interruption | undefined

  /** The call of that number throws, as if the engine or the command had been killed there. */
  interrupt(atCall: number, when: 'before' | 'after'): void {
    this.#interruption = { atCall, when }
    this.#madeSinceArmed = 0
  }

  /** Calls made since `interrupt`; ends the interruption. */
  disarm(): number {
    this.#interruption = undefined
    return this.#madeSinceArmed
  }

  /** @param record empty for a call that changes nothing @throws NoEngine when it is interrupted */
  async make<T>(record: string, work: () => T): Promise<T> {
    this.#madeSinceArmed += 1
    const interruption = this.#interruption
    const isLast = interruption !== undefined && this.#madeSinceArmed >= interruption.atCall
    const message = `the engine went away at call ${this.#madeSinceArmed}`
    const killed = new LabError({ kind: 'NoEngine', message })
    // Once gone it stays away: calls of other lanes fail as well.
    if (isLast && (interruption.when === 'before' || this.#madeSinceArmed > interruption.atCall)) throw killed
    if (record !== '') this.records.push(record)
    const result = work()
    if (isLast) throw killed
    // A real engine never answers in the same tick.
    await Promise.resolve()
    return result
  }
}
