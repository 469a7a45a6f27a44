/** Small questions about pods that several parts ask. */
import type { Container, Pod } from './core.ts'
import type { ContainerStatus, PodCondition } from './pod-status.ts'

/** `NAME_NAMESPACE`, as the kubelet's messages name a pod. */
export function podFullName(pod: Pod): string {
  return `${pod.metadata.name ?? ''}_${pod.metadata.namespace ?? ''}`
}

/** The app container of that name, or the first one when none is named; init containers only by their name. */
export function findContainer(pod: Pod, name?: string): Container | undefined {
  if (name === undefined) return pod.spec.containers[0]
  return [...pod.spec.containers, ...(pod.spec.initContainers ?? [])].find((container) => container.name === name)
}

export function findContainerStatus(pod: Pod, name: string): ContainerStatus | undefined {
  const { containerStatuses = [], initContainerStatuses = [] } = pod.status ?? {}
  return [...containerStatuses, ...initContainerStatuses].find((status) => status.name === name)
}

export function findCondition(pod: Pod, type: PodCondition['type']): PodCondition | undefined {
  return pod.status?.conditions?.find((condition) => condition.type === type)
}

export function isPodReady(pod: Pod): boolean {
  return findCondition(pod, 'Ready')?.status === 'True'
}

/** An init container that stays beside the app containers (facts 2.4.3). */
export function isSidecar(container: Container | undefined): boolean {
  return container?.restartPolicy === 'Always'
}
