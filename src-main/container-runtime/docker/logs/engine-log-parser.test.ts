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

  it('given a terminal that prints without line ends, then it comes in parts and little is gathered', () => {
    const text = 'x'.repeat(100_000)
    for (const size of [1000, 65_536]) {
      const parser = new EngineLogParser({ tty: true })
      const bytes = Buffer.from(`${STAMP} ${text}\r\n${STAMP} next\n`)
      const entries = []
      for (let at = 0; at < bytes.length; at += size) entries.push(...parser.push(bytes.subarray(at, at + size)))
      expect(entries.length).toBe(8)
      expect(entries.every(({ stamp }) => stamp === STAMP)).toBe(true)
      expect(entries.map(({ partial }) => partial)).toEqual([...Array<boolean>(6).fill(true), false, false])
      expect(entries.map((entry) => entry.text.toString()).join('')).toBe(`${text}next`)
    }
  })
})
