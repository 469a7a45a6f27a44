import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Scrollback } from './scrollback.ts'

function filled(capacity: number, ...texts: string[]): Scrollback {
  const scrollback = new Scrollback(capacity)
  for (const text of texts) scrollback.append(text)
  return scrollback
}

describe('Scrollback', () => {
  it('given less than it holds, when read from anywhere, then the rest comes, as much as was asked for', () => {
    const scrollback = filled(1000, 'one\n', 'two\n')
    expect(scrollback.read(0, 100)).toEqual({ offset: 0, text: 'one\ntwo\n' })
    expect(scrollback.read(2, 4)).toEqual({ offset: 2, text: 'e\ntw' })
    expect(scrollback.read(8, 100)).toEqual({ offset: 8, text: '' })
  })

  it('given more than it holds, when read from the start, then it begins with a line and tells where', () => {
    const line = `${'x'.repeat(4999)}\n`
    const scrollback = filled(12_000, line, line, line, line)
    const { offset, text } = scrollback.read(0, 100_000)
    expect({ offset, lines: text === line.repeat(2) }).toEqual({ offset: 10_000, lines: true })
    expect(scrollback.end).toBe(20_000)
  })

  it('given any writes, when read in any steps, then what is kept is the end of all that was written', () => {
    const writes = fc.array(fc.string({ maxLength: 3000 }), { maxLength: 30 })
    fc.assert(
      fc.property(writes, fc.integer({ min: 1, max: 5000 }), (texts, step) => {
        const all = texts.join('')
        const scrollback = filled(8000, ...texts)
        let next = 0
        let read = ''
        for (;;) {
          const part = scrollback.read(next, step)
          if (part.text === '') break
          expect(part.text.length).toBeLessThanOrEqual(step)
          if (read === '') next = part.offset
          expect(part.offset).toBe(next)
          read += part.text
          next += part.text.length
        }
        expect(all.endsWith(read)).toBe(true)
        expect(read.length).toBeLessThanOrEqual(8000 + 4096)
      }),
    )
  })
})
