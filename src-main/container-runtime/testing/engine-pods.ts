/** Pods on an `EngineNode`, and what tests look at in them. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { ContainerConfig, CriContainerStatus, NamespaceOptions, PodSandboxConfig } from '../cri.ts'
import { aContainerConfig, aPodSandboxConfig } from './configs.ts'
import type { EngineNode } from './engine-node.ts'

let serial = 0

/** A pod that no other test has. */
export function newPod(namespaces: Partial<NamespaceOptions> = {}): PodSandboxConfig {
  const pod = aPodSandboxConfig({ name: `pod${++serial}-node01`, uid: `${serial}`.padStart(32, '0') })
  Object.assign(pod.linux.securityContext.namespaceOptions, namespaces)
  return pod
}

export function shell(
  script: string,
  overrides: Partial<ContainerConfig> & { name?: string; attempt?: number } = {},
): ContainerConfig {
  return aContainerConfig({ command: ['sh', '-c', script], ...overrides })
}

export function mount(hostPath: string, containerPath = '/mnt/x'): Pick<ContainerConfig, 'mounts'> {
  return {
    mounts: [{ containerPath, hostPath, readonly: false, selinuxRelabel: false, propagation: 'PROPAGATION_PRIVATE' }],
  }
}

export interface StartedPod {
  pod: PodSandboxConfig
  config: ContainerConfig
  sandboxId: string
  containerId: string
}

export async function startPod(
  node: EngineNode,
  script: string,
  overrides: Partial<ContainerConfig> = {},
): Promise<StartedPod> {
  const pod = newPod()
  const config = shell(script, overrides)
  const sandboxId = await node.cri.runtime.runPodSandbox(pod)
  const containerId = await node.cri.runtime.createContainer(sandboxId, config, pod)
  await node.cri.runtime.startContainer(containerId)
  return { pod, config, sandboxId, containerId }
}

/** The container's status once it has exited. */
export async function exited(node: EngineNode, containerId: string): Promise<CriContainerStatus> {
  const status = (): Promise<CriContainerStatus> => node.cri.runtime.containerStatus(containerId)
  await expect.poll(async () => (await status()).state, { timeout: 20_000 }).toBe('CONTAINER_EXITED')
  return status()
}

/** After a restart of the service: the client finds it again by itself. */
export async function reconnected(node: EngineNode): Promise<void> {
  await expect.poll(() => node.cri.runtime.version().catch(() => undefined), { timeout: 10_000 }).toBeDefined()
}

/** Where this machine sees the container's log. */
export function logFile(node: EngineNode, { pod, config }: Pick<StartedPod, 'pod' | 'config'>): string {
  return join(node.nodeRoot, pod.logDirectory, config.logPath)
}

/** The texts of a log's lines; none while there is no file. */
export async function logTexts(path: string): Promise<string[]> {
  const content = await readFile(path, 'utf8').catch(() => '')
  return content
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split(' ').slice(3).join(' '))
}
