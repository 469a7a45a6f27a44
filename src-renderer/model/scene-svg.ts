/** A scene as an SVG document: no script, no style sheet, nothing to be fetched; every text is escaped. Pure. */
import type { Ink, LineShape, Palette, RectShape, Shape, TextShape } from './scene.ts'

export interface SvgOptions {
  width: number
  height: number
  palette: Palette
  /** Name of the picture, for screen readers and tooltips. */
  title: string
  fontFamily: string
  monospaceFamily: string
}

export function toSvg(shapes: readonly Shape[], options: SvgOptions): string {
  const { width, height, palette, title, fontFamily } = options
  const size = `width="${number(width)}" height="${number(height)}" viewBox="0 0 ${number(width)} ${number(height)}"`
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<svg xmlns="http://www.w3.org/2000/svg" ${size} role="img" font-family="${escape(fontFamily)}">`,
    `<title>${escape(title)}</title>`,
    `<defs>${hatchings(shapes, palette)}</defs>`,
    `<rect width="100%" height="100%" fill="${escape(palette.surface)}"/>`,
    ...shapes.map((shape) => element(shape, options)),
    '</svg>',
    '',
  ].join('\n')
}

function element(shape: Shape, options: SvgOptions): string {
  switch (shape.kind) {
    case 'rect':
      return rect(shape, options.palette)
    case 'line':
      return line(shape, options.palette)
    case 'text':
      return text(shape, options)
  }
}

function rect(shape: RectShape, palette: Palette): string {
  const { x, y, width, height, radius = 0, fill, isHatched = false } = shape
  const paint = fill === undefined ? 'none' : isHatched ? `url(#hatch-${fill})` : palette[fill]
  const corner = radius > 0 ? ` rx="${number(radius)}"` : ''
  const box = `x="${number(x)}" y="${number(y)}" width="${number(width)}" height="${number(height)}"`
  return `<rect ${box}${corner} fill="${escape(paint)}"${stroke(shape, palette)}/>`
}

function line(shape: LineShape, palette: Palette): string {
  const points = shape.points.map(([x, y]) => `${number(x)},${number(y)}`).join(' ')
  const paint = shape.fill === undefined ? 'none' : palette[shape.fill]
  return `<${shape.fill === undefined ? 'polyline' : 'polygon'} points="${points}" fill="${escape(paint)}"${stroke(shape, palette)}/>`
}

function text(shape: TextShape, { palette, monospaceFamily }: SvgOptions): string {
  const { x, y, size, fill, weight = 400, isMonospace = false, anchor = 'start' } = shape
  const family = isMonospace ? ` font-family="${escape(monospaceFamily)}"` : ''
  const place = `x="${number(x)}" y="${number(y)}" font-size="${number(size)}" font-weight="${number(weight)}"`
  const align = `text-anchor="${anchor}" dominant-baseline="central" xml:space="preserve"`
  const fade = shape.opacity === undefined ? '' : ` opacity="${number(shape.opacity)}"`
  return `<text ${place} ${align}${family} fill="${escape(palette[fill])}"${fade}>${escape(shape.text)}</text>`
}

function stroke(shape: RectShape | LineShape, palette: Palette): string {
  const fade = shape.opacity === undefined ? '' : ` opacity="${number(shape.opacity)}"`
  if (shape.stroke === undefined) return fade
  const dash = shape.dash === undefined ? '' : ` stroke-dasharray="${shape.dash.map(number).join(' ')}"`
  return ` stroke="${escape(palette[shape.stroke])}" stroke-width="${number(shape.strokeWidth ?? 1)}"${dash}${fade}`
}

function hatchings(shapes: readonly Shape[], palette: Palette): string {
  const inks = new Set<Ink>()
  for (const shape of shapes) if (shape.kind === 'rect' && shape.isHatched && shape.fill) inks.add(shape.fill)
  return [...inks]
    .map(
      (ink) =>
        `<pattern id="hatch-${ink}" width="6" height="6" patternUnits="userSpaceOnUse">` +
        `<path d="M-1.5 1.5 1.5-1.5M0 6 6 0M4.5 7.5 7.5 4.5" stroke="${escape(palette[ink])}" stroke-width="1.4"/></pattern>`,
    )
    .join('')
}

function number(value: number): string {
  return Number.isFinite(value) ? String(Math.round(value * 100) / 100) : '0'
}

const REFERENCES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** XML allows no control characters, not even as references, nor halves of letters. */
function escape(value: string): string {
  return value
    .toWellFormed()
    .replaceAll(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\u{FFFD}')
    .replaceAll(/[&<>"']/g, (letter) => REFERENCES[letter] ?? '')
}
