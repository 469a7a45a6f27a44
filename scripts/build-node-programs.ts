/**
 * Bundles the programs that run on nodes into `out/node`, one file each; does nothing when their sources have not changed.
 * `node scripts/build-node-programs.ts --force` bundles in any case.
 */
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build, mergeConfig } from 'vite'
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
  }
  const tools = join(product, 'src-main/node')
  for (const name of existsSync(tools) ? readdirSync(tools).sort() : [])
    if (existsSync(join(tools, name, 'main.ts'))) programs[name] = `src-main/node/${name}/main.ts`
  return programs
}

function removeStaleBundles(folder: string, programs: Record<string, string>): void {
  for (const file of readdirSync(folder))
    if (file.endsWith('.js') && !(file.slice(0, -'.js'.length) in programs)) rmSync(join(folder, file))
}

/** @throws Error when a program has no entry or cannot be bundled */
export async function buildNodePrograms(
  options: { force?: boolean; onProgress?: (step: { message: string }) => void } = {},
): Promise<void> {
  const hash = hashProgramSources(product)
  if (options.force !== true && areProgramsCurrent(product, hash)) return
  const programs = listPrograms()
  const missing = Object.values(programs).filter((entry) => !existsSync(join(product, entry)))
  if (missing.length > 0) throw new Error(`Programs for nodes have no entry: ${missing.join(', ')}`)
  const folder = join(product, NODE_PROGRAMS_FOLDER)
  rmSync(join(product, NODE_PROGRAMS_RECORD), { force: true })
  mkdirSync(folder, { recursive: true })
  removeStaleBundles(folder, programs)
  for (const [name, entry] of Object.entries(programs)) {
    options.onProgress?.({ message: `bundling ${name}` })
    await build(mergeConfig(configuration, { root: product, build: { rolldownOptions: { input: { [name]: entry } } } }))
  }
  writeFileSync(join(product, NODE_PROGRAMS_RECORD), hash)
}

if (import.meta.main) await buildNodePrograms({ force: process.argv.includes('--force') })
