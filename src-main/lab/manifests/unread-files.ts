/**
 * The files of a node whose kubelet cannot be asked, as the mounted folder has them. Which folder a kubelet reads is not known
 * while it is away: the mounted one is taken, as for files that are put there (`node-manifests.ts`).
 */
import path from 'node:path'
import { isLabError } from '../../common/lab-error.ts'
import type { NodeTarget } from '../../common/ipc/calls.ts'
import type { FileVerdict } from '../../common/lab/file-verdict.ts'
import type { NodeView } from '../../common/lab/lab-status.ts'
import { MANIFESTS_PATH } from '../../common/node-channel.ts'
import type { LabContext } from '../lab-context.ts'
import { ManifestFolder, type FolderEntry } from './manifest-folder.ts'

/** Why a kubelet says nothing. */
export type KubeletAbsence = 'stopped' | 'unreachable'

/** What kind of absence a failed question to a kubelet means. */
export function absenceOf(error: unknown): KubeletAbsence {
  const reason = isLabError(error) ? error.details?.['reason'] : undefined
  return reason === 'KubeletStopped' || reason === 'NodeStopped' ? 'stopped' : 'unreachable'
}

/** @throws Forbidden when the folder may not be listed */
export async function listUnreadFiles(
  context: LabContext,
  { lab, node }: NodeTarget,
  absence: KubeletAbsence,
): Promise<FileVerdict[]> {
  const entries = await new ManifestFolder(context.store.layout.manifests(lab, node)).list()
  const observedAt = new Date(context.clock.now()).toISOString()
  return entries.map((entry) => ({ ...computeUnread(entry, absence), observedAt }))
}

/** Such a node on a board: files without verdict and, since nobody tells of them, no pods. */
export async function readUnreadView(
  context: LabContext,
  target: NodeTarget,
  absence: KubeletAbsence,
): Promise<NodeView> {
  const { lab, node } = target
  const files = await listUnreadFiles(context, target, absence).catch((error: unknown) => {
    if (!isLabError(error)) throw error
    context.logger.warn(error.message, { lab, node })
    return []
  })
  return { lab, node, files, pods: [], observedAt: new Date(context.clock.now()).toISOString() }
}

/** What no kubelet ever reads is said to be so whether or not one runs. */
export function computeUnread({ name, stats }: FolderEntry, absence: KubeletAbsence): Omit<FileVerdict, 'observedAt'> {
  const entry = {
    name,
    path: path.posix.join(MANIFESTS_PATH, name),
    message: '',
    warnings: [],
    sizeBytes: stats.size,
    modifiedAt: stats.mtime.toISOString(),
  }
  if (name.startsWith('.')) {
    return {
      ...entry,
      state: 'ignored',
      reason: 'DotFile',
      explanation: 'No kubelet reads names that begin with a dot.',
    }
  }
  if (stats.isDirectory()) {
    return { ...entry, state: 'ignored', reason: 'Directory', explanation: 'No kubelet looks into folders in here.' }
  }
  if (absence === 'stopped') {
    const explanation = 'The kubelet is not running: it reads this file when it starts.'
    return { ...entry, state: 'unread', reason: 'KubeletNotRunning', explanation }
  }
  const explanation = 'The kubelet does not answer: whether it has read this file is not known.'
  return { ...entry, state: 'unread', reason: 'KubeletUnreachable', explanation }
}
