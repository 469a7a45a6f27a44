/** Keeps the cache, the queue and the nominations in step with the server (pkg/scheduler/eventhandlers.go). */
import type { Disposable } from '../base/disposable.ts'
import type { ApiObject } from '../common/api/api-object.ts'
import type { Pod } from '../common/api/core.ts'
import type { Node } from '../common/api/node.ts'
import { Informer, type InformerOptions } from '../kube/informer.ts'
import { NODES, PODS } from '../kube/resources.ts'
import type { SchedulerCache } from './cache/scheduler-cache.ts'
import { computePodInfo, type PodInfo } from './framework/pod-info.ts'
import type { Nominator } from './nominator.ts'
import { computeNodeChanges, type ClusterEvent } from './queue/cluster-event.ts'
import type { SchedulingQueue } from './queue/scheduling-queue.ts'

export interface FollowedClusterOptions extends Pick<
  InformerOptions<ApiObject>,
  'client' | 'clock' | 'logger' | 'random'
> {
  cache: SchedulerCache
  queue: SchedulingQueue
  nominator: Nominator
  /** Pods of other schedulers are theirs. */
  isOurs(pod: Pod): boolean
  onEvent(event: ClusterEvent): void
  onSynced(): void
}

export class FollowedCluster implements Disposable {
  readonly #options: FollowedClusterOptions
  readonly #pods: Informer<Pod & ApiObject>
  readonly #nodes: Informer<Node>

  constructor(options: FollowedClusterOptions) {
    this.#options = options
    const { client, clock, logger, random } = options
    this.#pods = new Informer({ client, clock, logger, random, resource: PODS })
    this.#nodes = new Informer({ client, clock, logger, random, resource: NODES })
  }

  start(): void {
    const { onSynced } = this.#options
    this.#nodes.follow({
      onAdd: (node) => this.#nodeAdded(node),
      onUpdate: (node, before) => this.#nodeChanged(node, before),
      onDelete: (node) => this.#nodeGone(node),
      onSynced,
    })
    this.#pods.follow({
      onAdd: (pod) => this.#podSeen(pod),
      onUpdate: (pod, before) => this.#podSeen(pod, before),
      onDelete: (pod) => this.#podGone(pod),
      onSynced,
    })
    this.#nodes.start()
    this.#pods.start()
  }

  dispose(): void {
    this.#pods.dispose()
    this.#nodes.dispose()
  }

  get hasSynced(): boolean {
    return this.#pods.hasSynced && this.#nodes.hasSynced
  }

  /** The pod as it is now; undefined when it is gone, or another has its name. */
  findPod({ metadata: { namespace, name = '', uid } }: Pod): Pod | undefined {
    const pod = this.#pods.get(namespace, name)
    return pod?.metadata.uid === uid ? pod : undefined
  }

  #nodeAdded(node: Node): void {
    this.#options.cache.setNode(node)
    this.#options.onEvent({ kind: 'node-added', node })
  }

  #nodeChanged(node: Node, before: Node): void {
    this.#options.cache.setNode(node)
    const changes = computeNodeChanges(before, node)
    if (changes.size > 0) this.#options.onEvent({ kind: 'node-changed', node, changes })
  }

  #nodeGone(node: Node): void {
    this.#options.cache.removeNode(node.metadata.name ?? '')
    this.#options.onEvent({ kind: 'node-removed', node })
  }

  #podSeen(pod: Pod, before?: Pod): void {
    if (hasEnded(pod)) this.#podGone(before ?? pod)
    else if ((pod.spec.nodeName ?? '') === '') this.#unplacedSeen(pod, before)
    else this.#placedSeen(pod, before)
  }

  #placedSeen(pod: Pod, before: Pod | undefined): void {
    const { cache, queue, nominator, onEvent } = this.#options
    const { uid = '' } = pod.metadata
    cache.setPod(pod)
    const wasPlaced = (before?.spec.nodeName ?? '') !== ''
    if (!wasPlaced) {
      queue.remove(uid)
      const nominated = nominator.remove(uid)
      if (nominated?.pod.spec.nodeName !== pod.spec.nodeName) this.#released(nominated)
      onEvent({ kind: 'pod-placed', pod: computePodInfo(pod) })
    } else if (before !== undefined && hasNews(pod, before)) onEvent({ kind: 'pod-changed', pod: computePodInfo(pod) })
  }

  #unplacedSeen(pod: Pod, before: Pod | undefined): void {
    const { queue, nominator, isOurs } = this.#options
    if (!isOurs(pod)) return
    const info = computePodInfo(pod)
    const { nominatedNodeName = '' } = pod.status ?? {}
    if (nominatedNodeName === '') this.#released(nominator.remove(info.uid))
    else nominator.nominate(info, nominatedNodeName)
    // Our own words in its status are no reason to try again.
    if (before === undefined || hasNews(pod, before)) queue.add(info)
    else queue.refresh(info)
  }

  #podGone(pod: Pod): void {
    const { cache, queue, nominator } = this.#options
    const { uid = '' } = pod.metadata
    queue.remove(uid)
    this.#released(cache.removePod(uid))
    this.#released(nominator.remove(uid))
  }

  #released(held: PodInfo | undefined): void {
    if (held !== undefined) this.#options.onEvent({ kind: 'pod-gone', pod: held })
  }
}

function hasEnded({ status }: Pod): boolean {
  return status?.phase === 'Succeeded' || status?.phase === 'Failed'
}

/** What a pod asks for, or is called. A generation counts changes of the spec. */
function hasNews(pod: Pod, before: Pod): boolean {
  const { generation, labels } = pod.metadata
  const hasSameSpec =
    generation === undefined
      ? JSON.stringify(before.spec) === JSON.stringify(pod.spec)
      : before.metadata.generation === generation
  return !hasSameSpec || JSON.stringify(before.metadata.labels) !== JSON.stringify(labels)
}
