/**
 * Bytes of a manifest as text, with the checks of a kubelet's YAML reader: UTF-8, or UTF-16 with a byte order mark (as
 * some Windows shells write files). Pure, since neither Node nor a browser may be assumed here.
 */

export type DecodedText = { ok: true; text: string } | { ok: false; message: string; offset: number }

/** Reads UTF-8 (a leading byte order mark is dropped) or UTF-16 by its mark. `offset` of a fault counts bytes. */
export function decodeText(bytes: Uint8Array): DecodedText {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return decodeUTF16(bytes, 0)
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return decodeUTF16(bytes, 1)
  return decodeUTF8(bytes, bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0)
}

const CHUNK = 8192

function decodeUTF8(bytes: Uint8Array, start: number): DecodedText {
  const parts: string[] = []
  let units: number[] = []
  for (let at = start; at < bytes.length;) {
    const first = bytes[at] ?? 0
    const width =
      first < 0x80 ? 1 : (first & 0xe0) === 0xc0 ? 2 : (first & 0xf0) === 0xe0 ? 3 : (first & 0xf8) === 0xf0 ? 4 : 0
    if (width === 0) return { ok: false, message: 'yaml: invalid leading UTF-8 octet', offset: at }
    if (at + width > bytes.length) return { ok: false, message: 'yaml: incomplete UTF-8 octet sequence', offset: at }
    let code = width === 1 ? first : first & (0xff >> (width + 1))
    for (let index = 1; index < width; index += 1) {
      const next = bytes[at + index] ?? 0
      if ((next & 0xc0) !== 0x80)
        return { ok: false, message: 'yaml: invalid trailing UTF-8 octet', offset: at + index }
      code = (code << 6) | (next & 0x3f)
    }
    if (code < (SMALLEST_OF_WIDTH[width - 1] ?? 0)) {
      return { ok: false, message: 'yaml: invalid length of a UTF-8 sequence', offset: at }
    }
    if ((code >= 0xd800 && code <= 0xdfff) || code > 0x10ffff) {
      return { ok: false, message: 'yaml: invalid Unicode character', offset: at }
    }
    if (code < 0x10000) units.push(code)
    else units.push(0xd800 + ((code - 0x10000) >> 10), 0xdc00 + ((code - 0x10000) & 0x3ff))
    if (units.length >= CHUNK) {
      parts.push(String.fromCharCode(...units))
      units = []
    }
    at += width
  }
  parts.push(String.fromCharCode(...units))
  return { ok: true, text: parts.join('') }
}

const SMALLEST_OF_WIDTH = [0, 0x80, 0x800, 0x10000] as const

function decodeUTF16(bytes: Uint8Array, highAt: 0 | 1): DecodedText {
  if (bytes.length % 2 !== 0)
    return { ok: false, message: 'yaml: incomplete UTF-16 character', offset: bytes.length - 1 }
  const parts: string[] = []
  let units: number[] = []
  for (let at = 2; at < bytes.length; at += 2) {
    const even = bytes[at] ?? 0
    const odd = bytes[at + 1] ?? 0
    units.push(highAt === 0 ? (odd << 8) | even : (even << 8) | odd)
    if (units.length >= CHUNK) {
      parts.push(String.fromCharCode(...units))
      units = []
    }
  }
  parts.push(String.fromCharCode(...units))
  const text = parts.join('')
  if (text.isWellFormed()) return { ok: true, text }
  return { ok: false, message: 'yaml: unexpected low surrogate area', offset: 0 }
}

/** Whatever a YAML stream may not contain: a kubelet refuses the whole file for one of them. */
const FORBIDDEN = /[^\t\n\r\x20-\x7e\x85\xa0-\ufefe\uff00-\ufffd\u{10000}-\u{10ffff}]/u

/** Offset of the first control character, or -1. */
export function controlCharacterAt(text: string): number {
  return text.search(FORBIDDEN)
}
