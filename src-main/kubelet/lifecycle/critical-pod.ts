/** Which pods a kubelet spares, and which have to make room (pkg/kubelet/types/pod_update.go; facts 1.5.13). */
import type { Pod } from '../../common/api/core.ts'
import { isStaticPod } from '../../common/api/static-pod.ts'

const SYSTEM_CRITICAL_PRIORITY = 2_000_000_000

/** Every static pod is, and what has a system priority. */
export function isCriticalPod(pod: Pod): boolean {
  return isStaticPod(pod) || (pod.spec.priority ?? 0) >= SYSTEM_CRITICAL_PRIORITY
}

/**
 * Whether `pod` may be ended to make room for `preemptor`. Two static pods are both critical: between them only written
 * priorities count, as a kubelet resolves no `priorityClassName` (facts 1.3.8).
 */
export function isPreemptable(preemptor: Pod, pod: Pod): boolean {
  if (isCriticalPod(preemptor) && !isCriticalPod(pod)) return true
  const [own, other] = [preemptor.spec.priority, pod.spec.priority]
  return own !== undefined && other !== undefined && own > other
}
