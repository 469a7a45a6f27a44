/** `lab list|rename|clone|export|import`: labs as wholes. */
import path from 'node:path'
import type { Command } from 'commander'
import type { ImportedLab, LeftOutFile } from '../../../common/lab/lab-archive.ts'
import { readArchiveFile } from '../../../lab/archive/read-archive-file.ts'
import { writeAtomically } from '../../../lab/store/write-atomically.ts'
import { labArgument } from '../arguments.ts'
import type { CommandContext } from '../context.ts'
import { formatLab } from '../format-lab.ts'
import { formatTable } from '../output.ts'

interface CopyWords {
  up?: boolean
  json?: boolean
}

export function addTransferCommands(program: Command, context: CommandContext): void {
  const group = program.command('lab').description('labs as wholes: list, rename, clone, export and import them')
  group
    .command('list')
    .description('all labs of this home and their states')
    .option('--json', 'print them as JSON')
    .action((words: { json?: boolean }) => list(context, words))
  group
    .command('rename')
    .argument('<lab>', 'a stopped lab', labArgument)
    .argument('<name>', 'its new name', labArgument)
    .description('give a stopped lab another name; manifests, disks and timeline stay, containers are made anew')
    .action((lab: string, name: string) => renameLab(context, lab, name))
  withCopyOptions(group.command('clone'))
    .argument('<lab>', 'the lab', labArgument)
    .argument('<name>', 'name of the new lab', labArgument)
    .description('make another lab with the same nodes, settings and manifests')
    .action(async (lab: string, name: string, words: CopyWords) => {
      const manager = await context.labManager()
      const { progress: onProgress } = context.terminal
      tellImported(context, await manager.cloneLab(lab, name, { onProgress, up: words.up === true }), words)
    })
  group
    .command('export')
    .argument('<lab>', 'the lab', labArgument)
    .argument('[file]', 'default: LAB-TIME.lab.tar.gz in this folder')
    .description('write manifests and node settings to one file; no keys, tokens, Secrets and data')
    .option('--json', 'print what is in it as JSON')
    .action((lab: string, file: string | undefined, words: { json?: boolean }) => exportLab(context, lab, file, words))
  withCopyOptions(group.command('import'))
    .argument('<file>', 'as written by lab export')
    .option('--as <name>', "another name than the file's", labArgument)
    .description('make a lab of such a file; nothing of it runs before it is started')
    .action((file: string, words: CopyWords & { as?: string }) => importLab(context, file, words))
}

function withCopyOptions(command: Command): Command {
  return command.option('--up', 'start it, too').option('--json', 'print it as JSON')
}

async function list({ labManager, terminal }: CommandContext, { json }: { json?: boolean }): Promise<void> {
  const labs = await (await labManager()).listLabs()
  if (json === true) return terminal.print(JSON.stringify(labs, undefined, 2))
  if (labs.length === 0) return terminal.print('There is no lab yet. `node-lab up` makes one.')
  const rows = labs.map(({ name, state, nodes, apiServer, subnet }) => [
    name,
    state,
    String(nodes.length),
    apiServer === undefined ? 'none' : apiServer.node,
    subnet,
  ])
  for (const line of formatTable(['LAB', 'STATE', 'NODES', 'CONTROL PLANE', 'SUBNET'], rows)) terminal.print(line)
}

async function renameLab({ labManager, terminal }: CommandContext, lab: string, name: string): Promise<void> {
  await (await labManager()).renameLab(lab, name, { onProgress: terminal.progress })
  terminal.print(`The lab "${lab}" is called "${name}" now. \`node-lab up --lab ${name}\` starts it.`)
}

async function exportLab(
  { labManager, terminal }: CommandContext,
  lab: string,
  file: string | undefined,
  { json }: { json?: boolean },
): Promise<void> {
  const { archive, ...summary } = await (await labManager()).exportLab(lab, { onProgress: terminal.progress })
  const target = path.resolve(file ?? summary.name)
  // An export that fails leaves the earlier file as it was.
  await writeAtomically(target, archive, 0o600)
  if (json === true)
    return terminal.print(JSON.stringify({ file: target, sizeBytes: archive.length, ...summary }, undefined, 2))
  terminal.print(target)
  terminal.note(
    `In it: ${countOf(summary.manifests, 'manifest')}, ${countOf(summary.settings, 'file')} of node settings.`,
  )
  if (summary.images.length > 0)
    terminal.note(`Images that it needs, which are not in it: ${summary.images.join(', ')}`)
  for (const left of summary.leftOut) terminal.note(describeLeftOut(left))
}

function describeLeftOut({ node, path: place, why }: LeftOutFile): string {
  switch (why) {
    case 'secret':
      return `left out, because it holds a key, a token, a kubeconfig or a Secret: ${place} of ${node}`
    case 'too-large':
      return `left out, because it is too large: ${place} of ${node}`
    case 'not-a-file':
      return `left out, because it is no regular file: ${place} of ${node}`
  }
}

async function importLab(context: CommandContext, file: string, words: CopyWords & { as?: string }): Promise<void> {
  const archive = await readArchiveFile(path.resolve(file))
  const manager = await context.labManager()
  const imported = await manager.importLab(archive, {
    onProgress: context.terminal.progress,
    up: words.up === true,
    ...(words.as !== undefined && { name: words.as }),
  })
  tellImported(context, imported, words)
}

function tellImported(
  { terminal }: CommandContext,
  { status, manifests, missingImages, leftOut }: ImportedLab,
  { up, json }: CopyWords,
): void {
  if (json === true) return terminal.print(JSON.stringify({ status, manifests, missingImages, leftOut }, undefined, 2))
  for (const line of formatLab(status)) terminal.print(line)
  if (missingImages.length > 0)
    terminal.note(`Images that are not here, and would be pulled: ${missingImages.join(', ')}`)
  for (const left of leftOut) terminal.note(describeLeftOut(left))
  if (up === true) return
  const what = countOf(manifests, 'manifest')
  terminal.print(`\nNothing of it runs yet. \`node-lab up --lab ${status.name}\` starts its nodes, which have ${what}.`)
}

function countOf(number: number, thing: string): string {
  return `${number} ${thing}${number === 1 ? '' : 's'}`
}
