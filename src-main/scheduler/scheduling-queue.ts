/**
 * Pods that wait for a node (pkg/scheduler/backend/queue): those that are due, in the order of priority and then age, and
 * those that did not fit and wait for something to change, each try later than the one before.
 */
import type { Clock, Timer } from '../base/clock.ts'
import type { Disposable } from '../base/disposable.ts'

const INITIAL_BACKOFF_MS = 1000
const MAX_BACKOFF_MS = 10_000
/** What did not fit is tried again after this, whatever has been heard. */
const FLUSH_MS = 5 * 60_000

export interface QueuedPod {
  /** `namespace/name`. */
  key: string
  uid: string
  priority: number
  /** Milliseconds since the epoch. */
  createdMs: number
}

interface Entry extends QueuedPod {
  attempts: number
  /** Due from this moment on. */
  dueMs: number
  /** When what did not fit may be tried, should something change. */
  backoffEndMs: number
  /** That it is due was told; whoever cannot take it yet knows. */
  isTold: boolean
}

/** Why a pod comes back: `does-not-fit` waits for a change, `failed` (a request that went wrong) for its back-off only. */
export type PutBackReason = 'does-not-fit' | 'failed'

export class SchedulingQueue implements Disposable {
  readonly #clock: Clock
  readonly #onDue: () => void
  readonly #entries = new Map<string, Entry>()
  #timer: Timer | undefined

  /** @param onDue told once of each pod that is due; it may take several by then, or later */
  constructor(clock: Clock, onDue: () => void) {
    this.#clock = clock
    this.#onDue = onDue
  }

  /** A pod without a node was seen, or has changed: it is due at once. Another pod of the same name takes its place. */
  add(pod: QueuedPod): void {
    const before = this.#entries.get(pod.key)
    const attempts = before?.uid === pod.uid ? before.attempts : 0
    this.#entries.set(pod.key, { ...pod, attempts, dueMs: this.#clock.now(), backoffEndMs: 0, isTold: false })
    this.#schedule()
  }

  remove(key: string): void {
    this.#entries.delete(key)
  }

  /** The pod that comes first among those that are due; it leaves the queue. */
  take(): (QueuedPod & { attempts: number }) | undefined {
    const now = this.#clock.now()
    let first: Entry | undefined
    for (const entry of this.#entries.values())
      if (entry.dueMs <= now && (first === undefined || comesBefore(entry, first))) first = entry
    if (first !== undefined) this.#entries.delete(first.key)
    return first
  }

  /** It has no node yet: waits at least for its back-off. */
  putBack(pod: QueuedPod & { attempts: number }, reason: PutBackReason): void {
    if (this.#entries.has(pod.key)) return
    const attempts = pod.attempts + 1
    const now = this.#clock.now()
    const backoffMs = Math.min(INITIAL_BACKOFF_MS * 2 ** (attempts - 1), MAX_BACKOFF_MS)
    const backoffEndMs = now + backoffMs
    const dueMs = reason === 'failed' ? backoffEndMs : now + FLUSH_MS
    this.#entries.set(pod.key, { ...pod, attempts, dueMs, backoffEndMs, isTold: false })
    this.#schedule()
  }

  /** Something changed that may let pods fit: a node, or a pod that went. */
  moveAll(): void {
    const now = this.#clock.now()
    for (const entry of this.#entries.values()) entry.dueMs = Math.min(entry.dueMs, Math.max(now, entry.backoffEndMs))
    this.#schedule()
  }

  dispose(): void {
    this.#timer?.cancel()
    this.#entries.clear()
  }

  #schedule(): void {
    this.#timer?.cancel()
    this.#timer = undefined
    const untold = [...this.#entries.values()].filter(({ isTold }) => !isTold)
    if (untold.length === 0) return
    const nextMs = Math.min(...untold.map(({ dueMs }) => dueMs))
    this.#timer = this.#clock.setTimer(Math.max(0, nextMs - this.#clock.now()), () => {
      this.#timer = undefined
      const now = this.#clock.now()
      for (const entry of this.#entries.values()) if (entry.dueMs <= now) entry.isTold = true
      this.#onDue()
      this.#schedule()
    })
  }
}

function comesBefore(one: Entry, other: Entry): boolean {
  if (one.priority !== other.priority) return one.priority > other.priority
  return one.createdMs < other.createdMs
}
