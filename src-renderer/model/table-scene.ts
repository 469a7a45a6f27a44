/** The table of differences as a picture: a title, a row for each difference, a column for each side. Pure; pixels. */
import type { Picture } from './picture-scene.ts'
import { estimateTextWidth, type Ink, type Shape } from './scene.ts'
import { stroke } from './mark-shapes.ts'

export interface TableText {
  text: string
  ink: Ink
  isStrong?: boolean
}

export interface TablePicture {
  title: string
  subtitle: string
  /** Of the rows first, then one for each side. */
  columns: readonly string[]
  rows: readonly { title: string; note?: string; cells: readonly (readonly TableText[])[] }[]
}

const WIDTH = 1280
const MARGIN = 28
const TITLE_HEIGHT = 58
const HEAD_HEIGHT = 30
const SIZE = 13
const SMALL = 11.5
const LINE = 19
/** Of strong letters, beside the common ones. */
const STRONG_WIDTH = 1.15
const PAD = 10

export function computeTablePicture({ title, subtitle, columns, rows }: TablePicture): Picture {
  const room = WIDTH - 2 * MARGIN
  const firstWidth = room * 0.3
  const cellWidth = (room - firstWidth) / Math.max(1, columns.length - 1)
  const leftOf = (column: number): number => MARGIN + (column === 0 ? 0 : firstWidth + (column - 1) * cellWidth)
  const shapes: Shape[] = [
    { kind: 'text', x: MARGIN, y: MARGIN + 8, text: title, fill: 'ink', size: 20, weight: 650 },
    { kind: 'text', x: MARGIN, y: MARGIN + 32, text: subtitle, fill: 'ink-soft', size: 12.5 },
    ...columns.map((text, index): Shape => ({
      ...{ kind: 'text', x: leftOf(index), y: MARGIN + TITLE_HEIGHT + HEAD_HEIGHT / 2, text },
      ...{ fill: 'ink-soft', size: 12.5, weight: 650 },
    })),
  ]
  let top = MARGIN + TITLE_HEIGHT + HEAD_HEIGHT
  for (const row of rows) {
    shapes.push(stroke([MARGIN, top, WIDTH - MARGIN, top], 'line'))
    const head: TableText[] = [
      { text: row.title, ink: 'ink', isStrong: true },
      ...(row.note === undefined ? [] : [{ text: row.note, ink: 'ink-soft' } as const]),
    ]
    const blocks = [layOut(head, firstWidth - 16), ...row.cells.map((cell) => layOut(cell, cellWidth - 16))]
    for (const [column, lines] of blocks.entries())
      shapes.push(
        ...lines.map((line, index): Shape => ({
          ...{
            kind: 'text',
            x: leftOf(column),
            y: top + PAD + index * LINE + LINE / 2,
            text: line.text,
            fill: line.ink,
          },
          ...(line.isStrong === true ? { size: SIZE, weight: 600 } : { size: SMALL }),
        })),
      )
    top += Math.max(...blocks.map(({ length }) => length)) * LINE + 2 * PAD
  }
  shapes.push(stroke([MARGIN, top, WIDTH - MARGIN, top], 'line'))
  return { shapes, width: WIDTH, height: top + MARGIN }
}

function layOut(texts: readonly TableText[], widthPx: number): TableText[] {
  return texts.flatMap((one) => {
    const size = one.isStrong === true ? SIZE * STRONG_WIDTH : SMALL
    return wrap(one.text, (text) => estimateTextWidth(text, size) <= widthPx).map((text) => ({ ...one, text }))
  })
}

/** At blanks; a word that is too long for a line is broken, after a hyphen if it can be. */
function wrap(text: string, hasRoom: (text: string) => boolean): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ').flatMap((one) => breakWord(one, hasRoom))) {
    const longer = line === '' ? word : `${line} ${word}`
    if (line !== '' && !hasRoom(longer)) {
      lines.push(line)
      line = word
    } else line = longer
  }
  return [...lines, line]
}

function breakWord(word: string, hasRoom: (text: string) => boolean): string[] {
  if (hasRoom(word)) return [word]
  const letters = [...word]
  const fitting = Math.max(
    1,
    letters.findIndex((_, index) => !hasRoom(letters.slice(0, index + 1).join(''))),
  )
  const hyphen = letters.slice(0, fitting).lastIndexOf('-') + 1
  const end = hyphen > 0 ? hyphen : fitting
  return [letters.slice(0, end).join(''), ...breakWord(letters.slice(end).join(''), hasRoom)]
}
