/**
 * Follows nodes and pods of one lab's API server, and tells what changes. A view and the changes since make the view of now:
 * hundreds of simulated nodes with thousands of pods cost a window no more than those that changed.
 */
import type { Clock, Timer } from '../../base/clock.ts'
import { DisposableStore, type Disposable } from '../../base/disposable.ts'
import type { Logger } from '../../base/logger.ts'
import type { ApiObject } from '../../common/api/api-object.ts'
import type { Pod } from '../../common/api/core.ts'
import type { Node } from '../../common/api/node.ts'
import {
  podKey,
  type ApiServerState,
  type ClusterChange,
  type ClusterNode,
  type ClusterView,
} from '../../common/lab/cluster-view.ts'
import { computeWorkloadTallies, type WorkloadTally } from '../../common/lab/pod-tally.ts'
import { simulatedNodeNumber } from '../../common/lab/simulated-nodes.ts'
import type { ApiClient } from '../../kube/api-client.ts'
import { Informer } from '../../kube/informer.ts'
import { NODES, PODS } from '../../kube/resources.ts'
import { computeClusterNode, isOfSimulatedNode, placeOf, trimPod, withoutManagers } from './compute-cluster-node.ts'

/** A change seldom comes alone. */
const SETTLE_MS = 50
/** Counts of simulated nodes may change thousands of times in seconds, and nobody reads them as fast. */
const COUNTS_SETTLE_MS = 250
const BY_PLACE = 'place'

export interface ClusterWatchOptions {
  lab: string
  /** Owned by the watch from now on. */
  client: ApiClient & Disposable
  clock: Clock
  logger: Logger
  onChanged(change: ClusterChange): void
}

export class ClusterWatch implements Disposable {
  readonly #options: ClusterWatchOptions
  readonly #owned = new DisposableStore()
  readonly #pods: Informer<Pod & ApiObject>
  readonly #nodes: Informer<Node>
  readonly #changedNodes = new Set<string>()
  readonly #changedPods = new Set<string>()
  /** What the window has, as text: much of what happens to a Node changes nothing that is shown. */
  readonly #toldNodes = new Map<string, string>()
  readonly #toldPods = new Set<string>()
  #toldWorkloads = '[]'
  #toldState = ''
  #state: ApiServerState = 'connecting'
  #message: string | undefined
  #revision: number
  #timer: Timer | undefined
  #dueMs = Number.POSITIVE_INFINITY

  constructor(options: ClusterWatchOptions) {
    this.#options = options
    const { client, clock, logger } = options
    // A watch that begins later has larger revisions than all that an earlier one told: it tells less than once a millisecond.
    this.#revision = clock.now()
    this.#owned.add(client)
    const shared = { client, clock, logger, random: Math.random }
    this.#pods = this.#owned.add(new Informer({ ...shared, resource: PODS, trim: trimPod }))
    this.#pods.addIndex(BY_PLACE, (pod) => [placeOf(pod)])
    this.#nodes = this.#owned.add(new Informer({ ...shared, resource: NODES, trim: withoutManagers }))
    const connection = {
      onConnected: () => this.#become('ready'),
      onFailed: (message: string) => this.#become('away', message),
    }
    const podChanged = (pod: Pod): void => this.#podChanged(pod)
    const nodeChanged = ({ metadata }: Node): void => this.#nodeChanged(metadata.name ?? '', SETTLE_MS)
    this.#owned.add(
      this.#pods.follow({
        ...connection,
        onAdd: podChanged,
        onDelete: podChanged,
        onUpdate: (pod, before) => {
          podChanged(before)
          podChanged(pod)
        },
      }),
    )
    this.#owned.add(
      this.#nodes.follow({ ...connection, onAdd: nodeChanged, onUpdate: nodeChanged, onDelete: nodeChanged }),
    )
    this.#pods.start()
    this.#nodes.start()
    // Whoever has a view of before learns that it is one.
    this.#schedule(0)
  }

  dispose(): Promise<void> {
    this.#timer?.cancel()
    return this.#owned.dispose()
  }

  /** The whole. What is told next begins with what has changed since something was told last. */
  view(): ClusterView {
    const pods = this.#pods.list()
    return {
      ...this.#head(),
      nodes: this.#nodes
        .list()
        .map((node) => this.#computeNode(node))
        .toSorted((one, other) => (one.name < other.name ? -1 : 1)),
      pods: pods
        .filter((pod) => !isOfSimulatedNode(pod))
        .toSorted((one, other) => (podKey(one) < podKey(other) ? -1 : 1)),
      simulatedWorkloads: this.#computeWorkloads(),
    }
  }

  #head(): Pick<ClusterView, 'lab' | 'revision' | 'state' | 'message' | 'observedAt'> {
    return {
      lab: this.#options.lab,
      revision: this.#revision,
      state: this.#state,
      ...(this.#message === undefined ? {} : { message: this.#message }),
      observedAt: new Date(this.#options.clock.now()).toISOString(),
    }
  }

  #become(state: ApiServerState, message?: string): void {
    if (this.#state === state && this.#message === message) return
    this.#state = state
    this.#message = message
    this.#schedule(SETTLE_MS)
  }

  #podChanged(pod: Pod): void {
    if (isOfSimulatedNode(pod)) this.#nodeChanged(placeOf(pod), COUNTS_SETTLE_MS)
    else this.#schedule(SETTLE_MS)
    this.#changedPods.add(podKey(pod))
  }

  #nodeChanged(name: string, settleMs: number): void {
    this.#changedNodes.add(name)
    this.#schedule(settleMs)
  }

  #schedule(delayMs: number): void {
    const { clock } = this.#options
    const dueMs = clock.now() + delayMs
    if (dueMs >= this.#dueMs) return
    this.#timer?.cancel()
    this.#dueMs = dueMs
    this.#timer = clock.setTimer(delayMs, () => {
      this.#dueMs = Number.POSITIVE_INFINITY
      this.#tell()
    })
  }

  #tell(): void {
    const hasCounts = [...this.#changedNodes].some((name) => simulatedNodeNumber(name) !== undefined)
    const nodes = this.#takeNodes()
    const pods = this.#takePods()
    const workloads = hasCounts ? this.#takeWorkloads() : undefined
    const state = `${this.#state} ${this.#message ?? ''}`
    const isNews = [nodes.nodes, nodes.goneNodes, pods.pods, pods.gonePods].some((list) => list.length > 0)
    if (!isNews && workloads === undefined && state === this.#toldState) return
    this.#toldState = state
    this.#revision += 1
    this.#options.onChanged({
      ...this.#head(),
      ...nodes,
      ...pods,
      ...(workloads !== undefined && { simulatedWorkloads: workloads }),
    })
  }

  #takeNodes(): Pick<ClusterChange, 'nodes' | 'goneNodes'> {
    const nodes: ClusterNode[] = []
    const goneNodes: string[] = []
    for (const name of this.#changedNodes) {
      const node = this.#nodes.get(undefined, name)
      if (node === undefined) {
        if (this.#toldNodes.delete(name)) goneNodes.push(name)
        continue
      }
      const computed = this.#computeNode(node)
      const text = JSON.stringify(computed)
      if (this.#toldNodes.get(name) === text) continue
      this.#toldNodes.set(name, text)
      nodes.push(computed)
    }
    this.#changedNodes.clear()
    return { nodes, goneNodes }
  }

  /** A pod that is bound to a simulated node is told of no longer: it counts there. */
  #takePods(): Pick<ClusterChange, 'pods' | 'gonePods'> {
    const pods: Pod[] = []
    const gonePods: string[] = []
    for (const key of this.#changedPods) {
      const [namespace, name = ''] = key.split('/')
      const pod = this.#pods.get(namespace, name)
      if (pod !== undefined && !isOfSimulatedNode(pod)) {
        this.#toldPods.add(key)
        pods.push(pod)
      } else if (this.#toldPods.delete(key)) gonePods.push(key)
    }
    this.#changedPods.clear()
    return { pods, gonePods }
  }

  #takeWorkloads(): WorkloadTally[] | undefined {
    const workloads = this.#computeWorkloads()
    const text = JSON.stringify(workloads)
    if (text === this.#toldWorkloads) return undefined
    this.#toldWorkloads = text
    return workloads
  }

  #computeNode(node: Node): ClusterNode {
    return computeClusterNode(node, () => this.#pods.byIndex(BY_PLACE, node.metadata.name ?? ''))
  }

  #computeWorkloads(): WorkloadTally[] {
    return computeWorkloadTallies(this.#pods.list().filter(isOfSimulatedNode))
  }
}
