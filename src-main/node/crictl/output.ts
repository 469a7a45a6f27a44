/** What `-o` chooses: `json`, `yaml` or `go-template`; tables are printed by the verbs themselves. */
import { stringify } from 'yaml'
import type { VerboseInfo } from '../../container-runtime/cri.ts'
import type { Flag } from './flags.ts'
import { renderGoTemplate } from './go-template.ts'
import { sortKeys, type JsonValue } from './proto-json.ts'
import { CrictlError, type Invocation } from './verb.ts'

export function outputFlag(formats: string, defaultText?: string): Flag {
  const usage = `Format of the output, one of: ${formats}`
  return { name: 'output', aliases: ['o'], kind: 'text', usage, ...(defaultText === undefined ? {} : { defaultText }) }
}

export const TEMPLATE_FLAG: Flag = {
  name: 'template',
  kind: 'text',
  usage: 'Go template that is filled in; only with the output go-template',
}

/** For lists. `undefined`: a table is wanted. @throws CrictlError for formats that the verb does not have */
export function formatList(flags: Invocation['flags'], value: () => JsonValue): string | undefined {
  const format = flags.text('output') || 'table'
  if (format === 'table') return undefined
  if (format === 'json') return formatJson(value())
  if (format === 'yaml') return formatYaml(value())
  throw new CrictlError(`unsupported output format ${JSON.stringify(format)}`)
}

export function formatJson(value: JsonValue): string {
  return `${JSON.stringify(value, undefined, 2)}\n`
}

export function formatYaml(value: JsonValue): string {
  return `${stringify(sortKeys(value), { lineWidth: 0, indentSeq: false })}\n`
}

export interface StatusData {
  /** Beside `status`: what verbose answers bring. */
  info: VerboseInfo
  status: JsonValue
}

/** One status stands alone, several are a list. @throws CrictlError for an unknown format or a bad template */
export function formatStatuses(statuses: readonly StatusData[], format: string, template: string): string {
  const values = statuses.map(({ status, info }) => sortKeys({ status, ...parseInfo(info) }))
  const value = values.length === 1 ? (values[0] ?? null) : values
  switch (format) {
    case 'json':
      // Go's encoder keeps HTML safe.
      return formatJson(value).replace(/[<>&]/g, (character) => `\\u00${character.charCodeAt(0).toString(16)}`)
    case 'yaml':
      return formatYaml(value)
    case 'go-template':
      return `${renderGoTemplate(template, value)}\n`
    default:
      throw new CrictlError(`unsupported format: ${JSON.stringify(format)}`)
  }
}

function parseInfo(info: VerboseInfo): { [key: string]: JsonValue } {
  const entries = Object.entries(info).map(([key, text]): [string, JsonValue] => [
    key,
    text.startsWith('{') ? (JSON.parse(text) as JsonValue) : text.replace(/^"|"$/g, ''),
  ])
  return Object.fromEntries(entries)
}

/** `labels` and `annotations` of a verbose listing. */
export function formatMap(title: string, map: Record<string, string>): string {
  const lines = Object.keys(map)
    .sort()
    .map((key) => `\t${key} -> ${map[key] ?? ''}\n`)
  return `${title}:\n${lines.join('')}`
}

/** RFC 3339 with as many digits of the nanoseconds as there are, in UTC. */
export function formatTime(nanoseconds: bigint): string {
  const seconds = nanoseconds / 1_000_000_000n
  const fraction = String(nanoseconds % 1_000_000_000n)
    .padStart(9, '0')
    .replace(/0+$/, '')
  return `${new Date(Number(seconds) * 1000).toISOString().slice(0, 19)}${fraction === '' ? '' : `.${fraction}`}Z`
}
