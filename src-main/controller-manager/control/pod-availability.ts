/** Whether a pod counts as available (pkg/api/v1/pod IsPodAvailable; facts 6.5.5). Pure. */
import type { Pod } from '../../common/api/core.ts'
import { findCondition } from '../../common/api/pod-helpers.ts'

/** Milliseconds until a ready pod will be available: 0 when it is; `undefined` for a pod that is not ready. */
export function availableInMs(pod: Pod, minReadySeconds: number, nowMs: number): number | undefined {
  const ready = findCondition(pod, 'Ready')
  if (ready?.status !== 'True') return undefined
  if (minReadySeconds === 0) return 0
  const sinceMs = Date.parse(ready.lastTransitionTime ?? '')
  if (Number.isNaN(sinceMs)) return undefined
  return Math.max(0, sinceMs + minReadySeconds * 1000 - nowMs)
}

export function isPodAvailable(pod: Pod, minReadySeconds: number, nowMs: number): boolean {
  return availableInMs(pod, minReadySeconds, nowMs) === 0
}
