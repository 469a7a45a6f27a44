/** Looks for what a start has to make anew, before it does. */
import { existsSync } from 'node:fs'
import { IMAGE_INPUTS_LABEL, IMAGE_PREFIX } from '../../common/engine-labels.ts'
import type { LabSpec } from '../../common/lab/lab-spec.ts'
import type { RepairNote } from '../../common/lab/repair-note.ts'
import { computeNeededImages } from '../archive/needed-images.ts'
import type { Engine } from '../engine/engine.ts'
import type { LabContext } from '../lab-context.ts'
import { ManifestFolder } from '../manifests/manifest-folder.ts'
import { computeRepairs } from '../reconcile/compute-repairs.ts'
import { observeLab } from '../reconcile/observe-lab.ts'

/** Only while holding the lab's lock. */
export async function findRepairs(
  context: LabContext,
  engine: Engine,
  spec: LabSpec,
  isWanted: (node: string) => boolean,
): Promise<RepairNote[]> {
  const { store, history } = context
  const names = spec.nodes.map(({ name }) => name)
  const notes = computeRepairs({
    spec,
    observed: await observeLab(engine, spec.name, store.layout.home),
    folders: await store.listManifestsFolders(spec),
    made: new Set(names.filter((name) => store.hasVolumeRecord(spec.name, name))),
    containersAway: new Set(names.filter((name) => store.hasContainersAway(spec.name, name))),
    hasAuthorities: existsSync(store.layout.pki(spec.name)),
    isWanted,
  })
  return Promise.all(
    notes.map(async (note) => {
      if (note.kind !== 'manifests') return note
      const versions = await history.list({ lab: spec.name, node: note.node })
      return { ...note, versions: new Set(versions.map(({ name }) => name)).size }
    }),
  )
}

/** Whether the engine has an image of nodes, of whatever edition. */
export async function hasNodeImage(engine: Engine): Promise<boolean> {
  const images = await engine.listImages({ [IMAGE_INPUTS_LABEL]: true })
  return images.some(({ tags }) => tags.some((tag) => tag.startsWith(`${IMAGE_PREFIX}/node:`)))
}

/** After images were removed: those of the lab's manifests that nobody brings back by himself. */
export async function findLostImages(
  { store }: Pick<LabContext, 'store'>,
  engine: Engine,
  spec: LabSpec,
): Promise<RepairNote[]> {
  const contents: Buffer[] = []
  for (const { name: node } of spec.nodes) {
    const folder = new ManifestFolder(store.layout.manifests(spec.name, node))
    for (const { name, stats } of await folder.list())
      // One that cannot be read now is told of at the file, by its kubelet.
      if (stats.isFile()) contents.push(await folder.read(name).catch(() => Buffer.alloc(0)))
  }
  const { findMissingImages } = await import('../images/find-missing-images.ts')
  return (await findMissingImages(engine, computeNeededImages(contents))).map((image) => ({ kind: 'image', image }))
}
