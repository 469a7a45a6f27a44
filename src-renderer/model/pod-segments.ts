/** A pod's lane while it is folded: its containers' segments as one row. Pure. */
import type { ContainerSegment, ContainerState } from './container-segments.ts'

/** `endMs` is absent while it lasts; the segment is the container's that decides at that time. */
export interface PodSegment extends ContainerSegment {
  /** How many containers of the pod are running at that time, and how many it has. */
  running: number
  total: number
}

/** What needs attention comes first: a pod of which one container backs off and another runs backs off. */
const RANK: Record<ContainerState, number> = { backOff: 0, waiting: 1, running: 2, terminated: 3 }

/** Segments follow one another without overlap; where no container is in any state there is none. */
export function computePodSegments(segments: readonly ContainerSegment[]): readonly PodSegment[] {
  const [only] = segments
  if (only === undefined) return []
  const total = new Set(segments.map(({ container }) => container)).size
  if (total === 1) {
    return segments.map((segment) => ({ ...segment, running: segment.state === 'running' ? 1 : 0, total }))
  }
  return merge(sweep(segments, total))
}

function sweep(segments: readonly ContainerSegment[], total: number): PodSegment[] {
  const lasting = segments.filter(({ startMs, endMs }) => endMs === undefined || endMs > startMs)
  const starts = lasting.toSorted((one, other) => one.startMs - other.startMs)
  const times = [
    ...new Set(lasting.flatMap(({ startMs, endMs }) => (endMs === undefined ? [startMs] : [startMs, endMs]))),
  ]
  const active = new Set<ContainerSegment>()
  let next = 0
  return times
    .toSorted((one, other) => one - other)
    .flatMap((timeMs, index, sorted): PodSegment[] => {
      for (const segment of active) if ((segment.endMs ?? Infinity) <= timeMs) active.delete(segment)
      for (let start = starts[next]; start !== undefined && start.startMs <= timeMs; start = starts[next]) {
        active.add(start)
        next += 1
      }
      const deciding = mostTelling(active)
      if (deciding === undefined) return []
      const { endMs: _endMs, ...rest } = deciding
      const endMs = sorted[index + 1]
      const running = [...active].filter(({ state }) => state === 'running').length
      return [{ ...rest, startMs: timeMs, ...(endMs !== undefined && { endMs }), running, total }]
    })
}

/** Of those in the same state the one that came last, but an error before a completion. */
function mostTelling(active: ReadonlySet<ContainerSegment>): ContainerSegment | undefined {
  let best: ContainerSegment | undefined
  for (const segment of active) {
    if (best === undefined || compare(segment, best) < 0) best = segment
  }
  return best
}

function compare(one: ContainerSegment, other: ContainerSegment): number {
  const failure = ({ exitCode = 0 }: ContainerSegment): number => (exitCode === 0 ? 1 : 0)
  return RANK[one.state] - RANK[other.state] || failure(one) - failure(other) || other.startMs - one.startMs
}

/** Neighbours that are the same segment in two parts become one. */
function merge(parts: readonly PodSegment[]): PodSegment[] {
  const merged: PodSegment[] = []
  for (const part of parts) {
    const last = merged.at(-1)
    if (last?.entry === part.entry && last.state === part.state && last.running === part.running) {
      const { endMs: _endMs, ...rest } = last
      merged[merged.length - 1] = { ...rest, ...(part.endMs !== undefined && { endMs: part.endMs }) }
    } else merged.push(part)
  }
  return merged
}
