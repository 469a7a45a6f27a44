/** Labs of this home that have lost parts in the engine: somebody pruned it, or removed a volume by hand. */
import { HOME_LABEL, LAB_LABEL } from '../../common/engine-labels.ts'
import type { LabSpec } from '../../common/lab/lab-spec.ts'
import { nodeVolumeName } from '../../common/node-layout.ts'
import type { Engine } from '../engine/engine.ts'
import type { LabStore } from '../store/lab-store.ts'

export interface BrokenLab {
  lab: string
  /** In words: `the disk of node01`, `its network`. */
  lost: string[]
}

/**
 * A lab that has nothing in the engine was not brought up yet, or was removed as a whole; `up` makes it. Lost is only what was
 * there: a disk that was filled once, and the network of containers, which cannot start without it. A start that was cut short has
 * made neither, and a lab that was renamed, or whose containers were removed, gets both with its next start.
 */
export async function findBrokenLabs(engine: Engine, store: LabStore, specs: readonly LabSpec[]): Promise<BrokenLab[]> {
  const ofHome = { [HOME_LABEL]: store.layout.home, [LAB_LABEL]: true } as const
  const [containers, networks, volumes] = await Promise.all([
    engine.listContainers(ofHome),
    engine.listNetworks(ofHome),
    engine.listVolumes(ofHome),
  ])
  const names = new Set(volumes.map(({ name }) => name))
  const labsOf = (objects: readonly { labels: Record<string, string> }[]): Set<string | undefined> =>
    new Set(objects.map(({ labels }) => labels[LAB_LABEL]))
  const [withContainers, withNetwork, withVolumes] = [labsOf(containers), labsOf(networks), labsOf(volumes)]
  return specs.flatMap(({ name, nodes }) => {
    if (!withContainers.has(name) && !withNetwork.has(name) && !withVolumes.has(name)) return []
    const lost = [
      ...(withContainers.has(name) && !withNetwork.has(name) ? ['network'] : []),
      ...nodes
        .filter((node) => store.hasVolumeRecord(name, node.name) && !names.has(nodeVolumeName(name, node.name)))
        .map((node) => `disk of ${node.name}`),
    ]
    return lost.length === 0 ? [] : [{ lab: name, lost }]
  })
}
