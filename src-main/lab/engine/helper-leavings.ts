/** Helpers are removed by whoever made them; what a killed process has left, the next doctor removes. */
import { HOME_LABEL, LAB_LABEL, PROCESS_LABEL, ROLE_LABEL } from '../../common/engine-labels.ts'
import { lookForProcess, ownIdentity } from '../store/process-identity.ts'
import type { Engine } from './engine.ts'

/** What every helper of this process bears. */
export async function helperLabels(): Promise<Record<string, string>> {
  const { pid, started, namespace } = await ownIdentity()
  return { [ROLE_LABEL]: 'helper', [PROCESS_LABEL]: `${pid} ${started} ${namespace}` }
}

/**
 * Removes helpers, containers and then volumes, whose process is dead; of processes from before this machine's boot or of another
 * container only those of this home, since another machine may use the same engine. Helpers of labs are the labs'. Answers how many there were.
 */
export async function removeHelperLeavings(engine: Engine, home: string): Promise<number> {
  const [containers, volumes] = await Promise.all([
    engine.listContainers({ [ROLE_LABEL]: 'helper', [PROCESS_LABEL]: true }),
    engine.listVolumes({ [ROLE_LABEL]: 'helper', [PROCESS_LABEL]: true }),
  ])
  let removed = 0
  for (const { id, labels } of containers) {
    if (!(await isLeft(labels, home))) continue
    await engine.removeContainer(id)
    removed += 1
  }
  for (const { name, labels } of volumes) {
    if (!(await isLeft(labels, home))) continue
    await engine.removeVolume(name)
    removed += 1
  }
  return removed
}

async function isLeft(labels: Readonly<Record<string, string>>, home: string): Promise<boolean> {
  if (labels[LAB_LABEL] !== undefined) return false
  const [pid = '', started = '', namespace = ''] = (labels[PROCESS_LABEL] ?? '').split(' ')
  switch (await lookForProcess({ pid: Number(pid), started, namespace })) {
    case 'alive':
      return false
    case 'dead':
      return true
    case 'elsewhere':
      return labels[HOME_LABEL] === home
  }
}
