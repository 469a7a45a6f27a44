import { describe, expect, it } from 'vitest'
import { EngineLogParser } from './engine-log-parser.ts'

const STAMP = '2026-01-01T00:00:00.123456789Z'
function frame(stream: 1 | 2, text: string): Buffer {
  const header = Buffer.alloc(8)
  header[0] = stream
  header.writeUInt32BE(Buffer.byteLength(text), 4)
  return Buffer.concat([header, Buffer.from(text)])
}

describe('EngineLogParser', () => {
  it('given frames cut anywhere, then the same entries come out', () => {
    const bytes = Buffer.concat([
      frame(1, `${STAMP} out\n`),
      frame(2, `${STAMP} part`),
      frame(2, `${STAMP} end\n`),
      frame(1, '2026-01-01T00:00:00Z \n'),
    ])
    for (const size of [1, 3, 7, 8, 9, 50, bytes.length]) {
      const parser = new EngineLogParser({ tty: false })
      const entries = []
      for (let at = 0; at < bytes.length; at += size) entries.push(...parser.push(bytes.subarray(at, at + size)))
      expect(entries.map(({ stamp, stream, text, partial }) => [stamp, stream, text.toString(), partial])).toEqual([
        [STAMP, 'stdout', 'out', false],
        [STAMP, 'stderr', 'part', true],
        [STAMP, 'stderr', 'end', false],
        ['2026-01-01T00:00:00.000000000Z', 'stdout', '', false],
      ])
    }
  })

  it('given a terminal, then lines are entries of stdout without their carriage return', () => {
    const parser = new EngineLogParser({ tty: true })
    const entries = [...parser.push(Buffer.from(`${STAMP} one\r\n${STAMP} t`)), ...parser.push(Buffer.from('wo\r\n'))]
    expect(entries.map(({ stream, text }) => [stream, text.toString()])).toEqual([
      ['stdout', 'one'],
      ['stdout', 'two'],
    ])
  })

  it.each([
    ['the stamp again before each part, as Docker 26 writes it', `${STAMP} `],
    ['the stamp at its beginning only', ''],
  ])(
    'given a long line of a terminal with %s, then it comes in parts and no stamp is taken for text',
    (_name, again) => {
      const part = 'x'.repeat(16_384)
      const bytes = Buffer.from(`${STAMP} ${part}${again}${part}${again}rest\r\n${STAMP} next\r\n`)
      for (const size of [1, 1000, 16_384, 65_536]) {
        const parser = new EngineLogParser({ tty: true })
        const entries = []
        for (let at = 0; at < bytes.length; at += size) entries.push(...parser.push(bytes.subarray(at, at + size)))
        expect(entries.map(({ stamp, partial, text }) => [stamp, partial, text.length])).toEqual([
          [STAMP, true, 16_384],
          [STAMP, true, 16_384],
          [STAMP, false, 4],
          [STAMP, false, 4],
        ])
      }
    },
  )

  it('given a terminal that draws over its line, then its carriage returns are kept', () => {
    const parser = new EngineLogParser({ tty: true })
    const texts = parser.push(Buffer.from(`${STAMP} 1 %\r2 %\r\n`)).map(({ text }) => text.toString())
    expect(texts).toEqual(['1 %\r2 %'])
  })
})
