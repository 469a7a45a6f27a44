/** One pod on every node that fits (pkg/controller/daemon/daemon_controller.go; facts 6). */
import { Backoff } from '../../base/backoff.ts'
import { DisposableStore, type Disposable } from '../../base/disposable.ts'
import { WorkQueue } from '../../base/work-queue.ts'
import type { ApiObject } from '../../common/api/api-object.ts'
import type { ControllerRevision } from '../../common/api/controller-revision.ts'
import type { ServedPod } from '../../common/api/core.ts'
import type { DaemonSet } from '../../common/api/daemon-set.ts'
import type { Node } from '../../common/api/node.ts'
import { objectKey, type Informer } from '../../kube/informer.ts'
import { CONTROLLER_REVISIONS, DAEMON_SETS, NODES, PODS } from '../../kube/resources.ts'
import { matchesSelector } from '../control/matches-selector.ts'
import { indexByController } from '../control/owned-objects.ts'
import { controllerOf } from '../control/owner-reference.ts'
import { PodControl } from '../control/pod-control.ts'
import type { ControllerContext } from '../controller.ts'
import { affectsPlacement } from './affects-placement.ts'
import { computePlacement } from './compute-placement.ts'
import { DaemonPods } from './daemon-pods.ts'
import { DaemonSetHistory } from './daemon-set-history.ts'
import { DaemonSetSyncer } from './sync-daemon-set.ts'

const WORKERS = 2
/** Of the deletion of pods that fail again and again on one node. */
const INITIAL_FAILURE_MS = 1000
const MAX_FAILURE_MS = 15 * 60_000

export function startDaemonSets(context: ControllerContext): Disposable {
  return new DaemonSets(context)
}

class DaemonSets implements Disposable {
  readonly #owned = new DisposableStore()
  readonly #sets: Informer<DaemonSet>
  readonly #pods: Informer<ServedPod>
  readonly #nodes: Informer<Node>
  readonly #revisions: Informer<ControllerRevision>
  readonly #daemonPods: DaemonPods
  readonly #syncer: DaemonSetSyncer
  readonly #queue: WorkQueue

  constructor({ client, clock, eventsAs, informers, logger, random, settings }: ControllerContext) {
    this.#sets = informers.of<DaemonSet>(DAEMON_SETS)
    this.#pods = informers.of<ServedPod>(PODS)
    this.#nodes = informers.of<Node>(NODES)
    this.#revisions = informers.of<ControllerRevision>(CONTROLLER_REVISIONS)
    indexByController(this.#pods)
    indexByController(this.#revisions)
    const podControl = new PodControl(client, eventsAs('daemonset-controller'))
    const binder = settings.scheduleDaemonSetPods ? 'scheduler' : 'controller'
    this.#daemonPods = new DaemonPods({ clock, podControl, binder, random })
    this.#syncer = new DaemonSetSyncer({
      client,
      clock,
      nodes: this.#nodes,
      pods: this.#pods,
      history: new DaemonSetHistory(client, this.#revisions),
      daemonPods: this.#daemonPods,
      podControl,
      failures: new Backoff({
        clock,
        initialMs: INITIAL_FAILURE_MS,
        maxMs: MAX_FAILURE_MS,
        resetAfterMs: 2 * MAX_FAILURE_MS,
      }),
      again: (set, delayMs) => this.#queue.addAfter(keyOf(set), delayMs),
    })
    this.#queue = this.#owned.add(
      new WorkQueue({
        clock,
        workers: WORKERS,
        sync: (key) => this.#sync(key),
        onFailure: (daemonSet, error) =>
          logger.error('Failed to sync DaemonSet, requeue it', { daemonSet, err: error }),
      }),
    )
    this.#follow()
  }

  dispose(): Promise<void> {
    return this.#owned.dispose()
  }

  #follow(): void {
    const onSynced = (): void => this.#sets.list().forEach((set) => this.#look(set))
    this.#owned.add(
      this.#sets.follow({
        onAdd: (set) => this.#look(set),
        onUpdate: (set) => this.#look(set),
        onDelete: ({ metadata }) => this.#daemonPods.onOwnerGone(metadata.uid ?? ''),
        onSynced,
      }),
    )
    this.#owned.add(
      this.#nodes.follow({
        onAdd: (node) => this.#lookWhere((placement) => placement(node) === 'run'),
        onUpdate: (node, before) => {
          if (affectsPlacement(before, node)) this.#lookWhere((placement) => placement(node) !== placement(before))
        },
        onDelete: (node) => this.#lookWhere((placement) => placement(node) !== 'leave'),
        onSynced,
      }),
    )
    this.#owned.add(
      this.#pods.follow({
        onAdd: (pod) => this.#onPodAdded(pod),
        onUpdate: (pod, before) => this.#onPodUpdated(pod, before),
        onDelete: (pod) => this.#onPodGoing(pod),
        onSynced,
      }),
    )
    this.#owned.add(
      this.#revisions.follow({
        onAdd: (revision) => this.#offer(revision),
        onUpdate: (revision, before) => this.#onRevisionUpdated(revision, before),
        onDelete: (revision) => this.#onRevisionGone(revision),
        onSynced,
      }),
    )
  }

  #look(set: DaemonSet): void {
    this.#queue.add(keyOf(set))
  }

  #lookWhere(matters: (placement: ReturnType<typeof computePlacement>) => boolean): void {
    for (const set of this.#sets.list()) if (matters(computePlacement(set.spec.template))) this.#look(set)
  }

  #onPodAdded(pod: ServedPod): void {
    if (pod.metadata.deletionTimestamp !== undefined) return this.#onPodGoing(pod)
    const set = this.#setOf(pod)
    if (set === undefined) return this.#offer(pod)
    this.#daemonPods.onAdded(set.metadata.uid ?? '', pod)
    this.#look(set)
  }

  #onPodUpdated(pod: ServedPod, before: ServedPod): void {
    if (pod.metadata.deletionTimestamp !== undefined) return this.#onPodGoing(pod)
    this.#onOwnedUpdated(pod, before)
  }

  /** It is being deleted, or gone. */
  #onPodGoing(pod: ServedPod): void {
    const set = this.#setOf(pod)
    if (set === undefined) return
    this.#daemonPods.onGoing(set.metadata.uid ?? '', pod)
    this.#look(set)
  }

  #onRevisionUpdated(revision: ControllerRevision, before: ControllerRevision): void {
    this.#onOwnedUpdated(revision, before)
  }

  /** Also one of an earlier DaemonSet of that name, which stood in for the own one. */
  #onRevisionGone(revision: ControllerRevision): void {
    const owner = controllerOf(revision)
    const set = owner?.kind === 'DaemonSet' ? this.#sets.get(revision.metadata.namespace, owner.name) : undefined
    if (set !== undefined) this.#look(set)
  }

  /** Who had it before and lost it, and who has it now or may want it. */
  #onOwnedUpdated(object: ApiObject, before: ApiObject): void {
    const [set, setBefore] = [this.#setOf(object), this.#setOf(before)]
    if (setBefore !== undefined && setBefore !== set) this.#look(setBefore)
    if (set === undefined) this.#offer(object)
    else this.#look(set)
  }

  /** Whoever selects an orphan may want it. */
  #offer(object: ApiObject): void {
    if (controllerOf(object) !== undefined) return
    for (const set of this.#sets.list())
      if (set.metadata.namespace === object.metadata.namespace && matchesSelector(set.spec.selector, object))
        this.#look(set)
  }

  #setOf(object: ApiObject): DaemonSet | undefined {
    const owner = controllerOf(object)
    if (owner?.kind !== 'DaemonSet') return undefined
    const set = this.#sets.get(object.metadata.namespace, owner.name)
    return set?.metadata.uid === owner.uid ? set : undefined
  }

  async #sync(key: string): Promise<void> {
    const informers = [this.#sets, this.#pods, this.#nodes, this.#revisions]
    if (!informers.every(({ hasSynced }) => hasSynced)) return
    const [namespace, name = ''] = key.split('/')
    const set = this.#sets.get(namespace, name)
    if (set !== undefined) await this.#syncer.sync(set)
  }
}

function keyOf({ metadata }: DaemonSet): string {
  return objectKey(metadata.namespace, metadata.name)
}
