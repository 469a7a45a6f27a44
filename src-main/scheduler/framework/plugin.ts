/** What the scheduler is made of (pkg/scheduler/framework): filters say whether a node will do, scores how well. */
import type { Pod } from '../../common/api/core.ts'
import type { LabelSelector } from '../../common/api/label-selector.ts'
import type { NamespaceLabels } from './affinity-terms.ts'
import type { NodeInfo } from './node-info.ts'
import type { PodInfo } from './pod-info.ts'

/** Upstream's names. */
export type PluginName =
  | 'NodeUnschedulable'
  | 'NodeName'
  | 'TaintToleration'
  | 'NodeAffinity'
  | 'NodePorts'
  | 'NodeResourcesFit'
  | 'NodeResourcesBalancedAllocation'
  | 'PodTopologySpread'
  | 'InterPodAffinity'

/** What there is at the moment at which a pod gets its node. */
export interface ClusterView {
  /** Always in the same order. */
  readonly nodes: readonly NodeInfo[]
  getNode(name: string): NodeInfo | undefined
  readonly namespaceLabels: NamespaceLabels
  /** Which pods belong together with this one: those of its services and its controller. Undefined: nothing says so. */
  defaultSelector(pod: Pod): LabelSelector | undefined
}

/** Why a node, or every node, will not do. */
export interface Refusal {
  plugin: PluginName
  /** In upstream's words. */
  reasons: readonly string[]
  /** Whether ending other pods could help (upstream's Unschedulable, as opposed to UnschedulableAndUnresolvable). */
  isResolvable: boolean
}

/** A filter that has looked at one pod and the cluster, and now judges nodes. */
export interface NodeFilter {
  readonly plugin: PluginName
  /** No other node will do: the others need not be asked. */
  readonly onlyNodes?: ReadonlySet<string>
  judge(node: NodeInfo): Refusal | undefined
  /** From now on as if this pod were on the node, or were not: for pods that are expected, or could be ended. */
  assumePod?(pod: PodInfo, node: NodeInfo, change: 'added' | 'removed'): void
}

export interface FilterPlugin {
  readonly name: PluginName
  /** Undefined: it has no objection to any node. A refusal: to every one (upstream's PreFilter). */
  prepare(pod: PodInfo, cluster: ClusterView): NodeFilter | Refusal | undefined
}

export interface ScorePlugin {
  readonly name: PluginName
  /** How much its scores count. */
  readonly weight: number
  /** 0 to 100 for each node that will do, in their order; undefined: it has no preference. */
  score(pod: PodInfo, nodes: readonly NodeInfo[], cluster: ClusterView): readonly number[] | undefined
}

export const MAX_SCORE = 100

export function isRefusal(prepared: NodeFilter | Refusal): prepared is Refusal {
  return 'reasons' in prepared
}

/** Scales so that the greatest becomes 100 (helper.DefaultNormalizeScore). `reverse`: the greatest becomes 0. */
export function normalize(scores: readonly number[], reverse = false): number[] {
  const greatest = Math.max(0, ...scores)
  if (greatest === 0) return scores.map(() => (reverse ? MAX_SCORE : 0))
  return scores.map((score) => {
    const scaled = Math.floor((score * MAX_SCORE) / greatest)
    return reverse ? MAX_SCORE - scaled : scaled
  })
}
