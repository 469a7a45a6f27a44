/**
 * The Container Runtime Interface (`runtime.v1`) as TypeScript, in CRI's words: the messages and enum names of
 * cri-api, in lowerCamelCase, 64-bit integers as `bigint`. Implemented by the Docker runtime service (over gRPC), by its
 * client, and by the simulated runtime. Methods reject with `CriError`.
 */

import type { ContainerStats, ContainerStatsFilter, PodSandboxStats, PodSandboxStatsFilter } from './cri-stats.ts'

export type {
  ContainerStats,
  ContainerStatsFilter,
  CpuUsage,
  MemoryUsage,
  PodSandboxStats,
  PodSandboxStatsFilter,
} from './cri-stats.ts'

export type { AuthConfig, CriImage, ImageService } from './cri-images.ts'

/** gRPC status names that CRI callers tell apart. */
export type CriErrorCode =
  | 'InvalidArgument'
  | 'NotFound'
  | 'AlreadyExists'
  | 'FailedPrecondition'
  | 'PermissionDenied'
  | 'ResourceExhausted'
  | 'DeadlineExceeded'
  | 'Cancelled'
  | 'Unavailable'
  | 'Unimplemented'
  | 'Unknown'

/** `message` is the bare description; kubelets print it as `rpc error: code = CODE desc = MESSAGE`. */
export class CriError extends Error {
  readonly code: CriErrorCode

  constructor(code: CriErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.name = 'CriError'
    this.code = code
  }

  /** As Go's gRPC status error prints itself. */
  get rpcMessage(): string {
    return `rpc error: code = ${this.code} desc = ${this.message}`
  }
}

type PodSandboxState = 'SANDBOX_READY' | 'SANDBOX_NOTREADY'
export type ContainerRuntimeState = 'CONTAINER_CREATED' | 'CONTAINER_RUNNING' | 'CONTAINER_EXITED' | 'CONTAINER_UNKNOWN'
export type NamespaceMode = 'POD' | 'CONTAINER' | 'NODE' | 'TARGET'
type PortProtocol = 'TCP' | 'UDP' | 'SCTP'

export interface VersionResponse {
  version: string
  runtimeName: string
  runtimeVersion: string
  runtimeApiVersion: string
}

export interface RuntimeCondition {
  /** `RuntimeReady` or `NetworkReady`. */
  type: string
  status: boolean
  reason: string
  message: string
}

export interface PodSandboxMetadata {
  name: string
  uid: string
  namespace: string
  attempt: number
}

export interface DNSConfig {
  servers: string[]
  searches: string[]
  options: string[]
}

export interface PortMapping {
  protocol: PortProtocol
  containerPort: number
  hostPort: number
  hostIp: string
}

export interface NamespaceOptions {
  network: NamespaceMode
  pid: NamespaceMode
  ipc: NamespaceMode
  targetId?: string
}

export interface SecurityProfile {
  profileType: 'RuntimeDefault' | 'Unconfined' | 'Localhost'
  localhostRef: string
}

export interface LinuxSandboxSecurityContext {
  namespaceOptions: NamespaceOptions
  runAsUser?: bigint
  runAsGroup?: bigint
  readonlyRootfs: boolean
  supplementalGroups: bigint[]
  privileged: boolean
  seccomp?: SecurityProfile
  apparmor?: SecurityProfile
}

export interface PodSandboxConfig {
  metadata: PodSandboxMetadata
  hostname: string
  /** Directory on the node for the pod's container logs. */
  logDirectory: string
  dnsConfig?: DNSConfig
  portMappings: PortMapping[]
  labels: Record<string, string>
  annotations: Record<string, string>
  linux: {
    cgroupParent: string
    securityContext: LinuxSandboxSecurityContext
    sysctls: Record<string, string>
  }
}

export interface PodSandboxStatus {
  id: string
  metadata: PodSandboxMetadata
  state: PodSandboxState
  /** Nanoseconds since the epoch. */
  createdAt: bigint
  /** Empty for pods in the node's network. */
  ip: string
  additionalIps: string[]
  networkMode: NamespaceMode
  labels: Record<string, string>
  annotations: Record<string, string>
}

export interface PodSandbox {
  id: string
  metadata: PodSandboxMetadata
  state: PodSandboxState
  createdAt: bigint
  labels: Record<string, string>
  annotations: Record<string, string>
}

export interface PodSandboxFilter {
  id?: string
  state?: PodSandboxState
  labelSelector?: Record<string, string>
}

export interface ContainerMetadata {
  name: string
  attempt: number
}

export interface ImageSpec {
  /** As the manifest says it, with a tag or digest. */
  image: string
  /** What the user wrote. */
  userSpecifiedImage?: string
}

export interface KeyValue {
  key: string
  value: string
}

export type MountPropagation = 'PROPAGATION_PRIVATE' | 'PROPAGATION_HOST_TO_CONTAINER' | 'PROPAGATION_BIDIRECTIONAL'

export interface Mount {
  containerPath: string
  /** A path on the *node*; the runtime service turns it into a volume sub-path (design §4). */
  hostPath: string
  readonly: boolean
  selinuxRelabel: boolean
  propagation: MountPropagation
}

export interface LinuxContainerResources {
  cpuPeriod: bigint
  cpuQuota: bigint
  cpuShares: bigint
  memoryLimitInBytes: bigint
  oomScoreAdj: bigint
  /** Processes and threads: on the wire `unified["pids.max"]`. Absent: what the runtime allows. */
  pidsLimit?: bigint
}

export interface LinuxContainerSecurityContext {
  capabilities: { addCapabilities: string[]; dropCapabilities: string[] }
  privileged: boolean
  namespaceOptions: NamespaceOptions
  runAsUser?: bigint
  runAsGroup?: bigint
  runAsUsername: string
  readonlyRootfs: boolean
  supplementalGroups: bigint[]
  noNewPrivs: boolean
  seccomp?: SecurityProfile
  apparmor?: SecurityProfile
}

export interface ContainerConfig {
  metadata: ContainerMetadata
  image: ImageSpec
  command: string[]
  args: string[]
  workingDir: string
  envs: KeyValue[]
  mounts: Mount[]
  labels: Record<string, string>
  annotations: Record<string, string>
  /** Relative to the sandbox's `logDirectory`. */
  logPath: string
  stdin: boolean
  stdinOnce: boolean
  tty: boolean
  /** Signal name such as `SIGQUIT`; empty: the image's. */
  stopSignal: string
  linux: { resources: LinuxContainerResources; securityContext: LinuxContainerSecurityContext }
}

export interface CriContainer {
  id: string
  podSandboxId: string
  metadata: ContainerMetadata
  image: ImageSpec
  imageRef: string
  state: ContainerRuntimeState
  createdAt: bigint
  labels: Record<string, string>
  annotations: Record<string, string>
}

export interface ContainerFilter {
  id?: string
  state?: ContainerRuntimeState
  podSandboxId?: string
  labelSelector?: Record<string, string>
}

export interface CriContainerStatus {
  id: string
  metadata: ContainerMetadata
  state: ContainerRuntimeState
  createdAt: bigint
  /** 0 while it has not started. */
  startedAt: bigint
  /** 0 while it has not finished. */
  finishedAt: bigint
  exitCode: number
  image: ImageSpec
  imageRef: string
  imageId: string
  /** `Completed`, `Error`, `OOMKilled`, `ContainerCannotRun`, or empty. */
  reason: string
  message: string
  labels: Record<string, string>
  annotations: Record<string, string>
  mounts: Mount[]
  /** Full path on the node. */
  logPath: string
}

export interface ExecSyncResponse {
  stdout: Uint8Array
  stderr: Uint8Array
  exitCode: number
}

/** What of a process is wanted; a terminal has no `stderr` of its own. */
export interface AttachRequest {
  containerId: string
  tty: boolean
  stdin: boolean
  stdout: boolean
  stderr: boolean
}

export interface ExecRequest extends AttachRequest {
  cmd: string[]
}

export interface PortForwardRequest {
  podSandboxId: string
  /** TCP ports of the pod, 1 to 65535. */
  port: number[]
}

export type ContainerEventType =
  | 'CONTAINER_CREATED_EVENT'
  | 'CONTAINER_STARTED_EVENT'
  | 'CONTAINER_STOPPED_EVENT'
  | 'CONTAINER_DELETED_EVENT'

/** One runtime event; for a sandbox `containerId` is the sandbox's id. */
export interface ContainerEventResponse {
  containerId: string
  containerEventType: ContainerEventType
  createdAt: bigint
  podSandboxStatus?: PodSandboxStatus
  containersStatuses: CriContainerStatus[]
}

/** What a runtime tells beside a status when it is asked to be verbose: texts by name, JSON mostly. For people only. */
export type VerboseInfo = Record<string, string>

/** What cgroups are made with; kubelets take it from here. */
export type CgroupDriver = 'SYSTEMD' | 'CGROUPFS'

export interface RuntimeService {
  version(): Promise<VersionResponse>
  status(): Promise<{ conditions: RuntimeCondition[] }>
  statusInfo(): Promise<VerboseInfo>
  runtimeConfig(): Promise<{ cgroupDriver: CgroupDriver }>
  /** A kubelet tells what addresses its pods should have once a cluster has decided; runtimes may have their own. */
  updateRuntimeConfig(config: { podCidr: string }): Promise<void>
  runPodSandbox(config: PodSandboxConfig): Promise<string>
  /** Kills what still runs in it and releases its address; idempotent, also for an unknown id. */
  stopPodSandbox(podSandboxId: string): Promise<void>
  /** Removes it with all its containers; idempotent. */
  removePodSandbox(podSandboxId: string): Promise<void>
  /** @throws NotFound */
  podSandboxStatus(podSandboxId: string): Promise<PodSandboxStatus>
  /** @throws NotFound */
  podSandboxInfo(podSandboxId: string): Promise<VerboseInfo>
  listPodSandbox(filter?: PodSandboxFilter): Promise<PodSandbox[]>
  createContainer(podSandboxId: string, config: ContainerConfig, sandboxConfig: PodSandboxConfig): Promise<string>
  /** Once, and never again. @throws NotFound, FailedPrecondition unless it waits to be started, Unknown when it cannot run */
  startContainer(containerId: string): Promise<void>
  /** SIGTERM (or the image's stop signal), then SIGKILL after `timeoutSeconds`; idempotent. */
  stopContainer(containerId: string, timeoutSeconds: number): Promise<void>
  /** Kills it when it still runs; idempotent. */
  removeContainer(containerId: string): Promise<void>
  listContainers(filter?: ContainerFilter): Promise<CriContainer[]>
  /** @throws NotFound */
  containerStatus(containerId: string): Promise<CriContainerStatus>
  /** @throws NotFound */
  containerInfo(containerId: string): Promise<VerboseInfo>
  /** @throws NotFound, DeadlineExceeded when the command outlives `timeoutSeconds` (0: no limit), Unknown when it cannot start */
  execSync(containerId: string, command: string[], timeoutSeconds: number): Promise<ExecSyncResponse>
  /**
   * The address of a stream (streaming/), good once and for a minute, for running a command in it.
   * @throws NotFound, InvalidArgument, FailedPrecondition when it does not run
   */
  exec(request: ExecRequest): Promise<string>
  /** As `exec`, for its main process. A terminal is there or not as it was made: `tty` is not looked at. */
  attach(request: AttachRequest): Promise<string>
  /**
   * The address of a stream, as `exec`'s, on which each port is dialled once from inside of the sandbox's network.
   * @throws NotFound, InvalidArgument, FailedPrecondition when the sandbox is not ready
   */
  portForward(request: PortForwardRequest): Promise<string>
  /**
   * Changes limits of memory and CPU; a value of 0 stays as it is, a quota below 0 is none. `oomScoreAdj` cannot change.
   * For a container that has ended there is nothing to do.
   * @throws NotFound, InvalidArgument
   */
  updateContainerResources(containerId: string, resources: LinuxContainerResources): Promise<void>
  /** @throws NotFound */
  containerStats(containerId: string): Promise<ContainerStats>
  /** Of running containers. */
  listContainerStats(filter?: ContainerStatsFilter): Promise<ContainerStats[]>
  /** @throws NotFound */
  podSandboxStats(podSandboxId: string): Promise<PodSandboxStats>
  /** Of ready sandboxes. */
  listPodSandboxStats(filter?: PodSandboxStatsFilter): Promise<PodSandboxStats[]>
  /** The running container's log is re-opened after its file was rotated away. */
  reopenContainerLog(containerId: string): Promise<void>
  /**
   * Calls back for every runtime event from now on until the signal is aborted, then resolves; rejects when the
   * stream breaks: list again and re-subscribe. `onOpen` is called when events begin to be delivered.
   */
  getContainerEvents(options: {
    signal: AbortSignal
    onOpen?: () => void
    onEvent: (event: ContainerEventResponse) => void
  }): Promise<void>
}
