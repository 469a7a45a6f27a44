/**
 * Bundles the programs that run on nodes into `out/node`, one file each; does nothing when their sources have not changed.
 * `node scripts/build-node-programs.ts --force` bundles in any case.
 */
import { existsSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build, mergeConfig } from 'vite'
import { systemClock } from '../src-main/base/clock.ts'
import { withFileLock } from '../src-main/lab/store/file-lock.ts'
import {
  areProgramsCurrent,
  hashProgramSources,
  NODE_PROGRAMS_FOLDER,
  NODE_PROGRAMS_RECORD,
} from '../src-main/lab/images/node-programs.ts'
import configuration from '../vite.node.config.ts'

const product = join(import.meta.dirname, '..')

/** Name of each program and its entry. */
function listPrograms(): Record<string, string> {
  const programs: Record<string, string> = {
    kubelet: 'src-main/kubelet/main.ts',
    'runtime-service': 'src-main/container-runtime/docker/main.ts',
    'simulated-nodes': 'src-main/kubelet/simulated-nodes/main.ts',
  }
  for (const component of ['apiserver', 'controller-manager', 'scheduler'])
    if (existsSync(join(product, 'src-main', component, 'main.ts')))
      programs[`kube-${component}`] = `src-main/${component}/main.ts`
  const tools = join(product, 'src-main/node')
  for (const name of existsSync(tools) ? readdirSync(tools).sort() : [])
    if (existsSync(join(tools, name, 'main.ts'))) programs[name] = `src-main/node/${name}/main.ts`
  return programs
}

/**
 * One process at a time; the bundles appear all at once, when they are whole.
 * @throws Error when a program has no entry or cannot be bundled
 */
export async function buildNodePrograms(
  options: { force?: boolean; onProgress?: (step: { message: string }) => void } = {},
): Promise<void> {
  if (options.force !== true && areProgramsCurrent(product, hashProgramSources(product))) return
  const lock = join(product, 'out/node.lock')
  const onWait = (owner: number): void =>
    options.onProgress?.({ message: `waiting for process ${owner}, which is bundling` })
  await withFileLock({ clock: systemClock(), file: lock, onWait }, async () => {
    const hash = hashProgramSources(product)
    if (options.force === true || !areProgramsCurrent(product, hash)) await bundle(hash, options.onProgress)
  })
}

async function bundle(hash: string, onProgress?: (step: { message: string }) => void): Promise<void> {
  const programs = listPrograms()
  const missing = Object.values(programs).filter((entry) => !existsSync(join(product, entry)))
  if (missing.length > 0) throw new Error(`Programs for nodes have no entry: ${missing.join(', ')}`)
  const folder = join(product, NODE_PROGRAMS_FOLDER)
  const draft = `${folder}.draft`
  rmSync(draft, { recursive: true, force: true })
  // The bundler writes it into what it makes, and images are known by what is in them.
  process.env['NODE_ENV'] = 'production'
  for (const [name, entry] of Object.entries(programs)) {
    onProgress?.({ message: `bundling ${name}` })
    const target = { outDir: draft, rolldownOptions: { input: { [name]: entry } } }
    await build(mergeConfig(configuration, { root: product, build: target }))
  }
  writeFileSync(
    join(product, NODE_PROGRAMS_RECORD.replace(NODE_PROGRAMS_FOLDER, `${NODE_PROGRAMS_FOLDER}.draft`)),
    hash,
  )
  rmSync(folder, { recursive: true, force: true })
  renameSync(draft, folder)
}

if (import.meta.main) await buildNodePrograms({ force: process.argv.includes('--force') })
