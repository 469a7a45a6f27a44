/** What a newcomer finds: the lab "default" with two nodes and one pod that lives. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Pod } from '../../src-main/common/api/core.ts'
import { isLabError } from '../../src-main/common/lab-error.ts'
import type { LabStatus } from '../../src-main/common/lab/lab-status.ts'
import { delay, type Clock } from '../../src-main/base/clock.ts'
import { findAppFolders } from '../../src-main/shell/app/resources.ts'
import type { LabManager, OnProgress } from '../../src-main/lab/lab-manager.ts'

export const FIRST_LAB = 'default'
const NODE_COUNT = 2
const SAMPLE = 'web.yaml'
/** In the lab's folder, so that it goes with the lab: a lab made anew greets anew, a sample that was removed stays away. */
const WELCOME_STAMP = '.welcome'
const POD_TIMEOUT_MS = 90_000
const POLL_INTERVAL_MS = 500

/** Creates or starts the lab; the first time it also gets its sample. Resolves when the nodes are ready and the sample runs. */
export async function bringUpFirstLab(
  labManager: LabManager,
  clock: Clock,
  onProgress: OnProgress,
): Promise<LabStatus> {
  const known = (await labManager.listLabs()).find((lab) => lab.name === FIRST_LAB)
  const lab = await upEvenIfBroken(labManager, known === undefined ? { nodes: NODE_COUNT, onProgress } : { onProgress })
  const stamp = join(lab.folder, WELCOME_STAMP)
  const node = lab.nodes[0]
  if (existsSync(stamp) || node?.kubelet !== 'running') return lab
  const target = { lab: FIRST_LAB, node: node.name }
  if ((await labManager.files(target)).length === 0) {
    onProgress({ message: `Dropping ${SAMPLE} into the manifest folder of ${node.name} ...` })
    await labManager.applyManifest(target, SAMPLE, readFileSync(join(findAppFolders().samples, SAMPLE), 'utf8'))
    await waitForPod(labManager, node.name, clock, onProgress)
  }
  writeFileSync(stamp, 'The first sample has been placed; it is not placed again.\n')
  return lab
}

/** A kubelet that a learner has broken is no reason to withhold the window that shows it: it is told, and the start goes on. */
async function upEvenIfBroken(
  labManager: LabManager,
  options: { nodes?: number; onProgress: OnProgress },
): Promise<LabStatus> {
  try {
    return await labManager.up(FIRST_LAB, options)
  } catch (error) {
    // Only the wait for kubelets names a node.
    if (!isLabError(error) || error.kind !== 'Timeout' || error.details?.['node'] === undefined) throw error
    options.onProgress({ message: [error.message, error.remedy].filter(Boolean).join(' ') })
    return labManager.labStatus(FIRST_LAB)
  }
}

/** Waits until the node's first pod runs; one that does not in time is no failure, the summary shows its state. */
async function waitForPod(labManager: LabManager, node: string, clock: Clock, onProgress: OnProgress): Promise<void> {
  const deadlineMs = clock.now() + POD_TIMEOUT_MS
  while (clock.now() < deadlineMs) {
    const [pod] = await labManager.pods(FIRST_LAB, node)
    if (pod !== undefined) onProgress({ message: `${pod.metadata.name}: ${describePod(pod)}` })
    if (pod?.status?.phase === 'Running') return
    await delay(clock, POLL_INTERVAL_MS)
  }
}

/** The phase, or what a container waits for. */
export function describePod(pod: Pod): string {
  const waiting = pod.status?.containerStatuses?.find((status) => status.state.waiting !== undefined)?.state.waiting
  return waiting?.reason ?? pod.status?.phase ?? 'Pending'
}
