/** Keeps as many pods as a ReplicaSet wants (pkg/controller/replicaset/replica_set.go). */
import { DisposableStore, type Disposable } from '../../base/disposable.ts'
import { WorkQueue } from '../../base/work-queue.ts'
import type { ApiObject } from '../../common/api/api-object.ts'
import type { Pod } from '../../common/api/core.ts'
import { isPodReady } from '../../common/api/pod-helpers.ts'
import type { ReplicaSet } from '../../common/api/replica-set.ts'
import { objectKey, type Informer } from '../../kube/informer.ts'
import { PODS, REPLICA_SETS } from '../../kube/resources.ts'
import { isPodActive, isPodTerminating } from '../control/active-pods.ts'
import { claimObjects, computeClaim } from '../control/claim-objects.ts'
import { Expectations } from '../control/expectations.ts'
import { controlledBy, indexByController, ownedAndOrphans } from '../control/owned-objects.ts'
import { logRetry } from '../control/log-retry.ts'
import { controllerOf } from '../control/owner-reference.ts'
import { availableInMs } from '../control/pod-availability.ts'
import { PodControl } from '../control/pod-control.ts'
import { matchesSelector } from '../control/matches-selector.ts'
import { isSameStatus } from '../control/same-status.ts'
import { updateStatus } from '../control/update-status.ts'
import type { ControllerContext } from '../controller.ts'
import { computeReplicaSetStatus, type ReplicaSetPods } from './compute-status.ts'
import { syncReplicas } from './sync-replicas.ts'

const WORKERS = 5

export function startReplicaSets(context: ControllerContext): Disposable {
  return new ReplicaSets(context)
}

type LivePod = Pod & ApiObject

class ReplicaSets implements Disposable {
  readonly #owned = new DisposableStore()
  readonly #context: ControllerContext
  readonly #sets: Informer<ReplicaSet>
  readonly #pods: Informer<LivePod>
  readonly #expectations: Expectations
  readonly #podControl: PodControl
  readonly #queue: WorkQueue

  constructor(context: ControllerContext) {
    this.#context = context
    const { client, clock, informers, logger } = context
    this.#sets = informers.of<ReplicaSet>(REPLICA_SETS)
    this.#pods = informers.of<LivePod>(PODS)
    indexByController(this.#sets)
    indexByController(this.#pods)
    this.#expectations = new Expectations(clock)
    this.#podControl = new PodControl(client, context.eventsAs('replicaset-controller'))
    this.#queue = this.#owned.add(
      new WorkQueue({
        clock,
        workers: WORKERS,
        sync: (key) => this.#sync(key),
        onFailure: (replicaSet, err) => logRetry(logger, 'Failed to sync ReplicaSet, requeue it', { replicaSet, err }),
      }),
    )
    this.#owned.add(
      this.#sets.follow({
        onAdd: (set) => this.#look(set),
        onUpdate: (set) => this.#look(set),
        // Another one of that name may follow at once, of which nothing is expected.
        onDelete: (set) => this.#expectations.forget(keyOf(set)),
        onSynced: () => this.#lookAtAll(),
      }),
    )
    this.#owned.add(
      this.#pods.follow({
        onAdd: (pod) => this.#onPodAdded(pod),
        onUpdate: (pod, before) => this.#onPodUpdated(pod, before),
        onDelete: (pod) => this.#onPodGoing(pod),
        onSynced: () => this.#lookAtAll(),
      }),
    )
  }

  dispose(): Promise<void> {
    return this.#owned.dispose()
  }

  #look({ metadata }: ReplicaSet): void {
    this.#queue.add(objectKey(metadata.namespace, metadata.name))
  }

  #lookAtAll(): void {
    for (const set of this.#sets.list()) this.#look(set)
  }

  #onPodAdded(pod: LivePod): void {
    if (pod.metadata.deletionTimestamp !== undefined) return this.#onPodGoing(pod)
    const set = this.#setOf(pod)
    if (set === undefined) return this.#offer(pod)
    this.#expectations.creationObserved(keyOf(set))
    this.#look(set)
  }

  #onPodUpdated(pod: LivePod, before: LivePod): void {
    if (pod.metadata.deletionTimestamp !== undefined) return this.#onPodGoing(pod)
    const set = this.#setOf(pod)
    const setBefore = this.#setOf(before)
    if (setBefore !== undefined && setBefore.metadata.uid !== set?.metadata.uid) this.#look(setBefore)
    if (set === undefined) return this.#offer(pod)
    this.#look(set)
  }

  /** It is being deleted, or gone. */
  #onPodGoing(pod: LivePod): void {
    const set = this.#setOf(pod)
    if (set === undefined) return
    this.#expectations.deletionObserved(keyOf(set), objectKey(pod.metadata.namespace, pod.metadata.name))
    this.#look(set)
  }

  /** Whoever selects an orphan may want it. */
  #offer(pod: LivePod): void {
    if (controllerOf(pod) !== undefined) return
    for (const set of this.#sets.list())
      if (set.metadata.namespace === pod.metadata.namespace && matchesSelector(set.spec.selector, pod)) this.#look(set)
  }

  #setOf(pod: LivePod): ReplicaSet | undefined {
    const owner = controllerOf(pod)
    if (owner?.kind !== 'ReplicaSet') return undefined
    const set = this.#sets.get(pod.metadata.namespace, owner.name)
    return set?.metadata.uid === owner.uid ? set : undefined
  }

  async #sync(key: string): Promise<void> {
    if (!this.#sets.hasSynced || !this.#pods.hasSynced) return
    const set = this.#sets.get(...addressOf(key))
    if (set === undefined) return
    const mayChange = this.#expectations.areSatisfied(key)
    const pods = await this.#claimPods(set)
    const failure =
      mayChange && set.metadata.deletionTimestamp === undefined
        ? await syncReplicas(set, pods.active, {
            podControl: this.#podControl,
            expectations: this.#expectations,
            related: () => this.#relatedPods(set),
            nowMs: this.#context.clock.now(),
          })
        : undefined
    await this.#syncStatus(set, pods, failure)
    this.#lookWhenAvailable(key, set, pods.active)
    if (failure !== undefined) throw failure
  }

  async #claimPods(set: ReplicaSet): Promise<ReplicaSetPods> {
    const { client } = this.#context
    const { namespace = '', name = '' } = set.metadata
    const matches = (pod: LivePod): boolean => matchesSelector(set.spec.selector, pod)
    const candidates = ownedAndOrphans(this.#pods, set)
    const active = await claimObjects(client, PODS, set, candidates.filter(isPodActive), {
      matches,
      fresh: () => client.get<ReplicaSet>(REPLICA_SETS, { namespace, name }),
    })
    const terminating = candidates.filter(
      (pod) => isPodTerminating(pod) && computeClaim(set, pod, matches(pod)) === 'own',
    )
    return { active, terminating }
  }

  /** Pods of all ReplicaSets that have the same controller; none for a ReplicaSet without one. */
  #relatedPods(set: ReplicaSet): Pod[] {
    const uid = controllerOf(set)?.uid
    const sets = controlledBy(this.#sets, uid)
    return sets.flatMap(({ metadata }) => controlledBy(this.#pods, metadata.uid))
  }

  async #syncStatus(set: ReplicaSet, pods: ReplicaSetPods, failure: Error | undefined): Promise<void> {
    const { client, clock } = this.#context
    const status = computeReplicaSetStatus(set, pods, failure, clock.now())
    if (!isSameStatus(set.status, status)) await updateStatus(client, REPLICA_SETS, set, status)
  }

  /** Nothing tells when a ready pod has been so for long enough. */
  #lookWhenAvailable(key: string, { spec }: ReplicaSet, pods: readonly Pod[]): void {
    const nowMs = this.#context.clock.now()
    const waits = pods
      .filter(isPodReady)
      .map((pod) => availableInMs(pod, spec.minReadySeconds ?? 0, nowMs) ?? 0)
      .filter((waitMs) => waitMs > 0)
    if (waits.length > 0) this.#queue.addAfter(key, Math.min(...waits))
  }
}

function keyOf({ metadata }: ReplicaSet): string {
  return objectKey(metadata.namespace, metadata.name)
}

function addressOf(key: string): [namespace: string, name: string] {
  const [namespace = '', name = ''] = key.split('/')
  return [namespace, name]
}
