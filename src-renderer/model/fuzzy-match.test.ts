import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fuzzyMatch } from './fuzzy-match.ts'

function rank(query: string, ...texts: string[]): string[] {
  return texts
    .map((text) => ({ text, match: fuzzyMatch(query, text) }))
    .filter(({ match }) => match !== undefined)
    .toSorted((left, right) => (right.match?.score ?? 0) - (left.match?.score ?? 0))
    .map(({ text }) => text)
}

describe('fuzzyMatch', () => {
  it.each([
    ['rk', ['Restart the kubelet', 'Dark']],
    ['board', ['Board', 'Keyboard shortcuts']],
    ['node02', ['Go to node02', 'Go to node12 02']],
    ['logs', ['Logs of web-node01', 'Long tasks']],
    ['web', ['web.yaml', 'Open web-node01', 'Add hello.yaml onto worker b']],
  ])('given "%s", when names are ranked, then what is meant comes first', (query, [best, ...others]) => {
    expect(rank(query, ...others, best ?? '')[0]).toBe(best)
  })

  it('given words in another order than the name has them, then they are found', () => {
    expect(fuzzyMatch('node01 crash', 'Crash web-node01')).toBeDefined()
  })

  it('given letters that are not all there, then it is no match', () => {
    expect(fuzzyMatch('boards', 'Board')).toBeUndefined()
  })

  it.each(['보드', '보ㄷ', 'ㅂㄷ', '보'])('given the Korean "%s", then 보드 is found', (query) => {
    expect(fuzzyMatch(query, '보드')).toBeDefined()
  })

  it('given a match, then its places are those of the letters', () => {
    expect(fuzzyMatch('gn', 'Go to node01')?.places).toEqual([0, 6])
  })

  it('given any query and text, then places are within the text and in order, and each text matches itself', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 12 }), fc.string({ maxLength: 60, unit: 'grapheme' }), (query, text) => {
        const places = fuzzyMatch(query, text)?.places ?? []
        expect(places).toEqual([...places].toSorted((left, right) => left - right))
        expect(places.every((place) => place >= 0 && place < [...text].length)).toBe(true)
        expect(fuzzyMatch(text, text)).toBeDefined()
      }),
    )
  })
})
