import { describe, expect, it } from 'vitest'
import { parseDuration, parseFlags, type Flag } from './flags.ts'

const FLAGS: Flag[] = [
  { name: 'all', aliases: ['a'], kind: 'switch', usage: '' },
  { name: 'quiet', aliases: ['q'], kind: 'switch', usage: '' },
  { name: 'last', aliases: ['n'], kind: 'integer', usage: '' },
  { name: 'label', kind: 'texts', usage: '' },
  { name: 'output', aliases: ['o'], kind: 'text', defaultText: 'table', usage: '', environment: ['OUTPUT'] },
]
const parse = (words: string[], environment: Record<string, string> = {}) => parseFlags(FLAGS, words, environment)

describe('given words in the manner of Go', () => {
  it('when there are letters together, one dash, two, or an equals sign, then they are the same', () => {
    for (const words of [
      ['-aq', '-n', '3'],
      ['--all', '-quiet', '--last=3'],
      ['-a', '--quiet=true', '-n=3'],
      ['-aqn', '3'],
    ]) {
      const { values, operands } = parse(words)
      expect([values.isOn('all'), values.isOn('quiet'), values.integer('last'), operands]).toEqual([true, true, 3, []])
    }
  })

  it('when an operand has come, then all that follows are operands, and so behind two dashes', () => {
    expect(parse(['-a', 'id', '--all', '-q']).operands).toEqual(['id', '--all', '-q'])
    expect(parse(['--', '-a']).operands).toEqual(['-a'])
    expect(parse(['-']).operands).toEqual(['-'])
  })

  it('when a flag is given again, then the last counts, or all of a list', () => {
    const { values } = parse(['--label', 'a=b', '--label=c=d', '-o', 'json', '-o', 'yaml', '--all', '--all=false'])
    expect([values.texts('label'), values.text('output'), values.isOn('all')]).toEqual([['a=b', 'c=d'], 'yaml', false])
  })

  it('when it is not given, then a variable stands for it, or the default', () => {
    expect(parse([]).values.text('output')).toBe('table')
    expect(parse([], { OUTPUT: 'json' }).values.text('output')).toBe('json')
    expect(parse(['-o', 'yaml'], { OUTPUT: 'json' }).values.text('output')).toBe('yaml')
  })

  it.each([
    [['--fast'], 'flag provided but not defined: -fast'],
    [['-ax'], 'flag provided but not defined: -ax'],
    [['-n'], 'flag needs an argument: -n'],
    [['-n', 'x'], 'invalid value "x" for flag -last: parse error'],
    [['--all=maybe'], 'invalid value "maybe" for flag -all: parse error'],
  ])('when it is %j, then it is refused', (words, message) => {
    expect(() => parse(words)).toThrow(message)
  })

  it('when a duration is read, then in units or whole seconds', () => {
    expect(['1m30s', '2.5s', '10', '100ms', 'soon', ''].map(parseDuration)).toEqual([
      90_000,
      2500,
      10_000,
      100,
      undefined,
      undefined,
    ])
  })
})
