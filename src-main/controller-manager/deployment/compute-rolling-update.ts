/** The next step of a rolling update (pkg/controller/deployment/rolling.go, deployment_util.go NewRSNewReplicas). Pure. */
import type { ReplicaSet } from '../../common/api/replica-set.ts'
import { computeRollingLimits } from './rolling-limits.ts'
import { allSets, isActive, sumOf, wantedReplicas, type RolloutView } from './rollout-view.ts'

export interface Scaling {
  set: ReplicaSet
  replicas: number
}

/** How many pods the new ReplicaSet may have now; as yet it has `present`. */
export function computeNewReplicas({ deployment, ...sets }: RolloutView, present: number): number {
  const { replicas = 0, strategy } = deployment.spec
  if (strategy?.type !== 'RollingUpdate' || present > replicas) return replicas
  const room = replicas + computeRollingLimits(deployment).maxSurge - wantedReplicas(allSets({ deployment, ...sets }))
  return present + Math.max(0, Math.min(room, replicas - present))
}

/**
 * What old ReplicaSets can spare, in the order of the steps: first pods that are not available anyway, which would only be
 * in the way, then others as long as enough are available.
 */
export function computeOldScalings(view: RolloutView): Scaling[] {
  const { deployment, newSet, oldSets } = view
  const old = oldSets.filter(isActive)
  const sizes = new Map(old.map((set) => [set, set.spec.replicas ?? 0]))
  const minAvailable = (deployment.spec.replicas ?? 0) - computeRollingLimits(deployment).maxUnavailable
  const newUnavailable = (newSet?.spec.replicas ?? 0) - (newSet?.status?.availableReplicas ?? 0)
  const spare = wantedReplicas(allSets(view)) - minAvailable - newUnavailable
  if (old.length === 0 || spare <= 0) return []
  const scalings: Scaling[] = []
  const scaleDown = (atMost: number, spareOf: (set: ReplicaSet, size: number) => number): void => {
    let left = atMost
    for (const set of old) {
      const size = sizes.get(set) ?? 0
      const count = Math.min(left, spareOf(set, size))
      if (count <= 0) continue
      left -= count
      sizes.set(set, size - count)
      scalings.push({ set, replicas: size - count })
    }
  }
  scaleDown(spare, ({ status }, size) => size - (status?.availableReplicas ?? 0))
  scaleDown(sumOf(allSets(view), 'availableReplicas') - minAvailable, (_, size) => size)
  return scalings
}
