/** How long the kubelet still waits before it starts a container, or pulls its image, again. Pure. */
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
  const restarts = backOffs.flatMap(({ container, delaySeconds, until }) => {
    if (until === undefined) return []
    const exact = exactEnd(pod, container, Date.parse(until) - delaySeconds * 1000, entries)
    return [{ container, delaySeconds, until: exact ?? Date.parse(until) }]
  })
  return [...restarts, ...computePullWaits(pod, entries)].toSorted((left, right) => right.until - left.until)
}

/** A status in ImagePullBackOff says nothing of its end (facts 2.10.3), but the kubelet's own timeline does. */
function computePullWaits({ metadata, status }: Pod, entries: readonly TimelineEntry[]): BackOffWait[] {
  const { initContainerStatuses = [], containerStatuses = [] } = status ?? {}
  return [...initContainerStatuses, ...containerStatuses].flatMap(({ name, state }) => {
    if (state.waiting?.reason !== 'ImagePullBackOff') return []
    const last = entries.findLast(
      ({ subject, pod, container }) => subject === 'image' && pod?.uid === metadata.uid && container === name,
    )
    const until = Date.parse(String(last?.details?.['until'] ?? ''))
    const delaySeconds = Number(last?.details?.['delaySeconds'])
    return last?.reason === 'BackOff' && until > 0 && delaySeconds > 0 ? [{ container: name, delaySeconds, until }] : []
  })
}

function exactEnd(pod: Pod, container: string, since: number, entries: readonly TimelineEntry[]): number | undefined {
  const entry = entries.findLast(
    (candidate) =>
      candidate.reason === 'BackOff' &&
      candidate.subject !== 'image' &&
      candidate.pod?.uid === pod.metadata.uid &&
      candidate.container === container &&
      Date.parse(candidate.time) >= since,
  )
  const until = Date.parse(String(entry?.details?.['until'] ?? ''))
  return Number.isNaN(until) ? undefined : until
}
