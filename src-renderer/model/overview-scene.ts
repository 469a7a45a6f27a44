/** The strip above the lanes: how much happened when, warnings apart, over all of the history. Pure. */
import type { TimelineEntry } from '@common/lab/timeline-entry.ts'
import type { Shape } from './scene.ts'
import { fitRange, type TimeRange } from './time-range.ts'

export interface Density {
  /** Entries in each stretch of equal length. */
  normal: readonly number[]
  warning: readonly number[]
}

const BAR_PX = 4
const GAP_PX = 1

/** Steps of the strip's end, as part of the whole: it is drawn anew when one is over, not with every beat of the clock. */
const STEPS = 200

/** All of the history, up to a moment shortly after now. */
export function overviewRange(startMs: number, nowMs: number): TimeRange {
  const spanMs = Math.max(1_000, nowMs - startMs)
  const stepMs = 2 ** Math.ceil(Math.log2(spanMs / STEPS))
  return fitRange(startMs, startMs + Math.ceil(spanMs / stepMs) * stepMs)
}

export function countBars(widthPx: number): number {
  return Math.max(1, Math.floor(widthPx / BAR_PX))
}

export function computeDensity(
  entries: readonly TimelineEntry[],
  { startMs, endMs }: TimeRange,
  bars: number,
): Density {
  const normal = Array.from<number>({ length: bars }).fill(0)
  const warning = Array.from<number>({ length: bars }).fill(0)
  for (const { time, type } of entries) {
    const bar = Math.floor(((Date.parse(time) - startMs) / (endMs - startMs)) * bars)
    const counts = type === 'Warning' ? warning : normal
    const before = counts[bar]
    if (before !== undefined) counts[bar] = before + 1
  }
  return { normal, warning }
}

/** Heights grow with the square root: one entry is seen beside a thousand. Warnings stand on the ground, hatched. */
export function drawDensity({ normal, warning }: Density, heightPx: number): Shape[] {
  const most = Math.max(1, ...normal.map((count, bar) => count + (warning[bar] ?? 0)))
  const scale = (count: number): number => (Math.sqrt(count) / Math.sqrt(most)) * (heightPx - 2)
  return normal.flatMap((count, bar): Shape[] => {
    const warnings = warning[bar] ?? 0
    if (count + warnings === 0) return []
    const x = bar * BAR_PX
    const width = BAR_PX - GAP_PX
    const all = scale(count + warnings)
    const ofWarnings = warnings === 0 ? 0 : Math.max(2, (all * warnings) / (count + warnings))
    return [
      { kind: 'rect', x, y: heightPx - all, width, height: all - ofWarnings, fill: 'ink-faint', opacity: 0.55 },
      ...(warnings === 0
        ? []
        : ([
            { kind: 'rect', x, y: heightPx - ofWarnings, width, height: ofWarnings, fill: 'state-back-off' },
          ] as const)),
    ]
  })
}
