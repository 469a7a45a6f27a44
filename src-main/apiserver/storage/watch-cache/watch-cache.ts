/**
 * One resource's objects, kept decoded beside the store, and its newest changes: lists and watches of many clients cost the
 * store one watch (apiserver/pkg/storage/cacher). Its answers are as fresh as asked for:
 *
 * ```
 * const cache = new WatchCache({ store, prefix: '/registry/pods/', decode, clock, logger })
 * const { objects, revision } = await cache.list('/registry/pods/default/', { kind: 'mostRecent' })
 * const watch = await cache.watch({ prefix, start: { kind: 'after', revision }, select }, sink)
 * watch.resume()
 * ```
 *
 * Objects are shared by everybody and frozen. Exact revisions, and pages after the first, are the store's own business.
 */
import { delay, type Clock } from '../../../base/clock.ts'
import type { Disposable } from '../../../base/disposable.ts'
import type { Logger } from '../../../base/logger.ts'
import type { ApiObject } from '../../../common/api/api-object.ts'
import { expired, tooLargeResourceVersion } from '../../../kube/status-error.ts'
import { StoreError, type Store, type StoreEvent, type StoreWatch } from '../store.ts'
import type {
  CacheWatch,
  CacheWatchEnd,
  CacheWatchEvent,
  CacheWatchRequest,
  CacheWatchSink,
  Freshness,
} from './cache-watch.ts'
import { atRevision, CacheWatcher, toWatchEvent } from './cache-watcher.ts'
import { EventWindow, type CacheChange } from './event-window.ts'
import { ObjectFreezer } from './object-freezer.ts'
import { ObjectTable } from './object-table.ts'
import { RevisionGate } from './revision-gate.ts'

const PAGE_ENTRIES = 500
/** Between attempts to list while the store is away. */
const RETRY_MS = 200

export interface WatchCacheOptions<Kind> {
  store: Store
  /** Of all the resource's keys; ends in `/`. */
  prefix: string
  /** Makes the object of a stored value, with `revision` as its resourceVersion. What it throws is logged, and the entry is not there. */
  decode: (value: string, revision: number) => Kind
  clock: Clock
  logger: Logger
}

export class WatchCache<Kind extends ApiObject> implements Disposable {
  readonly #options: WatchCacheOptions<Kind>
  readonly #gate: RevisionGate
  readonly #watchers = new Set<CacheWatcher<Kind>>()
  readonly #ended = new AbortController()
  readonly #freezer = new ObjectFreezer()
  #objects = new ObjectTable<Kind>()
  #window: EventWindow<Kind>
  #storeWatch: StoreWatch | undefined

  /** Begins to follow the store at once. */
  constructor(options: WatchCacheOptions<Kind>) {
    this.#options = options
    this.#window = new EventWindow<Kind>(0, options.clock)
    this.#gate = new RevisionGate({ clock: options.clock, requestProgress: () => this.#storeWatch?.requestProgress() })
    void this.#follow()
  }

  /** The object at that key and the revision at which that is true. Throws as `list`. */
  async get(key: string, freshness: Freshness): Promise<{ object: Kind | undefined; revision: number }> {
    await this.#waitFor(freshness)
    // More may have come since: what is there now is true at the revision that the cache has now.
    return { object: this.#objects.get(key), revision: this.#gate.revision }
  }

  /** The object at that key as the cache has it now. */
  peek(key: string): Kind | undefined {
    return this.#objects.get(key)
  }

  /**
   * All objects whose keys begin with `prefix`, in the order of their keys, and the revision at which that is true.
   * Throws `StatusError` 504 when the revision asked for does not come within three seconds, 429 while the cache cannot be
   * filled; `StoreError` when the store is asked and does not answer.
   */
  async list(prefix: string, freshness: Freshness): Promise<{ objects: Kind[]; revision: number }> {
    await this.#waitFor(freshness)
    return { objects: this.#objects.list(prefix), revision: this.#gate.revision }
  }

  /**
   * Throws as `list`, and `StatusError` 410 Expired for a start that is no longer remembered. A start that even the store has
   * not reached is 504, where upstream waits in silence: so clients notice that an older state was restored, and list again.
   */
  async watch(request: CacheWatchRequest<Kind>, sink: CacheWatchSink<Kind>): Promise<CacheWatch> {
    const { start } = request
    if (start.kind === 'after') await this.#refuseFuture(start.revision)
    await this.#waitFor(start.kind === 'after' ? { kind: 'any' } : start.freshness)
    const { revision } = this.#gate
    const watcher = new CacheWatcher<Kind>({
      request,
      sink,
      afterRevision: Math.max(revision, start.kind === 'after' ? start.revision : 0),
      backlog: this.#backlog(request, revision),
      clock: this.#options.clock,
      currentRevision: () => this.#gate.revision,
      onEnded: (ended) => void this.#watchers.delete(ended),
    })
    this.#watchers.add(watcher)
    return watcher
  }

  /** Ends all watches. */
  async dispose(): Promise<void> {
    this.#ended.abort()
    this.#gate.dispose()
    this.#endWatchers('goOn')
    await this.#storeWatch?.dispose()
  }

  async #refuseFuture(revision: number): Promise<void> {
    await this.#gate.waitFor(0)
    if (revision <= this.#gate.revision) return
    const current = await this.#options.store.currentRevision()
    if (revision > current) throw tooLargeResourceVersion(revision, current)
  }

  async #waitFor(freshness: Freshness): Promise<void> {
    switch (freshness.kind) {
      case 'any':
        await this.#gate.waitFor(0)
        return
      case 'notOlderThan':
        await this.#gate.waitFor(freshness.revision)
        return
      case 'mostRecent':
        await this.#gate.waitFor(await this.#options.store.currentRevision())
    }
  }

  /** What a watch gets first: what is there (at `revision`), or what it has missed. */
  #backlog({ prefix, select, start }: CacheWatchRequest<Kind>, revision: number): Iterable<CacheWatchEvent<Kind>> {
    switch (start.kind) {
      case 'now':
        return []
      case 'initialEvents':
        return initialEvents(this.#objects.list(prefix), select, start.announceEnd ? revision : undefined)
      case 'after': {
        const { startRevision } = this.#window
        if (start.revision < startRevision)
          throw expired(`too old resource version: ${start.revision} (${startRevision})`)
        return missedEvents(this.#window.since(start.revision), { prefix, ...(select === undefined ? {} : { select }) })
      }
    }
  }

  // Following the store.

  async #follow(): Promise<void> {
    let next: CacheWatchEnd = 'goOn'
    while (!this.#ended.signal.aborted)
      try {
        const revision = await this.#fill(next)
        next = 'goOn'
        await this.#watchStore(revision)
      } catch (error) {
        if (this.#ended.signal.aborted) return
        if (isOtherHistory(error)) next = 'listAgain'
        this.#options.logger.warn('The cache has to begin anew', { prefix: this.#options.prefix, error })
        await delay(this.#options.clock, RETRY_MS, this.#ended.signal).catch(() => undefined)
      }
  }

  /** Reads everything; watches of what was known before end, and are told what is `next`. Returns the revision at which it was read. */
  async #fill(next: CacheWatchEnd): Promise<number> {
    const { store, prefix, clock } = this.#options
    const objects = new ObjectTable<Kind>()
    let page = await store.list(prefix, { limit: PAGE_ENTRIES })
    const { revision } = page
    for (;;) {
      for (const { key, value, modRevision } of page.entries) {
        const object = this.#decode(key, value, modRevision)
        if (object !== undefined) objects.set(key, object)
      }
      const last = page.entries.at(-1)
      if (page.remaining === 0 || last === undefined) break
      page = await store.list(prefix, { limit: PAGE_ENTRIES, fromKey: `${last.key}\0`, revision })
    }
    this.#objects = objects
    this.#window = new EventWindow(revision, clock)
    this.#endWatchers(next)
    this.#gate.reach(revision)
    return revision
  }

  /** Until the watch ends by itself: throws why. */
  #watchStore(afterRevision: number): Promise<never> {
    const { store, prefix } = this.#options
    return new Promise((_, reject) => {
      if (this.#ended.signal.aborted) return
      this.#storeWatch = store.watch(prefix, afterRevision, {
        onEvents: (events) => this.#onEvents(events),
        onProgress: (revision) => this.#gate.reach(revision),
        onEnd: reject,
      })
    })
  }

  #onEvents(events: readonly StoreEvent[]): void {
    for (const event of events) {
      const change = this.#toChange(event)
      if (change === undefined) continue
      if (change.type === 'put') this.#objects.set(change.key, change.object)
      else this.#objects.delete(change.key)
      this.#window.add(change)
      for (const watcher of this.#watchers) watcher.push(change)
    }
    this.#gate.reach(events.at(-1)?.revision ?? this.#gate.revision)
  }

  #toChange({ type, key, value, revision }: StoreEvent): CacheChange<Kind> | undefined {
    const previous = this.#objects.get(key)
    const object = type === 'put' ? this.#decode(key, value, revision) : undefined
    if (object !== undefined) return { type, key, object, previous, revision }
    if (previous === undefined) return undefined
    return { type: 'delete', key, object: Object.freeze(atRevision(previous, revision)), previous, revision }
  }

  #decode(key: string, value: string, revision: number): Kind | undefined {
    try {
      return this.#freezer.freeze(this.#options.decode(value, revision))
    } catch (error) {
      this.#options.logger.error('A stored object cannot be read', { key, error })
      return undefined
    }
  }

  #endWatchers(next: CacheWatchEnd): void {
    for (const watcher of this.#watchers) watcher.end(next)
  }
}

/**
 * The store was restored. Revisions begin again from there, and may have passed the last one of before by the time that a
 * client comes back: it would miss what the restore has undone, and never know.
 */
function isOtherHistory(error: unknown): boolean {
  return error instanceof StoreError && error.fault.kind === 'futureRevision'
}

/** `endRevision`: the revision of the bookmark that announces their end, if there shall be one. */
function* initialEvents<Kind>(
  objects: readonly Kind[],
  select: ((object: Kind) => boolean) | undefined,
  endRevision: number | undefined,
): Generator<CacheWatchEvent<Kind>> {
  for (const object of objects) if (select?.(object) ?? true) yield { type: 'ADDED', object }
  if (endRevision !== undefined) yield { type: 'BOOKMARK', revision: endRevision, initialEventsEnd: true }
}

function* missedEvents<Kind extends ApiObject>(
  changes: readonly CacheChange<Kind>[],
  request: Pick<CacheWatchRequest<Kind>, 'prefix' | 'select'>,
): Generator<CacheWatchEvent<Kind>> {
  for (const change of changes) {
    const event = toWatchEvent(change, request)
    if (event !== undefined) yield event
  }
}
