/** kube-scheduler: gives pods their nodes, one at a time (pkg/scheduler; facts 3, 7). */
import { formatTime } from '../common/api/time.ts'
import type { Clock } from '../base/clock.ts'
import type { Disposable } from '../base/disposable.ts'
import type { Logger } from '../base/logger.ts'
import type { ApiObject } from '../common/api/api-object.ts'
import type { Pod } from '../common/api/core.ts'
import type { Node } from '../common/api/node.ts'
import type { ApiClient } from '../kube/api-client.ts'
import type { EventRecorder } from '../kube/event-recorder.ts'
import { Informer, objectKey } from '../kube/informer.ts'
import { hasReason } from '../kube/status-error.ts'
import { computePlacement } from './framework/compute-placement.ts'
import { computeNodeInfos } from './framework/node-info.ts'
import { FILTERS, isGated } from './plugins/filters.ts'
import { SCORES } from './plugins/scores.ts'
import { SchedulingQueue, type QueuedPod } from './scheduling-queue.ts'
import { NODES, PODS } from '../kube/resources.ts'

export const DEFAULT_SCHEDULER_NAME = 'default-scheduler'
const NO_VICTIMS = 'No preemption victims found for incoming pod'
const NOT_HELPFUL = 'Preemption is not helpful for scheduling'

export interface SchedulerOptions {
  client: ApiClient
  clock: Clock
  logger: Logger
  events: EventRecorder
  /** 0 to 1. */
  random: () => number
  /** Pods of another `schedulerName` are somebody else's. */
  schedulerName: string
}

export class Scheduler implements Disposable {
  readonly #options: SchedulerOptions
  readonly #pods: Informer<Pod & ApiObject>
  readonly #nodes: Informer<Node>
  readonly #queue: SchedulingQueue
  /** Bound by us, and not yet seen so: uid → node. */
  readonly #assumed = new Map<string, string>()
  #isWorking = false
  #disposed = false

  constructor(options: SchedulerOptions) {
    this.#options = options
    this.#queue = new SchedulingQueue(options.clock, () => void this.#work())
    const shared = { client: options.client, clock: options.clock, logger: options.logger, random: options.random }
    this.#pods = new Informer({ ...shared, resource: PODS })
    this.#nodes = new Informer({ ...shared, resource: NODES })
  }

  start(): void {
    this.#nodes.follow({
      onAdd: () => this.#queue.moveAll(),
      onUpdate: () => this.#queue.moveAll(),
      onDelete: () => this.#queue.moveAll(),
      onSynced: () => void this.#work(),
    })
    this.#pods.follow({
      onAdd: (pod) => this.#seen(pod),
      onUpdate: (pod, before) => this.#seen(pod, before),
      onDelete: (pod) => this.#gone(pod),
      onSynced: () => void this.#work(),
    })
    this.#nodes.start()
    this.#pods.start()
  }

  dispose(): void {
    this.#disposed = true
    this.#queue.dispose()
    this.#pods.dispose()
    this.#nodes.dispose()
  }

  /** Whether it knows what there is. */
  get hasSynced(): boolean {
    return this.#pods.hasSynced && this.#nodes.hasSynced
  }

  #seen(pod: Pod, before?: Pod): void {
    const uid = pod.metadata.uid ?? ''
    if ((pod.spec.nodeName ?? '') !== '') {
      this.#assumed.delete(uid)
      this.#queue.remove(keyOf(pod))
      if (isEnded(pod) && before !== undefined && !isEnded(before)) this.#queue.moveAll()
      return
    }
    if (!this.#isOurs(pod)) return this.#queue.remove(keyOf(pod))
    // Our own condition on it is no reason to try again.
    const isNews = before === undefined || JSON.stringify(before.spec) !== JSON.stringify(pod.spec)
    if (isNews || hasOtherLabels(pod, before)) this.#queue.add(queuedPod(pod))
  }

  #gone(pod: Pod): void {
    this.#assumed.delete(pod.metadata.uid ?? '')
    this.#queue.remove(keyOf(pod))
    if ((pod.spec.nodeName ?? '') !== '') this.#queue.moveAll()
  }

  #isOurs(pod: Pod): boolean {
    const { schedulerName = DEFAULT_SCHEDULER_NAME } = pod.spec
    const isWaiting = pod.metadata.deletionTimestamp === undefined && !isEnded(pod) && !isGated(pod)
    return isWaiting && schedulerName === this.#options.schedulerName
  }

  /** One pod after the other, so that each counts those before it. */
  async #work(): Promise<void> {
    if (this.#isWorking || !this.hasSynced) return
    this.#isWorking = true
    try {
      for (let queued = this.#queue.take(); queued !== undefined && !this.#disposed; queued = this.#queue.take())
        await this.#scheduleOne(queued)
    } finally {
      this.#isWorking = false
    }
  }

  async #scheduleOne(queued: QueuedPod & { attempts: number }): Promise<void> {
    const [namespace = '', name = ''] = queued.key.split('/')
    const pod = this.#pods.get(namespace, name)
    if (pod?.metadata.uid !== queued.uid || this.#assumed.has(queued.uid) || !this.#isOurs(pod)) return
    try {
      const nodes = computeNodeInfos(this.#nodes.list(), this.#placedPods())
      const placement = computePlacement(pod, nodes, { filters: FILTERS, scores: SCORES }, this.#options.random)
      if (placement.node === undefined) {
        this.#queue.putBack(queued, 'does-not-fit')
        const preemption = `preemption: ${describePreemption(nodes.length, placement.resolvable.length)}`
        await this.#refuse(pod, nodes.length === 0 ? placement.message : `${placement.message} ${preemption}`)
      } else {
        await this.#bind(pod, placement.node)
      }
    } catch (error) {
      this.#assumed.delete(queued.uid)
      // Gone meanwhile: the watch tells.
      if (hasReason(error, 'NotFound')) return
      this.#options.logger.error('Error scheduling pod; retrying', { pod: queued.key, err: error })
      this.#queue.putBack(queued, 'failed')
    }
  }

  #placedPods(): Pod[] {
    return this.#pods.list().map((pod) => {
      const nodeName = this.#assumed.get(pod.metadata.uid ?? '')
      return nodeName === undefined ? pod : { ...pod, spec: { ...pod.spec, nodeName } }
    })
  }

  async #bind(pod: Pod, node: string): Promise<void> {
    const { namespace = '', name = '', uid = '' } = pod.metadata
    this.#assumed.set(uid, node)
    const binding = {
      apiVersion: 'v1',
      kind: 'Binding',
      metadata: { namespace, name, uid },
      target: { kind: 'Node', name: node },
    }
    await this.#options.client.create(PODS, binding, { namespace, name, subresource: 'binding' })
    this.#tell(pod, 'Normal', 'Scheduled', `Successfully assigned ${namespace}/${name} to ${node}`)
  }

  async #refuse(pod: Pod, message: string): Promise<void> {
    this.#tell(pod, 'Warning', 'FailedScheduling', message)
    const { namespace = '', name = '' } = pod.metadata
    const now = formatTime(this.#options.clock.now())
    const condition = { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message }
    const present = pod.status?.conditions?.find(({ type }) => type === 'PodScheduled')
    if (present?.status === 'False' && present.message === message) return
    const patch = { status: { conditions: [{ ...condition, lastProbeTime: null, lastTransitionTime: now }] } }
    const address = { namespace, name, subresource: 'status' }
    await this.#options.client.patch(PODS, address, 'application/strategic-merge-patch+json', patch)
  }

  #tell({ metadata }: Pod, type: 'Normal' | 'Warning', reason: string, message: string): void {
    const { namespace = '', name = '', uid = '', resourceVersion = '' } = metadata
    const about = { apiVersion: 'v1', kind: 'Pod', namespace, name, uid, resourceVersion }
    this.#options.events.record(about, type, reason, message)
  }
}

/** What upstream says where it ends no other pods (framework/preemption). */
function describePreemption(nodes: number, resolvable: number): string {
  const parts = [
    ...(resolvable === 0 ? [] : [`${resolvable} ${NO_VICTIMS}`]),
    ...(resolvable === nodes ? [] : [`${nodes - resolvable} ${NOT_HELPFUL}`]),
  ]
  return `0/${nodes} nodes are available: ${parts.join(', ')}.`
}

function keyOf({ metadata }: Pod): string {
  return objectKey(metadata.namespace, metadata.name)
}

function queuedPod(pod: Pod): QueuedPod {
  return {
    key: keyOf(pod),
    uid: pod.metadata.uid ?? '',
    priority: pod.spec.priority ?? 0,
    createdMs: Date.parse(pod.metadata.creationTimestamp ?? ''),
  }
}

function isEnded({ status }: Pod): boolean {
  return status?.phase === 'Succeeded' || status?.phase === 'Failed'
}

function hasOtherLabels(pod: Pod, before: Pod): boolean {
  return JSON.stringify(pod.metadata.labels) !== JSON.stringify(before.metadata.labels)
}
