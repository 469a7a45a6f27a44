/** What has to be done about one mirror (facts 4.1, 4.3, 4.7). Pure. */
import type { Pod } from '../../common/api/core.ts'
import type { Node } from '../../common/api/node.ts'
import { isMirrorOf } from './mirror-body.ts'

export interface MirrorSituation {
  /** The static pod that should have a mirror. */
  pod: Pod | undefined
  mirror: Pod | undefined
  /** As the API server has it. */
  node: Node | undefined
  /** Nothing on the node has this name any more, as far as all sources say. */
  isOrphan: boolean
}

export type MirrorAction =
  | { action: 'none'; why?: string }
  | { action: 'create'; pod: Pod; node: Node }
  /** `pod` absent: for good. */
  | { action: 'remove'; mirror: Pod; pod: Pod | undefined; node: Node | undefined }

export function computeMirrorAction({ pod, mirror, node, isOrphan }: MirrorSituation): MirrorAction {
  if (mirror !== undefined && isHeldByFinalizers(mirror)) return { action: 'none' }
  if (pod === undefined)
    return isOrphan && mirror !== undefined ? { action: 'remove', mirror, pod, node } : { action: 'none' }
  const isCurrent = mirror !== undefined && mirror.metadata.deletionTimestamp === undefined && isMirrorOf(mirror, pod)
  if (isCurrent) return { action: 'none' }
  if (mirror !== undefined) return { action: 'remove', mirror, pod, node }
  if (node === undefined)
    return { action: 'none', why: 'No need to create a mirror pod, since failed to get node info from the cluster' }
  if (node.metadata.deletionTimestamp !== undefined)
    return { action: 'none', why: 'No need to create a mirror pod, since node has been removed from the cluster' }
  return { action: 'create', pod, node }
}

/** It was deleted as far as it goes: who put the finalizer there has to take it off. */
function isHeldByFinalizers({ metadata }: Pod): boolean {
  return metadata.deletionTimestamp !== undefined && metadata.deletionGracePeriodSeconds === 0
}
