/**
 * Files of a node's manifest folder on this machine. Node and pods write there too, so everything in it is hostile
 * (design §4): no link is followed, only regular files are opened, sizes are capped, writes are renamed into place.
 */
import { constants, type Stats } from 'node:fs'
import { lstat, open, opendir, unlink, type FileHandle } from 'node:fs/promises'
import path from 'node:path'
import { decodeFileName, fileSystemPath, showFileName } from '../../base/file-name-bytes.ts'
import { LabError } from '../../common/lab-error.ts'
import { manifestNameFault } from '../../common/lab/names.ts'
import { MAX_MANIFEST_BYTES } from '../../common/manifest/decode-manifest.ts'
import { hasCode } from '../store/error-code.ts'
import { writeAtomically } from '../store/write-atomically.ts'

/** Windows has neither; there a link is found by `lstat` before. */
const READ_FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0)
const MEBIBYTE = 1024 * 1024
/** A pod may make millions of entries; nobody looks through more than these. */
const MAX_LISTED = 2000

export interface FolderEntry {
  name: string
  /** Of the entry itself: links are not followed. */
  stats: Stats
}

export class ManifestFolder {
  readonly folder: string

  constructor(folder: string) {
    this.folder = folder
  }

  /**
   * What lies in the folder, in the order of names: names and `lstat` only, nothing is opened. A folder that is not there has
   * no entries. @throws Forbidden when it may not be listed
   */
  async list(): Promise<FolderEntry[]> {
    const entries: FolderEntry[] = []
    try {
      // One character for each byte: a name may be in any encoding.
      for await (const { name: latin1 } of await opendir(this.folder, { encoding: 'latin1' })) {
        const name = decodeFileName(Buffer.from(latin1, 'latin1'))
        const stats = await lookIfThere(path.join(this.folder, name))
        if (stats !== undefined) entries.push({ name: showFileName(name), stats })
        if (entries.length >= MAX_LISTED) break
      }
    } catch (error) {
      if (!hasCode(error, 'ENOENT')) throw describe(error, this.folder)
    }
    return entries.toSorted((one, other) => (one.name < other.name ? -1 : 1))
  }

  /** @throws NotFound, Forbidden for a link, Conflict for what is no regular file, BadRequest when it is too large */
  async read(name: string): Promise<Buffer> {
    const file = this.#resolve(name)
    await refuseLink(file)
    let handle: FileHandle
    try {
      handle = await open(file, READ_FLAGS)
    } catch (error) {
      throw describe(error, file)
    }
    try {
      const stats = await handle.stat()
      if (!stats.isFile()) throw notAFile(file)
      if (stats.size > MAX_MANIFEST_BYTES) throw tooLarge(name)
      return await readCapped(handle, name)
    } finally {
      await handle.close()
    }
  }

  /**
   * Answers whether a file was replaced. A folder that somebody removed is not made here: the node would go on looking into
   * the removed one. @throws AlreadyExists unless `replace`, Conflict when a folder has the name or the folder is gone
   */
  async write(name: string, content: string, replace: boolean): Promise<boolean> {
    const file = this.#resolve(name)
    const bytes = Buffer.from(content, 'utf8')
    if (bytes.length > MAX_MANIFEST_BYTES) throw tooLarge(name)
    const present = await lookAt(file)
    if (present === 'folder') throw new LabError({ kind: 'Conflict', message: `${file} is a folder` })
    if (present === 'file' && !replace) throw alreadyExists(name)
    await this.#writeByRename(file, bytes)
    return present === 'file'
  }

  /** @throws NotFound, Conflict when it is a folder */
  async remove(name: string): Promise<void> {
    const file = this.#resolve(name)
    if ((await lookAt(file)) === 'folder') throw new LabError({ kind: 'Conflict', message: `${file} is a folder` })
    try {
      await unlink(file)
    } catch (error) {
      throw describe(error, file)
    }
  }

  /** The draft is beside the target under a dot name, which no kubelet reads; a kubelet sees the file whole or not at all. */
  async #writeByRename(file: string, bytes: Buffer): Promise<void> {
    try {
      await writeAtomically(file, bytes)
    } catch (error) {
      throw hasCode(error, 'ENOENT') ? folderGone(this.folder, error) : describe(error, file)
    }
  }

  #resolve(name: string): string {
    const fault = manifestNameFault(name)
    if (fault !== undefined) throw new LabError({ kind: 'BadRequest', message: fault })
    return path.join(this.folder, name)
  }
}

async function refuseLink(file: string): Promise<void> {
  const stats = await lstat(file).catch((error: unknown) => Promise.reject(describe(error, file)))
  if (stats.isSymbolicLink()) throw isLink(file)
}

/** `undefined`: gone since its name was read. */
async function lookIfThere(file: string): Promise<Stats | undefined> {
  try {
    return await lstat(fileSystemPath(file))
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined
    throw error
  }
}

async function lookAt(file: string): Promise<'nothing' | 'file' | 'folder'> {
  try {
    return (await lstat(file)).isDirectory() ? 'folder' : 'file'
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return 'nothing'
    throw describe(error, file)
  }
}

/** A file may grow while it is read. */
async function readCapped(handle: FileHandle, name: string): Promise<Buffer> {
  const chunks: Buffer[] = []
  let length = 0
  for (;;) {
    const { bytesRead, buffer } = await handle.read({ buffer: Buffer.alloc(MEBIBYTE) })
    if (bytesRead === 0) return Buffer.concat(chunks)
    length += bytesRead
    if (length > MAX_MANIFEST_BYTES) throw tooLarge(name)
    chunks.push(buffer.subarray(0, bytesRead))
  }
}

function describe(error: unknown, file: string): unknown {
  if (hasCode(error, 'ENOENT')) {
    const message = `there is no file ${path.basename(file)} in ${path.dirname(file)}`
    return new LabError({ kind: 'NotFound', message }, { cause: error })
  }
  if (hasCode(error, 'ELOOP')) return isLink(file)
  if (hasCode(error, 'ENXIO')) return notAFile(file)
  if (hasCode(error, 'EACCES', 'EPERM', 'EROFS')) {
    return new LabError(
      {
        kind: 'Forbidden',
        message: `${file}: permission denied`,
        remedy: 'The file may belong to root because it was made on the node; change it there with node-lab shell.',
      },
      { cause: error },
    )
  }
  if (hasCode(error, 'ENOSPC', 'EDQUOT')) {
    return new LabError({ kind: 'Unavailable', message: `no space is left on disk for ${file}` }, { cause: error })
  }
  return error
}

function isLink(file: string): LabError {
  return new LabError({
    kind: 'Forbidden',
    message: `${file} is a symbolic link, and Node Lab follows none in a manifest folder`,
    remedy: 'Put the file itself there.',
  })
}

function notAFile(file: string): LabError {
  return new LabError({ kind: 'Conflict', message: `${file} is not a regular file` })
}

function folderGone(folder: string, cause: unknown): LabError {
  return new LabError(
    {
      kind: 'Conflict',
      message: `the manifest folder ${folder} is gone`,
      remedy: '`node-lab up` makes it again, and has the node look into it.',
    },
    { cause },
  )
}

function alreadyExists(name: string): LabError {
  return new LabError({
    kind: 'AlreadyExists',
    message: `the node has a manifest ${name} already`,
    remedy: 'Replace it (node-lab apply --replace), or give the file another name.',
  })
}

function tooLarge(name: string): LabError {
  return new LabError({
    kind: 'BadRequest',
    message: `${name} has more than ${MAX_MANIFEST_BYTES / MEBIBYTE} MiB, more than a kubelet reads`,
  })
}
