/** Reads the present state of one pod from the runtime. */
import {
  CONTAINER_HASH_ANNOTATION,
  CONTAINER_RESTART_COUNT_ANNOTATION,
  POD_NAME_LABEL,
  POD_NAMESPACE_LABEL,
  POD_UID_LABEL,
} from '../../common/api/kubelet-labels.ts'
import { CriError } from '../../container-runtime/cri.ts'
import type {
  CriContainer,
  CriContainerStatus,
  PodSandbox,
  PodSandboxStatus,
  RuntimeService,
} from '../../container-runtime/cri.ts'
import type { RuntimeContainer, RuntimePod } from './runtime-pod.ts'

export interface ObserveOptions {
  runtime: RuntimeService
  uid: string
  /** What was seen last: an exited container does not change any more and is not asked for again. */
  previous: RuntimePod | undefined
  /** Reads what an exited container left behind (facts 2.15). */
  terminationMessage: (status: CriContainerStatus) => string
}

/** @throws CriError when the runtime does not answer; what vanishes meanwhile is left out. */
export async function observePod(options: ObserveOptions): Promise<RuntimePod> {
  const { runtime, uid } = options
  const labelSelector = { [POD_UID_LABEL]: uid }
  const [sandboxes, containers] = await Promise.all([
    runtime.listPodSandbox({ labelSelector }),
    runtime.listContainers({ labelSelector }),
  ])
  const [sandboxStatuses, containerStatuses] = await Promise.all([
    Promise.all(sandboxes.map((sandbox) => observeSandbox(runtime, sandbox))),
    Promise.all(containers.map((container) => observeContainer(options, container))),
  ])
  const labels = sandboxes[0]?.labels ?? containers[0]?.labels ?? {}
  return {
    uid,
    name: labels[POD_NAME_LABEL] ?? '',
    namespace: labels[POD_NAMESPACE_LABEL] ?? '',
    sandboxes: sandboxStatuses.filter((status) => status !== undefined).sort(newestFirst),
    containers: containerStatuses.filter((status) => status !== undefined).sort(newestFirst),
  }
}

/** What a sync has just made of a pod. */
export interface MadeParts {
  /** As it was found when it was ready. */
  sandbox: PodSandboxStatus
  containerIds: readonly string[]
}

/**
 * The pod as it was seen last, with what was made since: nothing but that is asked for, where `observePod` asks four times.
 * `undefined` when some of it is gone again.
 * @throws CriError
 */
export async function observeMade(options: ObserveOptions, made: MadeParts): Promise<RuntimePod | undefined> {
  const { runtime, uid, previous } = options
  const { sandbox } = made
  const statuses = await Promise.all(made.containerIds.map((id) => undefinedWhenGone(runtime.containerStatus(id))))
  const containers = statuses
    .filter((status) => status !== undefined)
    .map((status) => toRuntimeContainer(options, status, sandbox.id))
  if (containers.length < statuses.length) return undefined
  const isMade = ({ id }: { id: string }): boolean => id === sandbox.id || made.containerIds.includes(id)
  return {
    uid,
    name: sandbox.labels[POD_NAME_LABEL] ?? '',
    namespace: sandbox.labels[POD_NAMESPACE_LABEL] ?? '',
    sandboxes: [sandbox, ...(previous?.sandboxes ?? []).filter((one) => !isMade(one))].sort(newestFirst),
    containers: [...containers, ...(previous?.containers ?? []).filter((one) => !isMade(one))].sort(newestFirst),
  }
}

/** Only a ready sandbox has more to tell than the list does. */
async function observeSandbox(runtime: RuntimeService, sandbox: PodSandbox): Promise<PodSandboxStatus | undefined> {
  if (sandbox.state === 'SANDBOX_READY') return undefinedWhenGone(runtime.podSandboxStatus(sandbox.id))
  return { ...sandbox, ip: '', additionalIps: [], networkMode: 'POD' }
}

async function observeContainer(
  options: ObserveOptions,
  container: CriContainer,
): Promise<RuntimeContainer | undefined> {
  const known = options.previous?.containers.find((other) => other.id === container.id)
  if (known?.state === 'CONTAINER_EXITED' && container.state === 'CONTAINER_EXITED') return known
  const status = await undefinedWhenGone(options.runtime.containerStatus(container.id))
  return status === undefined ? undefined : toRuntimeContainer(options, status, container.podSandboxId)
}

function toRuntimeContainer(
  options: Pick<ObserveOptions, 'terminationMessage'>,
  status: CriContainerStatus,
  podSandboxId: string,
): RuntimeContainer {
  return {
    ...status,
    podSandboxId,
    hash: status.annotations[CONTAINER_HASH_ANNOTATION] ?? '',
    restartCount: Number.parseInt(status.annotations[CONTAINER_RESTART_COUNT_ANNOTATION] ?? '0', 10) || 0,
    terminationMessage: status.state === 'CONTAINER_EXITED' ? options.terminationMessage(status) : '',
  }
}

async function undefinedWhenGone<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer
  } catch (error) {
    // Removed between the list and this call: it is gone, as if the list had been made a moment later.
    if (error instanceof CriError && error.code === 'NotFound') return undefined
    throw error
  }
}

function newestFirst(one: { createdAt: bigint; id: string }, other: { createdAt: bigint; id: string }): number {
  if (one.createdAt === other.createdAt) return one.id < other.id ? 1 : -1
  return one.createdAt < other.createdAt ? 1 : -1
}
