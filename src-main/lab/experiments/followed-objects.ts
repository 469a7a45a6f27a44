/** Follows the agents' objects at the API server, with who wrote them, and their events. While it is away they are what was known last. */
import type { Clock } from '../../base/clock.ts'
import { DisposableStore, type Disposable } from '../../base/disposable.ts'
import { silentLogger } from '../../base/logger.ts'
import type { ApiObject, GroupVersionResource } from '../../common/api/api-object.ts'
import type { Pod } from '../../common/api/core.ts'
import type { DaemonSet } from '../../common/api/daemon-set.ts'
import type { Deployment } from '../../common/api/deployment.ts'
import type { Event } from '../../common/api/event.ts'
import type { ApiClient } from '../../kube/api-client.ts'
import { EVENTS } from '../../kube/event.ts'
import { Informer } from '../../kube/informer.ts'
import { CONTROLLER_REVISIONS, DAEMON_SETS, DEPLOYMENTS, PODS, REPLICA_SETS } from '../../kube/resources.ts'
import { AGENT_NAMES } from '../../common/experiments/agent-names.ts'
import type { LookFacts } from './compute-side-look.ts'

const { namespace, workload } = AGENT_NAMES

/** So many are followed. */
const RESOURCES = 6

export interface FollowedObjectsOptions {
  /** Owned by this from now on. */
  client: ApiClient & { dispose(): void }
  clock: Clock
  onChanged(): void
}

export class FollowedObjects implements Disposable {
  readonly #options: FollowedObjectsOptions
  readonly #owned = new DisposableStore()
  readonly #pods: Informer<Pod & ApiObject>
  readonly #daemonSets: Informer<DaemonSet>
  readonly #deployments: Informer<Deployment>
  readonly #revisions: Informer<ApiObject>
  readonly #replicaSets: Informer<ApiObject>
  /** All that were ever told, by uid: the newest form of each. */
  readonly #events = new Map<string, Event>()
  /** Resources whose list is there, and whose server answers. */
  readonly #ready = new Set<GroupVersionResource>()

  constructor(options: FollowedObjectsOptions) {
    this.#options = options
    this.#owned.add(options.client)
    this.#pods = this.#follow<Pod & ApiObject>(PODS)
    this.#daemonSets = this.#follow<DaemonSet>(DAEMON_SETS)
    this.#deployments = this.#follow<Deployment>(DEPLOYMENTS)
    this.#revisions = this.#follow(CONTROLLER_REVISIONS)
    this.#replicaSets = this.#follow(REPLICA_SETS)
    this.#follow<Event>(EVENTS, (event) => this.#events.set(event.metadata.uid ?? '', event))
  }

  dispose(): Promise<void> {
    return this.#owned.dispose()
  }

  facts(): Omit<LookFacts, 'now' | 'nodes'> {
    const daemonSet = this.#daemonSets.get(namespace, workload)
    const deployment = this.#deployments.get(namespace, workload)
    return {
      apiServer: this.#ready.size === RESOURCES ? 'ready' : 'away',
      apiPods: this.#pods.list(),
      ...(daemonSet !== undefined && { daemonSet }),
      controllerRevisions: this.#revisions.list(),
      ...(deployment !== undefined && { deployment }),
      replicaSets: this.#replicaSets.list(),
    }
  }

  events(): Event[] {
    return [...this.#events.values()]
  }

  /** One that is not yet connected, or no more, makes the server away for all. */
  #follow<Kind extends ApiObject>(resource: GroupVersionResource, onSeen?: (object: Kind) => void): Informer<Kind> {
    const { client, clock, onChanged } = this.#options
    // That the server is away is a part of what is looked at, and told as such.
    const logger = silentLogger
    const informer = this.#owned.add(
      new Informer<Kind>({ client, clock, logger, random: Math.random, resource, selection: { namespace } }),
    )
    const seen = (object: Kind): void => {
      onSeen?.(object)
      onChanged()
    }
    this.#owned.add(
      informer.follow({
        onAdd: seen,
        onUpdate: seen,
        onDelete: onChanged,
        onSynced: () => this.#become(resource, 'ready'),
        onConnected: () => this.#become(resource, informer.hasSynced ? 'ready' : 'away'),
        onFailed: () => this.#become(resource, 'away'),
      }),
    )
    informer.start()
    return informer
  }

  #become(resource: GroupVersionResource, state: LookFacts['apiServer']): void {
    if (state === 'ready') this.#ready.add(resource)
    else this.#ready.delete(resource)
    this.#options.onChanged()
  }
}
