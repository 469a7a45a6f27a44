/** What a text would do if it were pasted into a shell. */

export interface PasteFacts {
  /** Lines that a shell would run one after the other. */
  lines: number
  /** It has control characters, which are keys to a program: Escape, Ctrl+C, … */
  hasControlCharacters: boolean
}

/** Everything below the space but tab and line ends, and DEL. */
// eslint-disable-next-line no-control-regex -- control characters are what is looked for
const CONTROL_CHARACTERS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/

export function readPaste(text: string): PasteFacts {
  const lines = text.replace(/(\r\n|\r|\n)$/, '').split(/\r\n|\r|\n/).length
  return { lines: text === '' ? 0 : lines, hasControlCharacters: CONTROL_CHARACTERS.test(text) }
}

/** One line without a line end does nothing until Enter is pressed. */
export function needsConfirmation(text: string): boolean {
  const { lines, hasControlCharacters } = readPaste(text)
  return lines > 1 || hasControlCharacters || /[\r\n]/.test(text)
}

/** An end of a bracketed paste inside of it would let the rest be typed; no other control character belongs into pasted text. */
export function cleanPaste(text: string): string {
  return text.replaceAll(new RegExp(CONTROL_CHARACTERS, 'g'), '')
}
