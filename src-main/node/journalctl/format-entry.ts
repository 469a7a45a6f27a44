/** Entries of the journal as `journalctl -o` writes them. */
import type { JournalEntry } from './journal-reader.ts'

export const OUTPUTS = [
  'short',
  'short-full',
  'short-iso',
  'short-iso-precise',
  'short-precise',
  'short-unix',
  'with-unit',
  'verbose',
  'json',
  'json-pretty',
  'cat',
] as const
export type JournalOutput = (typeof OUTPUTS)[number]

export interface EntryStyle {
  output: JournalOutput
  /** Of the node. */
  hostname: string
  showHostname: boolean
  utc: boolean
  /** Whether errors and warnings stand out, as on a terminal. */
  colour: boolean
  /** Fields of JSON and verbose output; empty: all. */
  outputFields: string[]
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const ERROR = '\u001B[0;1;31m'
const WARNING = '\u001B[0;1;38:5:185m\u001B[0;1;33m'
const NOTICE = '\u001B[0;1m'
const PLAIN = '\u001B[0m'

/** One entry, with the end of its last line. */
export function formatEntry(entry: JournalEntry, style: EntryStyle): string {
  switch (style.output) {
    case 'cat':
      return `${paint(entry, style)}\n`
    case 'json':
      return `${JSON.stringify(chosenFields(entry, style))}\n`
    case 'json-pretty': {
      const lines = Object.entries(chosenFields(entry, style)).map(
        ([name, value]) => `\t${JSON.stringify(name)} : ${JSON.stringify(value)}`,
      )
      return `{\n${lines.join(',\n')}\n}\n`
    }
    case 'verbose': {
      const fields = Object.entries(chosenFields(entry, style)).filter(([name]) => !name.startsWith('__'))
      const head = `${formatTime(entry.time, 'full-precise', style.utc)} [b=${entry.boot};t=${entry.time.toString(16)}]`
      return `${head}\n${fields.map(([name, value]) => `    ${name}=${value}\n`).join('')}`
    }
    default: {
      const who = style.output === 'with-unit' ? (entry.isByInit ? 'init.scope' : (entry.unit ?? '')) : entry.identifier
      const host = style.showHostname ? `${style.hostname} ` : ''
      const pid = entry.pid === undefined ? '' : `[${entry.pid}]`
      return `${formatTime(entry.time, TIMES[style.output], style.utc)} ${host}${who}${pid}: ${paint(entry, style)}\n`
    }
  }
}

type TimeFormat = 'short' | 'short-precise' | 'iso' | 'iso-precise' | 'full' | 'full-precise' | 'unix'

const TIMES = {
  short: 'short',
  'short-precise': 'short-precise',
  'short-iso': 'iso',
  'short-iso-precise': 'iso-precise',
  'short-full': 'full',
  'with-unit': 'full',
  'short-unix': 'unix',
} as const satisfies Partial<Record<JournalOutput, TimeFormat>>

/** @param micros since the epoch */
export function formatTime(micros: number, format: TimeFormat, utc = false): string {
  const seconds = Math.floor(micros / 1e6)
  const fraction = `.${pad(micros % 1e6, 6)}`
  if (format === 'unix') return `${seconds}${fraction}`
  const offsetMinutes = utc ? 0 : -new Date(seconds * 1000).getTimezoneOffset()
  const date = new Date((seconds + offsetMinutes * 60) * 1000)
  const day = pad(date.getUTCDate(), 2)
  const clock = [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()].map((part) => pad(part, 2)).join(':')
  const iso = `${date.getUTCFullYear()}-${pad(date.getUTCMonth() + 1, 2)}-${day}`
  const isPrecise = format.endsWith('precise')
  const time = isPrecise ? `${clock}${fraction}` : clock
  switch (format) {
    case 'short':
    case 'short-precise':
      return `${MONTHS[date.getUTCMonth()]} ${day} ${time}`
    case 'iso':
    case 'iso-precise': {
      const sign = offsetMinutes < 0 ? '-' : '+'
      const zone = Math.abs(offsetMinutes)
      return `${iso}T${time}${sign}${pad(Math.floor(zone / 60), 2)}:${pad(zone % 60, 2)}`
    }
    case 'full':
    case 'full-precise':
      return `${DAYS[date.getUTCDay()]} ${iso} ${time} ${utc ? 'UTC' : zoneName(seconds)}`
  }
}

function zoneName(seconds: number): string {
  const parts = new Intl.DateTimeFormat('en-US', { timeZoneName: 'short' }).formatToParts(new Date(seconds * 1000))
  return parts.find(({ type }) => type === 'timeZoneName')?.value ?? 'UTC'
}

function pad(number: number, digits: number): string {
  return String(number).padStart(digits, '0')
}

function paint({ priority, message }: JournalEntry, { colour }: EntryStyle): string {
  if (!colour || priority > 5) return message
  const start = priority <= 3 ? ERROR : priority === 4 ? WARNING : NOTICE
  return `${start}${message}${PLAIN}`
}

/** The fields of an entry by the names that journald has for them, as far as a node knows them. */
export function entryFields(entry: JournalEntry, hostname: string): Record<string, string> {
  return {
    __REALTIME_TIMESTAMP: String(entry.time),
    ...(entry.boot !== '' && { _BOOT_ID: entry.boot }),
    _HOSTNAME: hostname,
    PRIORITY: String(entry.priority),
    SYSLOG_FACILITY: '3',
    SYSLOG_IDENTIFIER: entry.identifier,
    ...(entry.pid !== undefined && { _PID: String(entry.pid) }),
    _UID: '0',
    _GID: '0',
    _COMM: entry.identifier,
    _TRANSPORT: entry.isByInit ? 'journal' : 'stdout',
    _SYSTEMD_UNIT: entry.isByInit ? 'init.scope' : (entry.unit ?? ''),
    ...(entry.isByInit && entry.unit !== undefined && { UNIT: entry.unit }),
    ...(entry.invocation !== '' && { [entry.isByInit ? 'INVOCATION_ID' : '_SYSTEMD_INVOCATION_ID']: entry.invocation }),
    MESSAGE: entry.message,
  }
}

/** What is asked for; where and when comes with everything. */
function chosenFields(entry: JournalEntry, { hostname, outputFields }: EntryStyle): Record<string, string> {
  const fields = entryFields(entry, hostname)
  if (outputFields.length === 0) return fields
  const kept = Object.entries(fields).filter(
    ([name]) => outputFields.includes(name) || name.startsWith('__') || name === '_BOOT_ID',
  )
  return Object.fromEntries(kept)
}
