/**
 * Keys to look at, each once however often it is added, and never by two workers at a time; what fails comes again, later
 * each time (client-go's workqueue).
 */
import type { Clock, Timer } from './clock.ts'
import type { Disposable } from './disposable.ts'

export interface WorkQueueOptions {
  clock: Clock
  workers: number
  /** Brings the key to where it should be. A rejection means: again, later. */
  sync(key: string): Promise<void>
  /** Told of every failure before the key waits. */
  onFailure(key: string, error: unknown): void
  initialRetryMs?: number
  maxRetryMs?: number
}

const INITIAL_RETRY_MS = 5
const MAX_RETRY_MS = 1_000_000

export class WorkQueue implements Disposable {
  readonly #options: WorkQueueOptions
  readonly #waiting = new Set<string>()
  readonly #working = new Set<string>()
  /** Added while they were worked on. */
  readonly #again = new Set<string>()
  readonly #failures = new Map<string, number>()
  /** Those that wait for a moment, each for the earliest that was asked for. */
  readonly #later = new Map<string, { dueMs: number; timer: Timer }>()
  #isDisposed = false

  constructor(options: WorkQueueOptions) {
    this.#options = options
  }

  add(key: string): void {
    if (this.#isDisposed) return
    if (this.#working.has(key)) this.#again.add(key)
    else this.#waiting.add(key)
    this.#next()
  }

  addAfter(key: string, delayMs: number): void {
    if (this.#isDisposed) return
    const { clock } = this.#options
    const dueMs = clock.now() + delayMs
    const before = this.#later.get(key)
    if (before !== undefined && before.dueMs <= dueMs) return
    before?.timer.cancel()
    const timer = clock.setTimer(delayMs, () => {
      this.#later.delete(key)
      this.add(key)
    })
    this.#later.set(key, { dueMs, timer })
  }

  dispose(): void {
    this.#isDisposed = true
    for (const { timer } of this.#later.values()) timer.cancel()
    this.#later.clear()
    this.#waiting.clear()
    this.#again.clear()
  }

  #next(): void {
    for (const key of this.#waiting) {
      if (this.#working.size >= this.#options.workers) return
      this.#waiting.delete(key)
      this.#working.add(key)
      void this.#work(key)
    }
  }

  async #work(key: string): Promise<void> {
    try {
      await this.#options.sync(key)
      this.#failures.delete(key)
    } catch (error) {
      if (!this.#isDisposed) this.#retry(key, error)
    } finally {
      this.#working.delete(key)
      if (this.#again.delete(key)) this.#waiting.add(key)
      this.#next()
    }
  }

  #retry(key: string, error: unknown): void {
    const { initialRetryMs = INITIAL_RETRY_MS, maxRetryMs = MAX_RETRY_MS } = this.#options
    const failures = this.#failures.get(key) ?? 0
    this.#failures.set(key, failures + 1)
    this.#options.onFailure(key, error)
    this.addAfter(key, Math.min(initialRetryMs * 2 ** failures, maxRetryMs))
  }
}
