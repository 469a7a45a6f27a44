/** The scores of upstream's default profile that a lab can see the effect of, with upstream's weights. Pure. */
import type { Pod } from '../../common/api/core.ts'
import { matchesTerm } from '../../common/scheduling/node-affinity.ts'
import { podRequests } from '../../common/scheduling/pod-requests.ts'
import { toleratesTaint } from '../../common/scheduling/tolerations.ts'
import type { NodeInfo } from '../framework/node-info.ts'
import { MAX_SCORE, normalize, type ScorePlugin } from '../framework/plugin.ts'

/** What a container that asks for nothing counts as (schedutil.GetNonzeroRequests): thousandths of a core, bytes. */
const DEFAULT_REQUESTS = new Map([
  ['cpu', 100n],
  ['memory', 200n * 1024n * 1024n],
])

const taintToleration: ScorePlugin = {
  name: 'TaintToleration',
  weight: 3,
  score(pod, nodes) {
    const tolerations = (pod.spec.tolerations ?? []).filter(
      ({ effect }) => effect === undefined || effect === 'PreferNoSchedule',
    )
    const counts = nodes.map(
      ({ node }) =>
        (node.spec?.taints ?? []).filter(
          (taint) =>
            taint.effect === 'PreferNoSchedule' && !tolerations.some((toleration) => toleratesTaint(toleration, taint)),
        ).length,
    )
    return normalize(counts, true)
  },
}

const nodeAffinity: ScorePlugin = {
  name: 'NodeAffinity',
  weight: 2,
  score(pod, nodes) {
    const preferred = pod.spec.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []
    return normalize(
      nodes.map((node) =>
        preferred.reduce((sum, { weight, preference }) => sum + (matchesTerm(preference, node) ? weight : 0), 0),
      ),
    )
  },
}

/** Spreads pods of the same owner over nodes: the default constraint of PodTopologySpread by host name. */
const podTopologySpread: ScorePlugin = {
  name: 'PodTopologySpread',
  weight: 2,
  score(pod, nodes) {
    const owner = controllerOf(pod)
    if (owner === undefined) return nodes.map(() => MAX_SCORE)
    return normalize(
      nodes.map(({ pods }) => pods.filter((other) => controllerOf(other) === owner).length),
      true,
    )
  },
}

const nodeResourcesFit: ScorePlugin = {
  name: 'NodeResourcesFit',
  weight: 1,
  score: (pod, nodes) => nodes.map((node) => leastAllocated(shares(pod, node))),
}

const nodeResourcesBalancedAllocation: ScorePlugin = {
  name: 'NodeResourcesBalancedAllocation',
  weight: 1,
  score: (pod, nodes) => nodes.map((node) => balanced(shares(pod, node))),
}

export const SCORES: readonly ScorePlugin[] = [
  taintToleration,
  nodeAffinity,
  podTopologySpread,
  nodeResourcesFit,
  nodeResourcesBalancedAllocation,
]

/** Which part of each resource would be asked for with the pod on the node, 0 to 1. */
function shares(pod: Pod, { pods, allocatable }: NodeInfo): number[] {
  return [...DEFAULT_REQUESTS.keys()].map((resource) => {
    const has = Number(allocatable.get(resource) ?? 0n)
    const asked = [...pods, pod].reduce((sum, each) => sum + Number(nonzeroRequest(each, resource)), 0)
    return has === 0 ? 1 : Math.min(1, asked / has)
  })
}

function nonzeroRequest(pod: Pod, resource: string): bigint {
  const asked = podRequests(pod).get(resource)
  const each = DEFAULT_REQUESTS.get(resource) ?? 0n
  return asked ?? each * BigInt(pod.spec.containers.length)
}

function leastAllocated(parts: readonly number[]): number {
  return Math.floor(parts.reduce((sum, part) => sum + Math.floor((1 - part) * MAX_SCORE), 0) / parts.length)
}

/** The nearer the parts are to one another, the better. */
function balanced(parts: readonly number[]): number {
  const mean = parts.reduce((sum, part) => sum + part, 0) / parts.length
  const variance = parts.reduce((sum, part) => sum + (part - mean) ** 2, 0) / parts.length
  return Math.floor((1 - Math.sqrt(variance)) * MAX_SCORE)
}

function controllerOf({ metadata }: Pod): string | undefined {
  return metadata.ownerReferences?.find(({ controller }) => controller === true)?.uid
}
