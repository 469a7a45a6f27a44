/** How a pod wants its like to be spread, ready to be counted (plugins/podtopologyspread/common.go). */
import type { Pod, TopologySpreadConstraint } from '../../common/api/core.ts'
import { matchesLabels, type LabelSelector } from '../../common/api/label-selector.ts'
import { matchesNode } from '../../common/scheduling/node-affinity.ts'
import { sameValues, selectorOf } from '../framework/affinity-terms.ts'
import { askOnce } from '../framework/ask-once.ts'
import type { NodeInfo } from '../framework/node-info.ts'
import type { ClusterView } from '../framework/plugin.ts'
import type { PodInfo } from '../framework/pod-info.ts'
import { toleratesNode } from './taint-toleration.ts'

export interface SpreadConstraint {
  topologyKey: string
  maxSkew: number
  minDomains: number
  /** Whether a pod with that namespace and these labels counts. */
  isMeant(pod: PodInfo): boolean
  honorsAffinity: boolean
  honorsTaints: boolean
}

export const HOST_NAME_LABEL = 'kubernetes.io/hostname'

/** What holds for pods that say nothing, when a service or a controller says which pods belong together. */
const DEFAULTS = [
  { topologyKey: HOST_NAME_LABEL, maxSkew: 3 },
  { topologyKey: 'topology.kubernetes.io/zone', maxSkew: 5 },
] as const

/** The pod's own constraints of that kind. Pure. */
export function computeConstraints(
  { pod }: PodInfo,
  kind: TopologySpreadConstraint['whenUnsatisfiable'],
): SpreadConstraint[] {
  return (pod.spec.topologySpreadConstraints ?? [])
    .filter(({ whenUnsatisfiable }) => whenUnsatisfiable === kind)
    .map(({ topologyKey, maxSkew, minDomains, labelSelector, matchLabelKeys, ...policies }) => ({
      topologyKey,
      maxSkew,
      minDomains: minDomains ?? 1,
      isMeant: likeOf(
        pod,
        labelSelector === undefined
          ? undefined
          : [...sameValues(pod.metadata.labels ?? {}, matchLabelKeys), ...selectorOf(labelSelector)],
      ),
      honorsAffinity: policies.nodeAffinityPolicy !== 'Ignore',
      honorsTaints: policies.nodeTaintsPolicy === 'Honor',
    }))
}

export function defaultConstraints({ pod }: PodInfo, cluster: ClusterView): SpreadConstraint[] {
  const selector = cluster.defaultSelector(pod)
  if (selector === undefined) return []
  const isMeant = likeOf(pod, selector)
  return DEFAULTS.map((constraint) => ({
    ...constraint,
    minDomains: 1,
    isMeant,
    honorsAffinity: true,
    honorsTaints: false,
  }))
}

/** @param selector undefined: no pod is meant */
function likeOf({ metadata: { namespace } }: Pod, selector: LabelSelector | undefined): (pod: PodInfo) => boolean {
  return askOnce(
    ({ pod: { metadata } }) =>
      selector !== undefined && metadata.namespace === namespace && matchesLabels(selector, metadata.labels),
  )
}

export function hasAllTopologies(node: NodeInfo, constraints: readonly SpreadConstraint[]): boolean {
  return constraints.every(({ topologyKey }) => node.labels[topologyKey] !== undefined)
}

/** Whether what is on the node counts for the constraint. */
export function countsNode(constraint: SpreadConstraint, { pod }: PodInfo, node: NodeInfo): boolean {
  if (constraint.honorsAffinity && !matchesNode(pod, node)) return false
  return !constraint.honorsTaints || toleratesNode(pod, node.node)
}

/** Pods that are about to go count no more. */
export function countsPod({ isMeant }: SpreadConstraint, other: PodInfo): boolean {
  return other.pod.metadata.deletionTimestamp === undefined && isMeant(other)
}

export function countPods(constraint: SpreadConstraint, node: NodeInfo): number {
  let count = 0
  for (const other of node.pods.values()) if (countsPod(constraint, other)) count++
  return count
}
