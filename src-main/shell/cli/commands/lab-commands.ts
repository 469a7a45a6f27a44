/** `up`, `down`, `delete`, `status`. */
import type { Command } from 'commander'
import type { EngineStatus, LabStatus } from '../../../common/lab/lab-status.ts'
import { describeRepair } from '../../../common/lab/repair-note.ts'
import { PRESET_NAMES, type Preset } from '../../../common/lab/presets.ts'
import { labArgument, nodeCountArgument, presetArgument } from '../arguments.ts'
import type { CommandContext } from '../context.ts'
import { UsageError } from '../exit-codes.ts'
import { formatEngine, formatLab } from '../format-lab.ts'
import { withSchedulingOption } from './control-plane-commands.ts'
import { putBackCutShort, warnOfCutShort } from './cut-short.ts'
import { withLab, type LabOption } from './lab-option.ts'

interface UpOptions extends LabOption {
  nodes?: number
  controlPlane?: boolean
  preset?: Preset
  scheduleDaemonsetPods?: boolean
  json?: boolean
}

interface StatusOptions {
  lab?: string
  json?: boolean
}

export function addLabCommands(program: Command, context: CommandContext): void {
  withSchedulingOption(withLab(program.command('up')))
    .description('create or start a lab, and wait until its nodes are ready')
    .option('--nodes <n>', 'how many workers (default: 2 for a new lab; a lab never shrinks)', nodeCountArgument)
    .option(
      '--preset <name>',
      `a lab to begin with: ${PRESET_NAMES.join(', ')} (two nodes and a control plane)`,
      presetArgument,
    )
    .option(
      '--control-plane',
      'add a control plane, which all nodes join: etcd, kube-apiserver and the rest as static pods',
    )
    .option('--json', 'print the lab as JSON')
    .action((options: UpOptions) => up(context, options))
  withLab(program.command('down'))
    .description('stop a lab; its manifests and nodes stay')
    .action((options: LabOption) => down(context, options))
  withLab(program.command('delete'))
    .description('remove a lab and everything that it made, its manifests included')
    .action((options: LabOption) => deleteLab(context, options))
  program
    .command('status')
    .description('the engine and the labs: nodes, folders, addresses')
    .option('--lab <lab>', 'this lab only', labArgument)
    .option('--json', 'print it as JSON')
    .action((options: StatusOptions) => status(context, options))
}

async function up(context: CommandContext, options: UpOptions): Promise<void> {
  const { terminal, signal } = context
  const { preset } = options
  if (preset !== undefined && (options.nodes !== undefined || options.controlPlane !== undefined))
    throw new UsageError(
      'A preset says how many nodes there are and whether there is a control plane: leave the others out.',
    )
  const nodes = preset?.nodes ?? options.nodes
  const manager = await context.labManager()
  const started = await manager.up(options.lab, {
    ...(nodes !== undefined && { nodes }),
    ...((preset?.controlPlane ?? options.controlPlane) === true && { controlPlane: true }),
    ...(options.scheduleDaemonsetPods !== undefined && { scheduleDaemonSetPods: options.scheduleDaemonsetPods }),
    onProgress: terminal.progress,
    signal,
  })
  const isPutBack = await putBackCutShort(context, options.lab)
  const { repairs = [] } = started
  const lab = isPutBack
    ? { ...(await manager.labStatus(options.lab)), ...(repairs.length > 0 && { repairs }) }
    : started
  if (options.json === true) {
    terminal.print(JSON.stringify(lab, undefined, 2))
    return
  }
  for (const line of formatLab(lab)) terminal.print(line)
  for (const note of repairs) terminal.note(`repaired: ${describeRepair(note)}`)
  terminal.print(`\nCopy a Pod manifest into a manifest folder, then: node-lab pods --watch --lab ${options.lab}`)
}

async function down(context: CommandContext, { lab }: LabOption): Promise<void> {
  const manager = await context.labManager()
  await manager.down(lab, { onProgress: context.terminal.progress })
  context.terminal.print(`The lab "${lab}" is stopped. \`node-lab up --lab ${lab}\` starts it again.`)
}

async function deleteLab(context: CommandContext, { lab }: LabOption): Promise<void> {
  const manager = await context.labManager()
  const existed = (await manager.listLabs()).some(({ name }) => name === lab)
  await manager.delete(lab, { onProgress: context.terminal.progress })
  context.terminal.print(
    existed ? `The lab "${lab}" is gone.` : `There is no lab "${lab}", and nothing of one is left.`,
  )
}

async function status(context: CommandContext, options: StatusOptions): Promise<void> {
  const { terminal } = context
  const manager = await context.labManager()
  const engine: EngineStatus = await manager.engineStatus()
  const labs: LabStatus[] =
    options.lab === undefined ? await manager.listLabs() : [await manager.labStatus(options.lab)]
  for (const { name } of labs) await warnOfCutShort(context, name)
  if (options.json === true) {
    terminal.print(JSON.stringify({ engine, home: manager.home, labs }, undefined, 2))
    return
  }
  terminal.print(formatEngine(engine))
  terminal.print(`home     ${manager.home}`)
  if (labs.length === 0) terminal.print('There is no lab yet. `node-lab up` makes one.')
  for (const lab of labs) {
    terminal.print('')
    for (const line of formatLab(lab)) terminal.print(line)
  }
}
