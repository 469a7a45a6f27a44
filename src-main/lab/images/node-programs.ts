/**
 * The programs that run on nodes, as bundles in `out/node`. In a checkout they are made anew when their sources have
 * changed; a built application has them already.
 */
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { labStep, type LabStep } from '../../common/lab/lab-texts.ts'
import { LabError } from '../../common/lab-error.ts'
import { runProgram } from './debian/run-program.ts'

/** Folders whose code may be part of a program on a node (design §5). */
const SOURCE_FOLDERS = [
  'common',
  'base',
  'kube',
  'container-runtime',
  'kubelet',
  'node',
  'apiserver',
  'controller-manager',
  'scheduler',
]
const BUILD_FILES = ['package-lock.json', 'vite.node.config.ts', 'scripts/build-node-programs.ts']

/** Where the bundles are, relative to the product's folder. */
export const NODE_PROGRAMS_FOLDER = 'out/node'
/** Beside the bundles, written last: hash of what they were made from. */
export const NODE_PROGRAMS_RECORD = 'out/node/.inputs'

/** Hash of everything that the bundles are made from. */
export function hashProgramSources(product: string): string {
  const hash = createHash('sha256')
  const add = (path: string): void => {
    hash.update(`${path}\0`).update(readFileSync(join(product, path)))
  }
  for (const file of BUILD_FILES) add(file)
  for (const folder of SOURCE_FOLDERS) {
    const root = join(product, 'src-main', folder)
    if (!existsSync(root)) continue
    const paths = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
      (path) => /\.(ts|json|proto)$/.test(path) && !path.endsWith('.test.ts'),
    )
    for (const path of paths.sort()) add(join('src-main', folder, path))
  }
  return hash.digest('hex')
}

export function areProgramsCurrent(product: string, hash: string): boolean {
  const record = join(product, NODE_PROGRAMS_RECORD)
  return existsSync(record) && readFileSync(record, 'utf8') === hash
}

/** @throws Unavailable when they are missing and cannot be made */
export async function ensureNodePrograms(product: string, onProgress: (step: LabStep) => void): Promise<void> {
  const isCheckout = existsSync(join(product, 'vite.node.config.ts'))
  if (!isCheckout) {
    if (existsSync(join(product, NODE_PROGRAMS_RECORD))) return
    throw new LabError({
      kind: 'Unavailable',
      message: `the programs for nodes are missing (${join(product, NODE_PROGRAMS_FOLDER)})`,
      remedy: 'Install Node Lab again.',
    })
  }
  if (areProgramsCurrent(product, hashProgramSources(product))) return
  onProgress(labStep('programs-bundle'))
  await runProgram(findNodeOfThisMachine(product), [join(product, 'scripts/build-node-programs.ts')])
}

/** npm links the pinned one as a program everywhere but on Windows, where what runs this is as good: the bundler is no part of it. */
function findNodeOfThisMachine(product: string): string {
  return process.platform === 'win32' ? process.execPath : join(product, 'node_modules/.bin/node')
}
