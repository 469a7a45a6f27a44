/** Blank and comment lines by the megabyte: they cost little, and they change nothing. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findBlankRuns, withoutCuts } from './blank-runs.ts'
import type { TreeResult } from './manifest-tree.ts'
import { parseYAMLTree } from './yaml-tree.ts'

/** Enough for runs to be looked for. */
const PAD = '# filler\n'.repeat(8000)

function cut(text: string): string {
  return withoutCuts(text, findBlankRuns(text)).text
}

/** Offsets as if the text had begun behind its padding; of a fault the words, since the parser finds a place for some amid blank lines. */
function withoutPlace(result: TreeResult, padding: string): unknown {
  if (!result.ok) return result.fault.message.replace(/line \d+: /, '')
  const shift = (key: string, value: unknown): unknown =>
    key === 'offset' && typeof value === 'number' ? Math.max(0, value - padding.length) : value
  return JSON.parse(JSON.stringify(result, shift))
}

describe('blank runs', () => {
  it('given a short text, then nothing is cut', () => {
    expect(findBlankRuns('\n'.repeat(1000))).toEqual([])
  })

  it('given a run of blanks, comments and blanks, then the first two lines and the last of each stay', () => {
    const run = `${'\n'.repeat(50_000)}${'#\n#x\n \n'.repeat(10_000)}  # last\n${' \n'.repeat(50_000)}`
    expect(cut(`a: b\n${run}c: d\n`)).toBe('a: b\n\n\n\n#\n#x\n  # last\n \n \n \nc: d\n')
  })

  it('given short runs, then they stay', () => {
    const text = 'a:\n\n# b\n\n\n'.repeat(10_000)
    expect(cut(text)).toBe(text)
  })

  it('given cuts, then each place of what is left is found in the whole text', () => {
    const text = `${PAD}a: b\n${'\n'.repeat(500)}c: d\n`
    const { text: left, originalOffset } = withoutCuts(text, findBlankRuns(text))
    for (const [at, character] of [...left].entries()) {
      expect(text[originalOffset(at)]).toBe(character)
    }
    expect(originalOffset(left.indexOf('c'))).toBe(text.indexOf('c: d'))
  })

  it.each([
    ['a block scalar', `a: |\n  x\n${'  # no comment\n\n'.repeat(5)}  y\nb: c\n`],
    ['a block scalar that begins with them', `a: |\n${'\n'.repeat(9)}  # no comment\n  y\nb: c\n`],
    ['a block scalar that keeps its end', `a: |+\n  x\n${'\n'.repeat(20)}b: c\n`],
    ['a block scalar that ends within', `a: |\n  x\n${'  # no comment\n'.repeat(9)}${'# comment\n'.repeat(9)}b: c\n`],
    ['quotes', `a: "x\n${'  # no comment\n\n'.repeat(5)}  y"\nb: c\n`],
    ['a plain scalar', `a: x\n${'\n'.repeat(20)}  y\nb: c\n`],
    ['quotes that a comment would close', `a: 'x\n${'  # it\n'.repeat(9)}  # is' closed\n${'# now\n'.repeat(9)}b: c\n`],
  ])('given a run within %s, then it is content as ever', (_name, text) => {
    expect(withoutPlace(parseYAMLTree(PAD + text), PAD)).toEqual(withoutPlace(parseYAMLTree(text), ''))
  })

  it('given any lines with any runs, then cutting changes neither the tree nor the words of the fault', () => {
    const indent = fc.constantFrom('', '  ', '    ')
    const content = fc.constantFrom(
      'a: b',
      'c:',
      '- d',
      '- e: f',
      'g: "h',
      'i"',
      "j: 'k",
      "l'",
      'm: |',
      'n: >-',
      'o: |+',
      'p: [q,',
      'r]',
      's: {',
      't: u}',
      'plain',
      '---',
      '&v w',
      '*v',
      '? x',
    )
    // Not at the very left, where the lexer mistakes a comment behind a blank line for an end of the text around it.
    const blank = fc.constantFrom('', '', '  ', '\t', ' # y', ' # z"', " # '", '  # x: [')
    const lines = fc.array(
      fc.oneof(
        { weight: 3, arbitrary: fc.tuple(indent, content).map(([blanks, words]) => blanks + words) },
        {
          weight: 1,
          arbitrary: fc
            .tuple(indent, fc.array(blank, { minLength: 10, maxLength: 20 }))
            .map(([blanks, words]) => words.map((word) => (word === '' ? '' : blanks + word)).join('\n')),
        },
      ),
      { maxLength: 12 },
    )
    fc.assert(
      fc.property(lines, (all) => {
        const text = `${all.join('\n')}\n`
        expect(withoutPlace(parseYAMLTree(PAD + text), PAD)).toEqual(withoutPlace(parseYAMLTree(text), ''))
      }),
      { numRuns: 2000 },
    )
  })
})
