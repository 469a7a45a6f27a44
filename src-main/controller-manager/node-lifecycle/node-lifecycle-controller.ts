/** Watches over nodes: taints by their conditions, and Unknown when a kubelet is silent (pkg/controller/nodelifecycle; facts 7). */
import type { Timer } from '../../base/clock.ts'
import { DisposableStore, type Disposable } from '../../base/disposable.ts'
import { Semaphore } from '../../base/semaphore.ts'
import { WorkQueue } from '../../base/work-queue.ts'
import type { ApiObject } from '../../common/api/api-object.ts'
import type { Pod } from '../../common/api/core.ts'
import type { Lease } from '../../common/api/lease.ts'
import type { Node, NodeCondition } from '../../common/api/node.ts'
import { formatTime } from '../../common/api/time.ts'
import type { EventRecorder } from '../../kube/event-recorder.ts'
import { objectKey, type Informer } from '../../kube/informer.ts'
import { LEASES, NODES, PODS } from '../../kube/resources.ts'
import { hasReason } from '../../kube/status-error.ts'
import type { ControllerContext } from '../controller.ts'
import { indexByNode, podsOfNode } from '../control/pods-by-node.ts'
import { changeTaints, findNode } from './change-taints.ts'
import { computeFollowingLabels } from './compute-node-labels.ts'
import { computeHeard, computeSilentConditions, type Heard } from './compute-silence.ts'
import { computeNoExecuteTaints, computeNoScheduleTaints, evictionTaintState } from './compute-taints.ts'
import { markPodsNotReady } from './mark-pods-not-ready.ts'
import { conditionOf, readyStatusOf } from './node-conditions.ts'
import { ZoneEvictions } from './zone-evictions.ts'

const LEASE_NAMESPACE = 'kube-node-lease'
const NODES_AT_ONCE = 8
const STATUS_ATTEMPTS = 5

export function startNodeLifecycle(context: ControllerContext): Disposable {
  return new NodeLifecycle(context)
}

class NodeLifecycle implements Disposable {
  readonly #owned = new DisposableStore()
  readonly #context: ControllerContext
  readonly #events: EventRecorder
  readonly #nodes: Informer<Node>
  readonly #leases: Informer<Lease>
  readonly #pods: Informer<Pod & ApiObject>
  readonly #evictions: ZoneEvictions
  readonly #turns = new Semaphore(NODES_AT_ONCE)
  /** Those of the last look. */
  readonly #known = new Map<string, Node>()
  readonly #heard = new Map<string, Heard>()
  /** Nodes of whose pods some could not be marked. */
  readonly #unmarked = new Set<string>()
  #timer: Timer | undefined
  #isDisposed = false

  constructor(context: ControllerContext) {
    this.#context = context
    this.#events = context.eventsAs('node-controller')
    const { informers, clock, settings, logger } = context
    this.#nodes = informers.of<Node>(NODES)
    this.#leases = informers.of<Lease>(LEASES)
    this.#pods = informers.of<Pod & ApiObject>(PODS)
    indexByNode(this.#pods)
    const onFailure = (node: string, error: unknown): void =>
      logger.error('Failed to taint node, requeue it', { node, err: error })
    this.#evictions = this.#owned.add(
      new ZoneEvictions({ clock, settings, onFailure, taint: (name) => this.#taintToEvict(name) }),
    )
    const queue = this.#owned.add(
      new WorkQueue({ clock, workers: NODES_AT_ONCE, onFailure, sync: (name) => this.#followConditions(name) }),
    )
    const look = ({ metadata }: Node): void => queue.add(metadata.name ?? '')
    this.#owned.add(
      this.#nodes.follow({
        onAdd: look,
        onUpdate: look,
        onDelete: ({ metadata }) => this.#forget(metadata.name ?? ''),
      }),
    )
    this.#followPods()
    this.#scheduleMonitor()
  }

  dispose(): Promise<void> {
    this.#isDisposed = true
    this.#timer?.cancel()
    return this.#owned.dispose()
  }

  #forget(name: string): void {
    this.#heard.delete(name)
    this.#unmarked.delete(name)
    this.#evictions.remove(name)
  }

  /** Taints without eviction, and labels: as soon as the node changes. */
  async #followConditions(name: string): Promise<void> {
    const node = this.#nodes.get(undefined, name)
    if (node === undefined) return
    const { client } = this.#context
    await changeTaints(client, node, (each) => computeNoScheduleTaints(each, this.#time()))
    const labels = computeFollowingLabels(node)
    if (Object.keys(labels).length === 0) return
    await client.patch(NODES, { name }, 'application/merge-patch+json', { metadata: { labels } })
  }

  /** A pod that arrives on a node that is unwell, as one that is started late. */
  #followPods(): void {
    const { clock, logger } = this.#context
    const queue = this.#owned.add(
      new WorkQueue({
        clock,
        workers: NODES_AT_ONCE,
        onFailure: (pod, error) => logger.error('Unable to mark pod NotReady', { pod, err: error }),
        sync: (key) => this.#markArrival(key),
      }),
    )
    const arrive = ({ metadata, spec }: Pod): void => {
      if (spec.nodeName !== undefined) queue.add(objectKey(metadata.namespace, metadata.name))
    }
    this.#owned.add(
      this.#pods.follow({
        onAdd: arrive,
        onUpdate: (pod, before) => {
          if (pod.spec.nodeName !== before.spec.nodeName) arrive(pod)
        },
      }),
    )
  }

  async #markArrival(key: string): Promise<void> {
    const [namespace, name = ''] = key.split('/')
    const pod = this.#pods.get(namespace, name)
    const node = this.#nodes.get(undefined, pod?.spec.nodeName ?? '')
    if (pod === undefined || node === undefined || !this.#heard.has(node.metadata.name ?? '')) return
    const ready = readyStatusOf(node)
    if (ready === undefined || ready === 'True') return
    await markPodsNotReady(this.#context.client, this.#events, [pod], this.#context.clock.now())
  }

  /** One look ends before the next begins, however long the server takes. */
  #scheduleMonitor(): void {
    if (this.#isDisposed) return
    this.#timer = this.#context.clock.setTimer(this.#context.settings.nodeMonitorPeriodMs, () => {
      void this.#monitor().finally(() => this.#scheduleMonitor())
    })
  }

  async #monitor(): Promise<void> {
    if (!this.#nodes.hasSynced || !this.#leases.hasSynced || !this.#pods.hasSynced) return
    const nodes = this.#nodes.list()
    this.#register(nodes)
    const looked = await Promise.all(nodes.map((node) => this.#turns.run(() => this.#monitorNode(node))))
    if (this.#isDisposed) return
    const disruption = this.#evictions.update(looked.flatMap((node) => node ?? []))
    if (disruption === 'enter') this.#context.logger.info('No node is ready: nothing is evicted')
    if (disruption === 'enter' || disruption === 'inside') await this.#pardonAll(nodes)
    if (disruption === 'leave') this.#hearAllAgain()
  }

  #register(nodes: readonly Node[]): void {
    for (const node of nodes) {
      const { name = '' } = node.metadata
      if (!this.#known.has(name))
        this.#tell(node, 'RegisteredNode', `Node ${name} event: Registered Node ${name} in Controller`)
      this.#known.set(name, node)
    }
    for (const [name, node] of this.#known) {
      if (this.#nodes.get(undefined, name) !== undefined) continue
      this.#known.delete(name)
      this.#tell(node, 'RemovingNode', `Node ${name} event: Removing Node ${name} from Controller`)
    }
  }

  /** @returns the node as it is now, or as it was seen when that could not be found out; `undefined` when it is gone */
  async #monitorNode(seen: Node): Promise<Node | undefined> {
    const { name = '' } = seen.metadata
    try {
      const health = await this.#updateHealth(seen)
      if (health === undefined) return undefined
      const { node, readyBefore } = health
      const ready = readyStatusOf(node)
      if (ready === undefined) return node
      await this.#judge(node, readyBefore)
      const isNews = ready !== 'True' && readyBefore === 'True'
      if (isNews) this.#tell(node, 'NodeNotReady', `Node ${name} status is now: NodeNotReady`)
      if (isNews || (this.#unmarked.has(name) && readyBefore !== 'True')) await this.#markPods(name)
      else this.#unmarked.delete(name)
      return node
    } catch (error) {
      this.#context.logger.error('Error updating health of node', { node: name, err: error })
      return seen
    }
  }

  /** Says Unknown of a node that has been silent for too long. `readyBefore`: as the node itself said it. */
  async #updateHealth(seen: Node): Promise<{ node: Node; readyBefore: NodeCondition['status'] } | undefined> {
    const { client, clock, settings } = this.#context
    const { name = '', uid } = seen.metadata
    let node: Node | undefined = seen
    for (let attempt = 1; ; attempt++) {
      if (node === undefined || node.metadata.uid !== uid) return undefined
      const readyBefore = readyStatusOf(node)
      const now = clock.now()
      const heard = computeHeard(this.#heard.get(name), node, this.#leases.get(LEASE_NAMESPACE, name), now)
      this.#heard.set(name, heard)
      const graceMs = readyBefore === undefined ? settings.nodeStartupGraceMs : settings.nodeMonitorGraceMs
      const conditions = now - heard.atMs < graceMs ? [] : computeSilentConditions(node, formatTime(now))
      if (conditions.length === 0) return { node, readyBefore: readyBefore ?? 'Unknown' }
      const patch = { metadata: { resourceVersion: node.metadata.resourceVersion }, status: { conditions } }
      try {
        const type = 'application/strategic-merge-patch+json'
        const written = await client.patch<Node>(NODES, { name, subresource: 'status' }, type, patch)
        // What was written here is no sign of life.
        const heartbeat = conditionOf(written, 'Ready')?.lastHeartbeatTime ?? ''
        if (this.#heard.get(name) === heard) this.#heard.set(name, { ...heard, heartbeat })
        return { node: written, readyBefore: readyBefore ?? 'Unknown' }
      } catch (error) {
        if (hasReason(error, 'NotFound')) return undefined
        if (!hasReason(error, 'Conflict') || attempt === STATUS_ATTEMPTS) throw error
      }
      node = await findNode(client, name)
    }
  }

  /** One that is unwell waits for its turn to be tainted; one that is tainted so already is told anew at once. */
  async #judge(node: Node, ready: NodeCondition['status']): Promise<void> {
    if (ready === 'True') this.#evictions.remove(node.metadata.name ?? '')
    const state = evictionTaintState(node, ready)
    if (state === 'missing') this.#evictions.add(node)
    if (state === 'wrong') await changeTaints(this.#context.client, node, (each) => this.#evictionTaints(each, ready))
  }

  /** It is its turn: if it is still unwell. */
  async #taintToEvict(name: string): Promise<void> {
    const node = this.#nodes.get(undefined, name)
    if (node === undefined) return
    await changeTaints(this.#context.client, node, (each) => this.#evictionTaints(each, readyStatusOf(each) ?? 'True'))
  }

  #evictionTaints(node: Node, ready: NodeCondition['status']): ReturnType<typeof computeNoExecuteTaints> {
    return computeNoExecuteTaints(node, ready, this.#time())
  }

  /** No node at all is ready: it is not the nodes that are at fault, and nobody is driven away (facts 7.7). */
  async #pardonAll(nodes: readonly Node[]): Promise<void> {
    for (const node of nodes) {
      this.#evictions.remove(node.metadata.name ?? '')
      try {
        await changeTaints(this.#context.client, node, (each) => this.#evictionTaints(each, 'True'))
      } catch (error) {
        this.#context.logger.error('Failed to remove taints from node', { node: node.metadata.name, err: error })
      }
    }
  }

  /** Those that are still silent may have been so for the same reason: each has its whole grace again. */
  #hearAllAgain(): void {
    this.#context.logger.info('Some nodes are ready again: evictions go on')
    const atMs = this.#context.clock.now()
    for (const [name, heard] of this.#heard) this.#heard.set(name, { ...heard, atMs })
  }

  async #markPods(node: string): Promise<void> {
    this.#unmarked.add(node)
    const { client, clock } = this.#context
    await markPodsNotReady(client, this.#events, podsOfNode(this.#pods, node), clock.now())
    this.#unmarked.delete(node)
  }

  #time(): string {
    return formatTime(this.#context.clock.now())
  }

  #tell({ metadata }: Node, reason: string, message: string): void {
    const { name = '', uid = '' } = metadata
    this.#events.record({ apiVersion: 'v1', kind: 'Node', namespace: '', name, uid }, 'Normal', reason, message)
  }
}
