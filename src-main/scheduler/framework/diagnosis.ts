/** Why a pod got no node, node by node, and the sentence that tells it (framework.Diagnosis, FitError). Pure. */
import type { PluginName, Refusal } from './plugin.ts'

export interface Diagnosis {
  nodeCount: number
  /** By the name of the node. */
  refusals: ReadonlyMap<string, Refusal>
  /** Of the nodes that were not asked. */
  others: Refusal | undefined
  /** Which filters objected: what they look at has to change first. */
  rejectedBy: ReadonlySet<PluginName>
  /** No node was asked, for this reason. */
  hopeless: string | undefined
}

export const NO_NODES_MESSAGE = 'no nodes available to schedule pods'

/** `0/3 nodes are available: 1 Insufficient cpu, 2 node(s) were unschedulable.` */
export function formatDiagnosis({ nodeCount, refusals, others, hopeless }: Diagnosis): string {
  if (hopeless !== undefined) return `0/${nodeCount} nodes are available: ${hopeless}.`
  const counts = new Map<string, number>()
  const count = ({ reasons }: Pick<Refusal, 'reasons'>, times: number): void => {
    for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + times)
  }
  for (const refusal of refusals.values()) count(refusal, 1)
  if (others !== undefined && refusals.size < nodeCount) count(others, nodeCount - refusals.size)
  return formatCounts(nodeCount, counts)
}

/** The parts are sorted as text, as upstream does. */
export function formatCounts(nodeCount: number, counts: ReadonlyMap<string, number>): string {
  const parts = [...counts].map(([reason, count]) => `${count} ${reason}`).sort()
  return `0/${nodeCount} nodes are available: ${parts.join(', ')}.`
}

/** The nodes where ending other pods could help. */
export function resolvableNodes({ refusals, others }: Diagnosis, allNodes: readonly string[]): string[] {
  return allNodes.filter((name) => (refusals.get(name) ?? others)?.isResolvable === true)
}
