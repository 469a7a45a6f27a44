/** Who reads what is put into a node's manifest folder, and which folder that is. Pure. */
import type { NodeStatus } from '@common/lab/lab-status.ts'
import { MANIFESTS_PATH } from '@common/node-channel.ts'

/** Otherwise the file lies there until the node and its kubelet run. */
export function readsAtOnce({ state, kubelet }: Pick<NodeStatus, 'state' | 'kubelet'>): boolean {
  return state === 'running' && kubelet === 'running'
}

/** The path on the node that its kubelet reads, a folder or one file, as its settings spell it. `null`: it reads none. */
export function watchedFolder({ kubeletInfo: info }: Pick<NodeStatus, 'kubeletInfo'>): string | null {
  if (info === undefined) return MANIFESTS_PATH
  return info.staticPodPath === null ? null : info.staticPodPath.replace(/(.)\/+$/, '$1')
}
