/** kube-scheduler: gives pods their nodes, one after the other, and binds them in the background (pkg/scheduler; facts 3, 7). */
import type { Clock } from '../base/clock.ts'
import { DisposableStore, type Disposable } from '../base/disposable.ts'
import type { Logger } from '../base/logger.ts'
import type { MetricFamily } from '../base/metric.ts'
import type { Pod } from '../common/api/core.ts'
import type { ApiClient } from '../kube/api-client.ts'
import { EventRecorder } from '../kube/event-recorder.ts'
import { SchedulerCache } from './cache/scheduler-cache.ts'
import { ClusterObjects } from './cluster-objects.ts'
import { FollowedCluster } from './followed-cluster.ts'
import { formatDiagnosis, NO_NODES_MESSAGE } from './framework/diagnosis.ts'
import { NodeFinder, type CountedCluster, type Placement } from './framework/find-node.ts'
import type { PodInfo } from './framework/pod-info.ts'
import { Nominator } from './nominator.ts'
import { DEFAULT_FILTERS, DEFAULT_SCORES } from './plugins/default-plugins.ts'
import { PodWriter, type StatusChange } from './pod-writer.ts'
import { computePreemption, type PreemptionDecision } from './preemption/compute-preemption.ts'
import { Preemptor } from './preemption/preemptor.ts'
import type { ClusterEvent } from './queue/cluster-event.ts'
import { mayHelp } from './queue/queueing-hints.ts'
import { SchedulingQueue, type QueuedPod } from './queue/scheduling-queue.ts'
import { DEFAULT_SCHEDULER_NAME } from './scheduler-configuration.ts'
import { SchedulerMetrics, type AttemptResult } from './scheduler-metrics.ts'

/** After so much work others in this process have their turn: watches, leases, answers. */
const SLICE_MS = 10
/** What an event can hold. */
const MAX_MESSAGE_CHARACTERS = 1024

export interface SchedulerOptions {
  client: ApiClient
  clock: Clock
  logger: Logger
  /** 0 to 1. */
  random: () => number
  /** Whose pods these are: what pods have in `schedulerName`. Each speaks under its own name. */
  schedulerNames: readonly string[]
}

type Unplaced = Extract<Placement, { node: undefined }>

export class Scheduler implements Disposable {
  readonly #options: SchedulerOptions
  readonly #owned = new DisposableStore()
  readonly #cache = new SchedulerCache()
  readonly #nominator = new Nominator()
  readonly #recorders = new Map<string, EventRecorder>()
  readonly #metrics = new SchedulerMetrics()
  readonly #objects: ClusterObjects
  readonly #queue: SchedulingQueue
  readonly #followed: FollowedCluster
  readonly #cluster: CountedCluster
  readonly #finder: NodeFinder
  readonly #writer: PodWriter
  readonly #preemptor: Preemptor
  #isWorking = false
  #disposed = false

  constructor(options: SchedulerOptions) {
    this.#options = options
    const { client, clock, logger, random } = options
    const shared = { client, clock, logger, random }
    const onSynced = (): void => void this.#work()
    for (const component of options.schedulerNames)
      this.#recorders.set(
        component,
        this.#owned.add(new EventRecorder({ client, clock, logger, source: { component } })),
      )
    this.#writer = new PodWriter(client, clock)
    this.#queue = this.#owned.add(new SchedulingQueue(clock, () => void this.#work()))
    this.#objects = this.#owned.add(new ClusterObjects(shared))
    this.#followed = this.#owned.add(
      new FollowedCluster({
        ...shared,
        cache: this.#cache,
        queue: this.#queue,
        nominator: this.#nominator,
        isOurs: (pod) => this.#recorderOf(pod) !== undefined,
        onEvent: (event) => this.#onEvent(event),
        onSynced,
      }),
    )
    this.#cluster = newClusterView(this.#cache, this.#objects)
    this.#finder = new NodeFinder({
      cluster: this.#cluster,
      nominated: this.#nominator,
      filters: DEFAULT_FILTERS,
      scores: DEFAULT_SCORES,
      random,
    })
    this.#preemptor = new Preemptor({
      writer: this.#writer,
      logger,
      onPreempted: (victim, preemptor, node) =>
        this.#tell(
          victim.pod,
          'Normal',
          'Preempted',
          `Preempted by pod ${preemptor.uid} on node ${node}`,
          preemptor.pod,
        ),
      onDone: ({ uid }, again) => {
        if (again) this.#queue.move(({ info }) => info.uid === uid)
      },
    })
  }

  start(): void {
    this.#owned.add(this.#objects.start(() => void this.#work()))
    this.#followed.start()
  }

  dispose(): Promise<void> {
    this.#disposed = true
    return this.#owned.dispose()
  }

  /** Whether it knows what there is. */
  get hasSynced(): boolean {
    return this.#followed.hasSynced && this.#objects.hasSynced
  }

  metrics(): MetricFamily[] {
    return this.#metrics.families(this.#queue.sizes())
  }

  #onEvent(event: ClusterEvent): void {
    this.#queue.move((pod) => mayHelp(event, pod, this.#cluster) && !this.#preemptor.holds(pod.info.uid))
  }

  /** What was counted somewhere is not any more. */
  #onReleased(held: PodInfo | undefined): void {
    if (held !== undefined) this.#onEvent({ kind: 'pod-gone', pod: held })
  }

  /** One pod after the other, so that each counts those before it. */
  async #work(): Promise<void> {
    if (this.#isWorking || !this.hasSynced) return
    this.#isWorking = true
    const { clock } = this.#options
    let sliceMs = clock.now()
    for (let queued = this.#queue.take(); queued !== undefined && !this.#disposed; queued = this.#queue.take()) {
      this.#tryOne(queued)
      if (clock.now() - sliceMs < SLICE_MS) continue
      await new Promise<void>((resolve) => setImmediate(resolve))
      sliceMs = clock.now()
    }
    this.#isWorking = false
  }

  /** What goes wrong with one pod is that pod's: it comes again, later each time, and the others go on. */
  #tryOne(queued: QueuedPod): void {
    const startMs = this.#options.clock.now()
    try {
      this.#scheduleOne(queued, startMs)
    } catch (error) {
      this.#onError(queued, error instanceof Error ? error.message : String(error), startMs)
    }
  }

  #scheduleOne(queued: QueuedPod, startMs: number): void {
    const { pod, uid } = queued.info
    if (this.#followed.findPod(pod) === undefined || this.#cache.isAssumed(uid)) return
    if (pod.metadata.deletionTimestamp !== undefined) {
      const { namespace = '', name = '' } = pod.metadata
      this.#tell(pod, 'Warning', 'FailedScheduling', `skip schedule deleting pod: ${namespace}/${name}`)
      return
    }
    if (this.#cluster.nodes.length === 0) return this.#onNoNodes(queued, startMs)
    const placement = this.#finder.find(queued.info)
    if (placement.node === undefined) return this.#onUnplaced(queued, placement, startMs)
    this.#cache.assume(queued.info, placement.node)
    const nominated = this.#nominator.remove(uid)
    if (nominated?.pod.spec.nodeName !== placement.node) this.#onReleased(nominated)
    void this.#bind(queued, placement.node, startMs)
  }

  async #bind(queued: QueuedPod, node: string, startMs: number): Promise<void> {
    const { pod, uid } = queued.info
    const { namespace = '', name = '' } = pod.metadata
    try {
      await this.#writer.bind(pod, node)
      this.#tell(pod, 'Normal', 'Scheduled', `Successfully assigned ${namespace}/${name} to ${node}`)
      this.#count(pod, 'scheduled', startMs)
    } catch (error) {
      if (this.#disposed) return
      const words = error instanceof Error ? error.message : String(error)
      this.#onReleased(this.#cache.forget(uid))
      this.#onError(queued, `running Bind plugin "DefaultBinder": ${words}`, startMs)
    }
  }

  /** A request went wrong. A pod that is gone, or has its node from somebody else, is told so and not tried again. */
  #onError(queued: QueuedPod, message: string, startMs: number): void {
    const { info } = queued
    this.#options.logger.error('Error scheduling pod; retrying', { pod: nameOf(info.pod), err: message })
    this.#count(info.pod, 'error', startMs)
    const present = this.#followed.findPod(info.pod)
    if (present !== undefined && (present.spec.nodeName ?? '') === '') this.#queue.putBack(queued, 'error')
    this.#refuse(present ?? info.pod, 'SchedulerError', message, { nominatedNodeName: '' })
  }

  #onNoNodes(queued: QueuedPod, startMs: number): void {
    this.#count(queued.info.pod, 'unschedulable', startMs)
    this.#queue.putBack(queued, 'unschedulable')
    this.#refuse(queued.info.pod, 'Unschedulable', NO_NODES_MESSAGE)
  }

  #onUnplaced(queued: QueuedPod, { diagnosis, run }: Unplaced, startMs: number): void {
    const { info } = queued
    this.#metrics.onPreemption()
    const preemption = computePreemption({
      pod: info,
      diagnosis,
      run,
      cluster: this.#cluster,
      budgetsOf: (namespace) => this.#objects.disruptionBudgets(namespace),
      random: this.#options.random,
    })
    this.#count(info.pod, 'unschedulable', startMs)
    // What keeps it from making room may change as well; upstream finds that only at its five-minute look.
    const rejectedBy = preemption.kind === 'helpless' ? preemption.rejectedBy : []
    this.#queue.putBack(queued, 'unschedulable', new Set([...diagnosis.rejectedBy, ...rejectedBy]))
    const added = preemption.kind === 'preempt' ? '' : ` ${preemption.message}`
    const nomination = this.#nominate(info, preemption)
    this.#refuse(info.pod, 'Unschedulable', `${formatDiagnosis(diagnosis)}${added}`, nomination)
  }

  /** What its status is to say of the node on which room is made. */
  #nominate(info: PodInfo, decision: PreemptionDecision): StatusChange {
    switch (decision.kind) {
      case 'waits':
        return {}
      case 'helpless':
        this.#onReleased(this.#nominator.remove(info.uid))
        return { nominatedNodeName: '' }
      case 'preempt': {
        const { candidate } = decision
        const lesser = [...this.#nominator.on(candidate.node)].filter(({ priority }) => priority < info.priority)
        const nominated = this.#nominator.remove(info.uid)
        this.#nominator.nominate(info, candidate.node)
        if (nominated?.pod.spec.nodeName !== candidate.node) this.#onReleased(nominated)
        this.#metrics.onVictims(candidate.victims.length)
        void this.#preemptor.preempt(info, candidate, lesser)
        return { nominatedNodeName: candidate.node }
      }
    }
  }

  #refuse(pod: Pod, reason: 'Unschedulable' | 'SchedulerError', message: string, change: StatusChange = {}): void {
    this.#tell(pod, 'Warning', 'FailedScheduling', truncate(message))
    const condition = { type: 'PodScheduled', status: 'False', reason, message } as const
    this.#writer.changeStatus(pod, { condition, ...change }).catch((error: unknown) => {
      if (!this.#disposed) this.#options.logger.error('Error updating pod', { pod: nameOf(pod), err: error })
    })
  }

  #count({ spec }: Pod, result: AttemptResult, startMs: number): void {
    const { schedulerName = DEFAULT_SCHEDULER_NAME } = spec
    this.#metrics.onAttempt(schedulerName, result, this.#options.clock.now() - startMs)
  }

  /** @param of whose scheduler speaks, when that is another pod */
  #tell(pod: Pod, type: 'Normal' | 'Warning', reason: string, message: string, of = pod): void {
    const { namespace = '', name = '', uid = '', resourceVersion = '' } = pod.metadata
    const about = { apiVersion: 'v1', kind: 'Pod', namespace, name, uid, resourceVersion }
    this.#recorderOf(of)?.record(about, type, reason, message)
  }

  #recorderOf({ spec }: Pod): EventRecorder | undefined {
    return this.#recorders.get(spec.schedulerName ?? DEFAULT_SCHEDULER_NAME)
  }
}

function newClusterView(cache: SchedulerCache, objects: ClusterObjects): CountedCluster {
  return {
    get nodes() {
      return cache.nodes
    },
    getNode: (name) => cache.getNode(name),
    namespaceLabels: objects.namespaceLabels,
    defaultSelector: (pod) => objects.defaultSelector(pod),
  }
}

function truncate(message: string): string {
  const end = ' ...'
  if (message.length <= MAX_MESSAGE_CHARACTERS) return message
  return `${message.slice(0, MAX_MESSAGE_CHARACTERS - end.length)}${end}`
}

function nameOf({ metadata: { namespace = '', name = '' } }: Pod): string {
  return `${namespace}/${name}`
}
