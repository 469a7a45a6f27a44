/** How many pods a disruption budget counts on (pkg/controller/disruption/disruption.go getExpectedPodCount). Pure. */
import type { Pod } from '../../common/api/core.ts'
import type { OwnerReference } from '../../common/api/meta.ts'
import type { PodDisruptionBudget } from '../../common/api/pod-disruption-budget.ts'
import { controllerOf } from '../control/owner-reference.ts'
import { scaledCount } from '../control/scaled-count.ts'

export interface ExpectedPods {
  expected: number
  /** How many of them have to be healthy. */
  desiredHealthy: number
  /** Whether the number is none that one can rely on: some pods have no controller that would say how many there should be. */
  hasUnmanaged: boolean
}

/** It cannot be found out how many pods there should be; in upstream's words. */
export class UnknownScaleError extends Error {}

/** The size of the workload behind a pod's controller, and its uid. `undefined`: there is none of that uid. @throws UnknownScaleError */
export type FindScale = (controller: OwnerReference) => { uid: string; replicas: number } | undefined

/** @throws UnknownScaleError */
export function computeExpectedPods(
  { spec = {} }: PodDisruptionBudget,
  pods: readonly Pod[],
  findScale: FindScale,
): ExpectedPods {
  const { maxUnavailable, minAvailable } = spec
  if (maxUnavailable !== undefined) {
    const { expected, hasUnmanaged } = computeScale(pods, findScale)
    const unavailable = scaledCount(maxUnavailable, expected, 'up')
    return { expected, hasUnmanaged, desiredHealthy: Math.max(0, expected - unavailable) }
  }
  if (typeof minAvailable === 'number')
    return { expected: pods.length, desiredHealthy: minAvailable, hasUnmanaged: false }
  if (minAvailable === undefined) return { expected: 0, desiredHealthy: 0, hasUnmanaged: false }
  const { expected, hasUnmanaged } = computeScale(pods, findScale)
  return { expected, hasUnmanaged, desiredHealthy: scaledCount(minAvailable, expected, 'up') }
}

function computeScale(pods: readonly Pod[], findScale: FindScale): Pick<ExpectedPods, 'expected' | 'hasUnmanaged'> {
  const replicas = new Map<string, number>()
  let hasUnmanaged = false
  for (const pod of pods) {
    const controller = controllerOf(pod)
    if (controller === undefined) {
      hasUnmanaged = true
      continue
    }
    const scale = findScale(controller)
    if (scale === undefined)
      throw new UnknownScaleError(`found no controllers for pod ${JSON.stringify(pod.metadata.name)}`)
    replicas.set(scale.uid, scale.replicas)
  }
  return { expected: [...replicas.values()].reduce((sum, count) => sum + count, 0), hasUnmanaged }
}
