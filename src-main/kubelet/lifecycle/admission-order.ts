/**
 * In which order the pods that a kubelet finds at its start are admitted. Upstream's is by creation time, which file pods
 * do not have, and so any: here what runs already keeps its place, and what ran its course takes none.
 */
import type { Pod } from '../../common/api/core.ts'
import { podUid } from '../pod-identity.ts'
import { isSidecar, shouldContainerBeRestarted } from '../runtime/restart-policy.ts'
import { isAlive, newestContainer } from '../runtime/runtime-pod.ts'
import type { RuntimePod } from '../runtime/runtime-pod.ts'

/** Pure; among equals the given order holds. */
export function computeAdmissionOrder(pods: readonly Pod[], runtimePodOf: (uid: string) => RuntimePod): Pod[] {
  const rank = (pod: Pod): number => (isAlive(runtimePodOf(podUid(pod))) ? 0 : 1)
  return [...pods].sort((one, other) => createdMs(one) - createdMs(other) || rank(one) - rank(other))
}

function createdMs(pod: Pod): number {
  const { creationTimestamp } = pod.metadata
  return typeof creationTimestamp === 'string' ? Date.parse(creationTimestamp) : 0
}

/** Whether nothing of the pod would be started again: its containers, or one that initializes it, ended for good. */
export function hasRunItsCourse(pod: Pod, runtimePod: RuntimePod): boolean {
  if (isAlive(runtimePod)) return false
  const init = (pod.spec.initContainers ?? []).filter((container) => !isSidecar(container))
  const endedForGood = (container: Pod['spec']['containers'][number]): boolean => {
    const instance = newestContainer(runtimePod, container.name)
    return instance?.state === 'CONTAINER_EXITED' && !shouldContainerBeRestarted(pod, container, instance)
  }
  const initFailed = init.some(
    (container) => endedForGood(container) && newestContainer(runtimePod, container.name)?.exitCode !== 0,
  )
  return initFailed || pod.spec.containers.every(endedForGood)
}
