/** Labs that the engine has parts of and this home has no folder for: a folder that somebody removed by hand, or a disk that was lost. */
import { HOME_LABEL, LAB_LABEL } from '../../common/engine-labels.ts'
import type { Engine } from '../engine/engine.ts'
import { HomeLayout } from '../store/home.ts'
import { LabStore } from '../store/lab-store.ts'

/** Names, sorted. Labs of other homes are theirs. */
export async function findLostLabs(engine: Engine, home: string): Promise<string[]> {
  const ofHome = { [HOME_LABEL]: home, [LAB_LABEL]: true } as const
  const objects = await Promise.all([
    engine.listContainers(ofHome),
    engine.listNetworks(ofHome),
    engine.listVolumes(ofHome),
  ])
  const known = new Set(await new LabStore(new HomeLayout(home)).list())
  const names = new Set(objects.flat().flatMap(({ labels }) => labels[LAB_LABEL] ?? []))
  return [...names].filter((name) => !known.has(name)).toSorted()
}
