/**
 * What a controller did and its watches have not yet shown: until they have, it would count wrongly and do it twice
 * (pkg/controller/controller_utils.go ControllerExpectations).
 */
import type { Clock } from '../../base/clock.ts'

/** After which a watch is taken to have lost something. */
export const EXPECTATION_EXPIRY_MS = 5 * 60_000

interface Expectation {
  creations: number
  /** By `namespace/name`: a pod that is being deleted is seen so more than once. */
  deletions: Set<string>
  sinceMs: number
}

export class Expectations {
  readonly #clock: Clock
  readonly #byOwner = new Map<string, Expectation>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** To be called before the requests are sent. `owner`: the key of the object that is brought to where it should be. */
  expect(owner: string, creations: number, deletions: readonly string[]): void {
    this.#byOwner.set(owner, { creations, deletions: new Set(deletions), sinceMs: this.#clock.now() })
  }

  /** One was seen, or its request failed. */
  creationObserved(owner: string): void {
    const expectation = this.#byOwner.get(owner)
    if (expectation !== undefined) expectation.creations--
  }

  /** It goes or is gone, or the request failed. */
  deletionObserved(owner: string, key: string): void {
    this.#byOwner.get(owner)?.deletions.delete(key)
  }

  areSatisfied(owner: string): boolean {
    const expectation = this.#byOwner.get(owner)
    if (expectation === undefined) return true
    const { creations, deletions, sinceMs } = expectation
    return (creations <= 0 && deletions.size === 0) || this.#clock.now() - sinceMs > EXPECTATION_EXPIRY_MS
  }

  /** The owner is gone. */
  forget(owner: string): void {
    this.#byOwner.delete(owner)
  }
}
