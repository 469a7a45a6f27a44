/** What the runtime has of one pod: the observed side of every pod sync. */
import type { CriContainerStatus, PodSandboxStatus } from '../../container-runtime/cri.ts'

/** A container as the runtime reports it, with the facts that the kubelet stored on it. */
export interface RuntimeContainer extends CriContainerStatus {
  podSandboxId: string
  /** Annotation `io.kubernetes.container.hash`; empty when it is missing. */
  hash: string
  restartCount: number
  /** What the container left behind as its termination message; empty while it runs (facts 2.15). */
  terminationMessage: string
}

export interface RuntimePod {
  uid: string
  name: string
  namespace: string
  /** Newest first. */
  sandboxes: PodSandboxStatus[]
  /** Newest first, of all sandboxes. */
  containers: RuntimeContainer[]
}

export function emptyRuntimePod(uid: string, name = '', namespace = ''): RuntimePod {
  return { uid, name, namespace, sandboxes: [], containers: [] }
}

/** The newest instance of a container, whatever sandbox it lived in. */
export function newestContainer(pod: RuntimePod, containerName: string): RuntimeContainer | undefined {
  return pod.containers.find((container) => container.metadata.name === containerName)
}

/** The newest instance of a container that has ended, of any sandbox; a newer one may run. */
export function newestExitedContainer(pod: RuntimePod, containerName: string): RuntimeContainer | undefined {
  return pod.containers.find(
    (container) => container.metadata.name === containerName && container.state === 'CONTAINER_EXITED',
  )
}

/** The sandbox in which the pod lives now: the newest one, when it is ready. */
export function activeSandbox(pod: RuntimePod): PodSandboxStatus | undefined {
  const newest = pod.sandboxes[0]
  return newest?.state === 'SANDBOX_READY' ? newest : undefined
}

/** The newest instance of a container within the active sandbox. */
export function activeContainer(pod: RuntimePod, containerName: string): RuntimeContainer | undefined {
  const sandboxId = activeSandbox(pod)?.id
  return pod.containers.find(
    (container) => container.metadata.name === containerName && container.podSandboxId === sandboxId,
  )
}

export function runningContainers(pod: RuntimePod): RuntimeContainer[] {
  return pod.containers.filter((container) => container.state === 'CONTAINER_RUNNING')
}

/** The pod as it is to be shown: without instances that are not ready to be seen. */
export function withoutContainers(pod: RuntimePod, ids: ReadonlySet<string>): RuntimePod {
  if (ids.size === 0) return pod
  return { ...pod, containers: pod.containers.filter((container) => !ids.has(container.id)) }
}

/** Whether anything of the pod may still be running. */
export function isAlive(pod: RuntimePod): boolean {
  return runningContainers(pod).length > 0 || pod.sandboxes.some((sandbox) => sandbox.state === 'SANDBOX_READY')
}

/** Equal signatures: the same sandboxes and containers in the same states. */
export function runtimeSignature(
  sandboxes: { id: string; state: string }[],
  containers: { id: string; state: string }[],
): string {
  return [...sandboxes, ...containers]
    .map((item) => `${item.id}:${item.state}`)
    .sort()
    .join(' ')
}

/** Nanoseconds since the epoch, as CRI has them, in milliseconds. */
export function nanosecondsToMs(nanoseconds: bigint): number {
  return Number(nanoseconds / 1_000_000n)
}
