/** The program of a real etcd: Debian's, the one of the lab's etcd image. */
import { existsSync } from 'node:fs'
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { cacheFolder } from '../../../src-main/lab/images/cache-folder.ts'
import { DebianPackages } from '../../../src-main/lab/images/debian/debian-packages.ts'
import { readPackages } from '../../../src-main/lab/images/debian/read-packages.ts'

const SUITE = 'trixie'
const PACKAGE = 'etcd-server'
const PROGRAM = 'usr/bin/etcd'

/** Its path; fetched once, some 7 MB. @throws LabError Unavailable */
export async function ensureEtcdProgram(): Promise<string> {
  const cache = await cacheFolder()
  const folder = join(cache, `etcd-${SUITE}`)
  const path = join(folder, 'etcd')
  if (existsSync(path)) return path
  const packages = await new DebianPackages(cache, SUITE).fetch([PACKAGE], () => undefined)
  const wanted = packages.filter(({ name }) => name === PACKAGE)
  const { tree } = await readPackages(wanted, (candidate) => candidate === PROGRAM)
  const content = tree.read(PROGRAM)
  if (content === undefined) throw new Error(`Debian's ${PACKAGE} has no ${PROGRAM}`)
  await mkdir(folder, { recursive: true })
  // Two test runs may be here at once: each has a whole file in place at every moment.
  const draft = `${path}.${process.pid}`
  await writeFile(draft, content, { mode: 0o755 })
  await rename(draft, path)
  return path
}
