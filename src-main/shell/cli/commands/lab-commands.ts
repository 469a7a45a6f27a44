/** `up`, `down`, `delete`, `status`. */
import type { Command } from 'commander'
import type { EngineStatus, LabStatus } from '../../../common/lab/lab-status.ts'
import { labArgument, nodeCountArgument } from '../arguments.ts'
import type { CommandContext } from '../context.ts'
import { formatEngine, formatLab } from '../format-lab.ts'
import { withSchedulingOption } from './control-plane-commands.ts'
import { putBackCutShort, warnOfCutShort } from './cut-short.ts'
import { withLab, type LabOption } from './lab-option.ts'

interface UpOptions extends LabOption {
  nodes?: number
  controlPlane?: boolean
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
  const manager = await context.labManager()
  const started = await manager.up(options.lab, {
    ...(options.nodes !== undefined && { nodes: options.nodes }),
    ...(options.controlPlane === true && { controlPlane: true }),
    ...(options.scheduleDaemonsetPods !== undefined && { scheduleDaemonSetPods: options.scheduleDaemonsetPods }),
    onProgress: terminal.progress,
    signal,
  })
  const lab = (await putBackCutShort(context, options.lab)) ? await manager.labStatus(options.lab) : started
  if (options.json === true) {
    terminal.print(JSON.stringify(lab, undefined, 2))
    return
  }
  for (const line of formatLab(lab)) terminal.print(line)
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
