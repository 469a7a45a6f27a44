/** The part of time that the strips show, with now at its right edge, and what of a pod's life falls into it. Pure; milliseconds. */
import type { Stretch } from './compute-lifecycle.ts'

export const STRIP_RANGES = ['minute', 'hour', 'all'] as const
export type StripRange = (typeof STRIP_RANGES)[number]

export interface StripWindow {
  from: number
  /** Now. */
  until: number
}

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
/** Air before the first thing that happened. */
const LEAD_SHARE = 0.02

/** @param earliest when the life that is shown began; a young one fills the strip instead of hiding at its edge */
export function computeWindow(range: StripRange, now: number, earliest: number): StripWindow {
  if (range === 'minute') return { from: now - MINUTE_MS, until: now }
  const lead = (now - earliest) * LEAD_SHARE
  const start = Math.min(earliest - lead, now - 10_000)
  return { from: range === 'hour' ? Math.max(start, now - HOUR_MS) : start, until: now }
}

/** 0 at the left edge, 100 at the right one. */
export function percentOf(time: number, { from, until }: StripWindow): number {
  return ((time - from) / (until - from)) * 100
}

export interface Segment<Stage extends string> {
  stretch: Stretch<Stage>
  left: number
  width: number
}

/** Narrower ones are not seen; the newest one is kept whatever its width. */
const MINIMUM_PERCENT = 0.05

export function computeSegments<Stage extends string>(
  stretches: readonly Stretch<Stage>[],
  window: StripWindow,
): Segment<Stage>[] {
  return stretches.flatMap((stretch, index) => {
    const left = Math.max(0, percentOf(stretch.from, window))
    const right = Math.min(100, percentOf(stretch.until ?? window.until, window))
    const isNewest = index === stretches.length - 1
    if (right <= 0 || left > 100 || (right - left < MINIMUM_PERCENT && !isNewest)) return []
    return [{ stretch, left, width: Math.max(0, right - left) }]
  })
}

/** Things of one moment, drawn as one: the flags that would lie upon each other. */
export interface MarkGroup<Mark> {
  left: number
  marks: Mark[]
}

export function groupMarks<Mark extends { time: number }>(
  marks: readonly Mark[],
  window: StripWindow,
  apartPercent: number,
): MarkGroup<Mark>[] {
  const groups: MarkGroup<Mark>[] = []
  for (const mark of marks) {
    const left = percentOf(mark.time, window)
    if (left < 0 || left > 100) continue
    const group = groups.at(-1)
    if (group !== undefined && left - group.left < apartPercent) group.marks.push(mark)
    else groups.push({ left, marks: [mark] })
  }
  return groups
}
