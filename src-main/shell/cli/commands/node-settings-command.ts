/** `node settings`: what is set for one node. */
import type { Command } from 'commander'
import {
  nodeSettingFault,
  NODE_SETTING_NAMES,
  type NodeSetting,
  type NodeSettingChange,
  type NodeSettingName,
} from '../../../common/lab/node-settings.ts'
import { nodeArgument } from '../arguments.ts'
import type { CommandContext } from '../context.ts'
import { UsageError } from '../exit-codes.ts'
import { formatTable } from '../output.ts'
import { withLab, type LabOption } from './lab-option.ts'

interface SettingsWords extends LabOption {
  set?: NodeSettingChange
  unset?: NodeSettingChange
  json?: boolean
}

export function addNodeSettingsCommand(group: Command, context: CommandContext): void {
  withLab(group.command('settings').argument('<node>', 'the node', nodeArgument))
    .description('show or change what is set for a node: its own files, then a restart of its kubelet')
    .option('--set <name=value>', `one of ${NODE_SETTING_NAMES.join(', ')}; may be given several times`, collectSet)
    .option('--unset <name>', 'take it out of its file; may be given several times', collectUnset)
    .option('--json', 'print them as JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (node: string, { lab, set, unset, json }: SettingsWords) => {
      const manager = await context.labManager()
      const change = { ...set, ...unset }
      const settings =
        Object.keys(change).length === 0
          ? await manager.nodeSettings({ lab, node })
          : await manager.changeNodeSettings({ lab, node }, change)
      if (json === true) context.terminal.print(JSON.stringify(settings, undefined, 2))
      else for (const line of formatSettings(settings)) context.terminal.print(line)
    })
}

const EXAMPLES = `
Examples:
  node-lab node settings node01 --set maxPods=20
  node-lab node settings node01 --set staticPodPath=/opt/manifests
  node-lab node settings node01 --set systemReserved=cpu=100m,memory=128Mi
  node-lab node settings node01 --set labels=disktype=ssd,zone=a --set taints=dedicated=gpu:NoSchedule
Everything else is set as on any node, in the files of its kubelet: node-lab shell node01`

function collectSet(word: string, present: NodeSettingChange = {}): NodeSettingChange {
  const at = word.indexOf('=')
  const name = requireName(at < 0 ? word : word.slice(0, at))
  if (at < 0) throw new UsageError(`Say what ${name} should be: --set ${name}=VALUE.`)
  const value = word.slice(at + 1)
  const fault = nodeSettingFault(name, value)
  if (fault !== undefined) throw new UsageError(`${fault}.`)
  return { ...present, [name]: value }
}

function collectUnset(word: string, present: NodeSettingChange = {}): NodeSettingChange {
  return { ...present, [requireName(word)]: null }
}

function requireName(word: string): NodeSettingName {
  const name = NODE_SETTING_NAMES.find((known) => known === word)
  if (name !== undefined) return name
  throw new UsageError(
    `There is no setting "${word}" here; there are ${NODE_SETTING_NAMES.join(', ')}. All others are set in the files of the kubelet: node-lab shell NODE.`,
  )
}

function formatSettings(settings: readonly NodeSetting[]): string[] {
  const rows = settings.map(({ name, value, default: fallback, file, field }) => [
    name,
    value ?? `(${fallback})`,
    file,
    field,
  ])
  return formatTable(['SETTING', 'VALUE', 'FILE', 'FIELD'], rows)
}
