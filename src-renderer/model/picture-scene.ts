/** The picture that leaves the app: title, names, lanes, axis, key. Pure. */
import { AXIS_HEIGHT, drawAxis, drawGrid } from './axis-scene.ts'
import { heightOf, type LaneRow } from './lane-rows.ts'
import { computeLaneScene, xOf, type SceneOptions } from './lane-scene.ts'
import { drawSign, SIGN_HEIGHT, SIGN_WIDTH, type LegendSign } from './legend-scene.ts'
import { estimateTextWidth, shorten, type Shape } from './scene.ts'
import type { AxisTick } from './time-axis.ts'

const MARGIN = 24
const NAMES_WIDTH = 240
const TITLE_HEIGHT = 58
const KEY_LINE = 24
const KEY_GAP = 22
const NAME_SIZE = 12
const INDENT: Record<LaneRow['kind'], number> = { actions: 0, node: 0, pod: 14, container: 30, simulated: 0 }

export interface PictureOptions extends Omit<SceneOptions, 'widthPx' | 'offsetPx'> {
  rows: readonly LaneRow[]
  width: number
  title: string
  subtitle: string
  ticks(widthPx: number): readonly AxisTick[]
  nameOf(row: LaneRow): string
  legend: readonly { sign: LegendSign; text: string }[]
  /** Rows that are further down are left out, and the note says so. */
  maximumHeight?: number
  omitted(count: number): string
}

export interface Picture {
  shapes: Shape[]
  width: number
  height: number
}

export function computePicture(options: PictureOptions): Picture {
  const { width } = options
  const plotLeft = MARGIN + NAMES_WIDTH
  const plotWidth = width - plotLeft - MARGIN
  const key = drawKey(options, width - 2 * MARGIN)
  const room = (options.maximumHeight ?? Infinity) - TITLE_HEIGHT - AXIS_HEIGHT - key.height - 2 * MARGIN - KEY_LINE
  const rows = options.rows.filter(({ top, height }) => top + height <= room)
  const omitted = options.rows.length - rows.length
  const lanesTop = MARGIN + TITLE_HEIGHT + AXIS_HEIGHT
  const bottomPx = lanesTop + heightOf(rows)
  const noteHeight = omitted === 0 ? 0 : KEY_LINE
  const keyTop = bottomPx + noteHeight + 12
  const scene = { ...options, widthPx: plotWidth, offsetPx: lanesTop }
  const grid = {
    ...{ ticks: options.ticks(plotWidth), xOf: (timeMs: number) => xOf(timeMs, scene) },
    ...{ topPx: lanesTop - AXIS_HEIGHT, bottomPx, widthPx: plotWidth, nowMs: options.nowMs },
  }
  const plot = [...drawGrid(grid), ...computeLaneScene(rows, scene), ...drawAxis(grid)]
  const height = keyTop + key.height + MARGIN
  const shapes: Shape[] = [
    ...plot.map((shape) => moved(shape, plotLeft, 0)),
    // What reaches over the plot's edges is hidden beneath the margins.
    {
      kind: 'rect',
      x: 0,
      y: lanesTop - AXIS_HEIGHT,
      width: plotLeft,
      height: bottomPx - lanesTop + AXIS_HEIGHT,
      fill: 'surface',
    },
    { kind: 'rect', x: plotLeft + plotWidth, y: 0, width: MARGIN, height, fill: 'surface' },
    ...drawNames(rows, options, lanesTop),
    { kind: 'text', x: MARGIN, y: MARGIN + 10, text: options.title, fill: 'ink', size: 20, weight: 650 },
    { kind: 'text', x: MARGIN, y: MARGIN + 34, text: options.subtitle, fill: 'ink-soft', size: 12.5 },
    ...key.shapes.map((shape) => moved(shape, MARGIN, keyTop)),
  ]
  if (omitted > 0)
    shapes.push({
      kind: 'text',
      x: MARGIN,
      y: bottomPx + 14,
      text: options.omitted(omitted),
      fill: 'ink-soft',
      size: 12,
    })
  return { shapes, width, height }
}

function drawNames(rows: readonly LaneRow[], { nameOf }: PictureOptions, offsetPx: number): Shape[] {
  return rows.map((row): Shape => {
    const x = MARGIN + INDENT[row.kind]
    const isGone = (row.kind === 'pod' || row.kind === 'container') && row.lane.goneMs !== undefined
    return {
      ...{ kind: 'text', x, y: offsetPx + row.top + row.height / 2, size: NAME_SIZE },
      text: shorten(nameOf(row), NAME_SIZE, NAMES_WIDTH - INDENT[row.kind] - 12),
      fill: isGone ? 'ink-faint' : 'ink',
      weight: row.kind === 'node' || row.kind === 'simulated' ? 650 : 400,
      isMonospace: row.kind === 'pod' || row.kind === 'container',
    }
  })
}

function drawKey({ legend }: PictureOptions, widthPx: number): { shapes: Shape[]; height: number } {
  const shapes: Shape[] = []
  let x = 0
  let y = 0
  for (const { sign, text } of legend) {
    const width = SIGN_WIDTH + 6 + estimateTextWidth(text, 12)
    if (x > 0 && x + width > widthPx) {
      x = 0
      y += KEY_LINE
    }
    shapes.push(...drawSign(sign, x, y))
    shapes.push({ kind: 'text', x: x + SIGN_WIDTH + 6, y: y + SIGN_HEIGHT / 2, text, fill: 'ink-soft', size: 12 })
    x += width + KEY_GAP
  }
  return { shapes, height: y + KEY_LINE }
}

function moved(shape: Shape, dx: number, dy: number): Shape {
  if (shape.kind === 'line') return { ...shape, points: shape.points.map(([x, y]) => [x + dx, y + dy]) }
  return { ...shape, x: shape.x + dx, y: shape.y + dy }
}
