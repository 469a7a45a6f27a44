import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeFileName, encodeFileName, fileSystemPath, showFileName } from './file-name-bytes.ts'

describe('file names', () => {
  it('given any bytes, when they are read as a name, then they can be had back', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 40 }), (bytes) => {
        const name = decodeFileName(Buffer.from(bytes))
        expect(encodeFileName(name)).toEqual(Buffer.from(bytes))
        expect(Buffer.from(fileSystemPath(name))).toEqual(Buffer.from(bytes))
      }),
    )
  })

  it('given a name in UTF-8, then it stays as it is', () => {
    for (const name of ['web.yaml', 'ünï 파드.yaml', '\u{1f600}', '\ufffd'])
      expect([decodeFileName(Buffer.from(name)), fileSystemPath(name), showFileName(name)]).toEqual([name, name, name])
  })

  it('given a name in another encoding, then what is no text is shown in figures', () => {
    expect(showFileName(decodeFileName(Buffer.from('café.yaml', 'latin1')))).toBe('caf\\xe9.yaml')
  })

  it('given a surrogate that somebody encoded as if it were a character, then its bytes are strays', () => {
    const name = decodeFileName(Buffer.of(0xed, 0xb3, 0xbf))
    expect(showFileName(name)).toBe('\\xed\\xb3\\xbf')
  })
})
