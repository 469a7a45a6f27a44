/**
 * A line of a log without its escape sequences, and which parts of it were to be coloured. Only colours and weights of the
 * "select graphic rendition" sequence are understood; every other sequence and control character is left out. Pure.
 */

export const ANSI_COLOURS = ['grey', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'] as const
export type AnsiColour = (typeof ANSI_COLOURS)[number]

export interface TextStyle {
  colour?: AnsiColour
  isBold?: true
  isFaint?: true
  isUnderlined?: true
}

export interface StyledSpan {
  from: number
  /** Exclusive. */
  to: number
  style: TextStyle
}

export interface AnsiText {
  text: string
  /** In order, without overlaps; plain parts have none. */
  spans: StyledSpan[]
}

// Control sequences (with their parameters), operating system commands up to their end, and two-letter escapes.
// eslint-disable-next-line no-control-regex -- control characters are what is looked for
const SEQUENCE = /\u001B(?:\[([0-?]*)[ -/]*([@-~])|\][^\u0007\u001B]*(?:\u0007|\u001B\\)?|[ -/]*[0-~])?/g
// eslint-disable-next-line no-control-regex -- control characters are what is looked for
const CONTROL = /[\u0000-\u0006\u0008\u000A-\u001A\u001C-\u001F\u007F-\u009F]/g
const BELL = '\u0007'

export function parseAnsi(raw: string): AnsiText {
  // A bell may end a sequence, so it goes last.
  const line = raw.replace(CONTROL, '')
  if (!line.includes('\u001B')) return { text: line.replaceAll(BELL, ''), spans: [] }
  const spans: StyledSpan[] = []
  let text = ''
  let style: TextStyle = {}
  let from = 0
  const take = (until: number): void => {
    const part = line.slice(from, until).replaceAll(BELL, '')
    if (part !== '' && Object.keys(style).length > 0)
      spans.push({ from: text.length, to: text.length + part.length, style })
    text += part
  }
  for (const match of line.matchAll(SEQUENCE)) {
    take(match.index)
    from = match.index + match[0].length
    if (match[2] === 'm') style = applyCodes(style, (match[1] ?? '').split(/[;:]/).map(Number))
  }
  take(line.length)
  return { text, spans }
}

function applyCodes(before: TextStyle, codes: readonly number[]): TextStyle {
  let style = before
  for (let index = 0; index < codes.length; index += 1) {
    const code = codes[index] ?? 0
    if (code === 38 || code === 48) {
      const colour = code === 38 ? paletteColour(codes[index + 1], codes[index + 2]) : undefined
      if (colour !== undefined) style = { ...style, colour }
      index += codes[index + 1] === 2 ? 4 : 2
    } else style = applyCode(style, code)
  }
  return style
}

function applyCode(style: TextStyle, code: number): TextStyle {
  if (code === 0) return {}
  if (code === 1) return { ...style, isBold: true }
  if (code === 2) return { ...style, isFaint: true }
  if (code === 4) return { ...style, isUnderlined: true }
  if (code === 22) return without(without(style, 'isBold'), 'isFaint')
  if (code === 24) return without(style, 'isUnderlined')
  if (code === 39) return without(style, 'colour')
  const colour = ANSI_COLOURS[code >= 90 ? code - 90 : code - 30]
  return colour === undefined || (code > 37 && code < 90) ? style : { ...style, colour }
}

/** The first sixteen colours of the palette; finer ones have no counterpart that can be read in both themes. */
function paletteColour(mode: number | undefined, number: number | undefined): AnsiColour | undefined {
  return mode === 5 && number !== undefined && number < 16 ? ANSI_COLOURS[number % 8] : undefined
}

function without(style: TextStyle, key: keyof TextStyle): TextStyle {
  const { [key]: _removed, ...rest } = style
  return rest
}
