/** Records everything that happens on the node, in order, and hands it to whoever watches. */
import type { Clock } from '../../base/clock.ts'
import { toDisposable } from '../../base/disposable.ts'
import type { Disposable } from '../../base/disposable.ts'
import type { Pod } from '../../common/api/core.ts'
import type { TimelineEntry } from '../../common/lab/timeline-entry.ts'
import { podReference } from '../pod-identity.ts'
import { Repetitions } from './repetitions.ts'
import type { TimelineStore } from './timeline-file.ts'

/** What a caller says; the timeline adds identity, time and node. */
export type TimelineDraft = Omit<TimelineEntry, 'boot' | 'sequence' | 'time' | 'node'>

/** Where the kubelet's parts record what they do. */
export interface TimelineRecorder {
  record(draft: TimelineDraft): void
}

const MAX_ENTRIES_IN_MEMORY = 5000

export class Timeline implements TimelineRecorder {
  readonly #clock: Clock
  readonly #store: TimelineStore
  readonly #boot: string
  readonly #node: string
  readonly #listeners = new Set<(entries: readonly TimelineEntry[]) => void>()
  readonly #repetitions: Repetitions
  readonly #recordListeners = new Set<(draft: TimelineDraft) => void>()
  readonly #maxEntries: number
  #entries: TimelineEntry[]
  #sequence: number

  /** @param options.maxEntries in memory; 5000 unless told otherwise */
  constructor(options: { clock: Clock; store: TimelineStore; boot: string; node: string; maxEntries?: number }) {
    this.#clock = options.clock
    this.#repetitions = new Repetitions(options.clock)
    this.#store = options.store
    this.#boot = options.boot
    this.#node = options.node
    this.#maxEntries = options.maxEntries ?? MAX_ENTRIES_IN_MEMORY
    this.#entries = options.store.load().slice(-this.#maxEntries)
    this.#sequence = options.store.lastSequence
  }

  record(draft: TimelineDraft): void {
    for (const listener of [...this.#recordListeners]) listener(draft)
    const count = this.#repetitions.count(draft)
    if (count === undefined) return
    const entry: TimelineEntry = {
      boot: this.#boot,
      sequence: ++this.#sequence,
      time: new Date(this.#clock.now()).toISOString(),
      node: this.#node,
      ...draft,
      ...(count === 1 ? {} : { details: { ...draft.details, count } }),
    }
    this.#entries.push(entry)
    if (this.#entries.length > this.#maxEntries) this.#entries = this.#entries.slice(-Math.ceil(this.#maxEntries * 0.9))
    this.#store.append(entry)
    for (const listener of [...this.#listeners]) listener([entry])
  }

  /** Entries behind the position, oldest first; all when it is undefined or not known (any more). */
  after(position: { boot: string; sequence: number } | undefined): TimelineEntry[] {
    if (position === undefined) return [...this.#entries]
    const index = this.#entries.findLastIndex(
      (entry) => entry.boot === position.boot && entry.sequence === position.sequence,
    )
    return this.#entries.slice(index + 1)
  }

  onDidAdd(listener: (entries: readonly TimelineEntry[]) => void): Disposable {
    this.#listeners.add(listener)
    return toDisposable(() => {
      this.#listeners.delete(listener)
    })
  }

  /** Everything that is said, repetitions included, which entries leave out. */
  onDidRecord(listener: (draft: TimelineDraft) => void): Disposable {
    this.#recordListeners.add(listener)
    return toDisposable(() => {
      this.#recordListeners.delete(listener)
    })
  }

  /** The pod is gone: nothing will be compared with its entries any more. */
  forgetPod(uid: string): void {
    this.#repetitions.forgetPod(uid)
  }
}

/** The parts of an entry that say which pod (and container) it is about. */
export function aboutPod(pod: Pod): Pick<TimelineDraft, 'pod' | 'subject'> {
  return { subject: 'pod', pod: podReference(pod) }
}

export function aboutContainer(
  pod: Pod,
  container: string,
): Pick<TimelineDraft, 'pod' | 'subject'> & { container: string } {
  return { subject: 'container', pod: podReference(pod), container }
}
