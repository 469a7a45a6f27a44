/** Which pods count towards the number that a controller keeps (pkg/controller/controller_utils.go). Pure. */
import type { Pod } from '../../common/api/core.ts'

/** It has neither ended, nor is it about to. */
export function isPodActive(pod: Pod): boolean {
  return !hasEnded(pod) && pod.metadata.deletionTimestamp === undefined
}

/** It is being deleted, and has not ended yet. */
export function isPodTerminating(pod: Pod): boolean {
  return !hasEnded(pod) && pod.metadata.deletionTimestamp !== undefined
}

function hasEnded({ status }: Pod): boolean {
  return status?.phase === 'Succeeded' || status?.phase === 'Failed'
}
