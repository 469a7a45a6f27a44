/** The stretch of time that a picture shows. Pure; milliseconds since the epoch. */

export interface TimeRange {
  startMs: number
  endMs: number
}

/** Journals know milliseconds; nothing is to be seen below that. */
const SHORTEST_MS = 250
const LONGEST_MS = 366 * 86_400_000
/** Room at the edges, as part of the whole, so that what just happened does not stick to the border. */
const MARGIN = 0.03

export function spanOf({ startMs, endMs }: TimeRange): number {
  return endMs - startMs
}

/** @param factor below 1 shows less time @param anchorMs stays where it is on the screen */
export function zoomAround(range: TimeRange, factor: number, anchorMs: number): TimeRange {
  const span = Math.min(LONGEST_MS, Math.max(SHORTEST_MS, spanOf(range) * factor))
  const part = (anchorMs - range.startMs) / spanOf(range)
  const startMs = anchorMs - span * part
  return { startMs, endMs: startMs + span }
}

export function panBy(range: TimeRange, deltaMs: number): TimeRange {
  return { startMs: range.startMs + deltaMs, endMs: range.endMs + deltaMs }
}

/** The range with both moments and a margin. */
export function fitRange(startMs: number, endMs: number): TimeRange {
  const span = Math.max(SHORTEST_MS, endMs - startMs)
  return { startMs: startMs - span * MARGIN, endMs: startMs + span * (1 + MARGIN) }
}

/** The last stretch before now, as it moves. */
export function rangeUntil(nowMs: number, spanMs: number): TimeRange {
  const endMs = nowMs + spanMs * MARGIN
  return { startMs: endMs - spanMs, endMs }
}

/** The same span, moved as little as possible so that the moment is well inside. */
export function showMoment(range: TimeRange, timeMs: number): TimeRange {
  const inset = spanOf(range) * 0.1
  if (timeMs < range.startMs + inset) return panBy(range, timeMs - range.startMs - inset)
  if (timeMs > range.endMs - inset) return panBy(range, timeMs - range.endMs + inset)
  return range
}
