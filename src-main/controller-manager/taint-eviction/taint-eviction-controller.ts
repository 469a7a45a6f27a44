/** Deletes pods from nodes whose taints they do not tolerate, or no longer (pkg/controller/tainteviction; facts 7.6, 7.8, 7.9). */
import type { Timer } from '../../base/clock.ts'
import { DisposableStore, type Disposable } from '../../base/disposable.ts'
import { WorkQueue } from '../../base/work-queue.ts'
import type { ApiObject } from '../../common/api/api-object.ts'
import type { Pod } from '../../common/api/core.ts'
import type { Node } from '../../common/api/node.ts'
import type { EventRecorder } from '../../kube/event-recorder.ts'
import { objectKey, type Informer } from '../../kube/informer.ts'
import { NODES, PODS } from '../../kube/resources.ts'
import type { ControllerContext } from '../controller.ts'
import { indexByNode, podsOfNode } from '../control/pods-by-node.ts'
import { computeTolerationMs, noExecuteTaints } from './compute-toleration.ts'
import { evictPod, type PodIdentity } from './evict-pod.ts'

const EVICTIONS_AT_ONCE = 8

export function startTaintEviction(context: ControllerContext): Disposable {
  return new TaintEviction(context)
}

interface Eviction {
  pod: PodIdentity
  /** `due`: it is being deleted, or that is tried again; `done`: nothing more is to be done about this pod. */
  state: 'waiting' | 'due' | 'done'
  timer: Timer | undefined
}

class TaintEviction implements Disposable {
  readonly #owned = new DisposableStore()
  readonly #context: ControllerContext
  readonly #events: EventRecorder
  readonly #nodes: Informer<Node>
  readonly #pods: Informer<Pod & ApiObject>
  readonly #queue: WorkQueue
  /** By the pod's key. */
  readonly #evictions = new Map<string, Eviction>()

  constructor(context: ControllerContext) {
    this.#context = context
    this.#events = context.eventsAs('taint-eviction-controller')
    const { informers, clock, logger } = context
    this.#nodes = informers.of<Node>(NODES)
    this.#pods = informers.of<Pod & ApiObject>(PODS)
    indexByNode(this.#pods)
    this.#queue = this.#owned.add(
      new WorkQueue({
        clock,
        workers: EVICTIONS_AT_ONCE,
        sync: (key) => this.#evict(key),
        onFailure: (pod, error) => logger.error('Failed to delete pod of a tainted node', { pod, err: error }),
      }),
    )
    this.#follow()
  }

  dispose(): Promise<void> {
    for (const { timer } of this.#evictions.values()) timer?.cancel()
    this.#evictions.clear()
    return this.#owned.dispose()
  }

  /** Time runs from when this controller sees pod and taint together, as upstream's does: not from `timeAdded`. */
  #follow(): void {
    const lookAtAll = (): void => this.#nodes.list().forEach((node) => this.#lookAtNode(node))
    this.#owned.add(
      this.#nodes.follow({
        onAdd: (node) => this.#lookAtNode(node),
        onUpdate: (node, before) => {
          if (!isSame(noExecuteTaints(node), noExecuteTaints(before))) this.#lookAtNode(node)
        },
        onSynced: lookAtAll,
      }),
    )
    this.#owned.add(
      this.#pods.follow({
        onAdd: (pod) => this.#lookAtPod(pod),
        onUpdate: (pod, before) => {
          const isAsBefore =
            pod.spec.nodeName === before.spec.nodeName && isSame(pod.spec.tolerations, before.spec.tolerations)
          if (!isAsBefore) this.#lookAtPod(pod)
        },
        onDelete: ({ metadata }) => this.#cancel(objectKey(metadata.namespace, metadata.name)),
        onSynced: lookAtAll,
      }),
    )
  }

  #lookAtNode(node: Node): void {
    if (!this.#pods.hasSynced) return
    for (const pod of podsOfNode(this.#pods, node.metadata.name ?? '')) this.#judge(pod, node)
  }

  /** Pods of a node that is gone are left as they are: the pod garbage collector has them. */
  #lookAtPod(pod: Pod & ApiObject): void {
    const node = this.#nodes.get(undefined, pod.spec.nodeName ?? '')
    if (this.#pods.hasSynced && node !== undefined) this.#judge(pod, node)
  }

  /** An eviction that has its time keeps it: other taints and tolerations neither hasten nor delay it, they only call it off. */
  #judge({ metadata, spec }: Pod, node: Node): void {
    const { namespace = '', name = '', uid = '' } = metadata
    const key = objectKey(namespace, name)
    const staysMs = computeTolerationMs(noExecuteTaints(node), spec.tolerations ?? [])
    if (staysMs === Infinity) return this.#cancel(key)
    const before = this.#evictions.get(key)
    if (before !== undefined && (staysMs > 0 || before.state !== 'waiting')) return
    this.#cancel(key)
    const timer = staysMs === 0 ? undefined : this.#context.clock.setTimer(staysMs, () => this.#becomesDue(key))
    this.#evictions.set(key, { pod: { namespace, name, uid }, state: 'waiting', timer })
    if (timer === undefined) this.#becomesDue(key)
  }

  #becomesDue(key: string): void {
    const eviction = this.#evictions.get(key)
    if (eviction === undefined) return
    this.#evictions.set(key, { ...eviction, state: 'due', timer: undefined })
    this.#tell(eviction.pod, 'Marking for deletion Pod')
    this.#queue.add(key)
  }

  /** Tried until it succeeds, where upstream gives up after five attempts. */
  async #evict(key: string): Promise<void> {
    const eviction = this.#evictions.get(key)
    if (eviction?.state !== 'due') return
    await evictPod(this.#context.client, eviction.pod, this.#context.clock.now())
    if (this.#evictions.get(key) === eviction) this.#evictions.set(key, { ...eviction, state: 'done' })
  }

  #cancel(key: string): void {
    const eviction = this.#evictions.get(key)
    if (eviction === undefined) return
    eviction.timer?.cancel()
    this.#evictions.delete(key)
    if (eviction.state !== 'done') this.#tell(eviction.pod, 'Cancelling deletion of Pod')
  }

  #tell({ namespace, name, uid }: PodIdentity, what: string): void {
    const about = { apiVersion: 'v1', kind: 'Pod', namespace, name, uid }
    this.#events.record(about, 'Normal', 'TaintManagerEviction', `${what} ${namespace}/${name}`)
  }
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}
