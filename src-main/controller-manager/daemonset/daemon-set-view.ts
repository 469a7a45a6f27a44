/** A DaemonSet, its pods and all nodes at one moment: what everything of one look is decided from. */
import type { ServedPod } from '../../common/api/core.ts'
import type { DaemonSet } from '../../common/api/daemon-set.ts'
import { isBound, targetNodeOf } from './daemon-pod.ts'
import type { NodeVerdict } from './compute-placement.ts'

export interface DaemonSetView {
  set: DaemonSet
  /** Of the current revision. */
  hash: string
  /** Of every node that exists, by its name. */
  verdicts: ReadonlyMap<string, NodeVerdict>
  /** By the node where they are or should go, the oldest first; nodes without any are left out. */
  podsByNode: ReadonlyMap<string, readonly ServedPod[]>
  nowMs: number
}

/** A pod that ended and is being deleted is nobody's business any more: it may be kept by a finalizer for long. */
export function groupByNode(pods: readonly ServedPod[]): Map<string, ServedPod[]> {
  const groups = new Map<string, ServedPod[]>()
  for (const pod of pods) {
    const node = targetNodeOf(pod)
    if (node === undefined || (isGoing(pod) && hasEnded(pod))) continue
    const group = groups.get(node)
    if (group === undefined) groups.set(node, [pod])
    else group.push(pod)
  }
  for (const group of groups.values()) if (group.length > 1) group.sort(compareAge)
  return groups
}

export function isGoing({ metadata }: ServedPod): boolean {
  return metadata.deletionTimestamp !== undefined
}

function hasEnded({ status }: ServedPod): boolean {
  return status?.phase === 'Succeeded' || status?.phase === 'Failed'
}

/** Those with a node first, then by age (daemon_controller.go podByCreationTimestampAndPhase). */
function compareAge(one: ServedPod, other: ServedPod): number {
  if (isBound(one) !== isBound(other)) return isBound(one) ? -1 : 1
  const [time, otherTime] = [one.metadata.creationTimestamp ?? '', other.metadata.creationTimestamp ?? '']
  if (time !== otherTime) return time < otherTime ? -1 : 1
  return (one.metadata.name ?? '') < (other.metadata.name ?? '') ? -1 : 1
}
