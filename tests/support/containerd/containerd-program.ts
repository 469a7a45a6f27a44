/** The programs of a real containerd: those of Node Lab's own engine, and Debian's CNI plugins. */
import { existsSync } from 'node:fs'
import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { LabStep } from '../../../src-main/common/lab/lab-texts.ts'
import { OWN_ENGINE } from '../../../src-main/lab/engine/own-engine-paths.ts'
import { ENGINE_SUITE, ensureEngineProgram } from '../../../src-main/lab/engine/own-engine-program.ts'
import { cacheFolder } from '../../../src-main/lab/images/cache-folder.ts'
import { DebianPackages } from '../../../src-main/lab/images/debian/debian-packages.ts'
import { readPackages } from '../../../src-main/lab/images/debian/read-packages.ts'

export interface ContainerdPrograms {
  /** Laid out as a root file system; its `/usr` is what containerd runs on. */
  program: string
  /** The CNI plugins that `computeNetwork` names, and loopback. */
  plugins: string
}

const PLUGINS_PACKAGE = 'containernetworking-plugins'
const PLUGINS = ['bridge', 'host-local', 'loopback']

/** Fetches what is not there yet; some 10 MB beside the engine's own program. @throws LabError Unavailable */
export async function ensureContainerdPrograms(onProgress: (step: LabStep) => void): Promise<ContainerdPrograms> {
  const program = await ensureEngineProgram(OWN_ENGINE, onProgress)
  const plugins = join(await cacheFolder(), `cni-plugins-${ENGINE_SUITE}`)
  if (!existsSync(plugins)) await unpackPlugins(plugins, onProgress)
  return { program, plugins }
}

async function unpackPlugins(folder: string, onProgress: (step: LabStep) => void): Promise<void> {
  const packages = await new DebianPackages(await cacheFolder(), ENGINE_SUITE).fetch([PLUGINS_PACKAGE], onProgress)
  const paths = PLUGINS.map((name) => `usr/lib/cni/${name}`)
  const wanted = packages.filter(({ name }) => name === PLUGINS_PACKAGE)
  const { tree } = await readPackages(wanted, (path) => paths.includes(path))
  const draft = `${folder}.${process.pid}`
  await mkdir(draft, { recursive: true })
  for (const name of PLUGINS) {
    const content = tree.read(`usr/lib/cni/${name}`)
    if (content === undefined) throw new Error(`Debian's ${PLUGINS_PACKAGE} has no plugin ${name}`)
    await writeFile(join(draft, name), content, { mode: 0o755 })
  }
  try {
    await rename(draft, folder)
  } catch (error) {
    // Another test run was faster.
    await rm(draft, { recursive: true, force: true })
    if (!(await stat(folder).catch(() => undefined))?.isDirectory()) throw error
  }
}
