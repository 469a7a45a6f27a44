/** How many pods a rolling update may take away or add at a time (pkg/controller/daemon/util; facts 6.5.2). Pure. */
import type { DaemonSetSpec } from '../../common/api/daemon-set.ts'
import { scaledCount } from '../control/scaled-count.ts'

export interface UpdateLimits {
  maxUnavailable: number
  maxSurge: number
}

/** `desired`: the number of nodes that should have a pod, of which percentages are taken. */
export function computeUpdateLimits({ updateStrategy }: DaemonSetSpec, desired: number): UpdateLimits {
  const { maxUnavailable, maxSurge } = updateStrategy?.rollingUpdate ?? {}
  const limits = {
    maxUnavailable: scaledCount(maxUnavailable, desired, 'up'),
    maxSurge: scaledCount(maxSurge, desired, 'up'),
  }
  const isStuck = desired > 0 && limits.maxUnavailable === 0 && limits.maxSurge === 0
  return isStuck ? { ...limits, maxUnavailable: 1 } : limits
}

/** Whether a new pod may stand beside the old one. */
export function allowsSurge(spec: DaemonSetSpec): boolean {
  return spec.updateStrategy?.type === 'RollingUpdate' && computeUpdateLimits(spec, 1).maxSurge > 0
}
