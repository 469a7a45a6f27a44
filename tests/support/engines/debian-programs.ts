/**
 * Engines of other Debian releases than this machine's: their programs in a folder, for one test file. Packages are kept
 * between runs, beside Node Lab's own downloads; the unpacked folder goes with the test, or at the next start of a private
 * engine when the test was killed.
 */
import { mkdir, rm, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { cacheFolder } from '../../../src-main/lab/images/cache-folder.ts'
import { DebianPackages } from '../../../src-main/lab/images/debian/debian-packages.ts'
import { runProgram } from '../../../src-main/lab/images/debian/run-program.ts'
import { unpackPackages } from '../../../src-main/lab/images/debian/unpack-packages.ts'
import { STATE_ROOT } from '../private-engine/private-engine.ts'

/** What any engine needs of a system below it. */
const SYSTEM = ['base-files', 'ca-certificates', 'coreutils', 'dash', 'iptables', 'kmod', 'libc-bin', 'mount', 'procps']
const DOCKER = ['docker.io', 'containerd', 'runc', 'apparmor']
const PODMAN = ['podman', 'runc', 'conmon', 'netavark', 'aardvark-dns', 'catatonit', 'nftables', 'passwd']
const EXCLUDES = ['usr/share/man', 'usr/share/locale', 'usr/share/info', 'usr/share/zoneinfo']
const IPTABLES = ['iptables', 'iptables-save', 'iptables-restore', 'ip6tables', 'ip6tables-save', 'ip6tables-restore']

export interface DebianProgram {
  root: string
  /** Of the package that the engine is, such as `20.10.24+dfsg1-1+deb12u1`. */
  version: string
  dispose: () => Promise<void>
}

/**
 * @param suite a release of Debian's, such as `forky`
 * @throws LabError Unavailable in plain words when the mirror does not have it
 */
export async function unpackEngine(engine: 'docker' | 'podman', suite: string): Promise<DebianProgram> {
  const root = join(STATE_ROOT, `program-${engine}-${suite}-${process.pid.toString(36)}`)
  const names = [...SYSTEM, ...(engine === 'docker' ? DOCKER : PODMAN)]
  const archive = new DebianPackages(join(await cacheFolder(), 'test-engines'), suite)
  const packages = await archive.fetch(names, () => undefined)
  await rm(root, { recursive: true, force: true })
  await mkdir(root, { recursive: true })
  await unpackPackages(packages, root, EXCLUDES)
  // Maintainer scripts do not run; these are the links that they would make.
  const links = [['usr/bin/sh', 'dash'], ...IPTABLES.map((name) => [`usr/sbin/${name}`, 'xtables-nft-multi'])]
  for (const [path = '', target = ''] of links) {
    await rm(join(root, path), { force: true })
    await symlink(target, join(root, path))
  }
  for (const path of ['usr/local', 'usr/lib/modules']) await mkdir(join(root, path), { recursive: true })
  await runProgram('/sbin/ldconfig', ['-r', root])
  const main = engine === 'docker' ? 'docker.io' : 'podman'
  const version = packages.find(({ name }) => name === main)?.version ?? ''
  return { root, version, dispose: () => rm(root, { recursive: true, force: true }) }
}
