import { describe, expect, it } from 'vitest'
import { splitMatches } from './split-matches.ts'

describe('splitMatches', () => {
  it.each([
    ['Hello hello', 'HELLO', ['[Hello]', ' ', '[hello]']],
    ['aaa', 'aa', ['[aa]', 'a']],
    ['nothing', 'x', ['nothing']],
    ['whole', '', ['whole']],
    ['a.b', '.', ['a', '[.]', 'b']],
    ['İstanbul', 'i', ['İstanbul']],
  ])('given %j and the search %j, marks what was found', (text, search, expected) => {
    const parts = splitMatches(text, search).map((part) => (part.isMatch ? `[${part.text}]` : part.text))
    expect(parts).toEqual(expected)
  })
})
