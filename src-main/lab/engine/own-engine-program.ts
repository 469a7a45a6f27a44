/** The program files of our own engine: Debian trixie's Docker in a folder of its own, complete or not there at all. */
import { createHash } from 'node:crypto'
import { access, mkdir, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { labStep, type LabStep } from '../../common/lab/lab-texts.ts'
import { DebianPackages } from '../images/debian/debian-packages.ts'
import { unpackPackages } from '../images/debian/unpack-packages.ts'
import { runProgram } from '../images/debian/run-program.ts'
import { cacheFolder } from '../images/cache-folder.ts'
import type { OwnEnginePaths } from './own-engine-paths.ts'

/** Debian 12's own docker.io speaks API 1.41, which ignores volume sub-paths (design §4). */
export const ENGINE_SUITE = 'trixie'
const PACKAGES = [
  'base-files',
  'docker.io',
  'containerd',
  'runc',
  'iptables',
  'ca-certificates',
  'libc-bin',
  'coreutils',
  'dash',
  'mount',
  'kmod',
  'procps',
  'apparmor',
]

/** What Debian's alternatives would link; maintainer scripts do not run here. */
const LINKS = {
  'usr/bin/sh': 'dash',
  'usr/sbin/iptables': 'xtables-nft-multi',
  'usr/sbin/iptables-save': 'xtables-nft-multi',
  'usr/sbin/iptables-restore': 'xtables-nft-multi',
  'usr/sbin/ip6tables': 'xtables-nft-multi',
  'usr/sbin/ip6tables-save': 'xtables-nft-multi',
  'usr/sbin/ip6tables-restore': 'xtables-nft-multi',
}

const EXCLUDES = [
  'usr/share/man',
  'usr/share/locale',
  'usr/share/info',
  'usr/share/bash-completion',
  'usr/share/zoneinfo',
]
/** Written last: a folder without it was left half-made. */
const COMPLETE_MARKER = '.complete'
/** Changed whenever the way of making it changes. */
const RECIPE_VERSION = 1

function programFolder(paths: OwnEnginePaths): string {
  const recipe = JSON.stringify([RECIPE_VERSION, ENGINE_SUITE, PACKAGES, LINKS, EXCLUDES])
  return join(paths.state, `program-${createHash('sha256').update(recipe).digest('hex').slice(0, 12)}`)
}

/** Makes the folder if it is not complete. @returns its path */
export async function ensureEngineProgram(paths: OwnEnginePaths, onProgress: (step: LabStep) => void): Promise<string> {
  const folder = programFolder(paths)
  if (await exists(join(folder, COMPLETE_MARKER))) return folder
  const draft = `${folder}.draft`
  await rm(draft, { recursive: true, force: true })
  await mkdir(draft, { recursive: true })
  const packages = await new DebianPackages(await cacheFolder(), ENGINE_SUITE).fetch(PACKAGES, onProgress)
  onProgress(labStep('engine-unpack', { version: packages.find(({ name }) => name === 'docker.io')?.version ?? '' }))
  await unpackPackages(packages, draft, EXCLUDES)
  for (const [path, target] of Object.entries(LINKS)) {
    await rm(join(draft, path), { force: true })
    await symlink(target, join(draft, path))
  }
  // Mount points for what of the machine stays visible below /usr.
  for (const path of ['usr/local', 'usr/lib/modules']) await mkdir(join(draft, path), { recursive: true })
  await runProgram('/sbin/ldconfig', ['-r', draft])
  await writeFile(join(draft, COMPLETE_MARKER), '')
  await rm(folder, { recursive: true, force: true })
  await rename(draft, folder)
  return folder
}

/** Removes the folders of other recipes. Only while no engine runs, which might be using them. */
export async function removeOldPrograms(paths: OwnEnginePaths): Promise<void> {
  const current = programFolder(paths)
  for (const name of await readdir(paths.state)) {
    const folder = join(paths.state, name)
    if (name.startsWith('program-') && folder !== current) await rm(folder, { recursive: true, force: true })
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
