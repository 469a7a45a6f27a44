/** `collect-logs` and `reset`. */
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { createInterface } from 'node:readline/promises'
import type { Command } from 'commander'
import { listLabsOf, type ResetOptions, type ResetPlan } from '../../../common/doctor/reset-plan.ts'
import { appVersion } from '../../app/app-version.ts'
import type { CommandContext } from '../context.ts'
import { UsageError } from '../exit-codes.ts'

interface ResetWords {
  yes?: boolean
  dryRun?: boolean
  keepSettings?: boolean
  images?: boolean
}

export function addSupportCommands(program: Command, context: CommandContext): void {
  program
    .command('collect-logs [file]')
    .description('one .tar.gz for whoever helps: versions, doctor, journals, logs; secrets are left out')
    .action((file: string | undefined) => collect(context, file))
  program
    .command('reset')
    .description('remove all labs of this home and the settings; says before what goes and what stays')
    .option('--dry-run', 'only say it')
    .option('--yes', 'do not ask')
    .option('--keep-settings', 'leave the settings')
    .option('--images', 'remove the images of Node Lab too, and the downloads that they are made of')
    .action((words: ResetWords) => reset(context, words))
}

async function collect(context: CommandContext, file: string | undefined): Promise<void> {
  const { terminal, clock } = context
  const manager = await context.labManager()
  const { collectLogs } = await import('../../../lab/log-collection/collect-logs.ts')
  const { Doctor } = await import('../../../lab/doctor/doctor.ts')
  const doctor = new Doctor(manager, clock, appVersion())
  const { name, archive } = await collectLogs({ manager, doctor, clock, onProgress: terminal.progress })
  const target = path.resolve(file ?? name)
  await writeFile(target, archive, { mode: 0o600 })
  terminal.print(target)
  terminal.note('Tokens, keys, passwords and the data of Secrets are left out. Look through it before you send it.')
}

async function reset(context: CommandContext, words: ResetWords): Promise<void> {
  const { terminal } = context
  const manager = await context.labManager()
  const { planReset, runReset } = await import('../../../lab/reset/reset.ts')
  const plan = await planReset(manager)
  const options: ResetOptions = {
    labs: listLabsOf(plan),
    settings: words.keepSettings !== true,
    images: words.images === true,
  }
  for (const line of describeReset(plan, options)) terminal.print(line)
  if (words.dryRun === true) return
  if (words.yes !== true && !(await isConfirmed())) {
    terminal.print('Nothing was removed.')
    return
  }
  const { labs, keptImages } = await runReset(manager, options, terminal.progress)
  terminal.print(`Done: ${labs.length === 0 ? 'there was no lab' : `removed ${labs.join(', ')}`}.`)
  if (keptImages.length > 0) terminal.print(`In use elsewhere, and kept: ${keptImages.join(', ')}.`)
}

/** @throws UsageError where nobody can be asked */
async function isConfirmed(): Promise<boolean> {
  if (!process.stdin.isTTY) throw new UsageError('Nobody can be asked here: say --yes, or --dry-run to see only.')
  const lines = createInterface({ input: process.stdin, output: process.stderr })
  try {
    return (await lines.question('Type "reset" to go on: ')).trim() === 'reset'
  } finally {
    lines.close()
  }
}

/** What goes, then what stays. */
function describeReset(plan: ResetPlan, options: ResetOptions): string[] {
  const labs = plan.labs.map(
    ({ name, nodes, containers, volumes }) =>
      `  lab ${name}: ${nodes} nodes, ${containers} containers, ${volumes} volumes, its manifests and its timeline`,
  )
  const lost = plan.lostLabs.map((name) => `  what the engine still has of the lab ${name}`)
  const settings = plan.settingsFiles.map((file) => `  ${file}`)
  const images = [`  ${plan.images.length} images of Node Lab in the engine`, `  ${plan.cacheFolder}`]
  const removed = [...labs, ...lost, ...(options.settings ? settings : []), ...(options.images ? images : [])]
  const kept = [
    ...(options.settings ? [] : settings),
    ...(options.images ? [] : images),
    `  the engine${plan.engine === undefined ? '' : ` at ${plan.engine}`}, and all that does not bear Node Lab's labels`,
  ]
  return [
    'This removes:',
    ...(removed.length === 0 ? ['  nothing: there is nothing'] : removed),
    'This stays:',
    ...kept,
  ]
}
