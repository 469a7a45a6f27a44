import { describe, expect, it } from 'vitest'
import { findLogPosition, formatLogEntry, ResumeFilter, toSince } from './cri-log-format.ts'
import type { LogEntry } from './cri-log-format.ts'

const A = '2026-01-01T00:00:00.000000001Z'
const B = '2026-01-01T00:00:00.000000002Z'
const entry = (stamp: string, text: string, partial = false): LogEntry => ({
  stamp,
  stream: 'stdout',
  text: Buffer.from(text),
  partial,
})
const write = (...entries: LogEntry[]): Buffer => Buffer.concat(entries.map(formatLogEntry))

describe('log format', () => {
  it('then lines are what kubelets read', () => {
    expect(write(entry(A, 'hello'), entry(A, '', true)).toString()).toBe(`${A} stdout F hello\n${A} stdout P \n`)
  })

  it('given bytes that are no text, then they are kept', () => {
    const binary = { ...entry(A, ''), text: Buffer.from([0xff, 0x00]) }
    expect(formatLogEntry(binary).subarray(-3)).toEqual(Buffer.from([0xff, 0x00, 0x0a]))
  })

  it('given an end of a file, then the position is its last stamp and how often it stands there', () => {
    const tail = Buffer.concat([Buffer.from('cut line\n'), write(entry(A, 'x'), entry(B, 'y'), entry(B, 'z'))])
    expect(findLogPosition(tail)).toEqual({ position: { stamp: B, count: 2 }, danglingBytes: 0 })
  })

  it('given a writer that was killed in a line, then that line does not count', () => {
    const tail = Buffer.concat([write(entry(A, 'x')), Buffer.from(`${B} std`)])
    expect(findLogPosition(tail)).toEqual({ position: { stamp: A, count: 1 }, danglingBytes: 34 })
  })

  it('given an empty file, then reading begins at the beginning', () => {
    expect(findLogPosition(Buffer.alloc(0))).toEqual({ position: undefined, danglingBytes: 0 })
    expect(toSince(undefined)).toBe('0')
  })

  it('given a position, then the engine is asked with its nanoseconds', () => {
    expect(toSince({ stamp: '2026-01-01T00:00:01.000000042Z', count: 1 })).toBe('1767225601.000000042')
  })

  it('given a resumed read, then what was written is dropped and nothing else, be the stamps alike', () => {
    const filter = new ResumeFilter({ stamp: B, count: 1 })
    const resumed = [entry(B, 'old'), entry(B, 'new'), entry('2026-01-01T00:00:00.000000003Z', 'newer')]
    expect(resumed.filter((item) => filter.isNew(item)).map((item) => item.text.toString())).toEqual(['new', 'newer'])
  })
})
