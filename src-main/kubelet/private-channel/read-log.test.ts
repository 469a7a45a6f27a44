import { appendFileSync, mkdtempSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { systemClock } from '../../base/clock.ts'
import { isBefore, parseCriLogLine } from './cri-log-line.ts'
import { readLog, type LogReadOptions } from './read-log.ts'

let folder = ''
let file = ''
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'read-log-'))
  file = path.join(folder, '0.log')
})
afterEach(() => rmSync(folder, { recursive: true }))

function line(content: string, tag = 'F', stream = 'stdout', second = 0): string {
  return `2026-01-01T00:00:${String(second).padStart(2, '0')}.000000001Z ${stream} ${tag} ${content}\n`
}

function read(options: Partial<LogReadOptions> = {}, running = () => false, signal = new AbortController().signal) {
  return readLog(
    { path: file, isRunning: running },
    { follow: false, timestamps: false, tailLines: undefined, sinceTime: undefined, ...options },
    { clock: systemClock(), signal, onDidChange: () => ({ dispose: () => undefined }) },
  )
}

async function all(text: AsyncIterable<string>): Promise<string> {
  let result = ''
  for await (const piece of text) result += piece
  return result
}

describe('given a log in CRI format', () => {
  it('when it is read, then contents come without their heads and parts are joined', async () => {
    writeFileSync(file, line('one') + line('tw', 'P') + line('o', 'F') + line('', 'F') + line('err', 'F', 'stderr'))
    expect(await all(read())).toBe('one\ntwo\n\nerr\n')
  })

  it('when parts of both streams are mixed, then neither is torn into the other', async () => {
    writeFileSync(file, line('out', 'P') + line('error', 'F', 'stderr') + line('put', 'F'))
    expect(await all(read())).toBe('out\nerror\nput\n')
  })

  it('when stamps are wanted, then each whole line has one', async () => {
    writeFileSync(file, line('a', 'P') + line('b') + line('c', 'F', 'stdout', 2))
    expect(await all(read({ timestamps: true }))).toBe(
      '2026-01-01T00:00:00.000000001Z ab\n2026-01-01T00:00:02.000000001Z c\n',
    )
  })

  it('when the time is limited, then earlier lines are left out', async () => {
    writeFileSync(file, line('a', 'F', 'stdout', 1) + line('b', 'F', 'stdout', 2))
    expect(await all(read({ sinceTime: '2026-01-01T00:00:01.500Z' }))).toBe('b\n')
  })

  it.each([
    [0, ''],
    [1, 'long line\n'],
    [2, 'two\nlong line\n'],
    [9, 'one\ntwo\nlong line\n'],
  ])('when the last %d lines are wanted, then the parts of one count as one', async (tailLines, text) => {
    writeFileSync(file, line('one') + line('two') + line('long', 'P') + line(' ', 'P') + line('line', 'F'))
    expect(await all(read({ tailLines }))).toBe(text)
  })

  it('when the tail goes over many blocks, then none is lost', async () => {
    const lines = Array.from({ length: 5000 }, (_, index) => `${index} ${'x'.repeat(50)}`)
    writeFileSync(file, lines.map((content) => line(content)).join(''))
    expect(await all(read({ tailLines: 4000 }))).toBe(`${lines.slice(-4000).join('\n')}\n`)
    expect(await all(read({ tailLines: 6000 }))).toBe(`${lines.join('\n')}\n`)
  })

  it('when it is missing, empty or rubbish, then there is no text', async () => {
    expect(await all(read())).toBe('')
    writeFileSync(file, '')
    expect(await all(read({ tailLines: 3 }))).toBe('')
    writeFileSync(file, 'rubbish\n\u0000\u0001\nmore')
    expect(await all(read())).toBe('')
  })
})

describe('given a follower', () => {
  it('when lines come, the file is rotated and the container ends, then it has every line and ends', async () => {
    let running = true
    writeFileSync(file, line('old'))
    const pieces = read({ follow: true }, () => running)[Symbol.asyncIterator]()
    const next = async (): Promise<string | undefined> => {
      const result = await pieces.next()
      return result.done === true ? undefined : result.value
    }
    expect(await next()).toBe('old\n')
    appendFileSync(file, line('new').slice(0, 20))
    appendFileSync(file, line('new').slice(20))
    expect(await next()).toBe('new\n')
    renameSync(file, `${file}.20260101-000000`)
    appendFileSync(`${file}.20260101-000000`, line('last of the old file'))
    writeFileSync(file, line('rotated'))
    expect(await next()).toBe('last of the old file\n')
    expect(await next()).toBe('rotated\n')
    running = false
    appendFileSync(file, line('bye'))
    expect(await next()).toBe('bye\n')
    expect(await next()).toBeUndefined()
  })

  it('when the file comes later or is cut, then it is read from its beginning', async () => {
    const ended = new AbortController()
    const pieces = read({ follow: true }, () => true, ended.signal)[Symbol.asyncIterator]()
    const first = pieces.next()
    writeFileSync(file, line('first line of some length'))
    expect((await first).value).toBe('first line of some length\n')
    const second = pieces.next()
    truncateSync(file)
    appendFileSync(file, line('cut'))
    expect((await second).value).toBe('cut\n')
    const last = pieces.next()
    ended.abort()
    expect((await last).done).toBe(true)
  })
})

describe('given a line', () => {
  it('when it is not in CRI format, then it is none', () => {
    for (const text of ['', 'a b', '2026-01-01T00:00:00Z stdout X y', '2026-01-01T00:00:00Z stdin F y', 'x stdout F y'])
      expect(parseCriLogLine(text)).toBeUndefined()
    expect(parseCriLogLine('2026-01-01T00:00:00Z stdout F')).toMatchObject({ content: '' })
    expect(parseCriLogLine('2026-01-01T00:00:00Z stdout P:x a  b ')).toMatchObject({ partial: true, content: 'a  b ' })
  })

  it('when times have fractions of any length, then they are compared by value', () => {
    expect(isBefore('2026-01-01T00:00:00.5Z', '2026-01-01T00:00:00.499999999Z')).toBe(false)
    expect(isBefore('2026-01-01T00:00:00Z', '2026-01-01T00:00:00.000000001Z')).toBe(true)
  })
})
