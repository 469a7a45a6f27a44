/** The command line by pflag's rules, with its words for what is wrong. */
import { FlagError, parseBool, parseDuration, parseInteger } from '../../base/flag-value.ts'
import { findFlag, findShorthand, type Flag } from './flag-table.ts'

export type FlagValue =
  | string
  | number
  | boolean
  | string[]
  | Record<string, string>
  | Record<string, boolean>
  /** Headers: the values of a name in the order in which they were given. */
  | Record<string, string[]>

export interface ParsedFlags {
  /** By name; what was not given is absent. */
  values: Map<string, FlagValue>
  /** Deprecated flags in the order of their first use, with what is said of them. */
  deprecated: { name: string; message: string }[]
  /** Words that are no flags. */
  rest: string[]
}

/** @throws FlagError */
export function parseFlags(argv: readonly string[]): ParsedFlags {
  const parsed: ParsedFlags = { values: new Map(), deprecated: [], rest: [] }
  const pending = [...argv]
  for (let word = pending.shift(); word !== undefined; word = pending.shift()) {
    if (word === '--') {
      parsed.rest.push(...pending)
      break
    }
    if (word.startsWith('--')) parseLong(word, pending, parsed)
    else if (word.startsWith('-') && word.length > 1) parseShort(word, pending, parsed)
    else parsed.rest.push(word)
  }
  return parsed
}

function parseLong(word: string, pending: string[], parsed: ParsedFlags): void {
  const equals = word.indexOf('=')
  const name = equals < 0 ? word.slice(2) : word.slice(2, equals)
  if (name === '' || name.startsWith('-')) throw new FlagError(`bad flag syntax: ${word}`)
  const flag = findFlag(name)
  if (flag === undefined) throw new FlagError(`unknown flag: --${name}`)
  const given = equals < 0 ? undefined : word.slice(equals + 1)
  setFlag(flag, `--${flag.name}`, given, pending, parsed)
}

function parseShort(word: string, pending: string[], parsed: ParsedFlags): void {
  const letter = word.charAt(1)
  const flag = findShorthand(letter)
  if (flag === undefined) throw new FlagError(`unknown shorthand flag: '${letter}' in ${word}`)
  const tail = word.slice(2)
  const given = tail === '' ? undefined : tail.replace(/^=/, '')
  setFlag(flag, `-${letter}, --${flag.name}`, given, pending, parsed)
}

function setFlag(flag: Flag, label: string, given: string | undefined, pending: string[], parsed: ParsedFlags): void {
  let text = given
  if (text === undefined && (flag.type === 'bool' || flag.type === 'version')) text = 'true'
  text ??= pending.shift()
  if (text === undefined) throw new FlagError(`flag needs an argument: ${label}`)
  const value = parseValue(flag, text)
  if ('problem' in value) throw new FlagError(`invalid argument "${text}" for "${label}" flag: ${value.problem}`)
  parsed.values.set(flag.name, mergeRepeated(parsed.values.get(flag.name), value.value))
  if (flag.deprecated !== undefined && !parsed.deprecated.some((entry) => entry.name === flag.name))
    parsed.deprecated.push({ name: flag.name, message: flag.deprecated })
}

/** Lists and maps grow when a flag is repeated; of all others the last one counts. */
function mergeRepeated(before: FlagValue | undefined, now: FlagValue): FlagValue {
  if (before === undefined || typeof before !== 'object' || typeof now !== 'object') return now
  if (Array.isArray(before) && Array.isArray(now)) return [...before, ...now]
  const lists = Object.entries(now).map(([key, value]: [string, unknown]) => {
    const earlier: unknown = Object.hasOwn(before, key) ? (before as Record<string, unknown>)[key] : undefined
    return [
      key,
      Array.isArray(value) && Array.isArray(earlier) ? [...(earlier as unknown[]), ...(value as unknown[])] : value,
    ]
  })
  // Both are values of one flag, so they have one type.
  return { ...before, ...Object.fromEntries(lists) } as FlagValue
}

type ParsedValue = { value: FlagValue } | { problem: string }

function parseValue(flag: Flag, text: string): ParsedValue {
  switch (flag.type) {
    case 'string':
      return { value: text }
    case 'bool':
      return parseBool(text)
    case 'version':
      return text === 'raw' || text.startsWith('v') ? { value: text } : parseBool(text)
    case 'int32':
      return parseInteger(text, 2n ** 31n)
    case 'int64':
      return parseInteger(text, 2n ** 63n)
    case 'duration':
      return parseDuration(text)
    case 'strings':
      return { value: text === '' ? [] : text.split(',') }
    case 'map':
      return parseMap(text, '=')
    case 'multimap':
      return parseMultimap(text)
    case 'limits':
      return parseMap(text, '<')
    case 'boolmap':
      return parseBoolMap(text)
  }
}

function parseMap(text: string, separator: string): ParsedValue {
  const value: Record<string, string> = {}
  for (const pair of text.split(',').filter((part) => part !== '')) {
    const at = pair.indexOf(separator)
    if (at < 0) return { problem: `malformed pair, expect string${separator}string` }
    value[pair.slice(0, at).trim()] = pair.slice(at + 1).trim()
  }
  return { value }
}

/** `name:value,name:value`; a name may come more than once. */
function parseMultimap(text: string): ParsedValue {
  const value: Record<string, string[]> = {}
  for (const pair of text.split(',').filter((part) => part !== '')) {
    const at = pair.indexOf(':')
    if (at < 0) return { problem: 'malformed pair, expect string:string' }
    const name = pair.slice(0, at).trim()
    value[name] = [...(Object.hasOwn(value, name) ? (value[name] ?? []) : []), pair.slice(at + 1).trim()]
  }
  return { value }
}

function parseBoolMap(text: string): ParsedValue {
  const pairs = parseMap(text, '=')
  if ('problem' in pairs) return { problem: 'missing bool value for one of the keys' }
  const value: Record<string, boolean> = {}
  for (const [key, word] of Object.entries(pairs.value)) {
    const flag = parseBool(String(word))
    if ('problem' in flag || typeof flag.value !== 'boolean')
      return {
        problem: `invalid value of ${key}: ${word}, err: strconv.ParseBool: parsing ${JSON.stringify(word)}: invalid syntax`,
      }
    value[key] = flag.value
  }
  return { value }
}

/** An empty value counts as not given. */
export function stringFlag(flags: ParsedFlags, name: string): string | undefined {
  const value = flags.values.get(name)
  return typeof value === 'string' && value !== '' ? value : undefined
}
