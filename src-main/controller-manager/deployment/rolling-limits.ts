/** How many pods a rollout may have too many and too few (deployment_util.go ResolveFenceposts, MaxSurge, MaxUnavailable). Pure. */
import type { Deployment } from '../../common/api/deployment.ts'
import { scaledCount } from '../control/scaled-count.ts'

export interface RollingLimits {
  maxSurge: number
  maxUnavailable: number
}

/** Percentages of the surge are rounded up, and of the unavailable pods down; one of the two is more than none. */
export function computeRollingLimits({ spec }: Deployment): RollingLimits {
  const { replicas = 0, strategy } = spec
  if (strategy?.type !== 'RollingUpdate') return { maxSurge: 0, maxUnavailable: 0 }
  const maxSurge = scaledCount(strategy.rollingUpdate?.maxSurge, replicas, 'up')
  const unavailable = scaledCount(strategy.rollingUpdate?.maxUnavailable, replicas, 'down')
  const isStuck = maxSurge === 0 && unavailable === 0
  return { maxSurge, maxUnavailable: Math.min(isStuck ? 1 : unavailable, replicas) }
}
