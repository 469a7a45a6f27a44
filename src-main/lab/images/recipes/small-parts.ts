/** Parts that several small images share. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FileTree } from '../file-tree.ts'
import { computeLibraryClosure } from '../library-closure.ts'

/** Accounts as Debian numbers them, and those that the image's own program runs as. */
export function addAccounts(tree: FileTree, extra: { passwd?: string[]; group?: string[] } = {}): void {
  const passwd = ['root:x:0:0:root:/root:/bin/sh', 'nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin']
  const group = ['root:x:0:', 'tty:x:5:', 'www-data:x:33:', 'nogroup:x:65534:']
  tree.file('etc/passwd', `${[...passwd, ...(extra.passwd ?? [])].join('\n')}\n`)
  tree.file('etc/group', `${[...group, ...(extra.group ?? [])].join('\n')}\n`)
  tree.folder('root', 0o700)
  tree.folder('tmp', 0o1777)
  tree.folder('var/tmp', 0o1777)
}

/** Names of the commands that this busybox has, asked of the program itself. */
export function listApplets(busybox: Uint8Array): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'node-lab-busybox-'))
  try {
    const program = join(folder, 'busybox')
    writeFileSync(program, busybox, { mode: 0o755 })
    const listed = execFileSync(program, ['--list'], { encoding: 'utf8' })
    return listed.split('\n').filter((name) => /^[\w[.+-]+$/.test(name) && name !== 'busybox')
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Licences of the named packages, with the licence texts that they refer to. */
export function copyCopyrights(from: FileTree, to: FileTree): void {
  for (const entry of from.entries()) {
    if (!entry.path.startsWith('usr/share/doc/') && !entry.path.startsWith('usr/share/common-licenses/')) continue
    if (entry.kind === 'file') to.file(entry.path, entry.content, entry.mode)
    if (entry.kind === 'symlink') to.symlink(entry.path, entry.target)
  }
}

/** Takes over programs with every library that they need. */
export function copyPrograms(from: FileTree, to: FileTree, programs: string[]): void {
  for (const path of computeLibraryClosure(from, programs)) copyEntry(from, to, path)
}

/** @throws Error when no package has it */
export function copyEntry(from: FileTree, to: FileTree, path: string): void {
  const entry = from.get(path)
  if (entry === undefined) throw new Error(`${path} is in none of the packages`)
  if (entry.kind === 'file') to.file(path, entry.content, entry.mode)
  if (entry.kind === 'symlink') to.symlink(path, entry.target)
}

/** Busybox with a link for each of its commands that the image has not by itself. */
export function linkApplets(from: FileTree, to: FileTree): void {
  copyEntry(from, to, 'usr/bin/busybox')
  for (const applet of listApplets(from.read('usr/bin/busybox') ?? new Uint8Array()))
    if (!to.has(`usr/bin/${applet}`)) to.symlink(`usr/bin/${applet}`, 'busybox')
}
