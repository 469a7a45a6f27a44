/**
 * Where the API server keeps objects: a versioned key-value store with etcd's semantics. etcd is the real one; its twin in
 * memory serves tests and simulated labs and passes the same tests. Values are JSON texts; keys look like
 * `/registry/pods/default/web`. A revision is a whole number that grows with every write to the store.
 */
import type { Disposable } from '../../base/disposable.ts'

export interface StoreEntry {
  key: string
  value: string
  createRevision: number
  /** The revision of the last write: an object's `resourceVersion`. */
  modRevision: number
}

export interface ListPage {
  entries: StoreEntry[]
  /** The revision at which the page is true. */
  revision: number
  /** Whether keys after the last entry were left out, and how many. */
  remaining: number
}

export interface ListOptions {
  /** At most so many entries; 0 for all. */
  limit?: number
  /** Begins at this key instead of the prefix's first. */
  fromKey?: string
  /** Reads the past; throws `compacted` when that is gone, `futureRevision` when it is yet to come. */
  revision?: number
}

/** One change; `previous` is what stood there before (absent for a creation). */
export interface StoreEvent {
  type: 'put' | 'delete'
  key: string
  /** The new value, or for a deletion the last one. */
  value: string
  previous?: string
  createRevision: number
  /** The revision of the change, also for a deletion. */
  revision: number
}

export interface WatchSink {
  /** Changes of one revision or more, in order; one revision is never split. */
  onEvents(events: readonly StoreEvent[]): void
  /** Everything up to this revision has been delivered. */
  onProgress(revision: number): void
  /** The watch has ended by itself; nothing follows. */
  onEnd(error: StoreError): void
}

export interface StoreWatch extends Disposable {
  /** Asks for an `onProgress` at the revision that the store has reached by then. */
  requestProgress(): void
}

/**
 * `exists`: the key to create is there. `conflict`: the entry has another revision than expected, or is gone (`current`
 * says what is there). `compacted`: that revision is no longer kept (`compactRevision`). `futureRevision`: not yet
 * reached (`currentRevision`). `unavailable`: the store does not answer; a write may or may not have happened.
 */
export type StoreFault =
  | { kind: 'exists' }
  | { kind: 'conflict'; current: StoreEntry | undefined }
  | { kind: 'compacted'; compactRevision: number }
  | { kind: 'futureRevision'; currentRevision: number }
  | { kind: 'unavailable'; message: string }

export class StoreError extends Error {
  readonly fault: StoreFault

  constructor(fault: StoreFault) {
    super(fault.kind === 'unavailable' ? fault.message : fault.kind)
    this.name = 'StoreError'
    this.fault = fault
  }
}

/** All methods throw `StoreError`. */
export interface Store {
  /** The entry as of now, agreed by the store's quorum, and the store's revision. */
  get(key: string): Promise<{ entry: StoreEntry | undefined; revision: number }>
  /** Entries whose keys begin with `prefix` (which ends in `/`), in the order of their keys. */
  list(prefix: string, options?: ListOptions): Promise<ListPage>
  /** Creates; with `ttlSeconds` the entry goes by itself. Throws `exists`. */
  create(key: string, value: string, ttlSeconds?: number): Promise<StoreEntry>
  /** Replaces the entry of that revision. Throws `conflict`. */
  update(key: string, value: string, expectedRevision: number, ttlSeconds?: number): Promise<StoreEntry>
  /** Removes the entry of that revision, returns the revision of the removal. Throws `conflict`. */
  delete(key: string, expectedRevision: number): Promise<number>
  /**
   * Changes after `afterRevision` of keys that begin with `prefix`; before this returns nothing is delivered. It ends with
   * `compacted` when they are no longer kept, `futureRevision` when the store is not there yet (or not any more: restored).
   */
  watch(prefix: string, afterRevision: number, sink: WatchSink): StoreWatch
  /** The store's revision, agreed by its quorum: whether it is healthy. */
  currentRevision(): Promise<number>
  /** Forgets what came before that revision; does nothing when that is forgotten already. Throws `futureRevision`. */
  compact(revision: number): Promise<void>
}
