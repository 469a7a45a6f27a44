/** `history`, `restore`: versions of manifests that were seen in a node's folder. */
import type { Command } from 'commander'
import type { ManifestVersion } from '../../../common/lab/manifest-version.ts'
import { manifestArgument, nodeArgument, versionArgument } from '../arguments.ts'
import type { CommandContext } from '../context.ts'
import { EXIT_FAILED } from '../exit-codes.ts'
import { describeApplied } from '../format-files.ts'
import { formatTable, printable } from '../output.ts'
import { withLab, type LabOption } from './lab-option.ts'

export function addHistoryCommands(program: Command, context: CommandContext): void {
  withLab(
    program
      .command('history')
      .argument('<node>', 'the node', nodeArgument)
      .argument('[file]', 'name of a file in its folder (default: all that ever were there)', manifestArgument),
  )
    .description('versions of manifests that Node Lab saw in the folder of a node, the newest first')
    .option('--json', 'print them as JSON')
    .action(async (node: string, file: string | undefined, { lab, json }: LabOption & { json?: boolean }) => {
      const manager = await context.labManager()
      const versions = await manager.manifestHistory({ lab, node }, file)
      const lines = json === true ? [JSON.stringify(versions, undefined, 2)] : formatVersions(versions)
      for (const line of lines) context.terminal.print(line)
    })
  withLab(
    program
      .command('restore')
      .argument('<node>', 'the node', nodeArgument)
      .argument('<file>', 'name of the file in its folder', manifestArgument)
      .argument('<version>', 'the version, as `history` prints it', versionArgument),
  )
    .description('bring a version of a manifest back, and tell what the kubelet says')
    .action(async (node: string, file: string, version: string, { lab }: LabOption) => {
      const manager = await context.labManager()
      const content = await manager.manifestVersion({ lab, node }, file, version)
      const applied = await manager.applyAndAwaitVerdict({ lab, node }, file, content, { replace: true })
      const { isDone, lines } = describeApplied(applied, node)
      for (const line of lines) context.terminal.print(line)
      if (!isDone) context.exitWith(EXIT_FAILED)
    })
}

function formatVersions(versions: readonly ManifestVersion[]): string[] {
  if (versions.length === 0) return ['Node Lab has seen no version yet.']
  const rows = versions.map(({ name, version, time, by, bytes, removed }) => [
    printable(name),
    version,
    time,
    by,
    removed === true ? 'removed' : `${bytes} bytes`,
  ])
  return formatTable(['FILE', 'VERSION', 'TIME', 'BY', 'SIZE'], rows)
}
