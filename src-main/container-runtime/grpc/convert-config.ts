/**
 * Pod sandbox and container configurations between cri.ts and the wire. What a foreign kubelet may send and Node Lab
 * cannot honour is refused by name; nothing is dropped in silence.
 */
import { CriError } from '../cri.ts'
import type {
  ContainerConfig,
  ImageSpec,
  LinuxContainerResources,
  LinuxContainerSecurityContext,
  LinuxSandboxSecurityContext,
  Mount,
  NamespaceOptions,
  PodSandboxConfig,
  SecurityProfile,
} from '../cri.ts'
import type { DecodedMessage, EncodableMessage } from '../../base/protobuf.ts'
import type * as schema from './schema.ts'

type Wire<M> = DecodedMessage<M>
type Sent<M> = EncodableMessage<M>

/** @throws CriError InvalidArgument when a message that has to be there is missing. */
export function required<T>(value: T | undefined, field: string): T {
  if (value === undefined) throw new CriError('InvalidArgument', `${field} must be set`)
  return value
}

function refuse(condition: boolean, field: string): void {
  if (condition) throw new CriError('InvalidArgument', `${field} is not supported by this runtime service`)
}

function optionalInt(field: { value: bigint } | undefined): bigint | undefined {
  return field?.value
}

function securityProfileFromWire(
  profile: Wire<typeof schema.SecurityProfile> | undefined,
): SecurityProfile | undefined {
  return profile === undefined ? undefined : { ...profile }
}

function namespaceOptionsFromWire(
  options: Wire<typeof schema.NamespaceOption> | undefined,
  field: string,
): NamespaceOptions {
  if (options === undefined) return { network: 'POD', pid: 'POD', ipc: 'POD' }
  const userNamespace = options.usernsOptions
  refuse(userNamespace !== undefined && userNamespace.mode !== 'NODE', `${field}.usernsOptions`)
  const { network, pid, ipc, targetId } = options
  return { network, pid, ipc, ...(targetId === '' ? {} : { targetId }) }
}

/** Drops the keys whose value is `undefined`: an optional property is either there with a value or not there. */
function defined<T extends object>(value: { [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as T
}

function sandboxSecurityFromWire(
  wire: Wire<typeof schema.LinuxSandboxSecurityContext> | undefined,
  field: string,
): LinuxSandboxSecurityContext {
  refuse(wire?.selinuxOptions !== undefined, `${field}.selinuxOptions`)
  refuse(wire?.supplementalGroupsPolicy === 'Strict', `${field}.supplementalGroupsPolicy`)
  return defined<LinuxSandboxSecurityContext>({
    namespaceOptions: namespaceOptionsFromWire(wire?.namespaceOptions, `${field}.namespaceOptions`),
    runAsUser: optionalInt(wire?.runAsUser),
    runAsGroup: optionalInt(wire?.runAsGroup),
    readonlyRootfs: wire?.readonlyRootfs ?? false,
    supplementalGroups: wire?.supplementalGroups ?? [],
    privileged: wire?.privileged ?? false,
    seccomp: securityProfileFromWire(wire?.seccomp),
    apparmor: securityProfileFromWire(wire?.apparmor),
  })
}

/** `field` is the path that error messages begin with. */
export function podSandboxConfigFromWire(
  wire: Wire<typeof schema.PodSandboxConfig> | undefined,
  field: string,
): PodSandboxConfig {
  const config = required(wire, field)
  const metadata = required(config.metadata, `${field}.metadata`)
  for (const key of ['name', 'uid', 'namespace'] as const)
    if (metadata[key] === '') throw new CriError('InvalidArgument', `${field}.metadata.${key} must not be empty`)
  return {
    metadata,
    hostname: config.hostname,
    logDirectory: config.logDirectory,
    ...(config.dnsConfig === undefined ? {} : { dnsConfig: config.dnsConfig }),
    portMappings: config.portMappings,
    labels: config.labels,
    annotations: config.annotations,
    linux: {
      cgroupParent: config.linux?.cgroupParent ?? '',
      securityContext: sandboxSecurityFromWire(config.linux?.securityContext, `${field}.linux.securityContext`),
      sysctls: config.linux?.sysctls ?? {},
    },
  }
}

function wrapInt(value: bigint | undefined): { value: bigint } | undefined {
  return value === undefined ? undefined : { value }
}

export function podSandboxConfigToWire(config: PodSandboxConfig): Sent<typeof schema.PodSandboxConfig> {
  const { runAsUser, runAsGroup, ...security } = config.linux.securityContext
  return {
    ...config,
    linux: {
      ...config.linux,
      securityContext: { ...security, runAsUser: wrapInt(runAsUser), runAsGroup: wrapInt(runAsGroup) },
    },
  }
}

export function imageSpecFromWire(wire: Wire<typeof schema.ImageSpec> | undefined, field: string): ImageSpec {
  const spec = required(wire, field)
  if (spec.image === '') throw new CriError('InvalidArgument', `${field}.image must not be empty`)
  refuse(spec.runtimeHandler !== '', `${field}.runtimeHandler`)
  const { image, userSpecifiedImage } = spec
  return { image, ...(userSpecifiedImage === '' ? {} : { userSpecifiedImage }) }
}

export function mountFromWire(wire: Wire<typeof schema.Mount>, field: string): Mount {
  refuse(wire.image !== undefined, `${field}.image`)
  refuse(wire.uidMappings.length > 0, `${field}.uidMappings`)
  refuse(wire.gidMappings.length > 0, `${field}.gidMappings`)
  const { containerPath, hostPath, readonly, selinuxRelabel, propagation } = wire
  return { containerPath, hostPath, readonly, selinuxRelabel, propagation }
}

/** CRI has no field for it: it goes as the setting of cgroup v2 that it is. */
const PIDS_MAX = 'pids.max'

/** @throws CriError InvalidArgument for what is not supported */
export function resourcesFromWire(
  wire: Wire<typeof schema.LinuxContainerResources> | undefined,
  field: string,
): LinuxContainerResources {
  refuse((wire?.cpusetCpus ?? '') !== '', `${field}.cpusetCpus`)
  refuse((wire?.cpusetMems ?? '') !== '', `${field}.cpusetMems`)
  refuse(wire?.hugepageLimits.some(({ limit }) => limit > 0n) ?? false, `${field}.hugepageLimits`)
  // Kubelets on cgroup v2 always ask for this one; Docker's default is the same or better for a learner.
  const { [PIDS_MAX]: pidsMax, ...unified } = wire?.unified ?? {}
  const other = Object.keys(unified).find((key) => key !== 'memory.oom.group')
  refuse(other !== undefined, `${field}.unified[${other}]`)
  refuse(pidsMax !== undefined && !/^\d{1,18}$/.test(pidsMax), `${field}.unified[${PIDS_MAX}] ${pidsMax}`)
  return {
    cpuPeriod: wire?.cpuPeriod ?? 0n,
    cpuQuota: wire?.cpuQuota ?? 0n,
    cpuShares: wire?.cpuShares ?? 0n,
    memoryLimitInBytes: wire?.memoryLimitInBytes ?? 0n,
    oomScoreAdj: wire?.oomScoreAdj ?? 0n,
    ...(pidsMax === undefined ? {} : { pidsLimit: BigInt(pidsMax) }),
  }
}

/** The other way; also of a container that runs. */
export function resourcesToWire({
  pidsLimit,
  ...resources
}: LinuxContainerResources): Partial<Wire<typeof schema.LinuxContainerResources>> {
  return pidsLimit === undefined ? resources : { ...resources, unified: { [PIDS_MAX]: String(pidsLimit) } }
}

function containerSecurityFromWire(
  wire: Wire<typeof schema.LinuxContainerSecurityContext> | undefined,
  field: string,
): LinuxContainerSecurityContext {
  refuse(wire?.selinuxOptions !== undefined, `${field}.selinuxOptions`)
  refuse(wire?.supplementalGroupsPolicy === 'Strict', `${field}.supplementalGroupsPolicy`)
  const capabilities = wire?.capabilities
  refuse((capabilities?.addAmbientCapabilities.length ?? 0) > 0, `${field}.capabilities.addAmbientCapabilities`)
  return defined<LinuxContainerSecurityContext>({
    capabilities: {
      addCapabilities: capabilities?.addCapabilities ?? [],
      dropCapabilities: capabilities?.dropCapabilities ?? [],
    },
    privileged: wire?.privileged ?? false,
    namespaceOptions: namespaceOptionsFromWire(wire?.namespaceOptions, `${field}.namespaceOptions`),
    runAsUser: optionalInt(wire?.runAsUser),
    runAsGroup: optionalInt(wire?.runAsGroup),
    runAsUsername: wire?.runAsUsername ?? '',
    readonlyRootfs: wire?.readonlyRootfs ?? false,
    supplementalGroups: wire?.supplementalGroups ?? [],
    noNewPrivs: wire?.noNewPrivs ?? false,
    seccomp: securityProfileFromWire(wire?.seccomp),
    apparmor: securityProfileFromWire(wire?.apparmor),
  })
}

/** CRI's names have no `+` or `-`: `SIGRTMINPLUS1` is `SIGRTMIN+1`. */
function stopSignalFromWire(signal: string): string {
  return signal === 'RUNTIME_DEFAULT' ? '' : signal.replace('MINPLUS', 'MIN+').replace('MAXMINUS', 'MAX-')
}
function stopSignalToWire(signal: string): string {
  return signal === '' ? 'RUNTIME_DEFAULT' : signal.replace('MIN+', 'MINPLUS').replace('MAX-', 'MAXMINUS')
}

export function containerConfigFromWire(
  wire: Wire<typeof schema.ContainerConfig> | undefined,
  field: string,
): ContainerConfig {
  const config = required(wire, field)
  const metadata = required(config.metadata, `${field}.metadata`)
  if (metadata.name === '') throw new CriError('InvalidArgument', `${field}.metadata.name must not be empty`)
  refuse(config.devices.length > 0, `${field}.devices`)
  refuse(config.cdiDevices.length > 0, `${field}.cdiDevices`)
  const { command, args, workingDir, envs, labels, annotations, logPath, stdin, stdinOnce, tty } = config
  return {
    ...{ command, args, workingDir, envs, labels, annotations, logPath, stdin, stdinOnce, tty },
    metadata,
    image: imageSpecFromWire(config.image, `${field}.image`),
    mounts: config.mounts.map((mount, index) => mountFromWire(mount, `${field}.mounts[${index}]`)),
    stopSignal: stopSignalFromWire(config.stopSignal),
    linux: {
      resources: resourcesFromWire(config.linux?.resources, `${field}.linux.resources`),
      securityContext: containerSecurityFromWire(config.linux?.securityContext, `${field}.linux.securityContext`),
    },
  }
}

export function containerConfigToWire(config: ContainerConfig): Sent<typeof schema.ContainerConfig> {
  const { runAsUser, runAsGroup, ...security } = config.linux.securityContext
  return {
    ...config,
    stopSignal: stopSignalToWire(config.stopSignal),
    linux: {
      resources: resourcesToWire(config.linux.resources),
      securityContext: { ...security, runAsUser: wrapInt(runAsUser), runAsGroup: wrapInt(runAsGroup) },
    },
  }
}
