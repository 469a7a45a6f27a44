import { describe, expect, it } from 'vitest'
import { parseAnsi } from './ansi-text.ts'
import { cutLine, findLineAt, findMatches, mergeLines, readLogLine, type LogLine } from './log-line.ts'

let number = 0
function line(seconds: number, text: string, container = 'main'): LogLine {
  return readLogLine(`2026-11-27T04:14:${String(seconds).padStart(2, '0')}.123456789Z ${text}`, container, number++, 0)
}

describe('lines of logs', () => {
  it('given a stamped line, when it is read, then time and text are apart; without a stamp the time before holds', () => {
    expect(line(5, 'up')).toMatchObject({ text: 'up', stamp: '2026-11-27T04:14:05.123456789Z' })
    expect(readLogLine('no stamp', 'main', 1, 7)).toMatchObject({ text: 'no stamp', stamp: '', time: 7 })
  })

  it('given lines of two containers that come in turns, when they are merged, then time decides and ties keep their order', () => {
    const first = [line(1, 'a1'), line(3, 'a3'), line(3, 'a3 again')]
    const merged = mergeLines(first, [line(2, 'b2', 'side'), line(3, 'b3', 'side')])
    expect(merged.map(({ text }) => text)).toEqual(['a1', 'b2', 'a3', 'a3 again', 'b3'])
    expect(mergeLines(merged, [])).toEqual(merged)
  })

  it('given a hundred thousand lines, when more come, then the known ones are neither lost nor mixed up', () => {
    const known = Array.from({ length: 100_000 }, (_, index) => ({ ...line(1, ''), time: index, number: index }))
    const merged = mergeLines(known, [{ ...line(1, 'late'), time: 99_998 }])
    expect(merged).toHaveLength(100_001)
    expect(merged.at(-2)?.text).toBe('late')
  })

  it('given a moment, then the first line of that moment or after it is found, else the last one', () => {
    const lines = [line(1, 'a'), line(3, 'b')]
    expect(findLineAt(lines, lines[0]?.time ?? 0)).toBe(0)
    expect(findLineAt(lines, (lines[0]?.time ?? 0) + 1)).toBe(1)
    expect(findLineAt(lines, Number.MAX_SAFE_INTEGER)).toBe(1)
    expect(findLineAt([], 0)).toBe(-1)
  })
})

describe('escape sequences', () => {
  it('given colours, then the text is plain and the spans say where they were', () => {
    const { text, spans } = parseAnsi('\u001B[1;31mERROR\u001B[0m disk \u001B[38;5;2mok\u001B[39m')
    expect(text).toBe('ERROR disk ok')
    expect(spans).toEqual([
      { from: 0, to: 5, style: { isBold: true, colour: 'red' } },
      { from: 11, to: 13, style: { colour: 'green' } },
    ])
  })

  it.each([
    ['a window title', '\u001B]0;pwned\u0007text'],
    ['a hyperlink', '\u001B]8;;http://x\u001B\\text\u001B]8;;\u001B\\'],
    ['cursor movement', '\u001B[2J\u001B[1;1Htext'],
    ['an unfinished sequence', 'text\u001B['],
    ['control characters', '\u0008te\u0000xt\r'],
    ['a finer colour', '\u001B[38;2;1;2;3mtext\u001B[48;5;200m'],
  ])('given %s, then only the text is left', (_what, raw) => {
    expect(parseAnsi(raw).text.replace('[', '')).toBe('text')
  })
})

describe('searching', () => {
  it('given capitals, repetitions and letters that change their length, then matches are counted as people would', () => {
    expect(findMatches('Ping ping PING', 'ping')).toEqual([0, 5, 10])
    expect(findMatches('aaaa', 'aa')).toEqual([0, 2])
    expect(findMatches('İstanbul', 'i')).toEqual([])
    expect(findMatches('text', '')).toEqual([])
  })

  it('given a match within a coloured part, then the line is cut at both, and nothing of it is lost', () => {
    const parsed = parseAnsi('\u001B[31mone two\u001B[0m two')
    const parts = cutLine(parsed, 'two', 1, 100)
    expect(parts.map(({ text, match, style }) => [text, match, style.colour])).toEqual([
      ['one ', 'none', 'red'],
      ['two', 'match', 'red'],
      [' ', 'none', undefined],
      ['two', 'current', undefined],
    ])
    expect(cutLine({ text: 'x'.repeat(50), spans: [] }, '', -1, 10)[0]?.text).toHaveLength(10)
  })
})
