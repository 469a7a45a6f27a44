/** Another number of pods, spread over the ReplicaSets of a rollout that is under way or paused (sync.go scale). Pure. */
import type { Deployment } from '../../common/api/deployment.ts'
import type { ReplicaSet } from '../../common/api/replica-set.ts'
import type { Scaling } from './compute-rolling-update.ts'
import { desiredReplicasOf, maxReplicasOf } from './deployment-annotations.ts'
import { computeRollingLimits } from './rolling-limits.ts'
import { allSets, byAge, isActive, wantedReplicas, type RolloutView } from './rollout-view.ts'

/** Whether somebody asked for another number of pods since its ReplicaSets were scaled. */
export function isScalingEvent(view: RolloutView): boolean {
  return allSets(view)
    .filter(isActive)
    .some((set) => (desiredReplicasOf(set) ?? view.deployment.spec.replicas) !== view.deployment.spec.replicas)
}

/** One ReplicaSet has them all; of several each gets its share, so that a bad template does not spread by a scaling. */
export function computeScalings(view: RolloutView): Scaling[] {
  const { deployment, newSet, oldSets } = view
  const { replicas = 0, strategy } = deployment.spec
  const active = allSets(view).filter(isActive)
  const only = active.length === 0 ? (newSet ?? oldSets.at(-1)) : active.length === 1 ? active[0] : undefined
  if (only !== undefined) return [{ set: only, replicas }]
  if (isSaturated(deployment, newSet)) return oldSets.filter(isActive).map((set) => ({ set, replicas: 0 }))
  return strategy?.type === 'RollingUpdate' ? computeShares(deployment, active) : []
}

function computeShares(deployment: Deployment, active: readonly ReplicaSet[]): Scaling[] {
  const { replicas = 0 } = deployment.spec
  const allowed = replicas > 0 ? replicas + computeRollingLimits(deployment).maxSurge : 0
  const toAdd = allowed - wantedReplicas(active)
  // Of two of a size, the newer one grows first, and the older one shrinks first.
  const sorted = active.toSorted((left, right) => {
    const bySize = (right.spec.replicas ?? 0) - (left.spec.replicas ?? 0)
    return bySize === 0 ? (toAdd > 0 ? byAge(right, left) : byAge(left, right)) : bySize
  })
  let added = 0
  const scalings = sorted.map((set): Scaling => {
    const share = computeShare(deployment, set, toAdd, added)
    added += share
    return { set, replicas: (set.spec.replicas ?? 0) + share }
  })
  const [largest] = scalings
  if (largest !== undefined) largest.replicas = Math.max(0, largest.replicas + toAdd - added)
  return scalings
}

function computeShare(deployment: Deployment, set: ReplicaSet, toAdd: number, added: number): number {
  if (toAdd === added) return 0
  const fraction = computeFraction(deployment, set)
  return toAdd > 0 ? Math.min(fraction, toAdd - added) : Math.max(fraction, toAdd - added)
}

/** By how many pods a ReplicaSet grows when all of the Deployment grows; negative when it shrinks. */
function computeFraction(deployment: Deployment, set: ReplicaSet): number {
  const { replicas = 0 } = deployment.spec
  const size = set.spec.replicas ?? 0
  if (replicas === 0) return -size
  const noted = maxReplicasOf(set) ?? 0
  const before = noted === 0 ? (deployment.status?.replicas ?? 0) : noted
  if (before === 0) return 0
  return Math.round((size * (replicas + computeRollingLimits(deployment).maxSurge)) / before) - size
}

function isSaturated({ spec }: Deployment, newSet: ReplicaSet | undefined): boolean {
  if (newSet === undefined) return false
  const counts = [desiredReplicasOf(newSet), newSet.spec.replicas, newSet.status?.availableReplicas ?? 0]
  return counts.every((count) => count === spec.replicas)
}
