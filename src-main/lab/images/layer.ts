/** An image layer on disk: a tarball and its digest, the same bytes for the same tree. */
import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { pack, type Pack } from 'tar-stream'
import type { FileTree, NamedEntry } from './file-tree.ts'

export interface Layer {
  /** `sha256:…` of the uncompressed tarball. */
  diffId: string
  path: string
  sizeBytes: number
  /** RFC 3339. */
  created: string
  /** For the image's history. */
  description: string
  /** Of the program that the layer is about; empty for none. */
  version: string
}

/** What is kept beside the tarball; written after it, so that a tarball without it does not count. */
type LayerRecord = Omit<Layer, 'path'>

async function writeEntry(tarball: Pack, entry: NamedEntry, mtime: Date): Promise<void> {
  const owner = { uid: 0, gid: 0, uname: 'root', gname: 'root', mtime }
  await new Promise<void>((resolve, reject) => {
    const done = (error?: Error | null): void => (error === null || error === undefined ? resolve() : reject(error))
    switch (entry.kind) {
      case 'folder':
        tarball.entry({ ...owner, name: `${entry.path}/`, type: 'directory', mode: entry.mode }, done)
        break
      case 'symlink':
        tarball.entry({ ...owner, name: entry.path, type: 'symlink', linkname: entry.target, mode: 0o777 }, done)
        break
      case 'file':
        tarball.entry(
          { ...owner, name: entry.path, type: 'file', mode: entry.mode },
          Buffer.from(entry.content.buffer, entry.content.byteOffset, entry.content.byteLength),
          done,
        )
        break
    }
  })
}

/** All dates in the layer are `created`. Writes `path` and a small record beside it. */
export async function writeLayer(
  tree: FileTree,
  path: string,
  created: Date,
  description: string,
  version: string,
): Promise<Layer> {
  const tarball = pack()
  const hash = createHash('sha256')
  const draft = `${path}.draft`
  let sizeBytes = 0
  const digest = new Transform({
    transform(chunk: Buffer, _encoding, callback) {
      hash.update(chunk)
      sizeBytes += chunk.length
      callback(null, chunk)
    },
  })
  const written = pipeline(tarball, digest, createWriteStream(draft))
  const fill = async (): Promise<void> => {
    for (const entry of tree.entries()) await writeEntry(tarball, entry, created)
    tarball.finalize()
  }
  await Promise.all([written, fill()])
  await rename(draft, path)
  const record: LayerRecord = {
    diffId: `sha256:${hash.digest('hex')}`,
    sizeBytes,
    created: created.toISOString(),
    description,
    version,
  }
  await writeFile(`${path}.json.draft`, JSON.stringify(record))
  await rename(`${path}.json.draft`, `${path}.json`)
  return { ...record, path }
}

/** A layer that was written before; `undefined` when it is not there or not whole. */
export async function readLayer(path: string): Promise<Layer | undefined> {
  try {
    const record = JSON.parse(await readFile(`${path}.json`, 'utf8')) as LayerRecord
    if ((await stat(path)).size !== record.sizeBytes) return undefined
    return { ...record, path }
  } catch {
    // Missing or torn, which is the same: it is made again.
    return undefined
  }
}

export async function removeLayer(path: string): Promise<void> {
  await rm(`${path}.json`, { force: true })
  await rm(path, { force: true })
}
