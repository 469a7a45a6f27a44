/** The key to a picture of lanes: each sign as it is drawn there. Pure. */
import { drawFlag, drawMark, stroke } from './mark-shapes.ts'
import type { LaneMark } from './lane-marks.ts'
import type { Shape } from './scene.ts'

export const LEGEND_SIGNS = [
  'waiting',
  'running',
  'back-off',
  'terminated',
  'gone',
  'probe',
  'image',
  'sandbox',
  'kill',
  'warning',
  'kubelet',
  'file',
  'action',
] as const

export type LegendSign = (typeof LEGEND_SIGNS)[number]

export const SIGN_WIDTH = 24
export const SIGN_HEIGHT = 16

const MARKS: Partial<Record<LegendSign, LaneMark>> = {
  probe: 'probe',
  image: 'image',
  sandbox: 'sandbox',
  kill: 'kill',
  warning: 'warning',
  file: 'file',
}

/** In a box of `SIGN_WIDTH` by `SIGN_HEIGHT` whose upper left corner is given. */
export function drawSign(sign: LegendSign, left: number, top: number): Shape[] {
  const middlePx = top + SIGN_HEIGHT / 2
  const bar = { kind: 'rect', x: left + 0.5, y: top + 2.5, width: SIGN_WIDTH - 1, height: 11, radius: 3 } as const
  switch (sign) {
    case 'waiting':
      return [{ ...bar, fill: 'state-waiting', isHatched: true, stroke: 'state-waiting' }]
    case 'running':
      return [{ ...bar, fill: 'state-running' }]
    case 'back-off':
      return [{ ...bar, fill: 'surface', stroke: 'state-back-off', strokeWidth: 1.5 }]
    case 'terminated':
      return [
        stroke([left + 2, middlePx, left + SIGN_WIDTH, middlePx], 'state-failed', { strokeWidth: 2 }),
        stroke([left + 2, top + 2, left + 2, top + 14], 'state-failed', { strokeWidth: 2.5 }),
      ]
    case 'gone':
      return [
        { ...bar, width: 15, fill: 'state-running', opacity: 0.5 },
        stroke([left + 18, top + 1, left + 18, top + 15], 'ink-soft', { strokeWidth: 2 }),
        stroke([left + 15, top + 1, left + 21, top + 1], 'ink-soft', { strokeWidth: 2 }),
        stroke([left + 15, top + 15, left + 21, top + 15], 'ink-soft', { strokeWidth: 2 }),
      ]
    case 'kubelet':
      return [
        { ...bar, y: middlePx - 3, height: 6, fill: 'ink-faint', opacity: 0.75 },
        ...mark('kubelet-started', left + 6, middlePx),
      ]
    case 'action': {
      const shapes: Shape[] = []
      drawFlag(shapes, left + 7, middlePx + 2)
      return shapes.map((shape) =>
        shape.kind === 'line' ? { ...shape, points: shape.points.map(([x, y]) => [x, Math.min(y, top + 16)]) } : shape,
      )
    }
    case 'probe':
    case 'image':
    case 'sandbox':
    case 'kill':
    case 'warning':
    case 'file':
      return mark(MARKS[sign] ?? 'warning', left + SIGN_WIDTH / 2, middlePx)
  }
}

function mark(kind: LaneMark, x: number, middlePx: number): Shape[] {
  const shapes: Shape[] = []
  // In a lane most marks lie at its edges; in the key they stand in the middle of their line.
  const height = kind === 'file' ? 16 : 9
  drawMark(shapes, kind, { x, middlePx, height, opacity: 1 })
  return shapes
}
