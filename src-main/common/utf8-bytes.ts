/** The bytes of a text in UTF-8, where there is no TextEncoder to ask. */
export function* utf8Bytes(text: string): Generator<number> {
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0
    if (code < 0x80) {
      yield code
    } else if (code < 0x800) {
      yield 0xc0 | (code >> 6)
      yield 0x80 | (code & 0x3f)
    } else if (code < 0x10000) {
      yield 0xe0 | (code >> 12)
      yield 0x80 | ((code >> 6) & 0x3f)
      yield 0x80 | (code & 0x3f)
    } else {
      yield 0xf0 | (code >> 18)
      yield 0x80 | ((code >> 12) & 0x3f)
      yield 0x80 | ((code >> 6) & 0x3f)
      yield 0x80 | (code & 0x3f)
    }
  }
}
