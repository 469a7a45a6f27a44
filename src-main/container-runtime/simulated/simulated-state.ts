/** The simulated runtime's records, and how they look in CRI's messages. */
import type { Timer } from '../../base/clock.ts'
import type {
  ContainerConfig,
  CriContainer,
  CriContainerStatus,
  PodSandbox,
  PodSandboxConfig,
  PodSandboxStatus,
} from '../cri.ts'
import type { ContainerBehaviour } from './behaviour.ts'

export interface SimulatedSandbox {
  id: string
  config: PodSandboxConfig
  state: 'SANDBOX_READY' | 'SANDBOX_NOTREADY'
  createdAt: bigint
  ip: string
}

export interface SimulatedContainer {
  id: string
  sandboxId: string
  config: ContainerConfig
  logPath: string
  imageRef: string
  behaviour: ContainerBehaviour
  createdAt: bigint
  run:
    | { state: 'created' }
    | { state: 'running'; startedAt: bigint; timers: Timer[] }
    | { state: 'exited'; startedAt: bigint; finishedAt: bigint; exitCode: number; reason: string; message: string }
}

/** As Docker has it when a process cannot be made (facts 2.3.3). */
export function couldNotRun(createdAt: bigint, message: string): SimulatedContainer['run'] {
  const times = { startedAt: createdAt, finishedAt: createdAt }
  return { state: 'exited', ...times, exitCode: 127, reason: 'ContainerCannotRun', message }
}

/** Deterministic and different in its first characters, as people compare short ids. */
export function simulatedId(kind: 'sandbox' | 'container' | 'image', serial: number): string {
  const prefix = { sandbox: 'a', container: 'c', image: 'e' }[kind]
  return `${prefix}${serial.toString(16).padStart(11, '0')}`.repeat(6).slice(0, 64)
}

export function toPodSandbox(sandbox: SimulatedSandbox): PodSandbox {
  return {
    id: sandbox.id,
    metadata: { ...sandbox.config.metadata },
    state: sandbox.state,
    createdAt: sandbox.createdAt,
    labels: { ...sandbox.config.labels },
    annotations: { ...sandbox.config.annotations },
  }
}

export function toPodSandboxStatus(sandbox: SimulatedSandbox): PodSandboxStatus {
  return {
    ...toPodSandbox(sandbox),
    ip: sandbox.state === 'SANDBOX_READY' ? sandbox.ip : '',
    additionalIps: [],
    networkMode: sandbox.config.linux.securityContext.namespaceOptions.network,
  }
}

function stateOf(container: SimulatedContainer): CriContainer['state'] {
  switch (container.run.state) {
    case 'created':
      return 'CONTAINER_CREATED'
    case 'running':
      return 'CONTAINER_RUNNING'
    case 'exited':
      return 'CONTAINER_EXITED'
  }
}

export function toCriContainer(container: SimulatedContainer): CriContainer {
  return {
    id: container.id,
    podSandboxId: container.sandboxId,
    metadata: { ...container.config.metadata },
    image: { ...container.config.image },
    imageRef: container.imageRef,
    state: stateOf(container),
    createdAt: container.createdAt,
    labels: { ...container.config.labels },
    annotations: { ...container.config.annotations },
  }
}

export function toCriContainerStatus(container: SimulatedContainer): CriContainerStatus {
  const { run } = container
  const exited = run.state === 'exited' ? run : undefined
  return {
    id: container.id,
    metadata: { ...container.config.metadata },
    state: stateOf(container),
    createdAt: container.createdAt,
    startedAt: run.state === 'created' ? 0n : run.startedAt,
    finishedAt: exited?.finishedAt ?? 0n,
    exitCode: exited?.exitCode ?? 0,
    image: { ...container.config.image },
    imageRef: container.imageRef,
    imageId: container.imageRef,
    reason: exited?.reason ?? '',
    message: exited?.message ?? '',
    labels: { ...container.config.labels },
    annotations: { ...container.config.annotations },
    mounts: container.config.mounts.map((mount) => ({ ...mount })),
    logPath: container.logPath,
  }
}
