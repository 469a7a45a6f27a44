/** Rows of lanes as shapes: segments, marks, flags, the edge of now. Pure. */
import type { TimelineEntry } from '@common/lab/timeline-entry.ts'
import type { ContainerSegment } from './container-segments.ts'
import type { KubeletSegment, PodLane } from './compute-lanes.ts'
import { concernsRow, type LaneRow } from './lane-rows.ts'
import { drawFlag, drawMark, stroke } from './mark-shapes.ts'
import { markOf } from './lane-marks.ts'
import { estimateTextWidth, shorten, type Ink, type RectShape, type Shape } from './scene.ts'
import type { TimeRange } from './time-range.ts'
import type { UserAction } from '@common/lab/user-action.ts'

export interface SceneOptions {
  range: TimeRange
  widthPx: number
  nowMs: number
  /** Added to every height. */
  offsetPx: number
  matches(entry: TimelineEntry): boolean
  actions: readonly UserAction[]
  formatDuration(milliseconds: number): string
  /** `exit 1` in the user's language. */
  formatExit(exitCode: number): string
}

/** A row's drawing; everything beside the row itself is the same for all rows of a picture. */
interface Pen extends SceneOptions {
  row: LaneRow
  middlePx: number
  opacity: number
  shapes: Shape[]
}

const BAR_HEIGHT = { actions: 0, node: 6, pod: 16, container: 12, simulated: 0 } as const
const GONE_OPACITY = 0.5
const TEXT_SIZE = 10.5
/** Nearer than so, two of a kind are one. */
const MERGE_PX = 0.75

export function xOf(timeMs: number, { range, widthPx }: Pick<SceneOptions, 'range' | 'widthPx'>): number {
  return ((timeMs - range.startMs) / (range.endMs - range.startMs)) * widthPx
}

export function computeLaneScene(rows: readonly LaneRow[], options: SceneOptions): Shape[] {
  const shapes: Shape[] = []
  for (const row of rows) {
    const opacity = isGone(row) ? GONE_OPACITY : 1
    const pen = { ...options, row, shapes, opacity, middlePx: options.offsetPx + row.top + row.height / 2 }
    drawGround(pen)
    drawRow(pen)
    drawActions(pen)
  }
  return shapes
}

function isGone(row: LaneRow): boolean {
  return (row.kind === 'pod' || row.kind === 'container') && row.lane.goneMs !== undefined
}

function drawGround({ shapes, row, offsetPx, widthPx }: Pen): void {
  const y = offsetPx + row.top
  if (row.kind === 'node' || row.kind === 'simulated')
    shapes.push({ kind: 'rect', x: 0, y, width: widthPx, height: row.height, fill: 'sunken', opacity: 0.55 })
  const bottom = y + row.height - 0.5
  shapes.push(stroke([0, bottom, widthPx, bottom], 'line', { opacity: 0.6 }))
}

function drawRow(pen: Pen): void {
  const { row } = pen
  switch (row.kind) {
    case 'actions':
    case 'simulated':
      return
    case 'node':
      for (const segment of row.lane.kubelet) drawKubelet(pen, segment)
      return drawMarks(pen, row.lane.entries)
    case 'pod':
      drawSegments(pen, row.lane.segments)
      drawMarks(pen, row.lane.entries)
      return drawEnd(pen, row.lane)
    case 'container':
      drawSegments(pen, containerSegments(row.lane, row.container))
      return drawMarks(pen, containerEntries(row.lane, row.container))
  }
}

const segmentsByLane = new WeakMap<PodLane, Map<string, ContainerSegment[]>>()

/** Lanes never change in place, so the grouping is done once for each. */
export function containerSegments(lane: PodLane, container: string): readonly ContainerSegment[] {
  const known = segmentsByLane.get(lane) ?? Map.groupBy(lane.containerSegments, (segment) => segment.container)
  segmentsByLane.set(lane, known)
  return known.get(container) ?? []
}

const entriesByLane = new WeakMap<PodLane, Map<string, TimelineEntry[]>>()

export function containerEntries(lane: PodLane, container: string): readonly TimelineEntry[] {
  const known = entriesByLane.get(lane) ?? Map.groupBy(lane.entries, (entry) => entry.container ?? '')
  entriesByLane.set(lane, known)
  return known.get(container) ?? []
}

function drawKubelet(pen: Pen, { state, startMs, endMs = pen.nowMs }: KubeletSegment): void {
  const bar = barOf(pen, startMs, endMs)
  if (bar === undefined) return
  if (state === 'running') pen.shapes.push({ ...bar, radius: 3, fill: 'ink-faint', opacity: 0.75 })
  else pen.shapes.push({ ...bar, radius: 3, stroke: 'state-failed', dash: [3, 3] })
}

/** Nothing when all of it is outside of the picture. */
function barOf(pen: Pen, startMs: number, endMs: number): RectShape | undefined {
  const left = xOf(startMs, pen)
  const right = xOf(endMs, pen)
  if (right < 0 || left > pen.widthPx) return undefined
  const x = Math.max(-8, left)
  const width = Math.max(1, Math.min(pen.widthPx + 8, right) - x)
  const height = BAR_HEIGHT[pen.row.kind]
  return { kind: 'rect', x, y: pen.middlePx - height / 2, width, height }
}

function drawSegments(pen: Pen, segments: readonly ContainerSegment[]): void {
  let last: { state: string; right: number } | undefined
  // An end that lasts for no time is told by what follows it.
  let exitCode: number | undefined
  for (const segment of segments) {
    const bar = barOf(pen, segment.startMs, segment.endMs ?? pen.nowMs)
    if (bar === undefined) continue
    const right = bar.x + bar.width
    if (last?.state === segment.state && right - last.right < MERGE_PX) continue
    last = { state: segment.state, right }
    drawSegment(pen, segment, bar, exitCode)
    exitCode = segment.state === 'terminated' && bar.width < 4 ? segment.exitCode : undefined
  }
}

function drawSegment(pen: Pen, segment: ContainerSegment, bar: RectShape, exitCode: number | undefined): void {
  const { shapes, opacity } = pen
  const radius = Math.min(3, bar.width / 2)
  switch (segment.state) {
    case 'running':
      shapes.push({ ...bar, radius, fill: 'state-running', opacity })
      // The end of the run before, which lasted for no time.
      if (exitCode !== undefined) drawPost(pen, bar.x, exitCode)
      return
    case 'waiting':
      shapes.push({ ...bar, radius, fill: 'state-waiting', isHatched: true, stroke: 'state-waiting', opacity })
      return drawWords(pen, bar, segment.reason ?? '', 'state-waiting')
    case 'backOff':
      shapes.push({ ...bar, radius, fill: 'surface', stroke: 'state-back-off', strokeWidth: 1.5, opacity })
      return drawWords(pen, bar, backOffWords(pen, segment, exitCode), 'state-back-off')
    case 'terminated':
      return drawTerminated(pen, segment, bar)
  }
}

function backOffWords(pen: Pen, segment: ContainerSegment, exitCode: number | undefined): string {
  const { startMs, endMs, untilMs } = segment
  const exit = exitCode === undefined ? [] : [pen.formatExit(exitCode)]
  if (untilMs === undefined) return exit.join('')
  const leftMs = endMs === undefined ? untilMs - pen.nowMs : untilMs - startMs
  return [...exit, ...(leftMs > 0 ? [pen.formatDuration(leftMs)] : [])].join(' · ')
}

/** A thin line, with a post where it ended and the code on it. */
function drawTerminated(pen: Pen, { exitCode }: ContainerSegment, bar: RectShape): void {
  const { shapes, opacity, middlePx } = pen
  const ink = exitCode === 0 ? 'state-ended' : 'state-failed'
  shapes.push({ ...bar, y: middlePx - 1, height: 2, fill: ink, opacity })
  drawPost(pen, bar.x, exitCode)
  if (exitCode === undefined) return
  const text = pen.formatExit(exitCode)
  if (estimateTextWidth(text, TEXT_SIZE) + 10 > bar.width) return
  drawLabel(pen, bar.x + 5, text, ink)
}

/** Taller than the bars, and set off from them, so that it is seen between two. */
function drawPost({ shapes, row, middlePx, opacity }: Pen, x: number, exitCode: number | undefined): void {
  const height = BAR_HEIGHT[row.kind] + 4
  const post = { kind: 'rect', x: x - 2.5, y: middlePx - height / 2, width: 5, height } as const
  shapes.push({ ...post, fill: 'surface' })
  shapes.push({ ...post, x: x - 1.25, width: 2.5, fill: exitCode === 0 ? 'state-ended' : 'state-failed', opacity })
}

function drawWords(pen: Pen, bar: RectShape, text: string, fill: Ink): void {
  const room = bar.width - 10
  const shown = text === '' || room < 14 ? '' : shorten(text, TEXT_SIZE, room)
  if (shown.length < Math.min(3, text.length) || shown === '') return
  drawLabel(pen, Math.max(0, bar.x) + 5, shown, fill)
}

/** Text on a ground of its own, so that it can be read on hatching and lines. */
function drawLabel(pen: Pen, x: number, text: string, fill: Ink): void {
  const { shapes, middlePx } = pen
  const width = estimateTextWidth(text, TEXT_SIZE) + 6
  shapes.push({ kind: 'rect', x: x - 3, y: middlePx - 6, width, height: 12, radius: 2, fill: 'surface' })
  shapes.push({ kind: 'text', x, y: middlePx, text, fill, size: TEXT_SIZE, weight: 600 })
}

function drawMarks(pen: Pen, entries: readonly TimelineEntry[]): void {
  const { range, widthPx, matches, shapes, opacity, middlePx, row } = pen
  const lastX = new Map<string, number>()
  for (let index = firstSince(entries, range.startMs); index < entries.length; index += 1) {
    const entry = entries[index]
    if (entry === undefined) break
    const x = xOf(Date.parse(entry.time), pen)
    if (x > widthPx) break
    const mark = markOf(entry)
    if (mark === undefined || x - (lastX.get(mark) ?? -Infinity) < MERGE_PX || !matches(entry)) continue
    lastX.set(mark, x)
    drawMark(shapes, mark, { x, middlePx, height: row.height, opacity })
  }
}

/** Index of the first entry that is not before the moment; a journal's times may be out of order by a little. */
function firstSince(entries: readonly TimelineEntry[], timeMs: number): number {
  let low = 0
  let high = entries.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (Date.parse(entries[middle]?.time ?? '') < timeMs) low = middle + 1
    else high = middle
  }
  return low
}

/** Where a pod was done away with. */
function drawEnd(pen: Pen, { goneMs }: PodLane): void {
  if (goneMs === undefined) return
  const x = xOf(goneMs, pen)
  if (x < 0 || x > pen.widthPx) return
  const { shapes, middlePx } = pen
  const half = pen.row.height / 2 - 3
  shapes.push(stroke([x, middlePx - half, x, middlePx + half], 'ink-soft', { strokeWidth: 2 }))
  for (const y of [middlePx - half, middlePx + half])
    shapes.push(stroke([x - 3, y, x + 3, y], 'ink-soft', { strokeWidth: 2 }))
}

function drawActions(pen: Pen): void {
  const { row, actions, shapes, offsetPx, middlePx, widthPx } = pen
  for (const action of actions) {
    const x = xOf(Date.parse(action.time), pen)
    if (x < -8 || x > widthPx + 8 || !concernsRow(action, row)) continue
    const y = offsetPx + row.top
    shapes.push(stroke([x, y, x, y + row.height], 'accent', { dash: [2, 3], opacity: 0.9 }))
    if (row.kind === 'actions') drawFlag(shapes, x, middlePx)
  }
}
