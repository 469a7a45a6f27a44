/**
 * Deletes objects whose owners are gone, and carries out foreground deletion and orphaning (pkg/controller/garbagecollector).
 * It follows every kind that can be listed, watched and deleted, events excepted.
 */
import { delay } from '../../base/clock.ts'
import { DisposableStore, type Disposable } from '../../base/disposable.ts'
import { WorkQueue } from '../../base/work-queue.ts'
import type { EventRecorder } from '../../kube/event-recorder.ts'
import type { Informer } from '../../kube/informer.ts'
import type { ApiObject } from '../../common/api/api-object.ts'
import type { ControllerContext } from '../controller.ts'
import type { DiscoveredResource } from '../control/discover-resources.ts'
import { AbsentOwners } from './absent-owners.ts'
import type { OwnerSources } from './classify-owners.ts'
import { KindResources } from './kind-resources.ts'
import { LiveObjects } from './live-objects.ts'
import { formatIdentity, identityOf } from './object-identity.ts'
import { isSameToGraph, OwnershipGraph, type ObservedObject } from './ownership-graph.ts'
import { syncObject } from './sync-object.ts'
import { syncOrphans } from './sync-orphans.ts'

const COMPONENT = 'garbage-collector-controller'
const WORKERS = 8
const DISCOVERY_RETRY_MS = 1000
const REQUIRED_VERBS = ['list', 'watch', 'delete'] as const
/** They are many, own nothing and are owned by nobody. */
const IGNORED = 'events'

export function startGarbageCollector(context: ControllerContext): Disposable {
  return new GarbageCollector(context)
}

class GarbageCollector implements Disposable {
  readonly #context: ControllerContext
  readonly #events: EventRecorder
  readonly #owned = new DisposableStore()
  readonly #end = new AbortController()
  readonly #sources: OwnerSources
  readonly #objects: WorkQueue
  readonly #orphans: WorkQueue
  #informers: readonly Informer<ApiObject>[] = []
  /**
   * Everything that there is has been read: before, there may be owners, and dependents, that nobody has seen. Upstream goes
   * on after 30 s without kinds that cannot be listed, as with a broken webhook; here all come from the same store.
   */
  readonly #ready = Promise.withResolvers<void>()

  constructor(context: ControllerContext) {
    const { client, clock } = context
    this.#context = context
    this.#events = context.eventsAs(COMPONENT)
    const kinds = new KindResources(client, clock)
    const absent = new AbsentOwners()
    const graph = new OwnershipGraph({
      onExamine: (uid) => this.#objects.add(uid),
      onOrphan: (uid) => this.#orphans.add(uid),
      onAbsent: (owner) => absent.add(owner),
      onForeignOwner: (dependent) => this.#reportForeignOwner(dependent),
    })
    this.#sources = { graph, absent, kinds, live: new LiveObjects(client, kinds) }
    this.#objects = this.#newQueue('Error syncing item', (uid) =>
      syncObject(this.#sources, uid, (dependent) => this.#objects.add(dependent)),
    )
    this.#orphans = this.#newQueue('Error orphaning dependents', (uid) => syncOrphans(graph, this.#sources.live, uid))
    void this.#begin()
  }

  dispose(): Promise<void> {
    this.#end.abort()
    return this.#owned.dispose()
  }

  #newQueue(failure: string, sync: (uid: string) => Promise<void>): WorkQueue {
    const { clock, logger } = this.#context
    return this.#owned.add(
      new WorkQueue({
        clock,
        workers: WORKERS,
        sync: async (uid) => {
          await this.#ready.promise
          await sync(uid)
        },
        onFailure: (uid, error) => logger.error(failure, { item: this.#nameOf(uid), err: error }),
      }),
    )
  }

  async #begin(): Promise<void> {
    const resources = await this.#discover()
    if (resources === undefined) return
    const followed = resources.filter(
      ({ resource, verbs }) => resource !== IGNORED && REQUIRED_VERBS.every((verb) => verbs.includes(verb)),
    )
    this.#informers = followed.map((resource) => this.#context.informers.metadataOf(resource))
    for (const [index, informer] of this.#informers.entries()) {
      const resource = followed[index]
      if (resource !== undefined) this.#follow(resource, informer)
    }
  }

  /** Undefined: it is disposed of. */
  async #discover(): Promise<DiscoveredResource[] | undefined> {
    const { clock, logger } = this.#context
    const { signal } = this.#end
    while (!signal.aborted)
      try {
        return await this.#sources.kinds.read()
      } catch (error) {
        logger.error('Failed to discover resources', { err: error })
        await delay(clock, DISCOVERY_RETRY_MS, signal).catch(() => undefined)
      }
    return undefined
  }

  #follow(resource: DiscoveredResource, informer: Informer<ApiObject>): void {
    const { graph } = this.#sources
    const observe = (object: ApiObject): void => graph.observe(identityOf(resource, object), object.metadata)
    this.#owned.add(
      informer.follow({
        onAdd: observe,
        onUpdate: (object, before) => {
          if (!isSameToGraph(object.metadata, before.metadata)) observe(object)
        },
        onDelete: ({ metadata }, isStateKnown) => graph.remove(metadata.uid ?? '', isStateKnown),
        onSynced: () => this.#onSynced(),
      }),
    )
  }

  /** A list was read anew. */
  #onSynced(): void {
    const { graph, absent } = this.#sources
    absent.clear()
    if (this.#informers.every(({ hasSynced }) => hasSynced)) this.#ready.resolve()
    graph.examineUnseen()
  }

  #reportForeignOwner({ identity }: ObservedObject): void {
    const { apiVersion, kind, namespace, name, uid } = identity
    const message = `ownerRef ${formatIdentity(identity)} does not exist in namespace ${JSON.stringify(namespace)}`
    this.#events.record({ apiVersion, kind, namespace, name, uid }, 'Warning', 'OwnerRefInvalidNamespace', message)
  }

  #nameOf(uid: string): string {
    const object = this.#sources.graph.get(uid)?.object
    return object === undefined ? uid : formatIdentity(object.identity)
  }
}
