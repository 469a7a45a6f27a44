/** What people did to a pod, to its file and to its node. Pure. */
import type { UserAction } from '@common/lab/user-action.ts'
import type { RowReference } from './board-rows.ts'

/** @param fileName of the manifest that the pod comes from, where the reference does not say */
export function actionsAbout(
  actions: readonly UserAction[],
  { node, file, pod }: RowReference,
  fileName = file,
): readonly UserAction[] {
  return actions.filter((action) => {
    if (action.pod !== undefined) {
      const isSameNode = action.node === undefined || action.node === node
      return isSameNode && action.pod.name === pod?.name && action.pod.namespace === pod.namespace
    }
    if (action.node === undefined) return action.kind === 'LabStarted' || action.kind === 'LabStopped'
    if (action.node !== node) return false
    return action.file === undefined ? action.component === undefined : action.file === fileName
  })
}
