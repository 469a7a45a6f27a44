/** Labs of this home that have lost parts in the engine: somebody pruned it, or removed a volume by hand. */
import { HOME_LABEL, LAB_LABEL } from '../../common/engine-labels.ts'
import type { LabSpec } from '../../common/lab/lab-spec.ts'
import { nodeVolumeName } from '../../common/node-layout.ts'
import type { Engine } from '../engine/engine.ts'
import { HomeLayout } from '../store/home.ts'
import { LabStore } from '../store/lab-store.ts'

export interface BrokenLab {
  lab: string
  /** In words: `the disk of node01`, `its network`. */
  lost: string[]
}

/**
 * A lab that has nothing in the engine was not brought up yet, or was removed as a whole; `up` makes it. What was never made, because
 * a start was cut short, is not lost, nor what a rename has removed until the next start.
 */
export async function findBrokenLabs(engine: Engine, home: string, specs: readonly LabSpec[]): Promise<BrokenLab[]> {
  const store = new LabStore(new HomeLayout(home))
  const ofHome = { [HOME_LABEL]: home, [LAB_LABEL]: true } as const
  const [containers, networks, volumes] = await Promise.all([
    engine.listContainers(ofHome),
    engine.listNetworks(ofHome),
    engine.listVolumes(ofHome),
  ])
  const names = new Set(volumes.map(({ name }) => name))
  const withNetwork = new Set(networks.map(({ labels }) => labels[LAB_LABEL]))
  return specs.flatMap(({ name, nodes }) => {
    const hasParts = [...containers, ...networks, ...volumes].some(({ labels }) => labels[LAB_LABEL] === name)
    if (!hasParts) return []
    const made = nodes.filter((node) => store.hasVolumeRecord(name, node.name))
    const hasRun = made.some((node) => !store.hasContainersAway(name, node.name))
    const lost = [
      ...(withNetwork.has(name) || !hasRun ? [] : ['network']),
      ...made.filter((node) => !names.has(nodeVolumeName(name, node.name))).map((node) => `disk of ${node.name}`),
    ]
    return lost.length === 0 ? [] : [{ lab: name, lost }]
  })
}
