/** A latch for a loop that sleeps until something happens, some time has passed, or it is told to end. */
import type { Clock } from '../../base/clock.ts'

export class Wakeup {
  readonly #clock: Clock
  readonly #signal: AbortSignal
  #pending = false
  #resume: (() => void) | undefined

  constructor(clock: Clock, signal: AbortSignal) {
    this.#clock = clock
    this.#signal = signal
  }

  /** Ends the present wait, or the next one if none is under way. */
  wake(): void {
    this.#pending = true
    this.#resume?.()
  }

  async wait(timeoutMs: number): Promise<void> {
    if (!this.#pending && !this.#signal.aborted) {
      const { promise, resolve: settle } = Promise.withResolvers<void>()
      const resolve = (): void => settle()
      this.#resume = resolve
      this.#signal.addEventListener('abort', resolve, { once: true })
      const timer = this.#clock.setTimer(timeoutMs, resolve)
      await promise
      timer.cancel()
      this.#signal.removeEventListener('abort', resolve)
      this.#resume = undefined
    }
    this.#pending = false
  }
}
