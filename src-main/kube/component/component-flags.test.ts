import { describe, expect, it } from 'vitest'
import { FlagError } from '../../base/flag-value.ts'
import { parseComponentFlags, type FlagSpecs } from './component-flags.ts'

const SPECS: FlagSpecs = {
  kubeconfig: { type: 'string' },
  'leader-elect': { type: 'bool' },
  'secure-port': { type: 'int' },
  period: { type: 'duration' },
  profiling: { type: 'bool', isIgnored: true },
}

function parse(...argv: string[]): Record<string, string> {
  return Object.fromEntries(parseComponentFlags(argv, SPECS).values)
}

describe('flags of a component', () => {
  it('given both ways to write a value, when they are parsed, both count, and of two the last one', () => {
    expect(parse('--kubeconfig', 'a', '--secure-port=1', '--kubeconfig=b=c')).toEqual({
      kubeconfig: 'b=c',
      'secure-port': '1',
    })
  })

  it('given a switch without a value, when it is parsed, it is on, and the next word is not its value', () => {
    expect(parse('--leader-elect', '--secure-port=1')).toEqual({ 'leader-elect': 'true', 'secure-port': '1' })
    expect(parse('--leader-elect=false')).toEqual({ 'leader-elect': 'false' })
  })

  it('given one that has no effect here, when it is parsed, that is told', () => {
    expect(parseComponentFlags(['--profiling=false', '--kubeconfig=x'], SPECS).ignored).toEqual(['profiling'])
  })

  it.for(['1m30s', '0', '-5s', '.5h', '1.s', '+3s'])(
    'given the duration %s, when it is parsed, it is one, as in Go',
    (text) => {
      expect(parse(`--period=${text}`)).toEqual({ period: text })
    },
  )

  it.for([
    ['--nonsense', 'unknown flag: --nonsense'],
    ['run', 'unknown command "run"'],
    ['--kubeconfig', 'flag needs an argument: --kubeconfig'],
    [
      '--leader-elect=maybe',
      'invalid argument "maybe" for "--leader-elect" flag: strconv.ParseBool: parsing "maybe": invalid syntax',
    ],
    ['--secure-port=x', 'invalid argument "x" for "--secure-port" flag: strconv.ParseInt: parsing "x": invalid syntax'],
    [
      '--secure-port=99999999999999999999',
      'invalid argument "99999999999999999999" for "--secure-port" flag: strconv.ParseInt: parsing "99999999999999999999": value out of range',
    ],
    ['--period=5', 'invalid argument "5" for "--period" flag: time: invalid duration "5"'],
  ] as const)('given %s, when it is parsed, that is refused in the words of pflag', ([word, message]) => {
    expect(() => parseComponentFlags([word], SPECS)).toThrow(new FlagError(message))
  })
})
