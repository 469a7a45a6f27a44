/**
 * When pulls may begin: so many at once (`serializeImagePulls`, `maxParallelImagePulls`), so many a second (`registryPullQPS`,
 * `registryBurst`).
 */
import type { Clock } from '../../base/clock.ts'
import { Semaphore } from '../../base/semaphore.ts'

export interface ImagePullLimits {
  /** `null`: as many as are asked for. */
  atOnce: number | null
  /** 0: as many as are asked for. */
  perSecond: number
  /** So many may begin together after a quiet time. */
  burst: number
}

/** Thrown before a pull that `registryPullQPS` forbids; it is tried again after the pull back-off, as upstream's. */
class PullQPSExceeded extends Error {
  constructor() {
    super('pull QPS exceeded')
  }
}

export class PullQueue {
  readonly #turns: Semaphore
  readonly #limits: ImagePullLimits
  readonly #clock: Clock
  /** What may begin now, refilled as time goes by. */
  #tokens: number
  #refilledMs: number

  constructor(limits: ImagePullLimits, clock: Clock) {
    this.#limits = limits
    this.#clock = clock
    this.#turns = new Semaphore(limits.atOnce ?? Number.POSITIVE_INFINITY)
    this.#tokens = limits.burst
    this.#refilledMs = clock.now()
  }

  /** Runs the pull in its turn. @throws PullQPSExceeded when its turn comes too soon after others */
  async run<T>(pull: () => Promise<T>): Promise<T> {
    return this.#turns.run(async () => {
      this.#take()
      return pull()
    })
  }

  #take(): void {
    const { perSecond, burst } = this.#limits
    if (perSecond <= 0) return
    const now = this.#clock.now()
    this.#tokens = Math.min(burst, this.#tokens + ((now - this.#refilledMs) / 1000) * perSecond)
    this.#refilledMs = now
    if (this.#tokens < 1) throw new PullQPSExceeded()
    this.#tokens--
  }
}
