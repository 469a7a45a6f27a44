/** What is at a place of a lane. Pure. */
import type { TimelineEntry } from '@common/lab/timeline-entry.ts'
import type { UserAction } from '@common/lab/user-action.ts'
import type { KubeletSegment } from './compute-lanes.ts'
import type { ContainerSegment } from './container-segments.ts'
import { markOf } from './lane-marks.ts'
import { concernsRow, type LaneRow } from './lane-rows.ts'
import { containerEntries, containerSegments } from './lane-scene.ts'

export type LaneHit =
  | { kind: 'entry'; entry: TimelineEntry }
  | { kind: 'segment'; segment: ContainerSegment }
  | { kind: 'kubelet'; segment: KubeletSegment }
  | { kind: 'action'; action: UserAction }

export interface HitOptions {
  timeMs: number
  /** Marks are hit from so far. */
  toleranceMs: number
  nowMs: number
  matches(entry: TimelineEntry): boolean
  actions: readonly UserAction[]
}

/** Entries that a row tells, in the order of time: what the keyboard goes through. */
export function entriesOfRow(row: LaneRow): readonly TimelineEntry[] {
  switch (row.kind) {
    case 'actions':
    case 'simulated':
      return []
    case 'node':
    case 'pod':
      return row.lane.entries
    case 'container':
      return containerEntries(row.lane, row.container)
  }
}

/** Flags before marks before segments: what is small lies on top. */
export function hitLane(row: LaneRow, options: HitOptions): LaneHit | undefined {
  const { timeMs, toleranceMs, matches } = options
  const flags = options.actions.filter((action) => concernsRow(action, row))
  const action = nearest(flags, timeMs, row.kind === 'actions' ? toleranceMs * 2 : toleranceMs / 2)
  if (action !== undefined) return { kind: 'action', action }
  const marks = entriesOfRow(row).filter((entry) => markOf(entry) !== undefined)
  const entry = nearest(marks, timeMs, toleranceMs, matches)
  if (entry !== undefined) return { kind: 'entry', entry }
  return hitSegment(row, options)
}

function hitSegment(row: LaneRow, { timeMs, toleranceMs, nowMs }: HitOptions): LaneHit | undefined {
  const covers = ({ startMs, endMs = nowMs }: { startMs: number; endMs?: number }): boolean =>
    startMs <= timeMs && timeMs <= Math.max(endMs, startMs + toleranceMs)
  switch (row.kind) {
    case 'actions':
    case 'simulated':
      return undefined
    case 'node': {
      const segment = row.lane.kubelet.findLast(covers)
      return segment && { kind: 'kubelet', segment }
    }
    case 'pod': {
      const segment = row.lane.segments.findLast(covers)
      return segment && { kind: 'segment', segment }
    }
    case 'container': {
      const segment = containerSegments(row.lane, row.container).findLast(covers)
      return segment && { kind: 'segment', segment }
    }
  }
}

function nearest<Item extends { time: string }>(
  items: readonly Item[],
  timeMs: number,
  toleranceMs: number,
  matches: (item: Item) => boolean = () => true,
): Item | undefined {
  let best: Item | undefined
  let bestMs = toleranceMs
  for (const item of items) {
    const distanceMs = Math.abs(Date.parse(item.time) - timeMs)
    if (distanceMs > bestMs || !matches(item)) continue
    best = item
    bestMs = distanceMs
  }
  return best
}
