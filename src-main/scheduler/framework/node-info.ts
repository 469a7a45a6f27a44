/** A node as the scheduler counts it: what it has, and the pods that are on it or are on their way (framework.NodeInfo). */
import type { Pod } from '../../common/api/core.ts'
import type { Node } from '../../common/api/node.ts'
import { amountsOfList, podRequests, type ResourceAmounts } from '../../common/scheduling/pod-requests.ts'

export interface NodeInfo {
  node: Node
  name: string
  labels: Readonly<Record<string, string>>
  /** `pods` is the greatest number of pods. */
  allocatable: ResourceAmounts
  pods: readonly Pod[]
  requested: ResourceAmounts
}

/** Pure. `pods`: all that have a node; those that ended take no place. Nodes are in the order of their names. */
export function computeNodeInfos(nodes: readonly Node[], pods: readonly Pod[]): NodeInfo[] {
  const byNode = new Map<string, Pod[]>()
  for (const pod of pods) {
    const { nodeName = '' } = pod.spec
    if (nodeName === '' || isEnded(pod)) continue
    const there = byNode.get(nodeName)
    if (there === undefined) byNode.set(nodeName, [pod])
    else there.push(pod)
  }
  return nodes
    .map((node) => computeNodeInfo(node, byNode.get(node.metadata.name ?? '') ?? []))
    .sort((one, other) => (one.name < other.name ? -1 : 1))
}

export function computeNodeInfo(node: Node, pods: readonly Pod[]): NodeInfo {
  const requested = new Map<string, bigint>()
  for (const pod of pods)
    for (const [name, amount] of podRequests(pod)) requested.set(name, (requested.get(name) ?? 0n) + amount)
  return {
    node,
    name: node.metadata.name ?? '',
    labels: node.metadata.labels ?? {},
    allocatable: amountsOfList(node.status?.allocatable ?? {}),
    pods,
    requested,
  }
}

function isEnded({ status }: Pod): boolean {
  return status?.phase === 'Succeeded' || status?.phase === 'Failed'
}
