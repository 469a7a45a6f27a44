/** Which pods are ended that nobody else ends (pkg/controller/podgc; facts 7.12). Pure. */
import type { ApiObject } from '../../common/api/api-object.ts'
import type { Pod } from '../../common/api/core.ts'
import type { Node } from '../../common/api/node.ts'

const OUT_OF_SERVICE_TAINT = 'node.kubernetes.io/out-of-service'

export type ObservedPod = Pod & ApiObject

/** `terminated`: there are too many that have ended. `outOfService`: its node will not end it, as an administrator says. */
export type GarbageReason = 'terminated' | 'outOfService' | 'orphaned' | 'unscheduled'

export interface PodGarbage {
  pod: ObservedPod
  reason: GarbageReason
}

export interface ClusterState {
  pods: readonly ObservedPod[]
  nodeOf(name: string): Node | undefined
  /** Nodes of pods that are known not to exist. */
  goneNodes: ReadonlySet<string>
  /** Ended pods above this number go; 0: they never do. */
  terminatedPodThreshold: number
}

/** In upstream's order; no pod twice. */
export function computePodGarbage(state: ClusterState): PodGarbage[] {
  const { pods, nodeOf, goneNodes } = state
  const isOutOfService = ({ metadata, spec }: ObservedPod): boolean =>
    metadata.deletionTimestamp !== undefined && isNodeOutOfService(nodeOf(spec.nodeName ?? ''))
  const garbage: PodGarbage[] = [
    ...computeSurplus(state).map((pod) => ({ pod, reason: 'terminated' as const })),
    ...pods.filter(isOutOfService).map((pod) => ({ pod, reason: 'outOfService' as const })),
    ...pods
      .filter(({ spec }) => goneNodes.has(spec.nodeName ?? ''))
      .map((pod) => ({ pod, reason: 'orphaned' as const })),
    ...pods.filter(isUnscheduledAndGoing).map((pod) => ({ pod, reason: 'unscheduled' as const })),
  ]
  const seen = new Set<ObservedPod>()
  return garbage.filter(({ pod }) => !seen.has(pod) && seen.add(pod))
}

/** Names of nodes that pods are on and nobody knows. */
export function computeMissingNodes({ pods, nodeOf }: Pick<ClusterState, 'pods' | 'nodeOf'>): Set<string> {
  const names = new Set(pods.map(({ spec }) => spec.nodeName ?? ''))
  return new Set([...names].filter((name) => name !== '' && nodeOf(name) === undefined))
}

function isUnscheduledAndGoing({ metadata, spec }: ObservedPod): boolean {
  return metadata.deletionTimestamp !== undefined && (spec.nodeName ?? '') === ''
}

function isNodeOutOfService(node: Node | undefined): boolean {
  if (node === undefined) return false
  const isReady = node.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false
  return !isReady && (node.spec?.taints ?? []).some(({ key }) => key === OUT_OF_SERVICE_TAINT)
}

function computeSurplus({ pods, terminatedPodThreshold }: ClusterState): ObservedPod[] {
  if (terminatedPodThreshold <= 0) return []
  const ended = pods.filter(isTerminated)
  const surplus = ended.length - terminatedPodThreshold
  return surplus <= 0 ? [] : ended.toSorted(compareForDeletion).slice(0, surplus)
}

export function isTerminated({ status }: Pod): boolean {
  return status?.phase === 'Succeeded' || status?.phase === 'Failed'
}

/** Evicted pods go first, then the oldest. */
function compareForDeletion(one: ObservedPod, other: ObservedPod): number {
  const [isEvicted, isOtherEvicted] = [one, other].map(
    ({ status }) => status?.phase === 'Failed' && status.reason === 'Evicted',
  )
  if (isEvicted !== isOtherEvicted) return isEvicted === true ? -1 : 1
  const key = ({ metadata }: ObservedPod): string => `${metadata.creationTimestamp ?? ''} ${metadata.name ?? ''}`
  return key(one) < key(other) ? -1 : 1
}
