/** The sample shelf: manifests that come with the product, ready to be dropped on a node. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Sample } from '../../common/ipc/calls.ts'

const MANIFEST_NAME = /^(?<id>[a-z0-9-]+)\.ya?ml$/

/** The order of a first lesson; others follow by name. */
const LESSON = [
  'web',
  'hello',
  'crash-loop',
  'completes',
  'two-containers',
  'init',
  'deployment',
  'log-collector',
  'log-collector-daemonset',
  'node-monitor',
  'node-monitor-daemonset',
  'broken',
]

/** Reads the shelf; what is not a manifest (a README) is no sample. */
export async function readSamples(folder: string): Promise<Sample[]> {
  const names = (await readdir(folder)).toSorted()
  const samples: Sample[] = []
  for (const name of names) {
    const id = MANIFEST_NAME.exec(name)?.groups?.['id']
    if (id !== undefined) samples.push({ name, id, content: await readFile(join(folder, name), 'utf8') })
  }
  return samples.toSorted((left, right) => rank(left.id) - rank(right.id))
}

function rank(id: string): number {
  const place = LESSON.indexOf(id)
  return place < 0 ? LESSON.length : place
}
