/**
 * File names are bytes, and not every one is UTF-8. A byte that is none becomes a lone surrogate, U+DC00 and the byte: no
 * other name gives the same text, and the name can be had back (as Python's `surrogateescape` has it).
 */
import { isUtf8 } from 'node:buffer'

/** What lone surrogates stand for. */
const STRAY = /[\udc80-\udcff]/u
const MAX_WIDTH = 4

export function decodeFileName(bytes: Buffer): string {
  if (isUtf8(bytes)) return bytes.toString('utf8')
  let name = ''
  for (let at = 0; at < bytes.length;) {
    const width = characterWidth(bytes, at)
    name += width === 0 ? String.fromCharCode(0xdc00 + (bytes[at] ?? 0)) : bytes.toString('utf8', at, at + width)
    at += Math.max(width, 1)
  }
  return name
}

/** Number of bytes of the character that begins there; 0 when none does. */
function characterWidth(bytes: Buffer, at: number): number {
  for (let width = 1; width <= MAX_WIDTH && at + width <= bytes.length; width++)
    if (isUtf8(bytes.subarray(at, at + width))) return width
  return 0
}

/** The bytes of a decoded name, or of a path with one. */
export function encodeFileName(name: string): Buffer {
  return Buffer.concat(
    [...name].map((character) =>
      STRAY.test(character) ? Buffer.of(character.charCodeAt(0) - 0xdc00) : Buffer.from(character),
    ),
  )
}

/** For functions of the file system: text wherever text will do. */
export function fileSystemPath(path: string): string | Buffer {
  return STRAY.test(path) ? encodeFileName(path) : path
}

/** For people: what is no text is shown as `ls` shows it, `caf\xe9.yaml`. */
export function showFileName(name: string): string {
  return name.replaceAll(new RegExp(STRAY, 'gu'), (stray) => `\\x${(stray.charCodeAt(0) - 0xdc00).toString(16)}`)
}
