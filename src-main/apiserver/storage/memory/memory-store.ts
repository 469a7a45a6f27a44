/**
 * etcd's twin in memory, for tests and simulated labs: revisions, past lists, watches from a past revision, compaction and
 * time to live as the real one has them (apiserver/pkg/storage/etcd3 over etcd 3.5). Nothing outlives it.
 */
import type { Clock, Timer } from '../../../base/clock.ts'
import type { Disposable } from '../../../base/disposable.ts'
import {
  StoreError,
  type ListOptions,
  type ListPage,
  type Store,
  type StoreEntry,
  type StoreEvent,
  type StoreWatch,
  type WatchSink,
} from '../store.ts'

/** One write: what stood at the key before and after it. At least one of the two is there. */
interface Change {
  revision: number
  key: string
  before: StoreEntry | undefined
  after: StoreEntry | undefined
}

interface Watcher {
  prefix: string
  /** What came up to here has been delivered. */
  deliveredRevision: number
  progressRequested: boolean
  sink: WatchSink
}

/** An empty etcd begins here. */
const FIRST_REVISION = 1

export class MemoryStore implements Store, Disposable {
  readonly #clock: Clock
  readonly #entries = new Map<string, StoreEntry>()
  readonly #expiries = new Map<string, Timer>()
  readonly #watchers = new Set<Watcher>()
  /** Ascending by revision; nothing from before the compaction. */
  #changes: Change[] = []
  #revision = FIRST_REVISION
  #compactRevision = 0
  #deliveryIsDue = false

  constructor(options: { clock: Clock }) {
    this.#clock = options.clock
  }

  async get(key: string): Promise<{ entry: StoreEntry | undefined; revision: number }> {
    return { entry: this.#entries.get(key), revision: this.#revision }
  }

  async list(prefix: string, options: ListOptions = {}): Promise<ListPage> {
    const { limit = 0, fromKey = prefix, revision = this.#revision } = options
    const found = [...this.#entriesAt(revision).values()]
      .filter(({ key }) => key.startsWith(prefix) && key >= fromKey)
      .sort((one, other) => (one.key < other.key ? -1 : 1))
    const entries = limit === 0 ? found : found.slice(0, limit)
    return { entries, revision, remaining: found.length - entries.length }
  }

  async create(key: string, value: string, ttlSeconds?: number): Promise<StoreEntry> {
    if (this.#entries.has(key)) throw new StoreError({ kind: 'exists' })
    const revision = this.#revision + 1
    return this.#put({ key, value, createRevision: revision, modRevision: revision }, ttlSeconds)
  }

  async update(key: string, value: string, expectedRevision: number, ttlSeconds?: number): Promise<StoreEntry> {
    const { createRevision } = this.#expect(key, expectedRevision)
    return this.#put({ key, value, createRevision, modRevision: this.#revision + 1 }, ttlSeconds)
  }

  async delete(key: string, expectedRevision: number): Promise<number> {
    this.#remove(this.#expect(key, expectedRevision))
    return this.#revision
  }

  watch(prefix: string, afterRevision: number, sink: WatchSink): StoreWatch {
    const watcher = { prefix, deliveredRevision: afterRevision, progressRequested: false, sink }
    this.#watchers.add(watcher)
    this.#deliverSoon()
    return {
      requestProgress: () => {
        watcher.progressRequested = true
        this.#deliverSoon()
      },
      dispose: () => void this.#watchers.delete(watcher),
    }
  }

  async currentRevision(): Promise<number> {
    return this.#revision
  }

  async compact(revision: number): Promise<void> {
    this.#refuseFuture(revision)
    this.#deliver()
    this.#compactRevision = Math.max(this.#compactRevision, revision)
    this.#changes = this.#changes.filter((change) => change.revision >= this.#compactRevision)
  }

  /** Ends all watches silently and all timers. */
  dispose(): void {
    this.#watchers.clear()
    for (const expiry of this.#expiries.values()) expiry.cancel()
    this.#expiries.clear()
  }

  #expect(key: string, revision: number): StoreEntry {
    const current = this.#entries.get(key)
    if (current?.modRevision !== revision) throw new StoreError({ kind: 'conflict', current })
    return current
  }

  #put(entry: StoreEntry, ttlSeconds: number | undefined): StoreEntry {
    this.#record(entry.key, entry)
    if (ttlSeconds !== undefined) {
      const expire = (): void => this.#remove(entry)
      this.#expiries.set(entry.key, this.#clock.setTimer(ttlSeconds * 1000, expire))
    }
    return entry
  }

  #remove(entry: StoreEntry): void {
    this.#record(entry.key, undefined)
  }

  #record(key: string, after: StoreEntry | undefined): void {
    this.#expiries.get(key)?.cancel()
    this.#expiries.delete(key)
    this.#revision++
    this.#changes.push({ revision: this.#revision, key, before: this.#entries.get(key), after })
    if (after === undefined) this.#entries.delete(key)
    else this.#entries.set(key, after)
    this.#deliverSoon()
  }

  /** The present is kept; the past is the present with its changes undone. */
  #entriesAt(revision: number): ReadonlyMap<string, StoreEntry> {
    if (revision === this.#revision) return this.#entries
    this.#refuseFuture(revision)
    if (revision < this.#compactRevision) throw this.#compacted()
    const entries = new Map(this.#entries)
    for (const change of this.#changesAfter(revision).reverse())
      if (change.before === undefined) entries.delete(change.key)
      else entries.set(change.key, change.before)
    return entries
  }

  #changesAfter(revision: number): Change[] {
    let index = this.#changes.length
    while (index > 0 && (this.#changes[index - 1]?.revision ?? 0) > revision) index--
    return this.#changes.slice(index)
  }

  #refuseFuture(revision: number): void {
    if (revision > this.#revision) throw this.#future()
  }

  #future(): StoreError {
    return new StoreError({ kind: 'futureRevision', currentRevision: this.#revision })
  }

  #compacted(): StoreError {
    return new StoreError({ kind: 'compacted', compactRevision: this.#compactRevision })
  }

  /** Not at once: whoever writes has the answer before its watchers hear of it, and never finds itself called within a call. */
  #deliverSoon(): void {
    if (this.#deliveryIsDue) return
    this.#deliveryIsDue = true
    queueMicrotask(() => this.#deliver())
  }

  #deliver(): void {
    this.#deliveryIsDue = false
    for (const watcher of this.#watchers) this.#deliverTo(watcher)
  }

  #deliverTo(watcher: Watcher): void {
    const { prefix, deliveredRevision, sink } = watcher
    const revision = this.#revision
    const isPast = deliveredRevision + 1 < this.#compactRevision
    if (isPast || deliveredRevision > revision) {
      this.#watchers.delete(watcher)
      sink.onEnd(isPast ? this.#compacted() : this.#future())
      return
    }
    const events = this.#changesAfter(deliveredRevision)
      .filter(({ key }) => key.startsWith(prefix))
      .map(toEvent)
    watcher.deliveredRevision = revision
    if (events.length > 0) sink.onEvents(events)
    if (!watcher.progressRequested) return
    watcher.progressRequested = false
    sink.onProgress(revision)
  }
}

function toEvent({ key, before, after, revision }: Change): StoreEvent {
  const previous = before === undefined ? {} : { previous: before.value }
  if (after !== undefined)
    return { type: 'put', key, value: after.value, ...previous, createRevision: after.createRevision, revision }
  const { value = '', createRevision = 0 } = before ?? {}
  return { type: 'delete', key, value, ...previous, createRevision, revision }
}
