/** The time axis above the lanes and its grid behind them. Pure. */
import type { AxisTick } from './time-axis.ts'
import { stroke } from './mark-shapes.ts'
import type { Shape } from './scene.ts'

export const AXIS_HEIGHT = 36
/** Least distance of two labels. */
export const TICK_GAP_PX = 84

export interface GridOptions {
  ticks: readonly AxisTick[]
  xOf(timeMs: number): number
  topPx: number
  bottomPx: number
  widthPx: number
  nowMs: number
}

/** Lines of the ticks, and shade over what has not happened yet. Lies behind the lanes. */
export function drawGrid({ ticks, xOf, topPx, bottomPx, widthPx, nowMs }: GridOptions): Shape[] {
  const lines = ticks.map(({ timeMs }) => stroke([xOf(timeMs), topPx, xOf(timeMs), bottomPx], 'line', { opacity: 0.7 }))
  const now = Math.max(0, xOf(nowMs))
  if (now >= widthPx) return lines
  const future = { x: now, y: topPx, width: widthPx - now, height: bottomPx - topPx }
  return [...lines, { kind: 'rect', ...future, fill: 'sunken', opacity: 0.7 }]
}

/** Labels on a ground that hides what was scrolled beneath, and the edge of now. Lies on top. */
export function drawAxis({ ticks, xOf, topPx, bottomPx, widthPx, nowMs }: GridOptions): Shape[] {
  const base = topPx + AXIS_HEIGHT - 0.5
  const shapes: Shape[] = [
    { kind: 'rect', x: 0, y: topPx, width: widthPx, height: AXIS_HEIGHT, fill: 'surface' },
    stroke([0, base, widthPx, base], 'line'),
  ]
  for (const { timeMs, label, day } of ticks) {
    const x = xOf(timeMs)
    if (x > widthPx - 24) continue
    shapes.push(stroke([x, base - 5, x, base], 'line-strong'))
    shapes.push({ kind: 'text', x: x + 4, y: topPx + 23, text: label, fill: 'ink-soft', size: 11 })
    if (day !== undefined)
      shapes.push({ kind: 'text', x: x + 4, y: topPx + 9, text: day, fill: 'ink-faint', size: 10.5 })
  }
  const now = xOf(nowMs)
  if (now < 0 || now > widthPx) return shapes
  return [
    ...shapes,
    stroke([now, topPx + AXIS_HEIGHT - 7, now, bottomPx], 'accent', { strokeWidth: 1.5 }),
    { kind: 'rect', x: now - 3.5, y: topPx + AXIS_HEIGHT - 9, width: 7, height: 7, radius: 3.5, fill: 'accent' },
  ]
}
