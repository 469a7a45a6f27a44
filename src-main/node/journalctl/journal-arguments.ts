/** The command line of `journalctl`. */
import { parseArgs, type ParseArgsConfig } from 'node:util'
import { parseJournalTime } from './journal-time.ts'
import { OUTPUTS, type JournalOutput } from './format-entry.ts'

export interface JournalQuery {
  units: string[]
  identifiers: string[]
  /** `FIELD=VALUE`; fields of one name are alternatives. */
  matches: [string, string][]
  /** Microseconds since the epoch. */
  since?: number
  until?: number
  /** Lowest and highest number of syslog's priorities. */
  priorities: [number, number]
  grep?: RegExp
  boot?: string
  kernel: boolean
}

export interface JournalArguments {
  action: 'show' | 'list-boots' | 'disk-usage' | 'help' | 'version' | 'nothing'
  query: JournalQuery
  /** Entries from the end, or with `fromStart` from the start; `undefined`: all. */
  lines?: number
  fromStart: boolean
  follow: boolean
  reverse: boolean
  pagerAtEnd: boolean
  usePager: boolean
  output: JournalOutput
  outputFields: string[]
  showHostname: boolean
  utc: boolean
  quiet: boolean
}

/** What is wrong with the command line, in the words of the real one. */
export class JournalUsageError extends Error {}

const OPTIONS = {
  unit: { type: 'string', short: 'u', multiple: true },
  identifier: { type: 'string', short: 't', multiple: true },
  lines: { type: 'string', short: 'n' },
  since: { type: 'string', short: 'S' },
  until: { type: 'string', short: 'U' },
  output: { type: 'string', short: 'o' },
  'output-fields': { type: 'string' },
  priority: { type: 'string', short: 'p' },
  grep: { type: 'string', short: 'g' },
  'case-sensitive': { type: 'string' },
  boot: { type: 'string', short: 'b' },
  dmesg: { type: 'boolean', short: 'k' },
  follow: { type: 'boolean', short: 'f' },
  reverse: { type: 'boolean', short: 'r' },
  'pager-end': { type: 'boolean', short: 'e' },
  catalog: { type: 'boolean', short: 'x' },
  all: { type: 'boolean', short: 'a' },
  full: { type: 'boolean', short: 'l' },
  merge: { type: 'boolean', short: 'm' },
  quiet: { type: 'boolean', short: 'q' },
  'no-pager': { type: 'boolean' },
  'no-full': { type: 'boolean' },
  'no-tail': { type: 'boolean' },
  'no-hostname': { type: 'boolean' },
  utc: { type: 'boolean' },
  system: { type: 'boolean' },
  'list-boots': { type: 'boolean' },
  'disk-usage': { type: 'boolean' },
  flush: { type: 'boolean' },
  sync: { type: 'boolean' },
  rotate: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean' },
} satisfies ParseArgsConfig['options']
const LEVELS = ['emerg', 'alert', 'crit', 'err', 'warning', 'notice', 'info', 'debug']
/** How many of the newest entries `-e` looks at. */
const LINES_TO_PAGE = 1000
const LINES_TO_FOLLOW = 10

/**
 * @param now milliseconds since the epoch
 * @throws JournalUsageError
 */
export function parseJournalArguments(words: readonly string[], now: number): JournalArguments {
  const { values, positionals } = parseWords(withOptionalValues(words))
  const output = values.output ?? 'short'
  if (!isOutput(output)) throw new JournalUsageError(`Unknown output format '${output}'.`)
  const follow = values.follow ?? false
  const pagerAtEnd = values['pager-end'] ?? false
  const lines = parseLines(values.lines) ?? defaultLines(follow && values['no-tail'] !== true, pagerAtEnd)
  return {
    action: chooseAction(values),
    query: {
      units: values.unit ?? [],
      identifiers: values.identifier ?? [],
      matches: positionals.map(parseMatch),
      ...parseTime('since', values.since, now),
      ...parseTime('until', values.until, now),
      priorities: parsePriorities(values.priority),
      ...(values.grep !== undefined && { grep: parseGrep(values.grep, values['case-sensitive']) }),
      ...(values.boot !== undefined && values.boot !== 'all' && { boot: values.boot }),
      kernel: values.dmesg ?? false,
    },
    ...(lines !== undefined && { lines }),
    fromStart: values.lines?.startsWith('+') ?? false,
    follow,
    reverse: values.reverse ?? false,
    pagerAtEnd,
    usePager: values['no-pager'] !== true && !follow,
    output,
    outputFields: values['output-fields']?.split(',') ?? [],
    showHostname: values['no-hostname'] !== true,
    utc: values.utc ?? false,
    quiet: values.quiet ?? false,
  }
}

function parseWords(
  words: string[],
): ReturnType<typeof parseArgs<{ options: typeof OPTIONS; allowPositionals: true }>> {
  try {
    return parseArgs({ args: words, options: OPTIONS, allowPositionals: true })
  } catch (error) {
    const { message } = error instanceof Error ? error : { message: String(error) }
    const option = /'(?:-(\w), )?(--?[\w-]+)/.exec(message)
    const name = option?.[2] ?? message
    if (/argument missing|ambiguous/.test(message)) {
      const shown = option?.[1] === undefined ? `'${name}'` : `-- '${option[1]}'`
      throw new JournalUsageError(`journalctl: option requires an argument ${shown}`, { cause: error })
    }
    if (name.startsWith('--'))
      throw new JournalUsageError(`journalctl: unrecognized option '${name}'`, { cause: error })
    throw new JournalUsageError(`journalctl: invalid option -- '${name.slice(1)}'`, { cause: error })
  }
}

/** Letters of options without a value, then perhaps one that may have one in the next word. */
const LINES_AT_END = /^(?:-[fkrexalmqh]*n|--lines)$/
const BOOT_AT_END = /^(?:-[fkrexalmqh]*b|--boot)$/

/**
 * `-n` and `-b` may stand alone, and take the next word only when it can be meant for them; and a value may begin with a dash
 * (`-S -1h`, `-b -1`).
 */
function withOptionalValues(words: readonly string[]): string[] {
  const out: string[] = []
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? ''
    const next = words[i + 1]
    const attach = (value: string): void =>
      void out.push(word.startsWith('--') ? `${word}=${value}` : `${word}${value}`)
    if (LINES_AT_END.test(word)) {
      if (next !== undefined && /^(all|\+?\d+)$/.test(next)) i++
      attach(next !== undefined && /^(all|\+?\d+)$/.test(next) ? next : String(LINES_TO_FOLLOW))
    } else if (BOOT_AT_END.test(word)) {
      const isMeant = next !== undefined && /^([-+]?\d+|all|[0-9a-f]{32})$/.test(next)
      if (isMeant) i++
      attach(isMeant ? next : '0')
    } else if (/^(?:-[fkrexalmqh]*[SU]|--since|--until)$/.test(word) && next?.startsWith('-') === true) {
      i++
      attach(next)
    } else if (/^-[fkrexalmqh]*b./.test(word) && !/^-[fkrexalmqh]*b([-+]?\d+|all|[0-9a-f]{32})$/.test(word)) {
      // Letters after b are options of their own: -bfu kubelet.
      const at = word.indexOf('b')
      out.push('--boot=0', ...withOptionalValues([`-${word.slice(1, at)}${word.slice(at + 1)}`]))
    } else out.push(word.replace(/^(-[fkrexalmqh]*[unopSUgtb])=/, '$1'))
  }
  return out
}

function isOutput(text: string): text is JournalOutput {
  return OUTPUTS.some((output) => output === text)
}

function chooseAction(values: Record<string, unknown>): JournalArguments['action'] {
  if (values['help'] === true) return 'help'
  if (values['version'] === true) return 'version'
  if (values['list-boots'] === true) return 'list-boots'
  if (values['disk-usage'] === true) return 'disk-usage'
  return values['flush'] === true || values['sync'] === true || values['rotate'] === true ? 'nothing' : 'show'
}

function parseLines(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (text === 'all') return Infinity
  if (!/^\+?\d+$/.test(text)) throw new JournalUsageError(`Failed to parse --lines='${text}'.`)
  return Number(text)
}

function defaultLines(follow: boolean, pagerAtEnd: boolean): number | undefined {
  if (pagerAtEnd) return LINES_TO_PAGE
  return follow ? LINES_TO_FOLLOW : undefined
}

function parseMatch(text: string): [string, string] {
  const match = /^([A-Z_][A-Z0-9_]*)=(.*)$/s.exec(text)
  if (match === null) throw new JournalUsageError(`Failed to add match '${text}': Invalid argument`)
  return [match[1] ?? '', match[2] ?? '']
}

function parseTime(name: 'since' | 'until', text: string | undefined, now: number): { since?: number; until?: number } {
  if (text === undefined) return {}
  const time = parseJournalTime(text, now)
  if (time === undefined) throw new JournalUsageError(`Failed to parse timestamp: ${text}`)
  return { [name]: time }
}

/** One level means it and all that are worse. */
function parsePriorities(text: string | undefined): [number, number] {
  if (text === undefined) return [0, 7]
  const [first = '', last] = text.split('..')
  const from = parseLevel(first)
  if (last === undefined) return [0, from]
  const to = parseLevel(last)
  return [Math.min(from, to), Math.max(from, to)]
}

function parseLevel(text: string): number {
  const level = /^[0-7]$/.test(text) ? Number(text) : LEVELS.indexOf(text)
  if (level < 0) throw new JournalUsageError(`Unknown log level ${text}`)
  return level
}

/** Lower case finds upper case too, unless somebody says otherwise. */
function parseGrep(pattern: string, caseSensitive: string | undefined): RegExp {
  const ignoresCase =
    caseSensitive === undefined ? pattern === pattern.toLowerCase() : /^(no|false|0|off)$/.test(caseSensitive)
  try {
    return new RegExp(pattern, ignoresCase ? 'i' : '')
  } catch (error) {
    throw new JournalUsageError(`Bad pattern "${pattern}": ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    })
  }
}
