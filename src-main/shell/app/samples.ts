/** The sample shelf: manifests that come with the product, ready to be dropped on a node. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Sample } from '../../common/ipc/calls.ts'

const MANIFEST_NAME = /^(?<id>[a-z0-9-]+)\.ya?ml$/

/** Reads the shelf, in order of file names; what is not a manifest (a README) is no sample. */
export async function readSamples(folder: string): Promise<Sample[]> {
  const names = (await readdir(folder)).toSorted()
  const samples: Sample[] = []
  for (const name of names) {
    const id = MANIFEST_NAME.exec(name)?.groups?.['id']
    if (id !== undefined) samples.push({ name, id, content: await readFile(join(folder, name), 'utf8') })
  }
  return samples
}
