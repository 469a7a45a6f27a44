/** Watches over nodes: taints by their condition, and Unknown when a kubelet is silent (pkg/controller/nodelifecycle; facts 7). */
import { formatTime } from '../../common/api/time.ts'
import type { Timer } from '../../base/clock.ts'
import { DisposableStore, type Disposable } from '../../base/disposable.ts'
import { WorkQueue } from '../../base/work-queue.ts'
import type { ApiObject } from '../../common/api/api-object.ts'
import type { Pod } from '../../common/api/core.ts'
import type { Lease } from '../../common/api/lease.ts'
import type { Node, Taint } from '../../common/api/node.ts'
import { hasReason } from '../../kube/status-error.ts'
import type { Informer } from '../../kube/informer.ts'
import type { EventRecorder } from '../../kube/event-recorder.ts'
import type { ControllerContext } from '../controller.ts'
import type { ControllerManagerSettings } from '../controller-manager-settings.ts'
import { computeSilentConditions, type Heard } from './compute-silence.ts'
import { computeNoExecuteTaints, computeNoScheduleTaints, statusOf } from './compute-taints.ts'
import { LEASES, NODES, PODS } from '../../kube/resources.ts'

const LEASE_NAMESPACE = 'kube-node-lease'

export function startNodeLifecycle(context: ControllerContext): Disposable {
  return new NodeLifecycle(context)
}

class NodeLifecycle implements Disposable {
  readonly #owned = new DisposableStore()
  readonly #context: ControllerContext
  readonly #settings: ControllerManagerSettings
  readonly #events: EventRecorder
  readonly #nodes: Informer<Node>
  readonly #leases: Informer<Lease>
  readonly #pods: Informer<Pod & ApiObject>
  readonly #queue: WorkQueue
  readonly #heard = new Map<string, Heard>()
  #timer: Timer | undefined
  #isDisposed = false

  constructor(context: ControllerContext) {
    this.#context = context
    this.#settings = context.settings
    this.#events = context.eventsAs('node-controller')
    const { informers, clock, logger } = context
    this.#nodes = informers.of<Node>(NODES)
    this.#leases = informers.of<Lease>(LEASES)
    this.#pods = informers.of<Pod & ApiObject>(PODS)
    this.#queue = this.#owned.add(
      new WorkQueue({
        clock,
        workers: 4,
        sync: (name) => this.#syncTaints(name),
        onFailure: (node, error) => logger.error('Failed to taint node, requeue it', { node, err: error }),
      }),
    )
    const look = ({ metadata }: Node): void => this.#queue.add(metadata.name ?? '')
    this.#owned.add(
      this.#nodes.follow({
        onAdd: look,
        onUpdate: look,
        onDelete: ({ metadata }) => this.#heard.delete(metadata.name ?? ''),
      }),
    )
    this.#scheduleMonitor()
  }

  dispose(): Promise<void> {
    this.#isDisposed = true
    this.#timer?.cancel()
    return this.#owned.dispose()
  }

  /** One look ends before the next begins, however long the server takes. */
  #scheduleMonitor(): void {
    if (this.#isDisposed) return
    this.#timer = this.#context.clock.setTimer(this.#settings.nodeMonitorPeriodMs, () => {
      void this.#monitor().finally(() => this.#scheduleMonitor())
    })
  }

  async #monitor(): Promise<void> {
    if (!this.#nodes.hasSynced || !this.#leases.hasSynced) return
    for (const node of this.#nodes.list())
      try {
        await this.#monitorNode(node)
      } catch (error) {
        this.#context.logger.error('Error updating health of node', { node: node.metadata.name, err: error })
      }
    // Whether anything is evicted depends on how the others are.
    for (const { metadata } of this.#nodes.list()) this.#queue.add(metadata.name ?? '')
  }

  async #monitorNode(node: Node): Promise<void> {
    const { name = '' } = node.metadata
    const now = this.#context.clock.now()
    const signs = this.#signsOfLife(node)
    const heard = this.#heard.get(name)
    if (heard?.signs !== signs) {
      this.#heard.set(name, { signs, atMs: now })
      return
    }
    const neverPosted = (node.status?.conditions ?? []).length === 0
    const graceMs = neverPosted ? this.#settings.nodeStartupGraceMs : this.#settings.nodeMonitorGraceMs
    if (now - heard.atMs < graceMs) return
    const conditions = computeSilentConditions(node, formatTime(now))
    if (conditions !== undefined) {
      const address = { name, subresource: 'status' }
      await this.#context.client.patch(NODES, address, 'application/strategic-merge-patch+json', {
        status: { conditions },
      })
      this.#tell(node, 'NodeNotReady', `Node ${name} status is now: NodeNotReady`)
    }
    // Each time: one of them may have failed, or come since.
    await this.#markPodsNotReady(name)
  }

  #signsOfLife(node: Node): string {
    const lease = this.#leases.get(LEASE_NAMESPACE, node.metadata.name ?? '')
    const beats = (node.status?.conditions ?? []).map(({ lastHeartbeatTime }) => lastHeartbeatTime ?? '')
    return JSON.stringify([lease?.spec?.renewTime ?? '', ...beats])
  }

  async #markPodsNotReady(node: string): Promise<void> {
    const lastTransitionTime = formatTime(this.#context.clock.now())
    for (const pod of this.#pods.list()) {
      if (pod.spec.nodeName !== node) continue
      const ready = pod.status?.conditions?.find(({ type }) => type === 'Ready')
      if (ready?.status !== 'True') continue
      const { namespace = '', name = '', uid = '' } = pod.metadata
      const patch = { status: { conditions: [{ type: 'Ready', status: 'False', lastTransitionTime }] } }
      const address = { namespace, name, subresource: 'status' }
      try {
        await this.#context.client.patch(PODS, address, 'application/strategic-merge-patch+json', patch)
      } catch (error) {
        if (!hasReason(error, 'NotFound')) throw error
      }
      const about = { apiVersion: 'v1', kind: 'Pod', namespace, name, uid }
      this.#events.record(about, 'Warning', 'NodeNotReady', 'Node is not ready')
    }
  }

  async #syncTaints(name: string): Promise<void> {
    const node = this.#nodes.get(undefined, name)
    if (node === undefined || node.metadata.deletionTimestamp !== undefined) return
    const noSchedule = computeNoScheduleTaints(node)
    if (noSchedule !== undefined) await this.#setTaints(node, noSchedule)
    const current = noSchedule === undefined ? node : { ...node, spec: { ...node.spec, taints: noSchedule } }
    const noExecute = computeNoExecuteTaints(current, this.#evicts(), formatTime(this.#context.clock.now()))
    if (noExecute !== undefined) await this.#setTaints(node, noExecute)
  }

  /** When no node at all is ready, it is not the nodes that are at fault: nothing is evicted (facts 7.7). */
  #evicts(): boolean {
    return this.#nodes.list().some((node) => statusOf(node, 'Ready') === 'True')
  }

  /** Optimistic: who changed the node meanwhile is looked at again. */
  async #setTaints({ metadata }: Node, taints: readonly Taint[]): Promise<void> {
    const { name = '', resourceVersion = '' } = metadata
    const patch = { metadata: { resourceVersion }, spec: { taints } }
    try {
      await this.#context.client.patch(NODES, { name }, 'application/merge-patch+json', patch)
    } catch (error) {
      if (hasReason(error, 'NotFound') || hasReason(error, 'Conflict')) return
      throw error
    }
  }

  #tell({ metadata }: Node, reason: string, message: string): void {
    const { name = '', uid = '' } = metadata
    this.#events.record({ apiVersion: 'v1', kind: 'Node', namespace: '', name, uid }, 'Normal', reason, message)
  }
}
