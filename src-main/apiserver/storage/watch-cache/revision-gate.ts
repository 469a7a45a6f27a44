/**
 * Makes readers of the cache wait until it has reached the revision that they want, and no longer than upstream makes them
 * (apiserver/pkg/storage/cacher/watch_cache.go: three seconds; progress is asked for every 100 ms).
 */
import type { Clock, Timer } from '../../../base/clock.ts'
import type { Disposable } from '../../../base/disposable.ts'
import { serviceUnavailable, tooLargeResourceVersion, tooManyRequests } from '../../../kube/status-error.ts'

const PATIENCE_MS = 3000
const PROGRESS_REQUEST_MS = 100
const NOT_FILLED = -1

interface Waiter {
  revision: number
  resolve(revision: number): void
  reject(error: Error): void
  patience: Timer
}

export class RevisionGate implements Disposable {
  readonly #clock: Clock
  readonly #requestProgress: () => void
  readonly #waiters = new Set<Waiter>()
  #progressTimer: Timer | undefined
  #revision = NOT_FILLED

  constructor(options: { clock: Clock; requestProgress: () => void }) {
    this.#clock = options.clock
    this.#requestProgress = options.requestProgress
  }

  /** What the cache knows is true at this revision; negative before it was first filled. */
  get revision(): number {
    return this.#revision
  }

  /** The cache has got so far (or has begun anew from there). */
  reach(revision: number): void {
    this.#revision = revision
    for (const waiter of this.#waiters)
      if (waiter.revision <= revision) {
        this.#forget(waiter)
        waiter.resolve(revision)
      }
  }

  /** The revision at which the cache then is. Throws `StatusError` 504, or 429 while the cache was never filled. */
  waitFor(revision: number): Promise<number> {
    if (this.#revision >= Math.max(0, revision)) return Promise.resolve(this.#revision)
    return new Promise((resolve, reject) => {
      const patience = this.#clock.setTimer(PATIENCE_MS, () => {
        this.#forget(waiter)
        reject(this.#tooLate(revision))
      })
      const waiter = { revision, resolve, reject, patience }
      this.#waiters.add(waiter)
      if (this.#progressTimer === undefined) this.#askForProgress()
    })
  }

  dispose(): void {
    for (const waiter of this.#waiters) {
      this.#forget(waiter)
      waiter.reject(serviceUnavailable('the server is shutting down'))
    }
  }

  #tooLate(revision: number): Error {
    return this.#revision === NOT_FILLED
      ? tooManyRequests('storage is (re)initializing', 1)
      : tooLargeResourceVersion(revision, this.#revision)
  }

  #forget(waiter: Waiter): void {
    waiter.patience.cancel()
    this.#waiters.delete(waiter)
    if (this.#waiters.size > 0) return
    this.#progressTimer?.cancel()
    this.#progressTimer = undefined
  }

  #askForProgress(): void {
    this.#requestProgress()
    this.#progressTimer = this.#clock.setTimer(PROGRESS_REQUEST_MS, () => this.#askForProgress())
  }
}
