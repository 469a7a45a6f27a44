/** The states of a pod's containers as the API shows them (facts 2.3, 2.5). Pure. */
import type { Container, Pod } from '../../common/api/core.ts'
import type { ContainerState, ContainerStateTerminated, ContainerStatus } from '../../common/api/pod-status.ts'
import type { ProbeResults } from '../prober/probe-results.ts'
import { declaredInStatus } from './declared-in-status.ts'
import { isSidecar, shouldContainerBeRestarted } from '../runtime/restart-policy.ts'
import { nanosecondsToMs } from '../runtime/runtime-pod.ts'
import type { RuntimeContainer, RuntimePod } from '../runtime/runtime-pod.ts'

const MAX_MESSAGE_BYTES_OF_POD = 12 * 1024

/** Why a container could not be started when it was tried last. */
export interface WaitingReason {
  reason: string
  message: string
}

export interface ContainerStatusInput {
  pod: Pod
  runtimePod: RuntimePod
  probes: ProbeResults
  /** Of the last attempt to start the container, while it has not succeeded since. */
  waitingReason: (containerName: string) => WaitingReason | undefined
  /**
   * Why there is no sandbox, when the last attempt to make one failed. Upstream tells it in an event only; here whoever looks at
   * the pod is to find it, so that it is the message of a container that waits for the sandbox.
   */
  sandboxProblem: string | undefined
  /** The status that was shown before. */
  previous: (containerName: string) => ContainerStatus | undefined
  /** Name of the runtime, the scheme of ids: `docker`. */
  runtimeName: string
}

/** App containers sorted by name, init containers in the order of the spec (facts 2.7.4). */
export function computeContainerStatuses(input: ContainerStatusInput): {
  containerStatuses: ContainerStatus[]
  initContainerStatuses: ContainerStatus[]
} {
  const initContainers = input.pod.spec.initContainers ?? []
  const waiting = initContainers.length > 0 ? 'PodInitializing' : 'ContainerCreating'
  const initContainerStatuses = initContainers.map((container) => computeStatus(input, container, waiting, true))
  const containerStatuses = input.pod.spec.containers
    .map((container) => computeStatus(input, container, waiting, false))
    .sort((one, other) => (one.name < other.name ? -1 : one.name > other.name ? 1 : 0))
  limitMessages([...containerStatuses, ...initContainerStatuses])
  return { containerStatuses, initContainerStatuses }
}

/** The messages of all containers share 12 KiB (facts 2.15). */
function limitMessages(statuses: ContainerStatus[]): void {
  const limit = Math.floor(MAX_MESSAGE_BYTES_OF_POD / Math.max(1, statuses.length))
  for (const { state, lastState } of statuses)
    for (const terminated of [state.terminated, lastState.terminated])
      if (terminated?.message !== undefined && Buffer.byteLength(terminated.message) > limit)
        terminated.message = Buffer.from(terminated.message).subarray(0, limit).toString('utf8')
}

function computeStatus(
  input: ContainerStatusInput,
  container: Container,
  defaultWaiting: string,
  isInit: boolean,
): ContainerStatus {
  const [newest, before] = input.runtimePod.containers.filter((instance) => instance.metadata.name === container.name)
  const status: ContainerStatus =
    newest === undefined
      ? isInit && !isSidecar(container) && hasAppContainer(input)
        ? pastInitContainer(container)
        : withoutInstance(input, container, defaultWaiting)
      : {
          name: container.name,
          state: instanceState(newest, input.runtimeName, defaultWaiting),
          lastState: before === undefined ? {} : terminatedOnly(before, input.runtimeName),
          ready: false,
          restartCount: newest.restartCount,
          image: newest.image.userSpecifiedImage ?? newest.image.image,
          imageID: newest.imageId === '' ? newest.imageRef : newest.imageId,
          containerID: `${input.runtimeName}://${newest.id}`,
        }
  if (newest !== undefined) Object.assign(status, declaredInStatus(container))
  applyWaiting(input, container, newest, status, isInit)
  applyReadiness(input, container, newest, status, isInit)
  return status
}

/** App containers are made when all init containers have succeeded, which need not stay in the runtime after that. */
function hasAppContainer({ pod, runtimePod }: ContainerStatusInput): boolean {
  return runtimePod.containers.some(({ metadata, state }) => {
    const isApp = pod.spec.containers.some(({ name }) => name === metadata.name)
    return isApp && state !== 'CONTAINER_UNKNOWN'
  })
}

/** As upstream's `convertToAPIContainerStatuses` has it, in its words. */
function pastInitContainer(container: Container): ContainerStatus {
  return {
    name: container.name,
    state: {
      terminated: {
        exitCode: 0,
        reason: 'Completed',
        message:
          'Unable to get init container status from container runtime and pod has been initialized, treat it as exited normally',
      },
    },
    lastState: {},
    ready: false,
    restartCount: 0,
    image: container.image ?? '',
    imageID: '',
  }
}

/**
 * Nothing in the runtime: not made yet, or vanished under a status that said it ran (facts 2.3.2). One that had ended has ended
 * still: whoever tidies the engine takes no pod's end away (`convertToAPIContainerStatuses`).
 */
function withoutInstance(input: ContainerStatusInput, container: Container, defaultWaiting: string): ContainerStatus {
  const previous = input.previous(container.name)
  if (previous?.state.terminated !== undefined && input.sandboxProblem === undefined)
    return { ...previous, ready: false }
  const vanished = previous?.state.running !== undefined
  return {
    name: container.name,
    state: {
      waiting: {
        reason: defaultWaiting,
        ...(input.sandboxProblem === undefined ? {} : { message: input.sandboxProblem }),
      },
    },
    lastState: vanished
      ? {
          terminated: {
            exitCode: 137,
            reason: 'ContainerStatusUnknown',
            message: 'The container could not be located when the pod was deleted.  The container used to be Running',
          },
        }
      : (previous?.lastState ?? {}),
    ready: false,
    restartCount: previous === undefined ? 0 : previous.restartCount + (vanished ? 1 : 0),
    image: container.image ?? '',
    imageID: '',
  }
}

function instanceState(instance: RuntimeContainer, runtimeName: string, defaultWaiting: string): ContainerState {
  switch (instance.state) {
    case 'CONTAINER_RUNNING':
      return { running: { startedAt: apiTime(instance.startedAt) } }
    case 'CONTAINER_EXITED':
      return { terminated: terminated(instance, runtimeName) }
    case 'CONTAINER_CREATED':
    case 'CONTAINER_UNKNOWN':
      return { waiting: { reason: defaultWaiting } }
  }
}

function terminatedOnly(instance: RuntimeContainer, runtimeName: string): ContainerState {
  return instance.state === 'CONTAINER_EXITED' ? { terminated: terminated(instance, runtimeName) } : {}
}

function terminated(instance: RuntimeContainer, runtimeName: string): ContainerStateTerminated {
  // What the runtime says comes before what the container said (facts 2.15).
  const message = [instance.message, instance.terminationMessage].filter((part) => part !== '').join(': ')
  return {
    exitCode: instance.exitCode,
    reason: instance.reason === '' ? (instance.exitCode === 0 ? 'Completed' : 'Error') : instance.reason,
    ...(message === '' ? {} : { message }),
    startedAt: apiTime(instance.startedAt),
    finishedAt: apiTime(instance.finishedAt),
    containerID: `${runtimeName}://${instance.id}`,
  }
}

/** A container that is to be started and could not be is waiting, its end moves to lastState (facts 2.2.7). */
function applyWaiting(
  input: ContainerStatusInput,
  container: Container,
  newest: RuntimeContainer | undefined,
  status: ContainerStatus,
  isInit: boolean,
): void {
  const completed = isInit && !isSidecar(container) && newest?.state === 'CONTAINER_EXITED' && newest.exitCode === 0
  if (completed || !shouldContainerBeRestarted(input.pod, container, newest)) return
  const waiting = input.waitingReason(container.name)
  if (waiting === undefined) return
  if (status.state.terminated !== undefined) status.lastState = { terminated: status.state.terminated }
  status.state = { waiting: { reason: waiting.reason, message: waiting.message } }
}

/** Facts 2.13.2, 2.4.6. */
function applyReadiness(
  input: ContainerStatusInput,
  container: Container,
  newest: RuntimeContainer | undefined,
  status: ContainerStatus,
  isInit: boolean,
): void {
  if (isInit && !isSidecar(container)) {
    status.ready = status.state.terminated?.exitCode === 0
    status.started = false
    return
  }
  const running = status.state.running !== undefined && newest !== undefined
  const startup = newest === undefined ? undefined : input.probes.startup(newest.id)
  const readiness = newest === undefined ? undefined : input.probes.readiness(newest.id)
  status.started = running && (startup === undefined || startup === 'Success')
  status.ready = status.started && (readiness === undefined || readiness === 'Success')
}

/** Seconds, as the API writes times. */
export function apiTime(nanoseconds: bigint): string {
  return apiTimeOfMs(nanosecondsToMs(nanoseconds))
}

export function apiTimeOfMs(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`
}
