/** Spreading that a pod would like: its own wish, or that of its service or controller (plugins/podtopologyspread/scoring.go). */
import type { NodeInfo } from '../framework/node-info.ts'
import { MAX_SCORE, type ClusterView, type ScorePlugin } from '../framework/plugin.ts'
import type { PodInfo } from '../framework/pod-info.ts'
import {
  computeConstraints,
  countPods,
  countsNode,
  defaultConstraints,
  hasAllTopologies,
  HOST_NAME_LABEL,
  type SpreadConstraint,
} from './spread-constraints.ts'

export const podTopologySpreadScore: ScorePlugin = {
  name: 'PodTopologySpread',
  weight: 2,
  score(pod, nodes, cluster) {
    const hasOwn = (pod.pod.spec.topologySpreadConstraints ?? []).length > 0
    const constraints = hasOwn ? computeConstraints(pod, 'ScheduleAnyway') : defaultConstraints(pod, cluster)
    if (constraints.length === 0) return undefined
    const scored = hasOwn ? nodes.filter((node) => hasAllTopologies(node, constraints)) : nodes
    const counters = constraints.map((constraint) =>
      newCounter(constraint, { pod, scored, cluster, hasOwn, constraints }),
    )
    const crowds = scored.map((node) => Math.round(counters.reduce((sum, crowd) => sum + crowd(node), 0)))
    const least = Math.min(...crowds)
    const greatest = Math.max(0, ...crowds)
    const scores = new Map(
      scored.map((node, index) => [
        node,
        greatest === 0 ? MAX_SCORE : Math.floor((MAX_SCORE * (greatest + least - (crowds[index] ?? 0))) / greatest),
      ]),
    )
    return nodes.map((node) => scores.get(node) ?? 0)
  },
}

interface Spreading {
  pod: PodInfo
  /** The nodes that will do and have all the labels that matter. */
  scored: readonly NodeInfo[]
  cluster: ClusterView
  /** The pod's own wish, so that nodes without one of the labels count for nothing. */
  hasOwn: boolean
  constraints: readonly SpreadConstraint[]
}

/** How crowded the place of a node is; places of which there are many weigh more. */
function newCounter(constraint: SpreadConstraint, spreading: Spreading): (node: NodeInfo) => number {
  const { topologyKey, maxSkew } = constraint
  const { scored } = spreading
  const isByHost = topologyKey === HOST_NAME_LABEL
  const counts = isByHost ? new Map<string, number>() : countByValue(constraint, spreading)
  const weight = Math.log((isByHost ? scored.length : counts.size) + 2)
  return (node) => {
    const value = node.labels[topologyKey]
    if (value === undefined) return 0
    const count = isByHost ? countPods(constraint, node) : (counts.get(value) ?? 0)
    return count * weight + maxSkew - 1
  }
}

function countByValue(
  constraint: SpreadConstraint,
  { pod, scored, cluster, hasOwn, constraints }: Spreading,
): Map<string, number> {
  const { topologyKey } = constraint
  const counts = new Map(scored.map(({ labels }) => [labels[topologyKey] ?? '', 0]))
  for (const node of cluster.nodes) {
    if (hasOwn && !hasAllTopologies(node, constraints)) continue
    // Nobody asks for the count of the nodes without the label.
    const value = node.labels[topologyKey]
    const before = value === undefined ? undefined : counts.get(value)
    if (value !== undefined && before !== undefined && countsNode(constraint, pod, node))
      counts.set(value, before + countPods(constraint, node))
  }
  return counts
}
