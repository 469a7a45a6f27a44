/** Reads of one resource that its watch cache answers; it follows the store from the beginning, so that every watch finds what it missed. */
import type { Clock } from '../../base/clock.ts'
import type { Disposable } from '../../base/disposable.ts'
import type { Logger } from '../../base/logger.ts'
import { groupVersion, type ObjectList, type UnknownObject } from '../../common/api/api-object.ts'
import { expired, hasReason } from '../../kube/status-error.ts'
import { cloneData } from '../../common/defaults/clone.ts'
import type { Store } from '../storage/store.ts'
import type {
  CacheWatch,
  CacheWatchEnd,
  CacheWatchEvent,
  CacheWatchStart,
  Freshness,
} from '../storage/watch-cache/cache-watch.ts'
import { WatchCache } from '../storage/watch-cache/watch-cache.ts'
import { checkSelection } from './object-selection.ts'
import type { CurrentState } from './current-state.ts'
import type { ResourceDefinition } from './resource-definition.ts'
import type { ListRequest, ObjectWatch, WatchEvent, WatchEvents, WatchRequest } from './resource-storage.ts'
import { parseResourceVersion } from './resource-version.ts'
import { keyPrefix, storageKey } from './storage-key.ts'
import { interpretReadFailure } from './store-failure.ts'
import { decodeStored } from './stored-object.ts'

const INITIAL_EVENTS_END = 'k8s.io/initial-events-end'

export interface CacheDependencies {
  store: Store
  clock: Clock
  logger: Logger
}

/** Objects that it gives are frozen. All methods throw `StatusError`. */
export class CachedObjects implements Disposable {
  readonly #definition: ResourceDefinition
  readonly #cache: WatchCache<UnknownObject>

  constructor(definition: ResourceDefinition, dependencies: CacheDependencies) {
    this.#definition = definition
    this.#cache = new WatchCache<UnknownObject>({
      ...dependencies,
      prefix: keyPrefix(definition, ''),
      decode: (value, revision) => decodeStored(definition, value, revision),
    })
  }

  /** Undefined when it is not there. `resourceVersion` is the oldest that will do; `0`: any. */
  async get(namespace: string, name: string, resourceVersion: string): Promise<UnknownObject | undefined> {
    const key = storageKey(this.#definition, namespace, name)
    const freshness = freshnessOf(resourceVersion)
    const { object } = await interpreted(this.#cache.get(key, freshness))
    return object
  }

  /** What the cache has at once, however old; undefined also while it is being filled. */
  peek(namespace: string, name: string): CurrentState | undefined {
    const key = storageKey(this.#definition, namespace, name)
    const object = this.#cache.peek(key)
    if (object === undefined) return undefined
    const modRevision = Number(object.metadata.resourceVersion)
    return { key, modRevision, isNewest: false, decode: () => cloneData(object) }
  }

  /** Undefined: only the store can answer, as it is more than one page or a moment in the past. */
  async list(request: ListRequest): Promise<ObjectList | undefined> {
    const { continue: token = '', limit = 0, resourceVersion = '', resourceVersionMatch: match } = request
    const isLegacyExact = match === undefined && limit > 0 && parseResourceVersion(resourceVersion) > 0
    if (token !== '' || match === 'Exact' || isLegacyExact) return undefined
    const selection = checkSelection(this.#definition, request)
    const prefix = keyPrefix(this.#definition, request.namespace)
    const { objects, revision } = await interpreted(this.#cache.list(prefix, freshnessOf(resourceVersion)))
    const items = selection.isEverything ? objects : objects.filter(selection.matches)
    if (limit > 0 && items.length > limit) return undefined
    const metadata = { resourceVersion: String(revision) }
    return { kind: this.#definition.listKind, apiVersion: groupVersion(this.#definition), metadata, items }
  }

  /** A revision that is no longer remembered is an ERROR event. */
  async watch(request: WatchRequest, events: WatchEvents): Promise<ObjectWatch> {
    const definition = this.#definition
    const selection = checkSelection(definition, request)
    const sink = {
      onEvent: (event: CacheWatchEvent<UnknownObject>) => events.onEvent(toEvent(definition, event)) !== false,
      onEnd: (next: CacheWatchEnd) => {
        if (next === 'listAgain')
          events.onEvent({ type: 'ERROR', object: expired('The store was restored to an older state.').status })
        events.onEnd()
      },
    }
    const cacheRequest = {
      prefix: keyPrefix(definition, request.namespace),
      start: startOf(request),
      ...(selection.isEverything ? {} : { select: selection.matches }),
      bookmarks: request.allowWatchBookmarks === true,
      ...(request.deadlineMs === undefined ? {} : { deadlineMs: request.deadlineMs }),
    }
    let watch: CacheWatch
    try {
      watch = await interpreted(this.#cache.watch(cacheRequest, sink))
    } catch (error) {
      if (!hasReason(error, 'Expired')) throw error
      events.onEvent({ type: 'ERROR', object: error.status })
      events.onEnd()
      return { resume: () => undefined, dispose: () => undefined }
    }
    watch.resume()
    return watch
  }

  async dispose(): Promise<void> {
    await this.#cache.dispose()
  }
}

async function interpreted<Answer>(answer: Promise<Answer>): Promise<Answer> {
  try {
    return await answer
  } catch (error) {
    throw interpretReadFailure(error)
  }
}

function freshnessOf(resourceVersion: string | undefined): Freshness {
  if (resourceVersion === undefined || resourceVersion === '') return { kind: 'mostRecent' }
  const revision = parseResourceVersion(resourceVersion)
  return revision === 0 ? { kind: 'any' } : { kind: 'notOlderThan', revision }
}

function startOf({ resourceVersion, sendInitialEvents }: WatchRequest): CacheWatchStart {
  const freshness = freshnessOf(resourceVersion)
  if (sendInitialEvents === true) return { kind: 'initialEvents', freshness, announceEnd: true }
  if (freshness.kind === 'notOlderThan') return { kind: 'after', revision: freshness.revision }
  return sendInitialEvents === false
    ? { kind: 'now', freshness }
    : { kind: 'initialEvents', freshness, announceEnd: false }
}

function toEvent(definition: ResourceDefinition, event: CacheWatchEvent<UnknownObject>): WatchEvent {
  if (event.type !== 'BOOKMARK') return event
  const object: UnknownObject = {
    kind: definition.kind,
    apiVersion: groupVersion(definition),
    metadata: {
      resourceVersion: String(event.revision),
      creationTimestamp: null,
      ...(event.initialEventsEnd ? { annotations: { [INITIAL_EVENTS_END]: 'true' } } : {}),
    },
  }
  return { type: 'BOOKMARK', object }
}
