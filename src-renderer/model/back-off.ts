/** How long the kubelet still waits before it starts a container again, read from what the pod's status says. Pure. */
import type { ContainerStatus, Pod } from '@common/api/core.ts'
import type { TimelineEntry } from '@common/lab/timeline-entry.ts'
import { parseGoDuration } from './go-duration.ts'

export interface BackOff {
  container: string
  /** Length of the whole wait. */
  delaySeconds: number
  /** Milliseconds since the epoch. */
  until: number
}

const MESSAGE = /^back-off (\S+) restarting failed container/

/**
 * Waits count from the moment the container ended (facts 2.2.1). The status has that in whole seconds only; where
 * the timeline knows the exact end of the wait, that counts.
 */
export function computeBackOff(container: ContainerStatus, entries: readonly TimelineEntry[] = []): BackOff | undefined {
  const { waiting } = container.state
  if (waiting?.reason !== 'CrashLoopBackOff') return undefined
  const duration = MESSAGE.exec(waiting.message ?? '')?.[1]
  const delaySeconds = duration === undefined ? undefined : parseGoDuration(duration)
  const finishedAt = Date.parse(container.lastState.terminated?.finishedAt ?? '')
  if (delaySeconds === undefined || Number.isNaN(finishedAt)) return undefined
  const until = exactEnd(container.name, finishedAt, entries) ?? finishedAt + delaySeconds * 1000
  return { container: container.name, delaySeconds, until }
}

/** The wait that ends last, over all containers of the pod. */
export function computePodBackOff(pod: Pod, entries: readonly TimelineEntry[] = []): BackOff | undefined {
  const own = entries.filter((entry) => entry.pod?.uid === pod.metadata.uid)
  return [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])]
    .map((container) => computeBackOff(container, own))
    .filter((backOff) => backOff !== undefined)
    .toSorted((left, right) => right.until - left.until)[0]
}

function exactEnd(container: string, finishedAt: number, entries: readonly TimelineEntry[]): number | undefined {
  const entry = entries.findLast(
    (candidate) =>
      candidate.reason === 'BackOff' && candidate.container === container && Date.parse(candidate.time) >= finishedAt,
  )
  const until = Date.parse(String(entry?.details?.['until'] ?? ''))
  return Number.isNaN(until) ? undefined : until
}
