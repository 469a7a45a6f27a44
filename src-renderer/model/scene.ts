/** A picture as plain data: what a canvas paints and an SVG file says. Lengths in pixels, from the upper left corner. */

/** Names of colours; a theme gives each its value. */
export const INKS = [
  'canvas',
  'surface',
  'sunken',
  'line',
  'line-strong',
  'ink',
  'ink-soft',
  'ink-faint',
  'accent',
  'state-waiting',
  'state-running',
  'state-back-off',
  'state-ended',
  'state-failed',
  'simulated',
] as const

export type Ink = (typeof INKS)[number]

/** CSS colours. */
export type Palette = Readonly<Record<Ink, string>>

interface Drawn {
  /** 0 to 1; 1 when absent. */
  opacity?: number
}

export interface RectShape extends Drawn {
  kind: 'rect'
  x: number
  y: number
  width: number
  height: number
  radius?: number
  fill?: Ink
  /** Diagonal lines instead of a plain fill. */
  isHatched?: boolean
  stroke?: Ink
  strokeWidth?: number
  dash?: readonly number[]
}

export interface LineShape extends Drawn {
  kind: 'line'
  points: readonly (readonly [x: number, y: number])[]
  stroke?: Ink
  strokeWidth?: number
  dash?: readonly number[]
  /** Closes the line and fills what is inside. */
  fill?: Ink
}

export interface TextShape extends Drawn {
  kind: 'text'
  x: number
  /** Of the middle of its letters. */
  y: number
  text: string
  fill: Ink
  /** Of the letters, in pixels. */
  size: number
  weight?: number
  isMonospace?: boolean
  anchor?: 'start' | 'middle' | 'end'
}

export type Shape = RectShape | LineShape | TextShape

/** Width of a text in a common font, near enough to know whether it has room. East Asian letters are twice as wide. */
export function estimateTextWidth(text: string, size: number): number {
  let widths = 0
  for (const letter of text) widths += (letter.codePointAt(0) ?? 0) >= 0x11_00 ? 1 : 0.56
  return widths * size
}

/** As much of it as has room, with an ellipsis for the rest. */
export function shorten(text: string, size: number, widthPx: number): string {
  if (estimateTextWidth(text, size) <= widthPx) return text
  let kept = ''
  for (const letter of text) {
    if (estimateTextWidth(`${kept}${letter}…`, size) > widthPx) break
    kept += letter
  }
  return `${kept}…`
}
