/** Which of a node's pods a drain asks away, and which it leaves (CTL/drain/filters.go; facts 4.13, 7.14). Pure. */
import type { Pod } from '../../common/api/core.ts'
import { isMirrorPod } from '../../common/api/static-pod.ts'
import { findPodOwner } from '../../common/lab/pod-tally.ts'

export interface DrainPlan {
  evict: Pod[]
  daemonSetPods: Pod[]
  mirrorPods: Pod[]
}

/**
 * As `kubectl drain --ignore-daemonsets --force --delete-emptydir-data`: also what nobody makes again goes, and what has an
 * emptyDir, and what a DaemonSet's pods have left that are finished. A pod that ends already is not asked again.
 */
export function computeDrain(pods: readonly Pod[]): DrainPlan {
  const mirrorPods = pods.filter(isMirrorPod)
  const others = pods.filter((pod) => !isMirrorPod(pod))
  const daemonSetPods = others.filter(staysWithDaemonSet)
  const evict = others.filter((pod) => !staysWithDaemonSet(pod) && pod.metadata.deletionTimestamp === undefined)
  return { evict, daemonSetPods, mirrorPods }
}

function staysWithDaemonSet(pod: Pod): boolean {
  const isFinished = pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed'
  return findPodOwner(pod)?.kind === 'DaemonSet' && !isFinished
}
