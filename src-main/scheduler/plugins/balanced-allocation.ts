/** The nearer to one another the used parts of cpu and memory, the better (plugins/noderesources/balanced_allocation.go). */
import type { NodeInfo } from '../framework/node-info.ts'
import { MAX_SCORE, type ScorePlugin } from '../framework/plugin.ts'
import type { PodInfo } from '../framework/pod-info.ts'
import { amountOf } from './node-resources-fit.ts'

const RESOURCES = ['cpu', 'memory'] as const

export const balancedAllocation: ScorePlugin = {
  name: 'NodeResourcesBalancedAllocation',
  weight: 1,
  score(pod, nodes) {
    // Pods that ask for nothing would all go to the node that is balanced best.
    if (RESOURCES.every((resource) => amountOf(pod.requests, resource) === 0n)) return undefined
    return nodes.map((node) => scoreBalance(pod, node))
  },
}

function scoreBalance({ requests }: PodInfo, { allocatable, requested }: NodeInfo): number {
  const parts = RESOURCES.flatMap((resource) => {
    const has = Number(amountOf(allocatable, resource))
    if (has === 0) return []
    return Math.min(1, Number(amountOf(requested, resource) + amountOf(requests, resource)) / has)
  })
  const [cpu = 0, memory = cpu] = parts
  // The standard deviation of two values.
  return Math.floor((1 - Math.abs(cpu - memory) / 2) * MAX_SCORE)
}
