/** A clock that moves only when told to. */
import type { Clock, Timer } from '../clock.ts'

interface PendingTimer {
  dueMs: number
  order: number
  callback: () => void
}

export class FakeClock implements Clock {
  #nowMs: number
  /** How far the time of day is from what timers have counted. */
  #jumpedMs = 0
  #order = 0
  #timers = new Set<PendingTimer>()

  constructor(startMs = Date.UTC(2026, 0, 1)) {
    this.#nowMs = startMs
  }

  now(): number {
    return Math.floor(this.#nowMs + this.#jumpedMs)
  }

  /** Somebody sets the clock, or the machine wakes: the time of day is another one at once; timers count on as if nothing had been. */
  jump(byMs: number): void {
    this.#jumpedMs += byMs
  }

  setTimer(delayMs: number, callback: () => void): Timer {
    const timer = { dueMs: this.#nowMs + Math.max(0, delayMs), order: this.#order++, callback }
    this.#timers.add(timer)
    return { cancel: () => this.#timers.delete(timer) }
  }

  /** Number of timers that wait: zero after everything was disposed, or something leaks. */
  get pendingTimers(): number {
    return this.#timers.size
  }

  /**
   * Moves time on by `durationMs`, firing timers in order of their due time and letting promise continuations
   * run between them, as they would in real time.
   */
  async advance(durationMs: number): Promise<void> {
    const endMs = this.#nowMs + durationMs
    await settle()
    for (;;) {
      const next = this.#nextDue(endMs)
      if (next === undefined) break
      this.#timers.delete(next)
      this.#nowMs = Math.max(this.#nowMs, next.dueMs)
      next.callback()
      await settle()
    }
    this.#nowMs = endMs
    await settle()
  }

  #nextDue(limitMs: number): PendingTimer | undefined {
    let next: PendingTimer | undefined
    for (const timer of this.#timers) {
      if (timer.dueMs > limitMs) continue
      if (next === undefined || timer.dueMs < next.dueMs || (timer.dueMs === next.dueMs && timer.order < next.order))
        next = timer
    }
    return next
  }
}

/** Lets everything that can run without time passing run. */
export async function settle(): Promise<void> {
  for (let round = 0; round < 3; round++) await new Promise<void>((resolve) => setImmediate(resolve))
}
