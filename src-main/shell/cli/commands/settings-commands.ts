/** `settings`, with `get`, `set` and `unset`: the file that the window's settings page writes. */
import type { Command } from 'commander'
import {
  SETTING_DEFINITIONS,
  SETTING_NAMES,
  settingFault,
  type SettingDefinition,
  type SettingName,
  type SettingsState,
} from '../../../common/settings/settings.ts'
import { nodeLabHome } from '../../../lab/store/home.ts'
import { describeProblem } from '../../settings/describe-problem.ts'
import { openSettingsFile, type SettingsFile } from '../../settings/settings-file.ts'
import { terminalLogger, type CommandContext } from '../context.ts'
import { UsageError } from '../exit-codes.ts'
import { formatTable } from '../output.ts'

export function addSettingsCommands(program: Command, context: CommandContext): void {
  const settings = program
    .command('settings')
    .description("the app's settings, and the file that they are in")
    .option('--json', 'print them as JSON')
    .action((options: { json?: boolean }) => list(context, options.json === true))
  settings
    .command('get <name>')
    .description('print one setting')
    .action((name: string) => get(context, settingArgument(name)))
  settings
    .command('set <name> <value>')
    .description('write one setting; an open window follows at once')
    .action((name: string, value: string) => set(context, settingArgument(name), value))
  settings
    .command('unset <name>')
    .description('take one setting out of the file, so that its default counts')
    .action((name: string) => write(context, settingArgument(name), null))
}

function settingArgument(word: string): SettingName {
  const name = SETTING_NAMES.find((known) => known === word)
  if (name === undefined) throw new UsageError(`There is no setting "${word}"; there are ${SETTING_NAMES.join(', ')}.`)
  return name
}

async function open({ clock, terminal }: CommandContext): Promise<SettingsFile> {
  return openSettingsFile({ home: nodeLabHome(process.env), clock, logger: terminalLogger(terminal) })
}

async function list(context: CommandContext, json: boolean): Promise<void> {
  const { terminal } = context
  const { state } = await open(context)
  if (json) return terminal.print(JSON.stringify(state, undefined, 2))
  const rows = SETTING_NAMES.map((name) => [name, String(state.settings[name]), originOf(state, name)])
  for (const line of formatTable(['NAME', 'VALUE', 'FROM'], rows)) terminal.print(line)
  terminal.print(`\n${state.file}`)
  for (const problem of state.problems) terminal.note(describeProblem(state.file, problem))
}

function originOf({ chosen }: SettingsState, name: SettingName): string {
  return chosen.includes(name) ? 'the file' : 'default'
}

async function get(context: CommandContext, name: SettingName): Promise<void> {
  const { state } = await open(context)
  context.terminal.print(String(state.settings[name]))
}

/** A word as the setting has it: `true`, `-1`, `dark`. */
async function set(context: CommandContext, name: SettingName, word: string): Promise<void> {
  const { rule }: SettingDefinition = SETTING_DEFINITIONS[name]
  const value: unknown = rule.kind === 'choice' ? word : parseWord(word)
  const fault = settingFault(name, value)
  if (fault !== undefined) throw new UsageError(`${name} ${fault}, not "${word}".`)
  await write(context, name, value)
}

function parseWord(word: string): unknown {
  if (word === 'true' || word === 'false') return word === 'true'
  return /^-?\d+$/.test(word) ? Number(word) : word
}

async function write(context: CommandContext, name: SettingName, value: unknown): Promise<void> {
  const file = await open(context)
  // The value has passed the rule of its name, or is null.
  const { settings } = await file.write({ [name]: value })
  context.terminal.print(`${name} is ${String(settings[name])}.`)
}
