/** Debian packages into a folder, as `dpkg` would lay them out, without running anything of them. */
import { spawn } from 'node:child_process'
import { mkdir, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { LabError } from '../../../common/lab-error.ts'
import type { DebianPackage } from './debian-packages.ts'
import { MERGED_FOLDERS } from './merged-folders.ts'
import { streamProgram } from './run-program.ts'

/**
 * @param folder an empty folder
 * @param excludes folders, relative to the root, that are left out
 */
export async function unpackPackages(packages: DebianPackage[], folder: string, excludes: string[]): Promise<void> {
  for (const name of MERGED_FOLDERS) {
    await mkdir(join(folder, 'usr', name), { recursive: true })
    await symlink(`usr/${name}`, join(folder, name))
  }
  for (const { path } of packages) {
    const source = streamProgram('dpkg-deb', ['--fsys-tarfile', path])
    await Promise.all([source.done, extract(source.output, folder, excludes)])
  }
}

async function extract(tarball: Readable, folder: string, excludes: string[]): Promise<void> {
  const patterns = excludes.map((exclude) => `--exclude=./${exclude}/*`)
  const child = spawn('tar', ['-x', '-p', '--keep-directory-symlink', '-C', folder, ...patterns], {
    stdio: ['pipe', 'ignore', 'pipe'],
  })
  let errors = ''
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    errors += chunk
  })
  const ended = new Promise<void>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => {
      if (code === 0) resolve()
      else reject(new LabError({ kind: 'Unavailable', message: `tar failed: ${errors.trim().slice(-500)}` }))
    })
  })
  // tar may end at the archive's end mark and leave padding unread; the rest is drained, and its exit code decides.
  child.stdin.once('error', () => tarball.resume())
  child.stdin.once('close', () => tarball.resume())
  tarball.pipe(child.stdin)
  await ended
}
