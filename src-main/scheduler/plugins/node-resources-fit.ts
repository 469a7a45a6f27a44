/** Whether a node has what a pod asks for, and the emptier the better (plugins/noderesources fit.go, least_allocated.go). */
import type { ResourceAmounts } from '../../common/scheduling/pod-requests.ts'
import type { NodeInfo } from '../framework/node-info.ts'
import { MAX_SCORE, type FilterPlugin, type Refusal, type ScorePlugin } from '../framework/plugin.ts'
import type { PodInfo } from '../framework/pod-info.ts'

const NAME = 'NodeResourcesFit'

export const nodeResourcesFit: FilterPlugin = {
  name: NAME,
  prepare: (pod) => ({ plugin: NAME, judge: (node) => findShortage(pod, node) }),
}

/** All that is short. What is more than the node has at all, no preemption brings. */
export function findShortage(
  { requests }: Pick<PodInfo, 'requests'>,
  { allocatable, requested, pods }: Pick<NodeInfo, 'allocatable' | 'requested' | 'pods'>,
): Refusal | undefined {
  const reasons: string[] = []
  let isResolvable = true
  if (BigInt(pods.size) + 1n > amountOf(allocatable, 'pods')) reasons.push('Too many pods')
  for (const [resource, amount] of requests) {
    const has = amountOf(allocatable, resource)
    if (amount === 0n || amount <= has - amountOf(requested, resource)) continue
    reasons.push(`Insufficient ${resource}`)
    if (amount > has) isResolvable = false
  }
  return reasons.length === 0 ? undefined : { plugin: NAME, reasons, isResolvable }
}

export const leastAllocated: ScorePlugin = {
  name: NAME,
  weight: 1,
  score: (pod, nodes) => nodes.map((node) => scoreLeastAllocated(pod, node)),
}

/** The mean of what would be left of cpu and of memory, in percent; a resource that the node has not does not count. */
function scoreLeastAllocated({ scoredRequests }: PodInfo, { allocatable, scoredRequests: there }: NodeInfo): number {
  const scores = (['cpu', 'memory'] as const).flatMap((resource) => {
    const has = Number(amountOf(allocatable, resource))
    if (has === 0) return []
    const asked = there[resource] + scoredRequests[resource]
    return asked > has ? 0 : Math.floor(((has - asked) * MAX_SCORE) / has)
  })
  return scores.length === 0 ? 0 : Math.floor(scores.reduce((sum, score) => sum + score, 0) / scores.length)
}

export function amountOf(amounts: ResourceAmounts, resource: string): bigint {
  return amounts.get(resource) ?? 0n
}
