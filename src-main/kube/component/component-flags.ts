/** The command line of a control-plane component, by pflag's rules (k8s.io/component-base). */
import { FlagError, parseBool, parseDuration, parseInteger, type ParsedFlagValue } from '../../base/flag-value.ts'

export interface FlagSpec {
  type: 'string' | 'bool' | 'int' | 'duration'
  /** Accepted, and without an effect here. */
  isIgnored?: boolean
}

export type FlagSpecs = Readonly<Record<string, FlagSpec>>

export interface ComponentFlags {
  /** As written; absent flags are absent. */
  values: ReadonlyMap<string, string>
  /** Flags that were given and have no effect here. */
  ignored: readonly string[]
}

/** @throws FlagError: the component prints it and exits with 1 */
export function parseComponentFlags(argv: readonly string[], specs: FlagSpecs): ComponentFlags {
  const values = new Map<string, string>()
  const pending = [...argv]
  for (let word = pending.shift(); word !== undefined; word = pending.shift()) {
    if (!word.startsWith('--')) throw new FlagError(`unknown command ${JSON.stringify(word)}`)
    const equals = word.indexOf('=')
    const name = equals < 0 ? word.slice(2) : word.slice(2, equals)
    const spec = specs[name]
    if (spec === undefined) throw new FlagError(`unknown flag: --${name}`)
    const given = equals < 0 ? undefined : word.slice(equals + 1)
    const text = given ?? (spec.type === 'bool' ? 'true' : pending.shift())
    if (text === undefined) throw new FlagError(`flag needs an argument: --${name}`)
    const problem = problemOf(spec, text)
    if (problem !== undefined) throw new FlagError(`invalid argument "${text}" for "--${name}" flag: ${problem}`)
    values.set(name, text)
  }
  return { values, ignored: [...values.keys()].filter((name) => specs[name]?.isIgnored === true) }
}

const INT_LIMIT = 2n ** 63n

function problemOf({ type }: FlagSpec, text: string): string | undefined {
  const parsed = parseValue(type, text)
  return 'problem' in parsed ? parsed.problem : undefined
}

function parseValue(type: FlagSpec['type'], text: string): ParsedFlagValue<unknown> {
  switch (type) {
    case 'string':
      return { value: text }
    case 'bool':
      return parseBool(text)
    case 'int':
      return parseInteger(text, INT_LIMIT)
    case 'duration':
      return parseDuration(text)
  }
}
