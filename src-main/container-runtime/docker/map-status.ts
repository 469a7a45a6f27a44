/** The engine's view of a container as CRI's (facts 2.3.3, 2.19). */
import type { ContainerRuntimeState, CriContainer, CriContainerStatus, PodSandbox, PodSandboxStatus } from '../cri.ts'
import { readCriLabels } from './engine-labels.ts'
import type { EngineIdentity, Labels } from './engine-labels.ts'
import type { EngineContainer, EngineContainerState, EngineContainerSummary } from './engine-types.ts'

/** RFC 3339 to nanoseconds since the epoch; 0 for the engine's "never" (year 1) and for what is no time. */
export function parseEngineTime(text: string): bigint {
  const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/.exec(text)
  if (match === null) return 0n
  const [, seconds = '', fraction = '', zone = ''] = match
  const ms = Date.parse(`${seconds}${zone}`)
  return Number.isNaN(ms) || ms <= 0 ? 0n : BigInt(ms) * 1_000_000n + BigInt(fraction.padEnd(9, '0'))
}

type RunFacts = Pick<CriContainerStatus, 'state' | 'startedAt' | 'finishedAt' | 'exitCode' | 'reason' | 'message'>

/**
 * An end before the start is the engine's notion of a process that ended at once: it notes the start after the fact.
 * `OOMKilled` counts only with exit code 137: with cgroup v1 the flag is also set when only a child was killed. A
 * container whose process could not be made stays `created` with an exit code.
 */
export function computeRunFacts(state: EngineContainerState, createdAtNs: bigint): RunFacts {
  const startedAt = parseEngineTime(state.StartedAt)
  const finishedAt = parseEngineTime(state.FinishedAt)
  const message = state.Error
  if (state.Running) return { state: 'CONTAINER_RUNNING', startedAt, finishedAt: 0n, exitCode: 0, reason: '', message }
  const exitCode = state.ExitCode
  if (startedAt > 0n && finishedAt > 0n) {
    const oomKilled = state.OOMKilled && exitCode === 137
    const reason = oomKilled ? 'OOMKilled' : exitCode === 0 ? 'Completed' : 'Error'
    // The engine notes the start when it has heard of it; a process that ends at once has ended by then.
    const end = finishedAt > startedAt ? finishedAt : startedAt
    return { state: 'CONTAINER_EXITED', startedAt, finishedAt: end, exitCode, reason, message }
  }
  if (exitCode !== 0 || state.Status === 'dead' || state.Status === 'removing') {
    const cannotRun = {
      startedAt: createdAtNs,
      finishedAt: createdAtNs,
      exitCode,
      reason: 'ContainerCannotRun',
      message,
    }
    return { state: 'CONTAINER_EXITED', ...cannotRun }
  }
  return { state: 'CONTAINER_CREATED', startedAt: 0n, finishedAt: 0n, exitCode: 0, reason: '', message }
}

/** From a list; `created` needs an inspection to tell a container that waits from one that could not start. */
export function computeListedState(state: EngineContainerSummary['State']): ContainerRuntimeState {
  switch (state) {
    case 'created':
      return 'CONTAINER_CREATED'
    case 'running':
    case 'paused':
    case 'restarting':
      return 'CONTAINER_RUNNING'
    case 'exited':
    case 'dead':
    case 'removing':
      return 'CONTAINER_EXITED'
  }
}

export function toCriContainer(
  id: string,
  labels: Labels,
  identity: EngineIdentity,
  state: ContainerRuntimeState,
): CriContainer {
  return {
    id,
    podSandboxId: identity.sandboxId,
    metadata: { name: identity.containerName, attempt: identity.attempt },
    image: { image: identity.image },
    imageRef: identity.imageRef,
    state,
    createdAt: identity.createdAtNs,
    ...readCriLabels(labels),
  }
}

export function toCriContainerStatus(container: EngineContainer, identity: EngineIdentity): CriContainerStatus {
  return {
    id: container.Id,
    metadata: { name: identity.containerName, attempt: identity.attempt },
    createdAt: identity.createdAtNs,
    ...computeRunFacts(container.State, identity.createdAtNs),
    image: { image: identity.image },
    imageRef: identity.imageRef,
    imageId: identity.imageRef,
    ...readCriLabels(container.Config.Labels ?? {}),
    mounts: identity.mounts,
    logPath: identity.logPath,
  }
}

export function toPodSandbox(id: string, labels: Labels, identity: EngineIdentity, running: boolean): PodSandbox {
  return {
    id,
    metadata: {
      name: identity.podName,
      uid: identity.podUid,
      namespace: identity.podNamespace,
      attempt: identity.attempt,
    },
    state: running ? 'SANDBOX_READY' : 'SANDBOX_NOTREADY',
    createdAt: identity.createdAtNs,
    ...readCriLabels(labels),
  }
}

export function toPodSandboxStatus(
  container: EngineContainer,
  identity: EngineIdentity,
  network: string,
): PodSandboxStatus {
  const endpoint = identity.networkMode === 'POD' ? container.NetworkSettings.Networks?.[network] : undefined
  const ip = container.State.Running ? (endpoint?.IPAddress ?? '') : ''
  const ip6 = container.State.Running ? (endpoint?.GlobalIPv6Address ?? '') : ''
  return {
    ...toPodSandbox(container.Id, container.Config.Labels ?? {}, identity, container.State.Running),
    ip: ip === '' ? ip6 : ip,
    additionalIps: ip !== '' && ip6 !== '' ? [ip6] : [],
    networkMode: identity.networkMode,
  }
}
