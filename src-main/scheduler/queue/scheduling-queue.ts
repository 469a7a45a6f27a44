/**
 * Pods that wait for a node (pkg/scheduler/backend/queue): those that are due, by priority and then by how long they wait;
 * those that wait for their back-off; those that did not fit and wait for something to change; and those behind a gate.
 */
import type { Clock, Timer } from '../../base/clock.ts'
import type { Disposable } from '../../base/disposable.ts'
import type { PluginName } from '../framework/plugin.ts'
import type { PodInfo } from '../framework/pod-info.ts'
import { KeyedHeap } from './keyed-heap.ts'

const INITIAL_BACKOFF_MS = 1000
const MAX_BACKOFF_MS = 10_000
/** What did not fit is tried again after this, whatever has been heard. */
const FLUSH_MS = 5 * 60_000

export interface QueuedPod {
  readonly info: PodInfo
  /** How often it was taken, the present time included. */
  readonly attempts: number
  /** Since when it waits, milliseconds since the epoch; each failure begins it anew. */
  readonly queuedMs: number
  /** Of two that wait as long. */
  readonly order: number
  /** Failures of the kind that was the last: they decide how long it waits. */
  readonly failures: number
  readonly lastFailure: FailureKind | undefined
  /** Filters that objected: only changes of what they look at can help. Empty: there was no node at all. */
  readonly rejectedBy: ReadonlySet<PluginName>
}

/** `unschedulable`: it fits nowhere and waits for a change; `error`: a request went wrong, and only time can tell. */
export type FailureKind = 'unschedulable' | 'error'

interface WaitingPod extends QueuedPod {
  dueMs: number
}

/** Upstream's names of the parts. */
export type QueueName = 'active' | 'backoff' | 'unschedulable' | 'gated'

export class SchedulingQueue implements Disposable {
  readonly #clock: Clock
  readonly #onDue: () => void
  readonly #active = new KeyedHeap<QueuedPod>(uidOf, compareDue)
  readonly #backoff = new KeyedHeap<WaitingPod>(
    uidOf,
    (one, other) => one.dueMs - other.dueMs || one.order - other.order,
  )
  /** The one that waits longest comes first. */
  readonly #unschedulable = new Map<string, QueuedPod>()
  readonly #gated = new Set<string>()
  #order = 0
  #wake: Timer | undefined
  #flush: { dueMs: number; timer: Timer } | undefined

  /** @param onDue told once when pods have become due; whoever cannot take them then does so later */
  constructor(clock: Clock, onDue: () => void) {
    this.#clock = clock
    this.#onDue = onDue
  }

  /** A pod without a node was seen, or has changed in a way that may let it fit. */
  add(info: PodInfo): void {
    const { uid, pod } = info
    if ((pod.spec.schedulingGates ?? []).length > 0) {
      this.remove(uid)
      this.#gated.add(uid)
      return
    }
    this.#gated.delete(uid)
    const [active, waiting, unschedulable] = [
      this.#active.get(uid),
      this.#backoff.get(uid),
      this.#unschedulable.get(uid),
    ]
    if (active !== undefined) this.#active.put({ ...active, info })
    else if (waiting !== undefined) this.#backoff.put({ ...waiting, info })
    else if (unschedulable !== undefined) this.#release({ ...unschedulable, info })
    else this.#activate(this.#newEntry(info))
  }

  /** The pod as it is seen now; nothing in it is a reason to try again. */
  refresh(info: PodInfo): void {
    const unschedulable = this.#unschedulable.get(info.uid)
    if (unschedulable !== undefined) this.#unschedulable.set(info.uid, { ...unschedulable, info })
    else if (this.#active.get(info.uid) !== undefined || this.#backoff.get(info.uid) !== undefined) this.add(info)
  }

  remove(uid: string): void {
    this.#active.remove(uid)
    this.#backoff.remove(uid)
    this.#unschedulable.delete(uid)
    this.#gated.delete(uid)
  }

  /** The pod that comes first among those that are due; it leaves the queue. */
  take(): QueuedPod | undefined {
    const first = this.#active.takeFirst()
    return first === undefined ? undefined : { ...first, attempts: first.attempts + 1 }
  }

  /** It has no node yet. One that was added again meanwhile keeps its place. */
  putBack(pod: QueuedPod, failure: FailureKind, rejectedBy: ReadonlySet<PluginName> = new Set()): void {
    if (this.#has(pod.info.uid)) return
    const entry: QueuedPod = {
      ...pod,
      queuedMs: this.#clock.now(),
      order: this.#order++,
      failures: pod.lastFailure === failure ? pod.failures + 1 : 1,
      lastFailure: failure,
      rejectedBy,
    }
    if (failure === 'error') this.#release(entry)
    else this.#unschedulable.set(entry.info.uid, entry)
    this.#schedule()
  }

  /** Something changed; those that it may help are tried again, after their back-off. */
  move(mayHelp: (pod: QueuedPod) => boolean): void {
    for (const entry of [...this.#unschedulable.values()]) if (mayHelp(entry)) this.#release(entry)
  }

  sizes(): Record<QueueName, number> {
    return {
      active: this.#active.size,
      backoff: this.#backoff.size,
      unschedulable: this.#unschedulable.size,
      gated: this.#gated.size,
    }
  }

  dispose(): void {
    this.#wake?.cancel()
    this.#flush?.timer.cancel()
    this.#active.clear()
    this.#backoff.clear()
    this.#unschedulable.clear()
    this.#gated.clear()
  }

  #newEntry(info: PodInfo): QueuedPod {
    const start = { attempts: 0, failures: 0, lastFailure: undefined, rejectedBy: new Set<PluginName>() }
    return { info, ...start, queuedMs: this.#clock.now(), order: this.#order++ }
  }

  #has(uid: string): boolean {
    return this.#active.get(uid) !== undefined || this.#backoff.get(uid) !== undefined || this.#unschedulable.has(uid)
  }

  /** It may be tried again as soon as its back-off is over. */
  #release(entry: QueuedPod): void {
    this.#unschedulable.delete(entry.info.uid)
    const dueMs = entry.queuedMs + backoffMs(entry.failures)
    if (dueMs <= this.#clock.now()) {
      this.#activate(entry)
      return
    }
    this.#backoff.put({ ...entry, dueMs })
    this.#schedule()
  }

  #activate(entry: QueuedPod): void {
    this.#active.put(entry)
    this.#wake ??= this.#clock.setTimer(0, () => {
      this.#wake = undefined
      this.#onDue()
    })
  }

  /** One timer for whatever comes first. */
  #schedule(): void {
    const dueMs = Math.min(this.#backoff.first?.dueMs ?? Infinity, this.#firstFlushMs())
    if (this.#flush?.dueMs === dueMs) return
    this.#flush?.timer.cancel()
    this.#flush = undefined
    if (dueMs === Infinity) return
    const timer = this.#clock.setTimer(Math.max(0, dueMs - this.#clock.now()), () => {
      this.#flush = undefined
      this.#activateDue()
      this.#schedule()
    })
    this.#flush = { dueMs, timer }
  }

  #activateDue(): void {
    const now = this.#clock.now()
    for (let next = this.#backoff.first; next !== undefined && next.dueMs <= now; next = this.#backoff.first)
      this.#activate(this.#backoff.takeFirst() ?? next)
    for (const entry of [...this.#unschedulable.values()]) {
      if (entry.queuedMs + FLUSH_MS > now) break
      this.#unschedulable.delete(entry.info.uid)
      this.#activate(entry)
    }
  }

  #firstFlushMs(): number {
    for (const { queuedMs } of this.#unschedulable.values()) return queuedMs + FLUSH_MS
    return Infinity
  }
}

function uidOf({ info }: QueuedPod): string {
  return info.uid
}

function compareDue(one: QueuedPod, other: QueuedPod): number {
  return other.info.priority - one.info.priority || one.queuedMs - other.queuedMs || one.order - other.order
}

function backoffMs(failures: number): number {
  return Math.min(INITIAL_BACKOFF_MS * 2 ** (failures - 1), MAX_BACKOFF_MS)
}
