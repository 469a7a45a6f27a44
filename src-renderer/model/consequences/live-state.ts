/** What the window knows in one moment, and what it knew before an action: the two that consequences are told from. */
import type { Pod } from '@common/api/core.ts'
import { findContainer, isSidecar } from '@common/api/pod-helpers.ts'
import type { ContainerStatus } from '@common/api/pod-status.ts'
import type { ClusterView } from '@common/lab/cluster-view.ts'
import type { LabStatus, NodeStatus, NodeView } from '@common/lab/lab-status.ts'
import type { NodeContainer } from '@common/lab/node-container.ts'
import { findPodOwner } from '@common/lab/pod-tally.ts'
import type { TimelineEntry } from '@common/lab/timeline-entry.ts'
import type { ExplainedAction, PodName } from './explained-action.ts'

export interface LiveState {
  /** Milliseconds since the epoch. */
  nowMs: number
  lab: LabStatus | undefined
  /** Of all nodes. */
  views: readonly NodeView[]
  cluster: ClusterView | undefined
  /** Of the action's node by the engine's word, which counts while no kubelet tells; `undefined`: not asked. */
  containers: readonly NodeContainer[] | undefined
  entries: readonly TimelineEntry[]
}

/** One container that ran. */
export interface ContainerTrace extends PodName {
  node: string
  container: string
  /** The engine's id. */
  id: string
  restartCount: number
}

export interface Baseline {
  /** Milliseconds since the epoch. */
  askedMs: number
  /** Those that ran, of all nodes. */
  running: ContainerTrace[]
  isKubeletRunning: boolean
  kubeletPid: number | undefined
  fileCount: number
  /** Whether the API server answered and had the node. */
  isInCluster: boolean
  /** Pods of the node that a drain, or the node controller when it is away (facts 7.8), takes off it, as `namespace/name`. */
  evictable: string[]
  /** Who will make others in their stead, as `ReplicaSet shop`, each once. */
  evictableOwners: string[]
  /** The longest that one of those tolerates an unreachable node. */
  tolerationSeconds: number
  /** UIDs of the API server's pods. */
  podUids: string[]
  /** Of the pod that the action is about. */
  pod: Pod | undefined
}

/** `nowMs` of the state is when the action is asked for. */
export function takeBaseline(action: ExplainedAction, live: LiveState): Baseline {
  const status = statusOf(action, live)
  const view = viewOf(action, live)
  const isInCluster = live.cluster?.state === 'ready' && live.cluster.nodes.some(({ name }) => name === action.node)
  const pods = live.cluster?.pods ?? []
  const evictable = pods.filter((pod) => pod.spec.nodeName === action.node && isEvictable(pod))
  return {
    askedMs: live.nowMs,
    running: [...live.views.flatMap(traceRunning), ...traceByEngine(action, live)],
    isKubeletRunning: status?.state === 'running' && status.kubelet === 'running',
    kubeletPid: status?.kubeletInfo?.pid,
    fileCount: view?.files.filter(({ state }) => state !== 'rejected').length ?? 0,
    isInCluster,
    evictable: isInCluster ? evictable.map(keyOf) : [],
    evictableOwners: isInCluster ? [...new Set(evictable.flatMap(ownersOf))] : [],
    tolerationSeconds: Math.max(0, ...evictable.map(toleratedSeconds)),
    podUids: pods.map(({ metadata }) => metadata.uid ?? ''),
    pod: podOfAction(action, view, pods),
  }
}

export function statusOf({ node }: ExplainedAction, { lab }: LiveState): NodeStatus | undefined {
  return lab?.nodes.find(({ name }) => name === node)
}

export function viewOf({ node }: ExplainedAction, { views }: LiveState): NodeView | undefined {
  return views.find((view) => view.node === node)
}

export function keyOf({ metadata }: Pod): string {
  return `${metadata.namespace ?? 'default'}/${metadata.name ?? ''}`
}

export function findPod(pods: readonly Pod[], { namespace, name }: PodName): Pod | undefined {
  return pods.find(({ metadata }) => metadata.name === name && (metadata.namespace ?? 'default') === namespace)
}

/** Without what names the runtime, as the engine prints it. */
export function bareId(containerID: string): string {
  return containerID.slice(containerID.lastIndexOf('/') + 1)
}

export function traceRunning({ node, pods }: NodeView): ContainerTrace[] {
  return pods.flatMap((pod) => {
    const { namespace = 'default', name = '' } = pod.metadata
    return lastingStatuses(pod)
      .filter(({ state }) => state?.running !== undefined)
      .map(({ name: container, containerID = '', restartCount }) => ({
        ...{ node, namespace, name, container, restartCount },
        id: bareId(containerID),
      }))
  })
}

/** Of app containers, then of sidecars. An ordinary init container ends by itself, so it says nothing about what runs on. */
function lastingStatuses(pod: Pod): ContainerStatus[] {
  const { containerStatuses = [], initContainerStatuses = [] } = pod.status ?? {}
  return [...containerStatuses, ...initContainerStatuses.filter(({ name }) => isSidecar(findContainer(pod, name)))]
}

/** Of a node whose kubelet tells nothing. */
function traceByEngine(action: ExplainedAction, live: LiveState): ContainerTrace[] {
  const { node } = action
  if ((viewOf(action, live)?.pods.length ?? 0) > 0) return []
  return (live.containers ?? [])
    .filter(({ isRunning }) => isRunning)
    .map(({ namespace, pod, container, id }) => ({ node, namespace, name: pod, container, id, restartCount: 0 }))
}

function podOfAction(action: ExplainedAction, view: NodeView | undefined, pods: readonly Pod[]): Pod | undefined {
  if (action.kind === 'ContainerCrashed') return findPod(view?.pods ?? [], action.pod)
  return action.kind === 'ApiPodDeleted' ? findPod(pods, action.pod) : undefined
}

/** Static pods and those of DaemonSets tolerate it for ever (facts 7.9). */
function isEvictable(pod: Pod): boolean {
  const owner = findPodOwner(pod)?.kind
  return owner !== 'Node' && owner !== 'DaemonSet' && pod.metadata.deletionTimestamp === undefined
}

function ownersOf(pod: Pod): string[] {
  const owner = findPodOwner(pod)
  return owner === undefined ? [] : [`${owner.kind} ${owner.name}`]
}

function toleratedSeconds({ spec }: Pod): number {
  const toleration = spec.tolerations?.find(
    ({ key, effect }) => key === 'node.kubernetes.io/unreachable' && effect === 'NoExecute',
  )
  return toleration?.tolerationSeconds ?? 300
}
