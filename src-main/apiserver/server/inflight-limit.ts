/** How many requests are worked on at once; those beyond are told to come back (`--max-requests-inflight`). */
import { tooManyRequests } from '../../kube/status-error.ts'

const RETRY_AFTER_SECONDS = 1

export interface InflightLimits {
  /** 0: no limit; so the other. */
  maxReading: number
  maxMutating: number
}

export class InflightLimit {
  readonly #limits: InflightLimits
  #reading = 0
  #mutating = 0

  constructor(limits: InflightLimits) {
    this.#limits = limits
  }

  /** @throws StatusError 429 */
  async run(mutating: boolean, work: () => Promise<void>): Promise<void> {
    const { maxReading, maxMutating } = this.#limits
    const [count, maximum] = mutating ? [this.#mutating, maxMutating] : [this.#reading, maxReading]
    if (maximum > 0 && count >= maximum)
      throw tooManyRequests('too many requests, please try again later', RETRY_AFTER_SECONDS)
    this.#count(mutating, 1)
    try {
      await work()
    } finally {
      this.#count(mutating, -1)
    }
  }

  #count(mutating: boolean, by: number): void {
    if (mutating) this.#mutating += by
    else this.#reading += by
  }
}
