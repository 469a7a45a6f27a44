/** The directories of pods on the node: made with a pod, removed when it is gone (facts 2.9.2, 2.17.1). */
import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Logger } from '../../base/logger.ts'
import type { Pod } from '../../common/api/core.ts'
import type { PodReference } from '../../common/lab/file-verdict.ts'
import { podUid } from '../pod-identity.ts'
import { podDirectory, podLogDirectory, podLogDirectoryName } from './node-paths.ts'
import type { NodePaths } from './node-paths.ts'

export function makePodDirectories(paths: NodePaths, pod: Pod): void {
  const directory = podDirectory(paths, podUid(pod))
  for (const name of ['volumes', 'containers']) mkdirSync(join(directory, name), { recursive: true, mode: 0o750 })
  mkdirSync(podLogDirectory(paths, pod), { recursive: true })
}

/** Links inside are removed, never followed. @throws what the file system says */
export function removePodFiles(paths: NodePaths, reference: PodReference): void {
  rmSync(podDirectory(paths, reference.uid), { recursive: true, force: true })
  rmSync(join(paths.podLogs, podLogDirectoryName(reference)), { recursive: true, force: true })
}

/** Removes what pods left that nobody knows any more, for instance while the kubelet was down. */
export function removeOrphanedPodFiles(paths: NodePaths, isKnown: (uid: string) => boolean, logger: Logger): void {
  for (const uid of entries(join(paths.root, 'pods'))) if (!isKnown(uid)) remove(podDirectory(paths, uid), uid, logger)
  for (const name of entries(paths.podLogs)) {
    const uid = name.split('_').at(-1) ?? ''
    if (name.split('_').length === 3 && !isKnown(uid)) remove(join(paths.podLogs, name), uid, logger)
  }
}

function remove(path: string, uid: string, logger: Logger): void {
  try {
    rmSync(path, { recursive: true, force: true })
    logger.info('Cleaned up orphaned pod volumes dir', { podUID: uid, path })
  } catch (error) {
    logger.error('Unable to remove orphaned pod directory', { podUID: uid, path, err: error })
  }
}

function entries(directory: string): string[] {
  try {
    return readdirSync(directory)
  } catch {
    // Made with the first pod: there is nothing to clean up before.
    return []
  }
}
