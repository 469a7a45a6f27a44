/** Labs that the engine has parts of and this home has no folder for: a folder that somebody removed by hand, or a disk that was lost. */
import { existsSync } from 'node:fs'
import type { DoctorCheck } from '../../common/doctor/doctor-report.ts'
import { HOME_LABEL, LAB_LABEL } from '../../common/engine-labels.ts'
import { LabError } from '../../common/lab-error.ts'
import { labNameFault } from '../../common/lab/names.ts'
import type { Engine } from '../engine/engine.ts'
import { listRenames } from '../rename/settle-renames.ts'
import { HomeLayout } from '../store/home.ts'
import { LabStore } from '../store/lab-store.ts'

/** Between names in a finding; no lab's name has a comma in it. */
export const NAME_SEPARATOR = ', '

/**
 * What of them may be removed without asking for each: names, sorted. @throws LabError Unavailable when there are some and the
 * folder of all labs is not there, as with a disk that is not mounted: then it cannot be said which labs are lost
 */
export async function findLeavings(engine: Engine, home: string): Promise<string[]> {
  const names = await findLostLabs(engine, home)
  const { labs } = new HomeLayout(home)
  if (names.length === 0 || existsSync(labs)) return names
  throw new LabError({
    kind: 'Unavailable',
    message: `${labs} is not there, so it cannot be said whether ${names.join(', ')} are lost`,
    remedy: 'Bring the folder back. If it was removed on purpose, make it again, empty, and run the doctor again.',
  })
}

/** Those that the check has named to whoever chose its remedy, of those that are found now. */
export function selectOffered(check: DoctorCheck, found: readonly string[]): string[] {
  const offered = String(check.values?.['names'] ?? '').split(NAME_SEPARATOR)
  return found.filter((name) => offered.includes(name))
}

/**
 * Names, sorted. Labs of other homes are theirs. What has a label that can be no lab's name, somebody else has made: names go into
 * commands that people paste into their shells.
 */
export async function findLostLabs(engine: Engine, home: string): Promise<string[]> {
  const ofHome = { [HOME_LABEL]: home, [LAB_LABEL]: true } as const
  const objects = await Promise.all([
    engine.listContainers(ofHome),
    engine.listNetworks(ofHome),
    engine.listVolumes(ofHome),
  ])
  const store = new LabStore(new HomeLayout(home))
  // The copies of a lab that is being renamed bear its new name already; what is left of the old one, the next command removes.
  const renamed = (await listRenames({ store })).flatMap(({ from, to }) => [from, to])
  const known = new Set([...(await store.list()), ...renamed])
  const names = new Set(objects.flat().flatMap(({ labels }) => labels[LAB_LABEL] ?? []))
  return [...names].filter((name) => labNameFault(name) === undefined && !known.has(name)).toSorted()
}
