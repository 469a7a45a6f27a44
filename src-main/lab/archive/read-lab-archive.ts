/**
 * Reads a file that somebody says is a lab. All of it is hostile: it is read into memory within bounds, and judged as a whole, before
 * anything of it is written anywhere.
 */
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { setImmediate } from 'node:timers/promises'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { extract, type Header } from 'tar-stream'
import { isLabError, LabError } from '../../common/lab-error.ts'
import { MAX_ARCHIVE_BYTES, MAX_ARCHIVE_ENTRIES, MAX_UNPACKED_BYTES } from '../../common/lab/lab-archive.ts'
import { SIMULATED_GROUP } from '../../common/lab/simulated-nodes.ts'
import { MAX_MANIFEST_BYTES } from '../../common/manifest/decode-manifest.ts'
import { parseDescription } from './archive-description.ts'
import {
  CHECKSUMS_FILE,
  DESCRIPTION_FILE,
  folderEntryFault,
  formatNodeEntry,
  parseArchiveEntry,
} from './archive-entry.ts'
import { settingJudge } from './compute-setting-paths.ts'
import { holdsSecret } from './secret-files.ts'
import { sha256, type LabArchive } from './write-lab-archive.ts'

/** Of `lab.yaml`: the most nodes and images that it may name take less, and parsing YAML is slow. */
const MAX_DESCRIPTION_BYTES = 256 * 1024

/** @throws LabError BadRequest that says what is wrong where; then nothing has been written */
export async function readLabArchive(file: Buffer): Promise<LabArchive> {
  const entries = await unpack(await decompress(file))
  const list = entries.get(CHECKSUMS_FILE)
  const described = entries.get(DESCRIPTION_FILE)
  if (list === undefined || described === undefined)
    throw refusal(list === undefined ? CHECKSUMS_FILE : DESCRIPTION_FILE, 'is missing')
  entries.delete(CHECKSUMS_FILE)
  checkSums(list.toString('utf8'), entries)
  entries.delete(DESCRIPTION_FILE)
  const description = parseDescription(described.toString('utf8'))
  const known = new Set(description.nodes.map(({ name }) => name))
  if (description.simulatedNodes !== undefined) known.add(SIMULATED_GROUP)
  for (const [name, content] of entries) {
    // Many large files take seconds: others get their turn in between.
    await setImmediate()
    const entry = parseArchiveEntry(name)
    if ('kind' in entry && entry.kind === 'node-file' && !known.has(entry.node))
      throw refusal(name, `is of the node ${entry.node}, which ${DESCRIPTION_FILE} does not name`)
    if (holdsSecret(content)) throw refusal(name, 'holds a key, a token, a kubeconfig or a Secret')
  }
  refuseFilesInFiles(entries)
  refuseUnnamedSettings(entries)
  return { description, files: entries }
}

async function decompress(file: Buffer): Promise<Buffer> {
  if (file.length > MAX_ARCHIVE_BYTES) throw refusal('', `has more than ${MAX_ARCHIVE_BYTES} bytes`)
  if (file[0] !== 0x1f || file[1] !== 0x8b) throw refusal('', 'is no .tar.gz file')
  try {
    return await promisify(gunzip)(file, { maxOutputLength: MAX_UNPACKED_BYTES })
  } catch (error) {
    const isTooLarge = error instanceof RangeError
    const problem = isTooLarge ? `unpacks to more than ${MAX_UNPACKED_BYTES} bytes` : 'is damaged or cut short'
    throw refusal('', problem, error)
  }
}

async function unpack(tarball: Buffer): Promise<Map<string, Buffer>> {
  const files = new Map<string, Buffer>()
  let count = 0
  try {
    for await (const entry of Readable.from([tarball]).pipe(extract())) {
      count += 1
      if (count > MAX_ARCHIVE_ENTRIES) throw refusal('', `has more than ${MAX_ARCHIVE_ENTRIES} entries`)
      const name = checkHeader(entry.header, files)
      const content = await buffer(entry)
      if (name !== undefined) files.set(name, content)
    }
  } catch (error) {
    if (isLabError(error)) throw error
    throw refusal('', 'is no sound tar archive', error)
  }
  return files
}

/** @returns the file's name; `undefined` for a folder, which whoever packs files again by hand has in it and nobody needs */
function checkHeader({ name, type, size = 0 }: Header, files: ReadonlyMap<string, Buffer>): string | undefined {
  const shown = JSON.stringify(name.slice(0, 200))
  if (type === 'directory') {
    const fault = size > 0 ? 'is a folder that has content' : folderEntryFault(name)
    if (fault !== undefined) throw refusal(shown, fault)
    return undefined
  }
  if (type !== 'file') throw refusal(shown, `is no regular file but a ${String(type)}`)
  const entry = parseArchiveEntry(name)
  if ('fault' in entry) throw refusal(shown, entry.fault)
  if (files.has(name)) throw refusal(shown, 'is there twice')
  const maxBytes = entry.kind === 'description' ? MAX_DESCRIPTION_BYTES : MAX_MANIFEST_BYTES
  if (size > maxBytes) throw refusal(shown, `has more than ${maxBytes} bytes`)
  return name
}

/** Every file has to be in the list with its sum, and nothing else. It tells damage; who made the archive it does not tell. */
function checkSums(list: string, files: ReadonlyMap<string, Buffer>): void {
  const sums = new Map<string, string>()
  for (const line of list.split('\n').filter((text) => text !== '')) {
    const match = /^([0-9a-f]{64}) {2}(.+)$/.exec(line)
    if (match === null)
      throw refusal(CHECKSUMS_FILE, `has a line that is no checksum: ${JSON.stringify(line.slice(0, 80))}`)
    sums.set(match[2] ?? '', match[1] ?? '')
  }
  for (const [name, content] of files) {
    const wanted = sums.get(name)
    if (wanted === undefined) throw refusal(name, `is not in ${CHECKSUMS_FILE}`)
    if (wanted !== sha256(content)) throw refusal(name, `is not what ${CHECKSUMS_FILE} says: it was damaged or changed`)
  }
  const absent = [...sums.keys()].find((name) => !files.has(name))
  if (absent !== undefined) throw refusal(JSON.stringify(absent.slice(0, 200)), `is in ${CHECKSUMS_FILE} and missing`)
}

/** `a` and `a/b` cannot both be files. */
function refuseFilesInFiles(files: ReadonlyMap<string, Buffer>): void {
  for (const name of files.keys()) {
    for (let at = name.lastIndexOf('/'); at > 0; at = name.lastIndexOf('/', at - 1))
      if (files.has(name.slice(0, at))) throw refusal(name, `is in a folder, and ${name.slice(0, at)} is a file`)
  }
}

/** A file on a node's disk that no setting of the kubelet names is nobody's setting. */
function refuseUnnamedSettings(files: ReadonlyMap<string, Buffer>): void {
  const byNode = new Map<string, Map<string, Buffer>>()
  for (const [name, content] of files) {
    const entry = parseArchiveEntry(name)
    if (!('kind' in entry) || entry.kind !== 'node-file' || entry.area !== 'settings') continue
    byNode.set(entry.node, (byNode.get(entry.node) ?? new Map<string, Buffer>()).set(`/${entry.path}`, content))
  }
  for (const [node, settings] of byNode) {
    const isSetting = settingJudge(settings)
    for (const place of settings.keys())
      if (!isSetting(place))
        throw refusal(formatNodeEntry(node, 'settings', place.slice(1)), 'is named by no setting of the kubelet')
  }
}

function refusal(where: string, problem: string, cause?: unknown): LabError {
  const message = `the archive is refused: ${where === '' ? 'it' : where} ${problem}`
  const remedy = 'Get the file anew from whoever exported the lab; nothing was imported.'
  return new LabError({ kind: 'BadRequest', message, remedy }, { cause })
}
