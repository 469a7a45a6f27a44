/**
 * The safety policy of pods (design §8): what may be asked of the engine is built from an allow-list. Each function
 * copies what is known to be harmless and refuses, in a sentence for the pod's status, what is asked beyond that.
 */
import { capabilityName, DEFAULT_CAPABILITIES } from '../../common/lab/pod-policy.ts'
import { CriError } from '../cri.ts'
import type {
  ContainerConfig,
  LinuxContainerResources,
  LinuxContainerSecurityContext,
  NamespaceMode,
  NamespaceOptions,
  PodSandboxConfig,
  SecurityProfile,
} from '../cri.ts'
import { computeHoldingMounts } from './compute-memory-volumes.ts'
import { computeMounts } from './compute-mounts.ts'
import type { HeldVolume } from './compute-mounts.ts'
import type { EngineCreateBody, EngineHostConfig, EngineUpdateBody } from './engine-types.ts'
import { MAX_CPU_SHARES, MAX_PROCESSES, MAX_SANDBOX_PROCESSES } from './policy-limits.ts'
import type { ServiceOptions } from './service-options.ts'

/** Ids in the engine that a pod's configuration is translated with. */
export interface EngineIds {
  nodeContainerId: string
  imageId: string
  /** Volumes in memory of the container's sandbox. */
  heldVolumes?: readonly HeldVolume[]
}

function deny(message: string): never {
  throw new CriError('PermissionDenied', `${message} (safety policy of Node Lab)`)
}

function invalid(message: string): never {
  throw new CriError('InvalidArgument', message)
}

const COMMON_HOST_CONFIG = {
  RestartPolicy: { Name: 'no' },
  // The engine's own copy of the log is what the node's log file is written from; it must not fill the disk.
  LogConfig: { Type: 'json-file', Config: { 'max-size': '20m', 'max-file': '2' } },
  Init: false,
} as const satisfies Partial<EngineHostConfig>

function checkProfile(profile: SecurityProfile | undefined, kind: 'seccomp' | 'AppArmor'): void {
  switch (profile?.profileType) {
    case undefined:
    case 'RuntimeDefault':
      return
    case 'Unconfined':
      return deny(`${kind} profile Unconfined is not allowed`)
    case 'Localhost':
      return deny(`${kind} profile "${profile?.localhostRef}" cannot be loaded: only RuntimeDefault is allowed`)
  }
}

/** `POD`, `NODE`: as they are; other modes make no sense for `namespace`. */
function podOrNode(mode: NamespaceMode, namespace: 'network' | 'ipc'): 'POD' | 'NODE' {
  if (mode === 'POD' || mode === 'NODE') return mode
  return invalid(`${namespace} namespace mode ${mode} is not supported`)
}

/** Empty: a process namespace of its own. */
function pidMode(namespaces: NamespaceOptions, sandboxId: string, nodeContainerId: string): string {
  switch (namespaces.pid) {
    case 'CONTAINER':
      return ''
    case 'POD':
      return `container:${sandboxId}`
    case 'NODE':
      return `container:${nodeContainerId}`
    case 'TARGET':
      if (!/^[0-9a-f]{64}$/.test(namespaces.targetId ?? '')) invalid('targetId has to be the id of a container')
      return `container:${namespaces.targetId}`
  }
}

/**
 * The create request of a pod sandbox (facts 2.19.3). Whatever a pod's containers ask for, its pause container gets no
 * privileges and the default profiles: it is the containers that are refused, each with its reason in its status.
 * @throws CriError
 */
export function computeSandboxCreateBody(
  options: ServiceOptions,
  config: PodSandboxConfig,
  ids: EngineIds,
  labels: Record<string, string>,
): EngineCreateBody {
  const { securityContext, sysctls } = config.linux
  const sysctl = Object.keys(sysctls)[0]
  if (sysctl !== undefined) deny(`sysctl ${sysctl} is not allowed`)
  const network = podOrNode(securityContext.namespaceOptions.network, 'network')
  const ipc = podOrNode(securityContext.namespaceOptions.ipc, 'ipc')
  if (config.hostname.length > 64) invalid(`hostname "${config.hostname}" is longer than 64 characters`)
  if (config.hostname.includes('\0')) invalid('the hostname has a zero byte')
  const nodeMode = `container:${ids.nodeContainerId}`
  const mounts = computeHoldingMounts(options, config)
  return {
    Image: ids.imageId,
    // Whoever joins the node's network has the node's hostname; the engine refuses others.
    ...(network === 'POD' ? { Hostname: config.hostname } : {}),
    Healthcheck: { Test: ['NONE'] },
    Labels: labels,
    HostConfig: {
      ...COMMON_HOST_CONFIG,
      NetworkMode: network === 'POD' ? options.network : nodeMode,
      IpcMode: ipc === 'POD' ? 'shareable' : nodeMode,
      ...(securityContext.namespaceOptions.pid === 'NODE' ? { PidMode: nodeMode } : {}),
      ...(mounts.length === 0 ? {} : { Mounts: mounts }),
      CapDrop: ['ALL'],
      SecurityOpt: ['no-new-privileges'],
      ReadonlyRootfs: true,
      PidsLimit: MAX_SANDBOX_PROCESSES,
      CpuShares: 2,
      OomScoreAdj: 1,
    },
    ...(network === 'POD' ? { NetworkingConfig: { EndpointsConfig: { [options.network]: {} } } } : {}),
  }
}

function integer(value: bigint, field: string, minimum: bigint, maximum = BigInt(Number.MAX_SAFE_INTEGER)): number {
  if (value < minimum || value > maximum) invalid(`${field} has to be between ${minimum} and ${maximum}, not ${value}`)
  return Number(value)
}

/** Zero is "not said" (facts 2.19.4). Scores below zero would outlive the user's own programs. */
function computeResources(resources: LinuxContainerResources): Partial<EngineHostConfig> {
  const memory = integer(resources.memoryLimitInBytes, 'memoryLimitInBytes', 0n)
  const score = integer(resources.oomScoreAdj, 'oomScoreAdj', -1000n, 1000n)
  return {
    OomScoreAdj: Math.max(0, score),
    CpuShares: shares(resources.cpuShares),
    ...(resources.cpuPeriod === 0n ? {} : { CpuPeriod: integer(resources.cpuPeriod, 'cpuPeriod', 1_000n, 1_000_000n) }),
    ...(resources.cpuQuota <= 0n ? {} : { CpuQuota: integer(resources.cpuQuota, 'cpuQuota', 1_000n) }),
    ...(memory === 0 ? {} : { Memory: memory, MemorySwap: memory }),
  }
}

/**
 * The update request of a container: what is zero stays as it is. `oomScoreAdj` is left out, as the engine sets it at the
 * start only.
 * @throws CriError InvalidArgument
 */
export function computeUpdateBody(resources: LinuxContainerResources): EngineUpdateBody {
  const memory = integer(resources.memoryLimitInBytes, 'memoryLimitInBytes', 0n)
  return {
    ...(resources.cpuShares === 0n ? {} : { CpuShares: shares(resources.cpuShares) }),
    ...(resources.cpuPeriod === 0n ? {} : { CpuPeriod: integer(resources.cpuPeriod, 'cpuPeriod', 1_000n, 1_000_000n) }),
    ...(resources.cpuQuota === 0n ? {} : { CpuQuota: quota(resources.cpuQuota) }),
    ...(memory === 0 ? {} : { Memory: memory, MemorySwap: memory }),
  }
}

/** Cut to what the kernel takes, as kubelets do. */
function shares(value: bigint): number {
  return Math.min(MAX_CPU_SHARES, Math.max(2, integer(value, 'cpuShares', 0n)))
}

/** A kubelet may ask for fewer than the policy allows, never for more. */
function processes(wanted: bigint | undefined): number {
  return wanted === undefined ? MAX_PROCESSES : Math.min(MAX_PROCESSES, integer(wanted, 'pidsLimit', 1n))
}

/** Any quota below zero takes the limit away. */
function quota(value: bigint): number {
  return value < 0n ? -1 : integer(value, 'cpuQuota', 1_000n)
}

function computeCapabilities(
  capabilities: LinuxContainerSecurityContext['capabilities'],
): Pick<EngineHostConfig, 'CapAdd' | 'CapDrop'> {
  const added = capabilities.addCapabilities.map(capabilityName)
  const dropped = capabilities.dropCapabilities.map(capabilityName)
  const allowed: readonly string[] = DEFAULT_CAPABILITIES
  const refused = added.find((capability) => !allowed.includes(capability))
  if (refused !== undefined)
    deny(`capability ${refused} cannot be added; allowed are ${DEFAULT_CAPABILITIES.join(', ')}`)
  const unknown = dropped.find((capability) => !/^[A-Z_]+$/.test(capability))
  if (unknown !== undefined) invalid(`"${unknown}" is not the name of a capability`)
  return {
    ...(added.length === 0 ? {} : { CapAdd: added }),
    ...(dropped.length === 0 ? {} : { CapDrop: dropped }),
  }
}

const MAX_ID = 2_147_483_647n

/** facts 2.19.5 */
function computeUser(security: LinuxContainerSecurityContext): string {
  const { runAsUser, runAsGroup, runAsUsername } = security
  if (runAsUser !== undefined && runAsUsername !== '') invalid('runAsUser and runAsUsername exclude each other')
  if (/[:\0]/.test(runAsUsername)) invalid(`runAsUsername "${runAsUsername}" is not a user's name`)
  const user = runAsUser === undefined ? runAsUsername : `${integer(runAsUser, 'runAsUser', 0n, MAX_ID)}`
  if (runAsGroup === undefined) return user
  if (user === '') invalid('runAsGroup needs runAsUser or runAsUsername')
  return `${user}:${integer(runAsGroup, 'runAsGroup', 0n, MAX_ID)}`
}

function computeEnvironment(config: ContainerConfig): string[] {
  return config.envs.map(({ key, value }) => {
    if (key === '' || /[=\0]/.test(key) || value.includes('\0')) invalid(`environment variable "${key}" is not valid`)
    return `${key}=${value}`
  })
}

function computeProcess(config: ContainerConfig): Partial<EngineCreateBody> {
  if (config.stopSignal !== '' && !/^SIG[A-Z0-9+-]+$/.test(config.stopSignal))
    invalid(`stop signal "${config.stopSignal}" is not the name of a signal`)
  for (const field of ['command', 'args', 'workingDir'] as const)
    if (config[field].includes('\0') || [...config[field]].some((word) => word.includes('\0')))
      invalid(`${field} has a zero byte`)
  const environment = computeEnvironment(config)
  return {
    // A command without arguments drops the image's own arguments: the engine does so when an entrypoint is given.
    ...(config.command.length === 0 ? {} : { Entrypoint: config.command }),
    ...(config.args.length === 0 ? {} : { Cmd: config.args }),
    ...(environment.length === 0 ? {} : { Env: environment }),
    ...(config.workingDir === '' ? {} : { WorkingDir: config.workingDir }),
    ...(config.stopSignal === '' ? {} : { StopSignal: config.stopSignal }),
    ...(config.tty ? { Tty: true } : {}),
    ...(config.stdin ? { OpenStdin: true, StdinOnce: config.stdinOnce } : {}),
  }
}

/** The create request of a container in a sandbox (facts 2.19.3 to 2.19.5). @throws CriError */
export function computeContainerCreateBody(
  options: ServiceOptions,
  sandboxId: string,
  config: ContainerConfig,
  ids: EngineIds,
  labels: Record<string, string>,
): EngineCreateBody {
  const security = config.linux.securityContext
  if (security.privileged) deny('privileged containers are not allowed')
  checkProfile(security.seccomp, 'seccomp')
  checkProfile(security.apparmor, 'AppArmor')
  const modeOf = (mode: 'POD' | 'NODE'): string => `container:${mode === 'NODE' ? ids.nodeContainerId : sandboxId}`
  const pid = pidMode(security.namespaceOptions, sandboxId, ids.nodeContainerId)
  const user = computeUser(security)
  const groups = security.supplementalGroups.map((group) => `${integer(group, 'supplementalGroups', 0n, MAX_ID)}`)
  const mounts = computeMounts(options.volume, config.mounts, ids.heldVolumes)
  return {
    Image: ids.imageId,
    ...(user === '' ? {} : { User: user }),
    ...computeProcess(config),
    Healthcheck: { Test: ['NONE'] },
    Labels: labels,
    HostConfig: {
      ...COMMON_HOST_CONFIG,
      NetworkMode: modeOf(podOrNode(security.namespaceOptions.network, 'network')),
      IpcMode: modeOf(podOrNode(security.namespaceOptions.ipc, 'ipc')),
      ...(pid === '' ? {} : { PidMode: pid }),
      ...(mounts.length === 0 ? {} : { Mounts: mounts }),
      ...computeCapabilities(security.capabilities),
      ...(groups.length === 0 ? {} : { GroupAdd: groups }),
      ...(security.noNewPrivs ? { SecurityOpt: ['no-new-privileges'] } : {}),
      ...(security.readonlyRootfs ? { ReadonlyRootfs: true } : {}),
      PidsLimit: processes(config.linux.resources.pidsLimit),
      ...computeResources(config.linux.resources),
    },
  }
}
