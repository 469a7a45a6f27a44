/** WATCH: the store's changes as events of the objects that a selection means (facts 8.4). */
import { toDisposable, type Disposable } from '../../base/disposable.ts'
import type { Clock, Timer } from '../../base/clock.ts'
import { groupVersion, type UnknownObject } from '../../common/api/api-object.ts'
import { StatusError, expired } from '../../kube/status-error.ts'
import type { Store, StoreError, StoreEvent } from '../storage/store.ts'
import { listObjects } from './list-objects.ts'
import { checkSelection, type CheckedSelection } from './object-selection.ts'
import type { ResourceDefinition } from './resource-definition.ts'
import type { WatchEvent, WatchEvents, WatchRequest } from './resource-storage.ts'
import { parseResourceVersion } from './resource-version.ts'
import { keyPrefix } from './storage-key.ts'
import { plainFailure } from './store-failure.ts'
import { decodeStored } from './stored-object.ts'

/** About as often as upstream's watch cache. */
const BOOKMARK_PERIOD_MS = 60_000
const INITIAL_EVENTS_END = 'k8s.io/initial-events-end'

export interface WatchDependencies {
  store: Store
  clock: Clock
  definition: ResourceDefinition
}

/**
 * Without a revision, or with 0, it begins with what is there.
 * @throws StatusError for what cannot be watched; later failures are ERROR events
 */
export async function watchObjects(
  dependencies: WatchDependencies,
  request: WatchRequest,
  events: WatchEvents,
): Promise<Disposable> {
  const { definition, store } = dependencies
  const selection = checkSelection(definition, request)
  const asked = parseResourceVersion(request.resourceVersion)
  const wantsInitial = request.sendInitialEvents ?? asked === 0
  let revision = asked
  if (wantsInitial || asked === 0) {
    const { resourceVersion, ...rest } = request
    const list = await listObjects(store, definition, {
      ...rest,
      ...(wantsInitial && resourceVersion !== undefined ? { resourceVersion } : {}),
    })
    revision = Number(list.metadata.resourceVersion)
    if (wantsInitial) for (const object of list.items) events.onEvent({ type: 'ADDED', object })
  }
  const watch = new ObjectWatch(dependencies, selection, events, revision, request.allowWatchBookmarks === true)
  if (request.sendInitialEvents === true) watch.sendBookmark({ [INITIAL_EVENTS_END]: 'true' })
  watch.start(keyPrefix(definition, request.namespace))
  return watch
}

class ObjectWatch implements Disposable {
  readonly #dependencies: WatchDependencies
  readonly #selection: CheckedSelection
  readonly #events: WatchEvents
  readonly #wantsBookmarks: boolean
  #revision: number
  #bookmarkedRevision: number
  #timer: Timer | undefined
  #watch: Disposable = toDisposable(() => undefined)
  #isOver = false

  constructor(
    dependencies: WatchDependencies,
    selection: CheckedSelection,
    events: WatchEvents,
    revision: number,
    wantsBookmarks: boolean,
  ) {
    this.#dependencies = dependencies
    this.#selection = selection
    this.#events = events
    this.#revision = revision
    this.#bookmarkedRevision = revision
    this.#wantsBookmarks = wantsBookmarks
  }

  start(prefix: string): void {
    const { store } = this.#dependencies
    this.#watch = store.watch(prefix, this.#revision, {
      onEvents: (events) => {
        for (const event of events) this.#deliver(event)
      },
      onProgress: (revision) => void (this.#revision = Math.max(this.#revision, revision)),
      onEnd: (error) => this.#end(error),
    })
    if (this.#wantsBookmarks) this.#scheduleBookmark()
  }

  sendBookmark(annotations?: Record<string, string>): void {
    const { definition } = this.#dependencies
    this.#bookmarkedRevision = this.#revision
    const object: UnknownObject = {
      kind: definition.kind,
      apiVersion: groupVersion(definition),
      metadata: {
        resourceVersion: String(this.#revision),
        creationTimestamp: null,
        ...(annotations === undefined ? {} : { annotations }),
      },
    }
    this.#events.onEvent({ type: 'BOOKMARK', object })
  }

  async dispose(): Promise<void> {
    this.#isOver = true
    this.#timer?.cancel()
    await this.#watch.dispose()
  }

  #deliver(event: StoreEvent): void {
    if (this.#isOver) return
    this.#revision = event.revision
    const change = computeWatchEvent(this.#dependencies.definition, this.#selection, event)
    if (change !== undefined) this.#events.onEvent(change)
  }

  #scheduleBookmark(): void {
    this.#timer = this.#dependencies.clock.setTimer(BOOKMARK_PERIOD_MS, () => {
      if (this.#revision > this.#bookmarkedRevision) this.sendBookmark()
      this.#scheduleBookmark()
    })
  }

  #end(error: StoreError): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#timer?.cancel()
    const status = this.#explain(error)
    if (status !== undefined) this.#events.onEvent({ type: 'ERROR', object: status.status })
    this.#events.onEnd()
  }

  #explain({ fault }: StoreError): StatusError | undefined {
    switch (fault.kind) {
      case 'compacted':
        return expired(`too old resource version: ${this.#revision} (${fault.compactRevision})`)
      case 'unavailable':
        return plainFailure(fault.message)
      case 'futureRevision':
      case 'exists':
      case 'conflict':
        return undefined
    }
  }
}

/** What a change is to somebody who sees a selection only: an object that enters it is added, one that leaves it deleted. */
function computeWatchEvent(
  definition: ResourceDefinition,
  selection: CheckedSelection,
  event: StoreEvent,
): WatchEvent | undefined {
  const read = (value: string): UnknownObject => decodeStored(definition, value, event.revision)
  const object = read(event.value)
  if (event.type === 'delete') return selection.matches(object) ? { type: 'DELETED', object } : undefined
  const isIn = selection.matches(object)
  if (event.previous === undefined) return isIn ? { type: 'ADDED', object } : undefined
  if (selection.isEverything) return { type: 'MODIFIED', object }
  const previous = read(event.previous)
  const wasIn = selection.matches(previous)
  if (isIn) return { type: wasIn ? 'MODIFIED' : 'ADDED', object }
  return wasIn ? { type: 'DELETED', object: previous } : undefined
}
