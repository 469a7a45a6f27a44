/** Which pods are worth more: those of higher priority, then those that run longer (pkg/scheduler/util). Pure. */
import type { PodInfo } from '../framework/pod-info.ts'

/** Negative: `one` is more important. */
export function compareImportance(one: PodInfo, other: PodInfo): number {
  if (one.priority !== other.priority) return other.priority - one.priority
  const [start, otherStart] = [startMs(one), startMs(other)]
  return start === otherStart ? 0 : start - otherStart
}

/** Milliseconds since the epoch; what has not started yet, starts later than everything. */
export function startMs({ pod }: PodInfo): number {
  const { startTime } = pod.status ?? {}
  return startTime === undefined ? Infinity : Date.parse(startTime)
}
