/** The filters and scores of upstream's default profile, in the order in which they are asked, as far as a lab has what they look at. */
import type { FilterPlugin, ScorePlugin } from '../framework/plugin.ts'
import { balancedAllocation } from './balanced-allocation.ts'
import { interPodAffinity } from './inter-pod-affinity.ts'
import { interPodAffinityScore } from './inter-pod-affinity-score.ts'
import { nodeAffinity, nodeAffinityScore } from './node-affinity.ts'
import { nodeName } from './node-name.ts'
import { nodePorts } from './node-ports.ts'
import { leastAllocated, nodeResourcesFit } from './node-resources-fit.ts'
import { nodeUnschedulable } from './node-unschedulable.ts'
import { podTopologySpread } from './pod-topology-spread.ts'
import { podTopologySpreadScore } from './pod-topology-spread-score.ts'
import { taintToleration, taintTolerationScore } from './taint-toleration.ts'

export const DEFAULT_FILTERS: readonly FilterPlugin[] = [
  nodeUnschedulable,
  nodeName,
  taintToleration,
  nodeAffinity,
  nodePorts,
  nodeResourcesFit,
  podTopologySpread,
  interPodAffinity,
]

export const DEFAULT_SCORES: readonly ScorePlugin[] = [
  taintTolerationScore,
  nodeAffinityScore,
  leastAllocated,
  podTopologySpreadScore,
  interPodAffinityScore,
  balancedAllocation,
]
