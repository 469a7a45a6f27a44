/** Spreading that a pod insists on: `whenUnsatisfiable: DoNotSchedule` (plugins/podtopologyspread/filtering.go). */
import type { NodeInfo } from '../framework/node-info.ts'
import type { ClusterView, FilterPlugin, NodeFilter, Refusal } from '../framework/plugin.ts'
import type { PodInfo } from '../framework/pod-info.ts'
import {
  computeConstraints,
  countPods,
  countsNode,
  countsPod,
  hasAllTopologies,
  type SpreadConstraint,
} from './spread-constraints.ts'

const NAME = 'PodTopologySpread'
const UNEVEN: Refusal = {
  plugin: NAME,
  reasons: ["node(s) didn't match pod topology spread constraints"],
  isResolvable: true,
}
const NO_LABEL: Refusal = {
  plugin: NAME,
  reasons: ["node(s) didn't match pod topology spread constraints (missing required label)"],
  isResolvable: false,
}

export const podTopologySpread: FilterPlugin = {
  name: NAME,
  prepare(pod, cluster) {
    const constraints = computeConstraints(pod, 'DoNotSchedule')
    return constraints.length === 0 ? undefined : new SpreadFilter(pod, constraints, cluster)
  },
}

/** A constraint, and how many pods there are for each value of its label. */
interface CountedConstraint {
  constraint: SpreadConstraint
  counts: Map<string, number>
  /** 1 when the pod itself counts. */
  self: number
}

class SpreadFilter implements NodeFilter {
  readonly plugin = NAME
  readonly #pod: PodInfo
  readonly #constraints: readonly SpreadConstraint[]
  readonly #counted: readonly CountedConstraint[]

  constructor(pod: PodInfo, constraints: readonly SpreadConstraint[], { nodes }: ClusterView) {
    this.#pod = pod
    this.#constraints = constraints
    this.#counted = constraints.map((constraint) => ({
      constraint,
      counts: new Map(),
      self: constraint.isMeant(pod) ? 1 : 0,
    }))
    for (const node of nodes) this.#countOn(node, (constraint) => countPods(constraint, node))
  }

  judge({ labels }: NodeInfo): Refusal | undefined {
    for (const { constraint, counts, self } of this.#counted) {
      const value = labels[constraint.topologyKey]
      if (value === undefined) return NO_LABEL
      if ((counts.get(value) ?? 0) + self - leastCount(constraint, counts) > constraint.maxSkew) return UNEVEN
    }
    return undefined
  }

  assumePod(other: PodInfo, node: NodeInfo, change: 'added' | 'removed'): void {
    this.#countOn(node, (constraint) => (countsPod(constraint, other) ? (change === 'added' ? 1 : -1) : 0))
  }

  #countOn(node: NodeInfo, amount: (constraint: SpreadConstraint) => number): void {
    if (!hasAllTopologies(node, this.#constraints)) return
    for (const { constraint, counts } of this.#counted) {
      if (!countsNode(constraint, this.#pod, node)) continue
      const value = node.labels[constraint.topologyKey] ?? ''
      counts.set(value, (counts.get(value) ?? 0) + amount(constraint))
    }
  }
}

/** Of fewer places than there should be, the emptiest is one that is still missing. */
function leastCount({ minDomains }: SpreadConstraint, counts: ReadonlyMap<string, number>): number {
  return counts.size < minDomains ? 0 : Math.min(...counts.values())
}
