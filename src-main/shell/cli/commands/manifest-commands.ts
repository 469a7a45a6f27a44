/** `manifests`, `files`, `apply`, `remove`. */
import { isUtf8 } from 'node:buffer'
import { open } from 'node:fs/promises'
import { basename } from 'node:path'
import type { Command } from 'commander'
import { LabError } from '../../../common/lab-error.ts'
import { MANIFESTS_PATH } from '../../../common/node-channel.ts'
import { MAX_MANIFEST_BYTES } from '../../../common/manifest/decode-manifest.ts'
import type { NodeStatus } from '../../../common/lab/lab-status.ts'
import type { LabManager } from '../../../lab/lab-manager.ts'
import { manifestArgument, nodeAndFile, nodeArgument } from '../arguments.ts'
import type { CommandContext } from '../context.ts'
import { EXIT_FAILED, UsageError } from '../exit-codes.ts'
import { describeApplied, formatFiles } from '../format-files.ts'
import { withLab, type LabOption } from './lab-option.ts'

/** Nobody reads more names than these in one line. */
const SHOWN_FILES = 5

interface ApplyOptions extends LabOption {
  name?: string
  replace?: boolean
}

export function addManifestCommands(program: Command, context: CommandContext): void {
  withLab(program.command('manifests').argument('<node>', 'the node', nodeArgument))
    .description("print the path of a node's manifest folder on this machine")
    .action(async (node: string, { lab }: LabOption) => {
      const manager = await context.labManager()
      context.terminal.print(await manager.manifestsPath({ lab, node }))
      const elsewhere = await describeMovedFolder(manager, lab, node)
      if (elsewhere !== undefined) context.terminal.note(elsewhere)
    })
  withLab(program.command('files').argument('<node>', 'the node', nodeArgument))
    .description("every file of a node's manifest folder, with the kubelet's verdict")
    .option('--json', 'print it as JSON')
    .action(async (node: string, { lab, json }: LabOption & { json?: boolean }) => {
      const manager = await context.labManager()
      const files = await manager.files({ lab, node })
      const lines =
        json === true
          ? [JSON.stringify(files, undefined, 2)]
          : formatFiles(files, await describeEmptyFolder(manager, lab, node, files.length))
      for (const line of lines) context.terminal.print(line)
      if (json === true) return
      const found = await findNode(manager, lab, node)
      const unwatched = found === undefined ? undefined : describeUnwatchedFiles(found)
      if (unwatched !== undefined) context.terminal.note(unwatched)
    })
  withLab(
    program.command('apply').argument('<file>', 'the manifest, or - for standard input').argument('<node>', 'the node'),
  )
    .description('copy a manifest into the folder of a node, and tell what its kubelet says')
    .option('--name <name>', 'name of the file on the node (default: that of FILE)', manifestArgument)
    .option('--replace', 'replace a file of that name')
    .action((file: string, node: string, options: ApplyOptions) => apply(context, nodeAndFile({ node, file }), options))
  withLab(program.command('remove').argument('<node>', 'the node').argument('<file>', 'name of the file in its folder'))
    .description("remove a manifest from a node's folder; its pod goes")
    .action(async (first: string, second: string, { lab }: LabOption) => {
      const { node, file } = nodeAndFile({ node: first, file: second })
      manifestArgument(file)
      const manager = await context.labManager()
      await manager.removeManifest({ lab, node }, file)
      context.terminal.print(`${file} is removed from ${node}.`)
    })
}

/** Of which folder it is said that it is empty. */
async function describeEmptyFolder(
  manager: LabManager,
  lab: string,
  node: string,
  count: number,
): Promise<string | undefined> {
  if (count > 0) return undefined
  const info = (await findNode(manager, lab, node))?.kubeletInfo
  if (info === undefined) return undefined
  if (info.staticPodPath !== null) return `${info.staticPodPath} on ${node} is empty. Copy a Pod manifest into it.`
  const from = info.staticPodURL === undefined ? '' : `, and ${info.staticPodURL} has not answered yet`
  return `The kubelet of ${node} reads no manifest folder: no staticPodPath is set${from}.`
}

/** `undefined` also when nobody can be asked: every other command says why. */
async function findNode(manager: LabManager, lab: string, node: string): Promise<NodeStatus | undefined> {
  const status = await manager.labStatus(lab).catch(() => undefined)
  return status?.nodes.find((candidate) => candidate.name === node)
}

/** A learner may have pointed the kubelet at another folder: then files in this one do nothing. */
async function describeMovedFolder(manager: LabManager, lab: string, node: string): Promise<string | undefined> {
  const found = await findNode(manager, lab, node)
  if (found === undefined || found.watchesMountedFolder) return undefined
  const path = found.kubeletInfo?.staticPodPath ?? null
  if (path === null) return `The kubelet of ${node} reads no manifests now: no staticPodPath is set.`
  const moved = `The kubelet of ${node} reads ${path} on the node now, not this folder; node-lab apply and remove go there.`
  const unwatched = describeUnwatchedFiles(found)
  return unwatched === undefined ? moved : `${moved} ${unwatched}`
}

/** What would run if the folder were moved back. `undefined` when there is nothing. */
function describeUnwatchedFiles({ name, unwatchedFiles = [] }: NodeStatus): string | undefined {
  if (unwatchedFiles.length === 0) return undefined
  const shown = unwatchedFiles.slice(0, SHOWN_FILES).join(', ')
  const more = unwatchedFiles.length > SHOWN_FILES ? `, and ${unwatchedFiles.length - SHOWN_FILES} more` : ''
  return `Not watched any more in ${MANIFESTS_PATH} of ${name}: ${shown}${more}.`
}

async function apply(
  context: CommandContext,
  { node, file }: { node: string; file: string },
  options: ApplyOptions,
): Promise<void> {
  const fromStandardInput = file === '-'
  if (fromStandardInput && options.name === undefined)
    throw new UsageError('With - as FILE, --name says what the file is called on the node.')
  const name = options.name ?? manifestArgument(basename(file))
  const content = fromStandardInput
    ? await readText(process.stdin as AsyncIterable<Buffer>, 'standard input')
    : await readManifest(file)
  const manager = await context.labManager()
  const applied = await manager.applyAndAwaitVerdict({ lab: options.lab, node }, name, content, {
    replace: options.replace === true,
  })
  const { isDone, lines } = describeApplied(applied, node)
  for (const line of lines) context.terminal.print(line)
  if (!isDone) context.exitWith(EXIT_FAILED)
}

async function readManifest(path: string): Promise<string> {
  try {
    await using file = await open(path, 'r')
    return await readText(file.createReadStream({ autoClose: false }), path)
  } catch (error) {
    if (error instanceof LabError) throw error
    throw unreadable(path, error)
  }
}

function unreadable(path: string, cause: unknown): LabError {
  const fail = (kind: LabError['kind'], message: string, remedy?: string): LabError =>
    new LabError({ kind, message, ...(remedy === undefined ? {} : { remedy }) }, { cause })
  switch (cause instanceof Error && 'code' in cause ? cause.code : undefined) {
    case 'ENOENT':
    case 'ENOTDIR':
      return fail('NotFound', `There is no file ${path} here.`)
    case 'EISDIR':
      return fail(
        'BadRequest',
        `${path} is a folder.`,
        'Apply the files in it one by one: a kubelet reads one Pod from each.',
      )
    case 'EACCES':
    case 'EPERM':
      return fail('Forbidden', `You may not read ${path}.`)
    default:
      return fail('Internal', `${path} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}.`)
  }
}

/** All of it, counted while it comes: a pipe or a device tells no size beforehand. */
async function readText(source: AsyncIterable<Buffer>, what: string): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of source) {
    size += chunk.length
    if (size > MAX_MANIFEST_BYTES) {
      throw new LabError({
        kind: 'BadRequest',
        message: `${what} is larger than ${MAX_MANIFEST_BYTES / 1024 / 1024} MiB.`,
        remedy: 'A kubelet reads no manifest larger than that.',
      })
    }
    chunks.push(chunk)
  }
  const bytes = Buffer.concat(chunks)
  if (isUtf8(bytes)) return bytes.toString('utf8')
  throw new LabError({
    kind: 'BadRequest',
    message: `${what} is not text in UTF-8.`,
    remedy: 'Save it as UTF-8, or copy it into the folder that `node-lab manifests` prints to see what a kubelet says.',
  })
}
