/** Paints a scene on a canvas, as sharp as the screen is. */
import type { Ink, LineShape, Palette, RectShape, Shape, TextShape } from '../../model/scene.ts'

export interface Paper {
  context: CanvasRenderingContext2D
  palette: Palette
  fontFamily: string
  monospaceFamily: string
}

const hatchings = new WeakMap<CanvasRenderingContext2D, Map<string, CanvasPattern>>()

export function paintScene(shapes: readonly Shape[], paper: Paper): void {
  const { context } = paper
  for (const shape of shapes) {
    context.globalAlpha = shape.opacity ?? 1
    if (shape.kind === 'rect') paintRect(shape, paper)
    else if (shape.kind === 'line') paintLine(shape, paper)
    else paintText(shape, paper)
  }
  context.globalAlpha = 1
}

function paintRect(shape: RectShape, paper: Paper): void {
  const { context, palette } = paper
  const { x, y, width, height, radius = 0, fill, isHatched } = shape
  if (radius === 0 && shape.stroke === undefined && fill !== undefined && isHatched !== true) {
    context.fillStyle = palette[fill]
    context.fillRect(x, y, width, height)
    return
  }
  context.beginPath()
  if (radius === 0) context.rect(x, y, width, height)
  else context.roundRect(x, y, width, height, radius)
  if (fill !== undefined) {
    context.fillStyle = isHatched === true ? hatching(paper, fill) : palette[fill]
    context.fill()
  }
  stroke(shape, paper)
}

function paintLine(shape: LineShape, paper: Paper): void {
  const { context, palette } = paper
  context.beginPath()
  for (const [x, y] of shape.points) context.lineTo(x, y)
  if (shape.fill !== undefined) {
    context.closePath()
    context.fillStyle = palette[shape.fill]
    context.fill()
  }
  stroke(shape, paper)
}

function stroke(shape: RectShape | LineShape, { context, palette }: Paper): void {
  if (shape.stroke === undefined) return
  context.strokeStyle = palette[shape.stroke]
  context.lineWidth = shape.strokeWidth ?? 1
  context.setLineDash(shape.dash === undefined ? [] : [...shape.dash])
  context.stroke()
}

function paintText(shape: TextShape, { context, palette, fontFamily, monospaceFamily }: Paper): void {
  context.font = `${shape.weight ?? 400} ${shape.size}px ${shape.isMonospace === true ? monospaceFamily : fontFamily}`
  context.fillStyle = palette[shape.fill]
  context.textAlign = shape.anchor === 'middle' ? 'center' : (shape.anchor ?? 'start')
  context.textBaseline = 'middle'
  context.fillText(shape.text, shape.x, shape.y)
}

/** Made once for each colour: six pixels that repeat. */
function hatching({ context, palette }: Paper, ink: Ink): CanvasPattern | string {
  const colour = palette[ink]
  const known = hatchings.get(context) ?? new Map<string, CanvasPattern>()
  hatchings.set(context, known)
  const made = known.get(colour) ?? makeHatching(context, colour)
  if (made === undefined) return colour
  known.set(colour, made)
  return made
}

function makeHatching(context: CanvasRenderingContext2D, colour: string): CanvasPattern | undefined {
  const scale = context.getTransform().a
  const size = Math.max(1, Math.round(6 * scale))
  const tile = new OffscreenCanvas(size, size)
  const pen = tile.getContext('2d')
  if (pen === null) return undefined
  pen.strokeStyle = colour
  pen.lineWidth = size * 0.23
  for (const shift of [-size, 0, size]) {
    pen.beginPath()
    pen.moveTo(shift, size)
    pen.lineTo(shift + size, 0)
    pen.stroke()
  }
  const pattern = context.createPattern(tile, 'repeat')
  pattern?.setTransform(new DOMMatrix().scale(6 / size))
  return pattern ?? undefined
}
