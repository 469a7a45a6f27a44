/** How long the kubelet still waits before it starts a container again. Pure. */
import type { Pod } from '@common/api/core.ts'
import type { BackOff } from '@common/lab/pod-summary.ts'
import type { TimelineEntry } from '@common/lab/timeline-entry.ts'

export interface BackOffWait {
  container: string
  /** Length of the whole wait. */
  delaySeconds: number
  /** Milliseconds since the epoch. */
  until: number
}

/**
 * The pod's waits, the one that ends last first. The status knows their end in whole seconds; where the timeline has it
 * exactly, that counts.
 */
export function computeWaits(pod: Pod, backOffs: readonly BackOff[], entries: readonly TimelineEntry[]): BackOffWait[] {
  return backOffs
    .flatMap(({ container, delaySeconds, until }) => {
      if (until === undefined) return []
      const exact = exactEnd(pod, container, Date.parse(until) - delaySeconds * 1000, entries)
      return [{ container, delaySeconds, until: exact ?? Date.parse(until) }]
    })
    .toSorted((left, right) => right.until - left.until)
}

function exactEnd(pod: Pod, container: string, since: number, entries: readonly TimelineEntry[]): number | undefined {
  const entry = entries.findLast(
    (candidate) =>
      candidate.reason === 'BackOff' &&
      candidate.pod?.uid === pod.metadata.uid &&
      candidate.container === container &&
      Date.parse(candidate.time) >= since,
  )
  const until = Date.parse(String(entry?.details?.['until'] ?? ''))
  return Number.isNaN(until) ? undefined : until
}
