/** Small folders of the product as they go into an image: read whole, hashed by content. */
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { FileTree } from './file-tree.ts'

export type FolderFile =
  /** `path` is relative, with forward slashes. */
  { path: string; content: Buffer; executable: boolean } | { path: string; target: string }

/** By its first line, not by a mode: a checkout on Windows has none, and must come to the same hash. */
function isProgram(content: Buffer): boolean {
  return content.subarray(0, 2).toString('latin1') === '#!'
}

/** All files and links below `folder`, sorted; a folder that is not there is an empty one. */
export function readFolderFiles(folder: string, prefix = ''): FolderFile[] {
  if (!existsSync(folder)) return []
  const files: FolderFile[] = []
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    const full = join(entry.parentPath, entry.name)
    const path = prefix + full.slice(folder.length + 1).replaceAll('\\', '/')
    if (entry.isSymbolicLink()) files.push({ path, target: readlinkSync(full).replaceAll('\\', '/') })
    else if (entry.isFile()) {
      const content = readFileSync(full)
      files.push({ path, content, executable: isProgram(content) })
    }
  }
  return files.sort((left, right) => (left.path < right.path ? -1 : 1))
}

export function hashFiles(files: FolderFile[]): string {
  const hash = createHash('sha256')
  for (const file of files) {
    if ('target' in file) hash.update(`link ${file.path} ${file.target}\0`)
    else
      hash.update(`${file.executable ? 'program' : 'file'} ${file.path} ${file.content.length}\0`).update(file.content)
  }
  return hash.digest('hex')
}

/** Folders that are not 0755; a layer that names a folder again decides its mode. */
const SPECIAL_MODES = { root: 0o700, tmp: 0o1777, 'var/tmp': 0o1777 }

/** A layer that is laid over a Debian: `bin`, `sbin` and `lib` are links there and stay so. */
export function treeOfFiles(files: FolderFile[]): FileTree {
  const tree = FileTree.merged()
  for (const [folder, mode] of Object.entries(SPECIAL_MODES))
    if (files.some(({ path }) => path.startsWith(`${folder}/`))) tree.folder(folder, mode)
  for (const file of files) {
    if ('target' in file) tree.symlink(file.path, file.target)
    else tree.file(file.path, file.content, file.executable ? 0o755 : 0o644)
  }
  return tree
}
