/** The marks of a lane, each of a shape of its own, so that none is told by its colour alone. Pure. */
import type { LaneMark } from './lane-marks.ts'
import type { Ink, LineShape, Shape } from './scene.ts'

export interface MarkPlace {
  x: number
  middlePx: number
  /** Of the row. */
  height: number
  opacity: number
}

type Points = LineShape['points']

export function drawMark(shapes: Shape[], mark: LaneMark, { x, middlePx, height, opacity }: MarkPlace): void {
  const top = middlePx - height / 2
  const bottom = middlePx + height / 2
  switch (mark) {
    case 'probe':
      shapes.push(stroke([x, bottom - 6, x, bottom - 0.5], 'state-failed', { strokeWidth: 2.5, opacity }))
      return
    case 'image':
      shapes.push(area([x, top + 1, x + 3, top + 4, x, top + 7, x - 3, top + 4], 'ink-soft', { opacity }))
      return
    case 'sandbox':
      shapes.push({ ...square(x, top + 4, 5), fill: 'surface', stroke: 'ink-soft', opacity })
      return
    case 'kill':
      shapes.push(area([x - 3.5, top + 1, x + 3.5, top + 1, x, top + 6], 'ink-soft', { opacity }))
      return
    case 'warning':
      shapes.push(
        area([x, top + 0.5, x + 4, top + 7, x - 4, top + 7], 'state-back-off', { stroke: 'surface', opacity }),
      )
      return
    case 'file':
    case 'file-refused':
    case 'file-gone':
      return drawPaper(shapes, mark, x, top + 3)
    case 'kubelet-started':
      shapes.push(area([x, middlePx - 6, x + 9, middlePx, x, middlePx + 6], 'state-running', { stroke: 'surface' }))
      return
    case 'kubelet-stopped':
      shapes.push({ ...square(x, middlePx, 10), radius: 1, fill: 'state-failed', stroke: 'surface' })
  }
}

/** A sheet with its corner folded; crossed out when it was refused, only a dashed outline when it is gone. */
function drawPaper(shapes: Shape[], mark: 'file' | 'file-refused' | 'file-gone', x: number, y: number): void {
  const outline = [x - 4, y, x + 1.5, y, x + 4, y + 2.5, x + 4, y + 10, x - 4, y + 10, x - 4, y]
  const ink = mark === 'file-refused' ? 'state-failed' : 'ink-soft'
  if (mark === 'file-gone') shapes.push(stroke(outline, ink, { strokeWidth: 1.25, dash: [2, 1.5] }))
  else shapes.push(area(outline, 'surface', { stroke: ink, strokeWidth: 1.25 }))
  if (mark !== 'file-refused') return
  shapes.push(stroke([x - 2, y + 3.5, x + 2, y + 7.5], ink, { strokeWidth: 1.5 }))
  shapes.push(stroke([x + 2, y + 3.5, x - 2, y + 7.5], ink, { strokeWidth: 1.5 }))
}

/** What somebody did: a pennant on its staff. */
export function drawFlag(shapes: Shape[], x: number, middlePx: number): void {
  shapes.push(stroke([x, middlePx - 10, x, middlePx + 14], 'accent', { strokeWidth: 1.75 }))
  shapes.push(area([x, middlePx - 10, x + 11, middlePx - 5.5, x, middlePx - 1], 'accent', {}))
}

type Style = Partial<Omit<LineShape, 'kind' | 'points' | 'fill'>>

/** @param flat x and y by turns */
export function stroke(flat: readonly number[], ink: Ink, style: Style = {}): LineShape {
  return { kind: 'line', points: pairs(flat), stroke: ink, ...style }
}

function area(flat: readonly number[], fill: Ink, style: Style): LineShape {
  return { kind: 'line', points: pairs(flat), fill, ...style }
}

function square(
  x: number,
  y: number,
  size: number,
): { kind: 'rect'; x: number; y: number; width: number; height: number } {
  return { kind: 'rect', x: x - size / 2, y: y - size / 2, width: size, height: size }
}

function pairs(flat: readonly number[]): Points {
  return flat.flatMap((x, index): Points => (index % 2 === 0 ? [[x, flat[index + 1] ?? 0]] : []))
}
