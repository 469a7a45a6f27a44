/** One recorded case of a cluster: what a real one was seen doing with DaemonSets and nodes, and the same steps for ours. */
import type { RecordedCase } from '../recorded/recorded-case.ts'
import type { ClusterWorld } from './cluster-world.ts'

/**
 * `pods`: those of DaemonSets, named by their node (`first` is the one where something happened first) and by a letter each;
 * `first node`, `second node`: the same of one node, where which of both comes first is a race; `status`: of the DaemonSet, as
 * desired/current/ready/up-to-date/available; `events`: those about the DaemonSet; `other pods`; `node`: the one that the case
 * is about.
 */
export const CLUSTER_KINDS = ['pods', 'first node', 'second node', 'status', 'events', 'other pods', 'node'] as const
export type ClusterKind = (typeof CLUSTER_KINDS)[number]

/** `engine`: a lab on the real engine; `full`: the same, but too long for every run of the tests. */
export type ClusterWorldName = 'engine' | 'full'

export type ClusterCase = RecordedCase<ClusterKind, ClusterWorld, ClusterWorldName>

export function defineClusterCases<Id extends string>(cases: Record<Id, ClusterCase>): Record<Id, ClusterCase> {
  return cases
}
