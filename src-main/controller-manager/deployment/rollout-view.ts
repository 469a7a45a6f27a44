/** A Deployment and its ReplicaSets, told apart by their template (deployment_util.go FindNewReplicaSet, FindOldReplicaSets). Pure. */
import { isDeepStrictEqual } from 'node:util'
import type { Deployment } from '../../common/api/deployment.ts'
import type { PodTemplateSpec } from '../../common/api/pod-template.ts'
import type { ReplicaSet } from '../../common/api/replica-set.ts'

/** On ReplicaSets, their selectors and pods: which template it is. */
export const HASH_LABEL = 'pod-template-hash'

export interface RolloutView {
  deployment: Deployment
  /** Of the present template; not there yet, or to be made later. */
  newSet: ReplicaSet | undefined
  /** The oldest first. */
  oldSets: readonly ReplicaSet[]
}

/** Whether two templates are the same but for their hashes. */
export function isSameTemplate(one: PodTemplateSpec, other: PodTemplateSpec): boolean {
  return isDeepStrictEqual(withoutHash(one), withoutHash(other))
}

/** Of several with the present template, the oldest is the new one. */
export function viewRollout(deployment: Deployment, sets: readonly ReplicaSet[]): RolloutView {
  const sorted = sets.toSorted(byAge)
  const newSet = sorted.find(({ spec }) => isSameTemplate(spec.template, deployment.spec.template))
  return { deployment, newSet, oldSets: sorted.filter((set) => set !== newSet) }
}

export function allSets({ newSet, oldSets }: RolloutView): ReplicaSet[] {
  return [...oldSets, ...(newSet === undefined ? [] : [newSet])]
}

export function isActive({ spec }: ReplicaSet): boolean {
  return (spec.replicas ?? 0) > 0
}

/** The older one first. */
export function byAge(left: ReplicaSet, right: ReplicaSet): number {
  const leftMs = Date.parse(left.metadata.creationTimestamp ?? '')
  const rightMs = Date.parse(right.metadata.creationTimestamp ?? '')
  if (leftMs !== rightMs) return leftMs - rightMs
  return (left.metadata.name ?? '') < (right.metadata.name ?? '') ? -1 : 1
}

/** Of all ReplicaSets together: pods that they should have. */
export function wantedReplicas(sets: readonly ReplicaSet[]): number {
  return sets.reduce((sum, { spec }) => sum + (spec.replicas ?? 0), 0)
}

export type StatusCount = 'replicas' | 'readyReplicas' | 'availableReplicas' | 'terminatingReplicas'

/** Of all ReplicaSets together: pods that they say they have. */
export function sumOf(sets: readonly ReplicaSet[], count: StatusCount): number {
  return sets.reduce((sum, { status }) => sum + (status?.[count] ?? 0), 0)
}

function withoutHash({ metadata = {}, spec }: PodTemplateSpec): unknown {
  const { [HASH_LABEL]: _hash, ...labels } = metadata.labels ?? {}
  return { metadata: { ...metadata, labels }, spec }
}
