/** Exponential back-off per key, with the reset rule of client-go's flowcontrol (facts 2.2.1, 2.2.2). */
import type { Clock } from './clock.ts'

export interface BackoffOptions {
  clock: Clock
  initialMs: number
  maxMs: number
  /** An event that comes later than this after the last update starts the ladder anew. */
  resetAfterMs: number
}

interface BackoffEntry {
  delayMs: number
  updatedAtMs: number
}

export class Backoff {
  readonly #options: BackoffOptions
  readonly #entries = new Map<string, BackoffEntry>()

  constructor(options: BackoffOptions) {
    this.#options = options
  }

  /** The key's present delay; 0 without an entry. */
  delayOf(key: string): number {
    return this.#entries.get(key)?.delayMs ?? 0
  }

  /** Doubles the key's delay (or begins the ladder) because of an event at `eventMs`. */
  next(key: string, eventMs: number): void {
    const entry = this.#entries.get(key)
    const { initialMs, maxMs } = this.#options
    const delayMs =
      entry === undefined || this.#expired(entry, eventMs) ? initialMs : Math.min(entry.delayMs * 2, maxMs)
    this.#entries.set(key, { delayMs, updatedAtMs: this.#options.clock.now() })
  }

  /** The time until which the key has to wait, counted from an event at `eventMs`; `undefined`: it need not wait. */
  waitsUntil(key: string, eventMs: number): number | undefined {
    const entry = this.#entries.get(key)
    if (entry === undefined || this.#expired(entry, eventMs)) return undefined
    const untilMs = eventMs + entry.delayMs
    return this.#options.clock.now() < untilMs ? untilMs : undefined
  }

  /** As `waitsUntil`, counted from the last update of the entry. */
  waitsUntilSinceUpdate(key: string): number | undefined {
    const entry = this.#entries.get(key)
    return entry === undefined ? undefined : this.waitsUntil(key, entry.updatedAtMs)
  }

  forget(key: string): void {
    this.#entries.delete(key)
  }

  /** Drops every entry that a new event would reset anyway. */
  collectGarbage(): void {
    const now = this.#options.clock.now()
    for (const [key, entry] of this.#entries) if (this.#expired(entry, now)) this.#entries.delete(key)
  }

  #expired(entry: BackoffEntry, eventMs: number): boolean {
    return eventMs - entry.updatedAtMs > this.#options.resetAfterMs
  }
}
