import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { countDanglingBytes, findLogPosition, formatLogEntries, ResumeFilter, toSince } from './cri-log-format.ts'
import type { LogEntry } from './cri-log-format.ts'

const A = '2026-01-01T00:00:00.000000001Z'
const B = '2026-01-01T00:00:00.000000002Z'
const C = '2026-01-01T00:00:00.000000003Z'
const entry = (stamp: string, text: string, partial = false): LogEntry => ({
  stamp,
  stream: 'stdout',
  text: Buffer.from(text),
  partial,
})
const write = (...entries: LogEntry[]): Buffer => formatLogEntries(entries)

describe('log format', () => {
  it('then lines are what kubelets read', () => {
    expect(write(entry(A, 'hello'), entry(A, '', true)).toString()).toBe(`${A} stdout F hello\n${A} stdout P \n`)
  })

  it('given bytes that are no text, then they are kept', () => {
    const binary = { ...entry(A, ''), text: Buffer.from([0xff, 0x00]) }
    expect(formatLogEntries([binary]).subarray(-3)).toEqual(Buffer.from([0xff, 0x00, 0x0a]))
  })

  it('given an end of a file, then the position begins at the last stamp that is later than all before', () => {
    const tail = Buffer.concat([Buffer.from('cut line\n'), write(entry(A, 'x'), entry(B, 'y'), entry(B, 'z'))])
    const written = [`${B} stdout F`, `${B} stdout F`]
    expect(findLogPosition(tail)).toEqual({ position: { since: B, written }, isCertain: true })
  })

  it('given a slow line whose parts bear an old stamp among newer lines, then the position holds all from the newest on', () => {
    const tail = write(entry(A, 'slow', true), entry(B, 'quick'), entry(A, ' line'))
    const written = [`${B} stdout F`, `${A} stdout F`]
    expect(findLogPosition(tail)).toEqual({ position: { since: B, written }, isCertain: true })
  })

  it('given only parts of one line, then what came before has to be looked at', () => {
    const tail = Buffer.concat([Buffer.from('000\n'), write(entry(A, '0', true), entry(A, '0', true))])
    const written = [`${A} stdout P`, `${A} stdout P`]
    expect(findLogPosition(tail)).toEqual({ position: { since: A, written }, isCertain: false })
  })

  it('given a writer that was killed in a line, then that line does not count', () => {
    const tail = Buffer.concat([write(entry(A, 'x')), Buffer.from(`${B} std`)])
    expect(countDanglingBytes(tail)).toBe(34)
    expect(findLogPosition(tail).position).toEqual({ since: A, written: [`${A} stdout F`] })
  })

  it('given an empty file, then reading begins at the beginning', () => {
    expect(findLogPosition(Buffer.alloc(0))).toEqual({ position: undefined, isCertain: false })
    expect(countDanglingBytes(Buffer.alloc(0))).toBe(0)
    expect(toSince(undefined)).toBe('0')
  })

  it('given a position, then the engine is asked with its nanoseconds', () => {
    expect(toSince({ since: '2026-01-01T00:00:01.000000042Z', written: [] })).toBe('1767225601.000000042')
  })
})

/** As the engine writes a log: the parts of a line bear the stamp of its beginning, and two streams mix. */
const engineLog = fc
  .array(fc.record({ err: fc.boolean(), parts: fc.nat(3), same: fc.nat(5) }), { maxLength: 30 })
  .map((lines) => {
    const open: Record<'stdout' | 'stderr', { stamp: string; parts: number } | undefined> = {
      stdout: undefined,
      stderr: undefined,
    }
    const entries: LogEntry[] = []
    let time = 0
    for (const { err, parts, same } of lines) {
      const stream = err ? 'stderr' : 'stdout'
      if (same > 0) time++
      const line = open[stream] ?? { stamp: `2026-01-01T00:00:00.${`${time}`.padStart(9, '0')}Z`, parts }
      const partial = line.parts > 0
      open[stream] = partial ? { ...line, parts: line.parts - 1 } : undefined
      entries.push({ stamp: line.stamp, stream, text: Buffer.from(`text ${entries.length}`), partial })
    }
    return entries
  })

/** What Docker answers: everything from the first entry on that is not before `since`. */
function engineRead(log: LogEntry[], since: string | undefined): LogEntry[] {
  const start = since === undefined ? 0 : log.findIndex(({ stamp }) => stamp >= since)
  return start < 0 ? [] : log.slice(start)
}

describe('resuming', () => {
  it('given a log that was cut anywhere, when it is resumed, then what was written is dropped and nothing else', () => {
    fc.assert(
      fc.property(engineLog, fc.nat(30), (log, cut) => {
        const written = log.slice(0, cut)
        const { position } = findLogPosition(write(...written))
        const filter = new ResumeFilter(position)
        const resumed = engineRead(log, position?.since).filter((item) => filter.isNew(item))
        expect([...written, ...resumed]).toEqual(log)
      }),
    )
  })

  it('given an engine that leaves out each older entry, then what it answers is resumed all the same', () => {
    const log = [entry(A, 'slow', true), entry(B, 'quick'), entry(A, ' line'), entry(C, 'next')]
    const { position } = findLogPosition(write(...log.slice(0, 3)))
    const filter = new ResumeFilter(position)
    const answered = log.filter(({ stamp }) => stamp >= B)
    expect(answered.filter((item) => filter.isNew(item))).toEqual(log.slice(3))
  })

  it('given an engine that has thrown the position away, then everything it has is new', () => {
    const filter = new ResumeFilter({ since: A, written: [`${A} stdout F`] })
    expect([entry(B, 'x'), entry(C, 'y')].filter((item) => filter.isNew(item))).toHaveLength(2)
  })
})
