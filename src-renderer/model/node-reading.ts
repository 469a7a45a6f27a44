/** Whether somebody reads what is put into a node's manifest folder. Pure. */
import type { NodeStatus } from '@common/lab/lab-status.ts'

/** Otherwise the file lies there until the node and its kubelet run. */
export function readsAtOnce({ state, kubelet }: Pick<NodeStatus, 'state' | 'kubelet'>): boolean {
  return state === 'running' && kubelet === 'running'
}
