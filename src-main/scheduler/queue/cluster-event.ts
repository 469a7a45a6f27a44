/** Changes in the cluster that may let a pod fit that did not (framework.ClusterEvent). */
import type { Node } from '../../common/api/node.ts'
import type { PodInfo } from '../framework/pod-info.ts'

export type NodeChange = 'allocatable' | 'labels' | 'taints'

export type ClusterEvent =
  | { kind: 'node-added'; node: Node }
  | { kind: 'node-changed'; node: Node; changes: ReadonlySet<NodeChange> }
  | { kind: 'node-removed'; node: Node }
  /** Of pods that have a node. `pod-gone`: it was deleted, or has ended. */
  | { kind: 'pod-placed' | 'pod-changed' | 'pod-gone'; pod: PodInfo }

/** What filters look at; conditions, and the times in them, are not among it. Pure. */
export function computeNodeChanges(before: Node, node: Node): Set<NodeChange> {
  const changes = new Set<NodeChange>()
  if (differ(before.status?.allocatable, node.status?.allocatable)) changes.add('allocatable')
  if (differ(before.metadata.labels, node.metadata.labels)) changes.add('labels')
  const isCordonChanged = (before.spec?.unschedulable ?? false) !== (node.spec?.unschedulable ?? false)
  if (isCordonChanged || differ(before.spec?.taints, node.spec?.taints)) changes.add('taints')
  return changes
}

/** By content; the server writes the members of an object in one order. */
function differ(one: unknown, other: unknown): boolean {
  return one !== other && JSON.stringify(one) !== JSON.stringify(other)
}
