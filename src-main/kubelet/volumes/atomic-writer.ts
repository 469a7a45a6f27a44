/** Files that change together under a running container (upstream's pkg/volume/util/atomic_writer.go). */
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'

export interface ProjectedFile {
  /** Relative, without `..`. */
  path: string
  content: string | Buffer
  mode: number
}

const DATA = '..data'

/**
 * A dated folder, `..data` pointing to it, and one link per top name, so that a reader sees all files of one moment, also
 * when they are written again. What stands there already is left.
 */
export function writeAtomically(directory: string, files: readonly ProjectedFile[]): void {
  mkdirSync(directory, { recursive: true })
  // A real kubelet mounts a tmpfs, which has the sticky bit.
  chmodSync(directory, 0o1777)
  if (isWritten(directory, files)) return
  const before = readdirSync(directory)
  const older = before.filter((name) => name.startsWith('..') && name !== DATA)
  const dated = mkdtempSync(`${directory}/..`)
  chmodSync(dated, 0o755)
  for (const { path, content, mode } of files) {
    const file = join(dated, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, content)
    chmodSync(file, mode)
  }
  const pointer = join(dated, DATA)
  symlinkSync(basename(dated), pointer)
  renameSync(pointer, join(directory, DATA))
  const tops = new Set(files.map(({ path }) => path.split('/')[0] ?? path))
  for (const top of tops) {
    const link = join(directory, top)
    if (lstatSync(link, { throwIfNoEntry: false }) === undefined) symlinkSync(join(DATA, top), link)
  }
  const gone = before.filter((name) => !name.startsWith('..') && !tops.has(name))
  for (const name of [...older, ...gone]) rmSync(join(directory, name), { recursive: true, force: true })
}

function isWritten(directory: string, files: readonly ProjectedFile[]): boolean {
  const data = join(directory, DATA)
  if (statSync(data, { throwIfNoEntry: false }) === undefined) return false
  const there = readdirSync(data, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  return there.length === files.length && files.every((file) => isSame(join(data, file.path), file))
}

function isSame(path: string, { content, mode }: ProjectedFile): boolean {
  const found = statSync(path, { throwIfNoEntry: false })
  if (found?.isFile() !== true || (found.mode & 0o7777) !== mode) return false
  return readFileSync(path).equals(Buffer.from(content))
}
