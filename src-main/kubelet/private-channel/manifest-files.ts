/**
 * Reading and writing single files of the watched folder, or the one watched file, for the app. The folder's content is hostile (design §4): links are not
 * followed, only regular files are touched, sizes are capped, writes are renamed into place.
 */
import { randomUUID } from 'node:crypto'
import { constants, type Stats } from 'node:fs'
import { lstat, open, readdir, rename, unlink } from 'node:fs/promises'
import path from 'node:path'
import type { ManifestListing } from '../../common/node-channel.ts'
import { LabError } from '../../common/lab-error.ts'
import type { WatchedPath } from './channel-source.ts'

/** What a kubelet reads of a manifest at most (facts 1.2). */
export const MAX_MANIFEST_BYTES = 10 * 1024 * 1024

const DRAFT_PREFIX = '.node-lab-kubelet-'
const DRAFT_NAME = /^\.node-lab-kubelet-[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/
const DRAFT_LIMIT_MS = 10 * 60_000

/** File names, sorted; no folders. */
export async function listManifests(watched: WatchedPath | null): Promise<ManifestListing> {
  if (watched === null) return { path: null, names: [] }
  const { kind, path: watchedPath } = watched
  if (kind === 'file') {
    const isThere = (await lookAt(watchedPath)) !== undefined
    return { path: watchedPath, names: isThere ? [path.basename(watchedPath)] : [] }
  }
  try {
    const entries = await readdir(watchedPath, { withFileTypes: true })
    const names = entries.filter((entry) => !entry.isDirectory()).map((entry) => entry.name)
    return { path: watchedPath, names: names.sort() }
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return { path: watchedPath, names: [] }
    throw describe(error, watchedPath)
  }
}

export async function readManifest(watched: WatchedPath | null, name: string): Promise<Buffer> {
  const file = resolveFile(watched, name)
  try {
    const handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
    try {
      const stats = await handle.stat()
      if (!stats.isFile()) throw new LabError({ kind: 'Conflict', message: `${file} is not a regular file` })
      if (stats.size > MAX_MANIFEST_BYTES) throw tooLarge(name)
      return await handle.readFile()
    } finally {
      await handle.close()
    }
  } catch (error) {
    throw describe(error, file)
  }
}

/** Writes beside the target, under a dot name that no kubelet reads, and renames. */
export async function writeManifest(watched: WatchedPath | null, name: string, content: Buffer): Promise<void> {
  const file = resolveFile(watched, name)
  if (name.startsWith('.'))
    throw badRequest(`${JSON.stringify(name)} begins with a dot: the kubelet does not read such files`)
  if (content.length > MAX_MANIFEST_BYTES) throw tooLarge(name)
  const temporary = path.join(path.dirname(file), `${DRAFT_PREFIX}${randomUUID()}`)
  try {
    await refuseMissingFolder(path.dirname(file))
    await refuseFolder(file)
    const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW
    const handle = await open(temporary, flags, 0o644)
    try {
      await handle.writeFile(content)
      // What is acknowledged outlives a power cut, whole.
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(temporary, file)
    await syncFolder(path.dirname(file))
    await sweepDrafts(file)
  } catch (error) {
    await unlink(temporary).catch(() => undefined) // it was renamed or never made
    throw describe(error, file)
  }
}

/**
 * What a kubelet left beside the file that was killed between writing and renaming: older by ten minutes than the file that has
 * just been written, since a write takes moments. What may not be looked at or removed stays: the file is there.
 */
async function sweepDrafts(file: string): Promise<void> {
  const folder = path.dirname(file)
  const written = await lookAt(file)
  const names = await readdir(folder).catch(() => [])
  for (const name of names) {
    if (!DRAFT_NAME.test(name)) continue
    const draft = path.join(folder, name)
    const stats = await lookAt(draft)
    if (written === undefined || stats === undefined || !stats.isFile()) continue
    if (written.mtimeMs - stats.mtimeMs > DRAFT_LIMIT_MS) await unlink(draft).catch(() => undefined)
  }
}

export async function removeManifest(watched: WatchedPath | null, name: string): Promise<void> {
  const file = resolveFile(watched, name)
  try {
    await refuseFolder(file)
    await unlink(file)
  } catch (error) {
    throw describe(error, file)
  }
}

async function refuseMissingFolder(folder: string): Promise<void> {
  if ((await lookAt(folder)) === undefined)
    throw new LabError({
      kind: 'NotFound',
      message: `${folder}, from which this kubelet reads its manifests, does not exist on the node`,
      remedy: `Make it on the node (mkdir -p ${folder}): the kubelet notices. Or set staticPodPath back and restart the kubelet.`,
    })
}

async function refuseFolder(file: string): Promise<void> {
  if ((await lookAt(file))?.isDirectory() === true)
    throw new LabError({ kind: 'Conflict', message: `${file} is a folder` })
}

function resolveFile(watched: WatchedPath | null, name: string): string {
  if (watched === null)
    throw new LabError({
      kind: 'Conflict',
      message: 'this kubelet reads no manifest folder: its staticPodPath is not set',
      remedy: 'Set staticPodPath in the kubelet configuration to a folder and restart the kubelet.',
    })
  const bad = name === '' || name === '.' || name === '..' || /[/\0]/.test(name) || Buffer.byteLength(name) > 255
  if (bad) throw badRequest(`${JSON.stringify(name.slice(0, 300))} cannot be the name of a file`)
  if (watched.kind === 'folder') return path.join(watched.path, name)
  if (name === path.basename(watched.path)) return watched.path
  throw new LabError({
    kind: 'Conflict',
    message: `this kubelet reads one file, ${watched.path}, and no folder, so a file ${name} would start nothing`,
    remedy: `Change ${path.basename(watched.path)}, or set staticPodPath to a folder and restart the kubelet.`,
  })
}

/** `undefined` when it is not there or may not be looked at: the caller's next step meets what is wrong. */
function lookAt(file: string): Promise<Stats | undefined> {
  return lstat(file).catch(() => undefined)
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, constants.O_RDONLY)
  try {
    await handle.sync()
  } catch (error) {
    // Shared folders of a virtual machine know no such thing for folders; the file itself was synced.
    if (!['EINVAL', 'ENOTSUP', 'EPERM'].includes(String(codeOf(error)))) throw error
  } finally {
    await handle.close()
  }
}

function describe(error: unknown, file: string): unknown {
  switch (codeOf(error)) {
    case 'ENOENT':
      return new LabError({ kind: 'NotFound', message: `${file} does not exist on the node` }, { cause: error })
    case 'ELOOP':
      return new LabError({ kind: 'Forbidden', message: `${file} is a symbolic link` }, { cause: error })
    case 'ENOTDIR':
      return new LabError({ kind: 'Conflict', message: `${path.dirname(file)} is not a folder` }, { cause: error })
    case 'EROFS':
    case 'EACCES':
    case 'EPERM':
      return new LabError({ kind: 'Forbidden', message: `the node refuses access to ${file}` }, { cause: error })
    case 'ENOSPC':
      return new LabError({ kind: 'Unavailable', message: `no space is left for ${file}` }, { cause: error })
    default:
      return error
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined
}

function tooLarge(name: string): LabError {
  return badRequest(`${name} is larger than ${MAX_MANIFEST_BYTES} bytes, more than a kubelet reads`)
}

function badRequest(message: string): LabError {
  return new LabError({ kind: 'BadRequest', message })
}
