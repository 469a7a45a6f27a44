/** Where the log of a container is, or in upstream's words why there is none (facts 5.4). */
import { existsSync } from 'node:fs'
import type { Pod } from '../common/api/core.ts'
import type { ContainerStatus } from '../common/api/pod-status.ts'
import { podReference, podUid } from './pod-identity.ts'
import type { ContainerLogFile, LogTarget } from './private-channel/channel-source.ts'
import {
  containerNotFound,
  containerTerminated,
  containerWaiting,
  podNotFound,
  previousContainerNotFound,
} from './private-channel/log-errors.ts'
import type { RuntimeContainer, RuntimePod } from './runtime/runtime-pod.ts'

/**
 * @param pods those whose logs may be asked for
 * @throws LabError NotFound or BadRequest
 */
export function findLogFile(
  pods: readonly Pod[],
  runtimePod: (uid: string) => RuntimePod,
  target: LogTarget,
): ContainerLogFile {
  const pod = pods.find((candidate) => {
    const reference = podReference(candidate)
    return reference.namespace === target.namespace && reference.name === target.pod
  })
  if (pod === undefined) throw podNotFound(target.pod)
  const declared = [...(pod.spec.initContainers ?? []), ...pod.spec.containers]
  if (!declared.some((container) => container.name === target.container))
    throw containerNotFound(target.container, target.pod)
  /** Newest first. */
  const instances = (): RuntimeContainer[] =>
    runtimePod(podUid(pod)).containers.filter((instance) => instance.metadata.name === target.container)
  const instance = target.previous
    ? instances().find((one) => one.id === previousInstanceId(pod, target.container))
    : instances()[0]
  if (instance === undefined) {
    if (target.previous) throw previousContainerNotFound(target.container, target.pod)
    throw containerWaiting(target.container, target.pod, waitingReason(pod, target.container))
  }
  if (!existsSync(instance.logPath)) {
    if (instance.state === 'CONTAINER_EXITED') throw containerTerminated(target.container, target.pod)
    throw containerWaiting(target.container, target.pod, waitingReason(pod, target.container))
  }
  return {
    path: instance.logPath,
    isRunning: () => instances().find((other) => other.id === instance.id)?.state === 'CONTAINER_RUNNING',
  }
}

/** While a container waits for its restart this is its newest instance, otherwise the one before. */
function previousInstanceId(pod: Pod, container: string): string | undefined {
  return statusOf(pod, container)?.lastState.terminated?.containerID?.replace(/^.*:\/\//, '')
}

function waitingReason(pod: Pod, container: string): string {
  return statusOf(pod, container)?.state.waiting?.reason ?? 'ContainerCreating'
}

function statusOf(pod: Pod, container: string): ContainerStatus | undefined {
  const statuses = [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])]
  return statuses.find((status) => status.name === container)
}
