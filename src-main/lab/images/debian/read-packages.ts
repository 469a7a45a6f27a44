/** Debian packages as a `FileTree`, without touching the disk and without root. */
import type { Readable } from 'node:stream'
import { extract, type Header } from 'tar-stream'
import { FileTree } from '../file-tree.ts'
import type { DebianPackage } from './debian-packages.ts'
import { addPackageRecord, readPackageRecords } from './package-records.ts'
import { streamProgram } from './run-program.ts'

export interface PackageFiles {
  tree: FileTree
  /** The newest date in the packages: a true date for an image that depends on nothing but its inputs. */
  newest: Date
}

/** Documentation that no image needs; licences (`copyright`) stay, as their terms ask. */
export function isUnwantedPath(path: string): boolean {
  if (/^usr\/share\/(man|info|locale|lintian|bug|bash-completion|zoneinfo|doc-base|debconf)\//.test(path)) return true
  if (/^usr\/share\/doc\/[^/]+\/./.test(path)) return !path.endsWith('/copyright')
  return false
}

/** @param wanted tells which paths (relative to the root) are kept */
export async function readPackages(
  packages: DebianPackage[],
  wanted: (path: string) => boolean = (path) => !isUnwantedPath(path),
): Promise<PackageFiles> {
  const tree = FileTree.merged()
  for (const record of await readPackageRecords(packages)) addPackageRecord(tree, record)
  let newest = new Date(0)
  for (const { path } of packages) {
    const { output, done } = streamProgram('dpkg-deb', ['--fsys-tarfile', path])
    const [, date] = await Promise.all([done, addPackage(tree, output, wanted)])
    if (date > newest) newest = date
  }
  return { tree, newest }
}

/** @returns the newest date in the package */
async function addPackage(tree: FileTree, tarball: Readable, wanted: (path: string) => boolean): Promise<Date> {
  let newest = new Date(0)
  const hardLinks: { path: string; target: string }[] = []
  const archive = extract()
  tarball.pipe(archive)
  for await (const entry of archive) {
    const { header } = entry
    const name = cleanPath(header.name)
    const chunks: Uint8Array[] = []
    for await (const chunk of entry) chunks.push(chunk as Uint8Array)
    const content = Buffer.concat(chunks)
    if (name === '' || !wanted(name)) continue
    if (header.mtime !== undefined && header.mtime > newest) newest = header.mtime
    if (header.type === 'link') hardLinks.push({ path: name, target: cleanPath(header.linkname ?? '') })
    addEntry(tree, name, header, content)
  }
  // A hard link becomes a file of its own: a layer has no use for the difference.
  for (const link of hardLinks) {
    const target = tree.get(link.target)
    if (target?.kind === 'file') tree.file(link.path, target.content, target.mode)
  }
  return newest
}

function cleanPath(name: string): string {
  return name.replace(/^(\.?\/)+/, '').replace(/\/+$/, '')
}

function addEntry(tree: FileTree, path: string, header: Header, content: Buffer): void {
  const mode = header.mode ?? 0o644
  if (header.type === 'file') tree.file(path, content, mode)
  else if (header.type === 'directory') tree.folder(path, mode)
  else if (header.type === 'symlink') tree.symlink(path, header.linkname ?? '')
}
