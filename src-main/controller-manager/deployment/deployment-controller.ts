/** Rolls out what Deployments want, through ReplicaSets (pkg/controller/deployment). */
import { DisposableStore, type Disposable } from '../../base/disposable.ts'
import { WorkQueue } from '../../base/work-queue.ts'
import type { ApiObject } from '../../common/api/api-object.ts'
import type { Pod } from '../../common/api/core.ts'
import type { Deployment } from '../../common/api/deployment.ts'
import type { ReplicaSet } from '../../common/api/replica-set.ts'
import { objectKey, type Informer } from '../../kube/informer.ts'
import { DEPLOYMENTS, PODS, REPLICA_SETS } from '../../kube/resources.ts'
import { isPodActive, isPodTerminating } from '../control/active-pods.ts'
import { claimObjects } from '../control/claim-objects.ts'
import { matchesSelector } from '../control/matches-selector.ts'
import { controlledBy, indexByController, ownedAndOrphans } from '../control/owned-objects.ts'
import { logRetry } from '../control/log-retry.ts'
import { controllerOf } from '../control/owner-reference.ts'
import type { ControllerContext } from '../controller.ts'
import { progressCheckInMs } from './compute-status.ts'
import type { RolloutTools } from './scale-replica-set.ts'
import { syncRollout } from './sync-rollout.ts'

const WORKERS = 5
/** Times of conditions are whole seconds: only after this has the deadline passed for sure. */
const DEADLINE_SLACK_MS = 1000

export function startDeployments(context: ControllerContext): Disposable {
  return new Deployments(context)
}

class Deployments implements Disposable {
  readonly #owned = new DisposableStore()
  readonly #context: ControllerContext
  readonly #tools: RolloutTools
  readonly #deployments: Informer<Deployment>
  readonly #sets: Informer<ReplicaSet>
  readonly #pods: Informer<Pod & ApiObject>
  readonly #queue: WorkQueue

  constructor(context: ControllerContext) {
    this.#context = context
    const { client, clock, informers, logger } = context
    this.#tools = { client, clock, events: context.eventsAs('deployment-controller') }
    this.#deployments = informers.of<Deployment>(DEPLOYMENTS)
    this.#sets = informers.of<ReplicaSet>(REPLICA_SETS)
    this.#pods = informers.of<Pod & ApiObject>(PODS)
    indexByController(this.#sets)
    indexByController(this.#pods)
    this.#queue = this.#owned.add(
      new WorkQueue({
        clock,
        workers: WORKERS,
        sync: (key) => this.#sync(key),
        onFailure: (deployment, err) => logRetry(logger, 'Error syncing deployment', { deployment, err }),
      }),
    )
    this.#follow()
  }

  dispose(): Promise<void> {
    return this.#owned.dispose()
  }

  #follow(): void {
    const lookAtAll = (): void => this.#deployments.list().forEach((deployment) => this.#look(deployment))
    this.#owned.add(
      this.#deployments.follow({
        onAdd: (deployment) => this.#look(deployment),
        onUpdate: (deployment) => this.#look(deployment),
        onSynced: lookAtAll,
      }),
    )
    this.#owned.add(
      this.#sets.follow({
        onAdd: (set) => this.#lookAtOwner(set),
        onUpdate: (set, before) => {
          if (controllerOf(before)?.uid !== controllerOf(set)?.uid) this.#lookAtOwner(before)
          this.#lookAtOwner(set)
        },
        onDelete: (set) => this.#lookAtOwner(set),
        onSynced: lookAtAll,
      }),
    )
    // A rollout that recreates waits for the end of every old pod.
    this.#owned.add(this.#pods.follow({ onDelete: (pod) => this.#onPodGone(pod), onSynced: lookAtAll }))
  }

  #look({ metadata }: Deployment): void {
    this.#queue.add(objectKey(metadata.namespace, metadata.name))
  }

  /** Whoever selects an orphan may want it. */
  #lookAtOwner(set: ReplicaSet): void {
    const owner = this.#ownerOf(set)
    if (owner !== undefined) return this.#look(owner)
    if (controllerOf(set) !== undefined) return
    for (const deployment of this.#deployments.list()) {
      const isNear = deployment.metadata.namespace === set.metadata.namespace
      if (isNear && matchesSelector(deployment.spec.selector, set)) this.#look(deployment)
    }
  }

  #ownerOf(set: ReplicaSet): Deployment | undefined {
    const owner = controllerOf(set)
    if (owner?.kind !== 'Deployment') return undefined
    const deployment = this.#deployments.get(set.metadata.namespace, owner.name)
    return deployment?.metadata.uid === owner.uid ? deployment : undefined
  }

  #onPodGone(pod: Pod & ApiObject): void {
    const owner = controllerOf(pod)
    if (owner?.kind !== 'ReplicaSet') return
    const set = this.#sets.get(pod.metadata.namespace, owner.name)
    const deployment = set === undefined ? undefined : this.#ownerOf(set)
    if (deployment?.spec.strategy?.type === 'Recreate') this.#look(deployment)
  }

  async #sync(key: string): Promise<void> {
    if (![this.#deployments, this.#sets, this.#pods].every(({ hasSynced }) => hasSynced)) return
    const [namespace = '', name = ''] = key.split('/')
    const deployment = this.#deployments.get(namespace, name)
    if (deployment === undefined) return
    const { client, clock } = this.#context
    const sets = await claimObjects(client, REPLICA_SETS, deployment, ownedAndOrphans(this.#sets, deployment), {
      matches: (set) => matchesSelector(deployment.spec.selector, set),
      fresh: () => client.get<Deployment>(DEPLOYMENTS, { namespace, name }),
    })
    const status = await syncRollout(this.#tools, {
      deployment,
      sets,
      haveLivePods: (of) => of.some(({ metadata }) => controlledBy(this.#pods, metadata.uid).some(isAlive)),
    })
    const waitMs = progressCheckInMs(deployment, status, clock.now())
    if (waitMs !== undefined) this.#queue.addAfter(key, waitMs + DEADLINE_SLACK_MS)
  }
}

function isAlive(pod: Pod): boolean {
  return isPodActive(pod) || isPodTerminating(pod)
}
