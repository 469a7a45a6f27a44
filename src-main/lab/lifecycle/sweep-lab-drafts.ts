/** What processes have left in a lab's folder, and in the home, that died while they wrote a file. */
import path from 'node:path'
import type { LabContext } from '../lab-context.ts'
import { sweepDrafts } from '../store/drafts.ts'

/** Manifest folders are looked into, and no further: what lies below is the node's. */
export async function sweepLabDrafts(
  context: Pick<LabContext, 'clock' | 'logger' | 'store'>,
  lab: string,
): Promise<void> {
  const { layout } = context.store
  await sweepDrafts(context, layout.home)
  const nodes = path.join(layout.labFolder(lab), 'nodes')
  const isBelowManifests = (folder: string): boolean => {
    const [, kind, ...deeper] = path.relative(nodes, folder).split(path.sep)
    return kind === 'manifests' && deeper.length > 0
  }
  await sweepDrafts(context, layout.labFolder(lab), (folder) => !isBelowManifests(folder))
}
