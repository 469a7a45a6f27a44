/** The kubelet as the private channel's server sees it. */
import { existsSync } from 'node:fs'
import type { Pod } from '../common/api/core.ts'
import type { Kubelet } from './kubelet.ts'
import { podReference, podUid } from './pod-identity.ts'
import type { ContainerLogFile, KubeletChannelSource, LogTarget } from './private-channel/channel-source.ts'
import {
  containerNotFound,
  containerTerminated,
  containerWaiting,
  podNotFound,
  previousContainerNotFound,
} from './private-channel/log-errors.ts'
import type { RuntimeContainer } from './runtime/runtime-pod.ts'
import type { Timeline } from './timeline/timeline.ts'

export function kubeletChannelSource(kubelet: Kubelet, timeline: Timeline): KubeletChannelSource {
  return {
    kubeletInfo: () => kubelet.info(),
    files: () => kubelet.files(),
    pods: () => kubelet.pods(),
    onDidChange: (listener) => kubelet.onDidChange(listener),
    timelineAfter: (position) => timeline.after(position),
    onTimelineAdded: (listener) => timeline.onDidAdd(listener),
    watchedFolder: () => kubelet.watchedFolder(),
    logFile: async (target) => findLogFile(kubelet, target),
  }
}

/** Facts 5.4. */
function findLogFile(kubelet: Kubelet, target: LogTarget): ContainerLogFile {
  const pod = kubelet.pods().find((candidate) => {
    const reference = podReference(candidate)
    return reference.namespace === target.namespace && reference.name === target.pod
  })
  if (pod === undefined) throw podNotFound(target.pod)
  const declared = [...(pod.spec.initContainers ?? []), ...pod.spec.containers]
  if (!declared.some((container) => container.name === target.container))
    throw containerNotFound(target.container, target.pod)
  const instances = instancesOf(kubelet, pod, target.container)
  const instance = target.previous ? instances[1] : instances[0]
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
    isRunning: () =>
      instancesOf(kubelet, pod, target.container).find((other) => other.id === instance.id)?.state ===
      'CONTAINER_RUNNING',
  }
}

/** Newest first. */
function instancesOf(kubelet: Kubelet, pod: Pod, container: string): RuntimeContainer[] {
  return kubelet.runtimePod(podUid(pod)).containers.filter((instance) => instance.metadata.name === container)
}

function waitingReason(pod: Pod, container: string): string {
  const statuses = [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])]
  return statuses.find((status) => status.name === container)?.state.waiting?.reason ?? 'ContainerCreating'
}
