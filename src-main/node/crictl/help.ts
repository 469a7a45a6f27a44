/** The help of `crictl` and of its verbs, laid out as cri-tools lays it out. */
import type { Flag } from './flags.ts'
import type { Verb } from './verb.ts'

export const HELP_FLAG: Flag = { name: 'help', aliases: ['h'], kind: 'switch', usage: 'show help' }

export function formatProgramHelp(version: string, verbs: readonly Verb[], globalFlags: readonly Flag[]): string {
  const names = verbs.map(({ name, aliases = [], usage }): [string, string] => [[name, ...aliases].join(', '), usage])
  const help: [string, string] = ['help, h', 'Show the commands, or the help of one']
  return section(
    ['NAME', ['crictl - client for CRI']],
    ['USAGE', ['crictl [global options] command [command options] [arguments...]']],
    ['VERSION', [version]],
    ['COMMANDS', alignColumns([...names, help])],
    ['GLOBAL OPTIONS', describeFlags(globalFlags)],
  )
}

export function formatVerbHelp({ name, usage, operands, description, flags }: Verb): string {
  const synopsis = `crictl ${name} [command options]${operands === undefined ? '' : ` ${operands}`}`
  return section(
    ['NAME', [`crictl ${name} - ${usage}`]],
    ['USAGE', [synopsis]],
    ...(description === undefined ? [] : [['DESCRIPTION', description.split('\n')] as [string, string[]]]),
    ['OPTIONS', describeFlags([...flags, HELP_FLAG])],
  )
}

function section(...sections: [title: string, lines: string[]][]): string {
  const indent = (line: string): string => (line === '' ? '' : `   ${line}`)
  return `${sections.map(([title, lines]) => `${title}:\n${lines.map(indent).join('\n')}\n`).join('\n')}`
}

function describeFlags(flags: readonly Flag[]): string[] {
  const sorted = [...flags].sort((left, right) => left.name.localeCompare(right.name))
  return alignColumns(sorted.map((flag) => [flagNames(flag), `${flag.usage}${flagDefault(flag)}`]))
}

function flagNames({ name, aliases = [], kind }: Flag): string {
  const names = [name, ...aliases].map((word) => `${word.length === 1 ? '-' : '--'}${word}`)
  if (kind === 'switch') return names.join(', ')
  const shown = names.map((word) => `${word} value`).join(', ')
  return kind === 'texts' ? `${shown} [ ${shown} ]` : shown
}

function flagDefault({ name, kind, defaultText, environment = [] }: Flag): string {
  const isShown = kind === 'switch' && name !== 'help'
  const quoted = kind === 'text' && defaultText !== undefined ? JSON.stringify(defaultText) : defaultText
  const value = isShown ? (defaultText ?? 'false') : quoted
  return `${value === undefined ? '' : ` (default: ${value})`}${environment.map((word) => ` [$${word}]`).join('')}`
}

function alignColumns(rows: [string, string][]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length))
  return rows.map(([left, right]) => `${left.padEnd(width)}  ${right}`)
}
