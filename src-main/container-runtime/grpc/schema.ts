/**
 * The messages of CRI's `runtime.v1` that Node Lab serves, with cri-api's field names (in lowerCamelCase) and numbers:
 * they are what crictl and other kubelets speak. Source: k8s.io/cri-api, pkg/apis/runtime/v1/api.proto, as of Kubernetes
 * 1.36. Messages of images and statistics are in files of their own, those of other platforms are left out; what is left
 * out is skipped when it is received.
 */
import { enumeration, message, repeated, stringMap } from '../../base/protobuf.ts'

export const VersionRequest = message('VersionRequest', { version: [1, 'string'] })
export const VersionResponse = message('VersionResponse', {
  version: [1, 'string'],
  runtimeName: [2, 'string'],
  runtimeVersion: [3, 'string'],
  runtimeApiVersion: [4, 'string'],
})

const DNSConfig = message('DNSConfig', {
  servers: [1, repeated('string')],
  searches: [2, repeated('string')],
  options: [3, repeated('string')],
})
const Protocol = enumeration('TCP', 'UDP', 'SCTP')
const PortMapping = message('PortMapping', {
  protocol: [1, Protocol],
  containerPort: [2, 'int32'],
  hostPort: [3, 'int32'],
  hostIp: [4, 'string'],
})
const MountPropagation = enumeration(
  'PROPAGATION_PRIVATE',
  'PROPAGATION_HOST_TO_CONTAINER',
  'PROPAGATION_BIDIRECTIONAL',
)
const IDMapping = message('IDMapping', {
  hostId: [1, 'uint32'],
  containerId: [2, 'uint32'],
  length: [3, 'uint32'],
})
export const ImageSpec = message('ImageSpec', {
  image: [1, 'string'],
  annotations: [2, stringMap],
  userSpecifiedImage: [18, 'string'],
  runtimeHandler: [19, 'string'],
})
export const Mount = message('Mount', {
  containerPath: [1, 'string'],
  hostPath: [2, 'string'],
  readonly: [3, 'bool'],
  selinuxRelabel: [4, 'bool'],
  propagation: [5, MountPropagation],
  uidMappings: [6, repeated(IDMapping)],
  gidMappings: [7, repeated(IDMapping)],
  recursiveReadOnly: [8, 'bool'],
  image: [9, ImageSpec],
})
const NamespaceMode = enumeration('POD', 'CONTAINER', 'NODE', 'TARGET')
const UserNamespace = message('UserNamespace', {
  mode: [1, NamespaceMode],
  uids: [2, repeated(IDMapping)],
  gids: [3, repeated(IDMapping)],
})
export const NamespaceOption = message('NamespaceOption', {
  network: [1, NamespaceMode],
  pid: [2, NamespaceMode],
  ipc: [3, NamespaceMode],
  targetId: [4, 'string'],
  usernsOptions: [5, UserNamespace],
})
const SupplementalGroupsPolicy = enumeration('Merge', 'Strict')
export const Int64Value = message('Int64Value', { value: [1, 'int64'] })
export const UInt64Value = message('UInt64Value', { value: [1, 'uint64'] })
const SELinuxOption = message('SELinuxOption', {
  user: [1, 'string'],
  role: [2, 'string'],
  type: [3, 'string'],
  level: [4, 'string'],
})
const ProfileType = enumeration('RuntimeDefault', 'Unconfined', 'Localhost')
export const SecurityProfile = message('SecurityProfile', {
  profileType: [1, ProfileType],
  localhostRef: [2, 'string'],
})

const HugepageLimit = message('HugepageLimit', { pageSize: [1, 'string'], limit: [2, 'uint64'] })
export const LinuxContainerResources = message('LinuxContainerResources', {
  cpuPeriod: [1, 'int64'],
  cpuQuota: [2, 'int64'],
  cpuShares: [3, 'int64'],
  memoryLimitInBytes: [4, 'int64'],
  oomScoreAdj: [5, 'int64'],
  cpusetCpus: [6, 'string'],
  cpusetMems: [7, 'string'],
  hugepageLimits: [8, repeated(HugepageLimit)],
  unified: [9, stringMap],
  memorySwapLimitInBytes: [10, 'int64'],
})
export const LinuxSandboxSecurityContext = message('LinuxSandboxSecurityContext', {
  namespaceOptions: [1, NamespaceOption],
  selinuxOptions: [2, SELinuxOption],
  runAsUser: [3, Int64Value],
  readonlyRootfs: [4, 'bool'],
  supplementalGroups: [5, repeated('int64')],
  privileged: [6, 'bool'],
  seccompProfilePath: [7, 'string'],
  runAsGroup: [8, Int64Value],
  seccomp: [9, SecurityProfile],
  apparmor: [10, SecurityProfile],
  supplementalGroupsPolicy: [11, SupplementalGroupsPolicy],
})
const LinuxPodSandboxConfig = message('LinuxPodSandboxConfig', {
  cgroupParent: [1, 'string'],
  securityContext: [2, LinuxSandboxSecurityContext],
  sysctls: [3, stringMap],
  overhead: [4, LinuxContainerResources],
  resources: [5, LinuxContainerResources],
})
export const PodSandboxMetadata = message('PodSandboxMetadata', {
  name: [1, 'string'],
  uid: [2, 'string'],
  namespace: [3, 'string'],
  attempt: [4, 'uint32'],
})
export const PodSandboxConfig = message('PodSandboxConfig', {
  metadata: [1, PodSandboxMetadata],
  hostname: [2, 'string'],
  logDirectory: [3, 'string'],
  dnsConfig: [4, DNSConfig],
  portMappings: [5, repeated(PortMapping)],
  labels: [6, stringMap],
  annotations: [7, stringMap],
  linux: [8, LinuxPodSandboxConfig],
})
export const RunPodSandboxRequest = message('RunPodSandboxRequest', {
  config: [1, PodSandboxConfig],
  runtimeHandler: [2, 'string'],
})
export const RunPodSandboxResponse = message('RunPodSandboxResponse', { podSandboxId: [1, 'string'] })
export const StopPodSandboxRequest = message('StopPodSandboxRequest', { podSandboxId: [1, 'string'] })
export const RemovePodSandboxRequest = message('RemovePodSandboxRequest', { podSandboxId: [1, 'string'] })
export const PodSandboxStatusRequest = message('PodSandboxStatusRequest', {
  podSandboxId: [1, 'string'],
  verbose: [2, 'bool'],
})
/** The answer of every call that has nothing to say. */
export const Empty = message('Empty', {})

const PodIP = message('PodIP', { ip: [1, 'string'] })
const PodSandboxNetworkStatus = message('PodSandboxNetworkStatus', {
  ip: [1, 'string'],
  additionalIps: [2, repeated(PodIP)],
})
const Namespace = message('Namespace', { options: [2, NamespaceOption] })
const LinuxPodSandboxStatus = message('LinuxPodSandboxStatus', { namespaces: [1, Namespace] })
const PodSandboxState = enumeration('SANDBOX_READY', 'SANDBOX_NOTREADY')
export const PodSandboxStatus = message('PodSandboxStatus', {
  id: [1, 'string'],
  metadata: [2, PodSandboxMetadata],
  state: [3, PodSandboxState],
  createdAt: [4, 'int64'],
  network: [5, PodSandboxNetworkStatus],
  linux: [6, LinuxPodSandboxStatus],
  labels: [7, stringMap],
  annotations: [8, stringMap],
  runtimeHandler: [9, 'string'],
})
const PodSandboxStateValue = message('PodSandboxStateValue', { state: [1, PodSandboxState] })
export const PodSandboxFilter = message('PodSandboxFilter', {
  id: [1, 'string'],
  state: [2, PodSandboxStateValue],
  labelSelector: [3, stringMap],
})
export const ListPodSandboxRequest = message('ListPodSandboxRequest', { filter: [1, PodSandboxFilter] })
export const PodSandbox = message('PodSandbox', {
  id: [1, 'string'],
  metadata: [2, PodSandboxMetadata],
  state: [3, PodSandboxState],
  createdAt: [4, 'int64'],
  labels: [5, stringMap],
  annotations: [6, stringMap],
  runtimeHandler: [7, 'string'],
})
export const ListPodSandboxResponse = message('ListPodSandboxResponse', { items: [1, repeated(PodSandbox)] })

const KeyValue = message('KeyValue', { key: [1, 'string'], value: [2, 'string'] })
const Capability = message('Capability', {
  addCapabilities: [1, repeated('string')],
  dropCapabilities: [2, repeated('string')],
  addAmbientCapabilities: [3, repeated('string')],
})
export const LinuxContainerSecurityContext = message('LinuxContainerSecurityContext', {
  capabilities: [1, Capability],
  privileged: [2, 'bool'],
  namespaceOptions: [3, NamespaceOption],
  selinuxOptions: [4, SELinuxOption],
  runAsUser: [5, Int64Value],
  runAsUsername: [6, 'string'],
  readonlyRootfs: [7, 'bool'],
  supplementalGroups: [8, repeated('int64')],
  apparmorProfile: [9, 'string'],
  seccompProfilePath: [10, 'string'],
  noNewPrivs: [11, 'bool'],
  runAsGroup: [12, Int64Value],
  maskedPaths: [13, repeated('string')],
  readonlyPaths: [14, repeated('string')],
  seccomp: [15, SecurityProfile],
  apparmor: [16, SecurityProfile],
  supplementalGroupsPolicy: [17, SupplementalGroupsPolicy],
})
const LinuxContainerConfig = message('LinuxContainerConfig', {
  resources: [1, LinuxContainerResources],
  securityContext: [2, LinuxContainerSecurityContext],
})
export const ContainerMetadata = message('ContainerMetadata', { name: [1, 'string'], attempt: [2, 'uint32'] })
const Device = message('Device', {
  containerPath: [1, 'string'],
  hostPath: [2, 'string'],
  permissions: [3, 'string'],
})
const CDIDevice = message('CDIDevice', { name: [1, 'string'] })

function numbered(prefix: string, suffixes: number[]): string[] {
  return suffixes.map((suffix) => `${prefix}${suffix}`)
}
/** Index 0 leaves the choice to the image; then the signals in cri-api's (alphabetical) order, then the real-time ones. */
const Signal = enumeration(
  'RUNTIME_DEFAULT',
  ...(
    'SIGABRT SIGALRM SIGBUS SIGCHLD SIGCLD SIGCONT SIGFPE SIGHUP SIGILL SIGINT SIGIO SIGIOT SIGKILL SIGPIPE SIGPOLL ' +
    'SIGPROF SIGPWR SIGQUIT SIGSEGV SIGSTKFLT SIGSTOP SIGSYS SIGTERM SIGTRAP SIGTSTP SIGTTIN SIGTTOU SIGURG SIGUSR1 ' +
    'SIGUSR2 SIGVTALRM SIGWINCH SIGXCPU SIGXFSZ SIGRTMIN'
  ).split(' '),
  ...numbered('SIGRTMINPLUS', [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]),
  ...numbered('SIGRTMAXMINUS', [14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1]),
  'SIGRTMAX',
)

export const ContainerConfig = message('ContainerConfig', {
  metadata: [1, ContainerMetadata],
  image: [2, ImageSpec],
  command: [3, repeated('string')],
  args: [4, repeated('string')],
  workingDir: [5, 'string'],
  envs: [6, repeated(KeyValue)],
  mounts: [7, repeated(Mount)],
  devices: [8, repeated(Device)],
  labels: [9, stringMap],
  annotations: [10, stringMap],
  logPath: [11, 'string'],
  stdin: [12, 'bool'],
  stdinOnce: [13, 'bool'],
  tty: [14, 'bool'],
  linux: [15, LinuxContainerConfig],
  cdiDevices: [17, repeated(CDIDevice)],
  stopSignal: [18, Signal],
})
export const CreateContainerRequest = message('CreateContainerRequest', {
  podSandboxId: [1, 'string'],
  config: [2, ContainerConfig],
  sandboxConfig: [3, PodSandboxConfig],
})
export const CreateContainerResponse = message('CreateContainerResponse', { containerId: [1, 'string'] })
export const StartContainerRequest = message('StartContainerRequest', { containerId: [1, 'string'] })
export const StopContainerRequest = message('StopContainerRequest', {
  containerId: [1, 'string'],
  timeout: [2, 'int64'],
})
export const RemoveContainerRequest = message('RemoveContainerRequest', { containerId: [1, 'string'] })

const ContainerState = enumeration('CONTAINER_CREATED', 'CONTAINER_RUNNING', 'CONTAINER_EXITED', 'CONTAINER_UNKNOWN')
const ContainerStateValue = message('ContainerStateValue', { state: [1, ContainerState] })
export const ContainerFilter = message('ContainerFilter', {
  id: [1, 'string'],
  state: [2, ContainerStateValue],
  podSandboxId: [3, 'string'],
  labelSelector: [4, stringMap],
})
export const ListContainersRequest = message('ListContainersRequest', { filter: [1, ContainerFilter] })
export const Container = message('Container', {
  id: [1, 'string'],
  podSandboxId: [2, 'string'],
  metadata: [3, ContainerMetadata],
  image: [4, ImageSpec],
  imageRef: [5, 'string'],
  state: [6, ContainerState],
  createdAt: [7, 'int64'],
  labels: [8, stringMap],
  annotations: [9, stringMap],
  imageId: [10, 'string'],
})
export const ListContainersResponse = message('ListContainersResponse', { containers: [1, repeated(Container)] })
export const ContainerStatusRequest = message('ContainerStatusRequest', {
  containerId: [1, 'string'],
  verbose: [2, 'bool'],
})
const ContainerResources = message('ContainerResources', { linux: [1, LinuxContainerResources] })
export const ContainerStatus = message('ContainerStatus', {
  id: [1, 'string'],
  metadata: [2, ContainerMetadata],
  state: [3, ContainerState],
  createdAt: [4, 'int64'],
  startedAt: [5, 'int64'],
  finishedAt: [6, 'int64'],
  exitCode: [7, 'int32'],
  image: [8, ImageSpec],
  imageRef: [9, 'string'],
  reason: [10, 'string'],
  message: [11, 'string'],
  labels: [12, stringMap],
  annotations: [13, stringMap],
  mounts: [14, repeated(Mount)],
  logPath: [15, 'string'],
  resources: [16, ContainerResources],
  imageId: [17, 'string'],
})
export const ContainerStatusResponse = message('ContainerStatusResponse', {
  status: [1, ContainerStatus],
  info: [2, stringMap],
})
export const PodSandboxStatusResponse = message('PodSandboxStatusResponse', {
  status: [1, PodSandboxStatus],
  info: [2, stringMap],
  containersStatuses: [3, repeated(ContainerStatus)],
  timestamp: [4, 'int64'],
})
export const ReopenContainerLogRequest = message('ReopenContainerLogRequest', { containerId: [1, 'string'] })
export const ExecSyncRequest = message('ExecSyncRequest', {
  containerId: [1, 'string'],
  cmd: [2, repeated('string')],
  timeout: [3, 'int64'],
})
export const ExecSyncResponse = message('ExecSyncResponse', {
  stdout: [1, 'bytes'],
  stderr: [2, 'bytes'],
  exitCode: [3, 'int32'],
})

export const ExecRequest = message('ExecRequest', {
  containerId: [1, 'string'],
  cmd: [2, repeated('string')],
  tty: [3, 'bool'],
  stdin: [4, 'bool'],
  stdout: [5, 'bool'],
  stderr: [6, 'bool'],
})
export const AttachRequest = message('AttachRequest', {
  containerId: [1, 'string'],
  stdin: [2, 'bool'],
  tty: [3, 'bool'],
  stdout: [4, 'bool'],
  stderr: [5, 'bool'],
})
/** The answer to Exec, Attach and PortForward. */
export const StreamResponse = message('StreamResponse', { url: [1, 'string'] })
export const PortForwardRequest = message('PortForwardRequest', {
  podSandboxId: [1, 'string'],
  port: [2, repeated('int32')],
})

export const UpdateContainerResourcesRequest = message('UpdateContainerResourcesRequest', {
  containerId: [1, 'string'],
  linux: [2, LinuxContainerResources],
  annotations: [4, stringMap],
})

const RuntimeCondition = message('RuntimeCondition', {
  type: [1, 'string'],
  status: [2, 'bool'],
  reason: [3, 'string'],
  message: [4, 'string'],
})
const RuntimeStatus = message('RuntimeStatus', { conditions: [1, repeated(RuntimeCondition)] })
export const StatusRequest = message('StatusRequest', { verbose: [1, 'bool'] })
export const StatusResponse = message('StatusResponse', { status: [1, RuntimeStatus], info: [2, stringMap] })

const LinuxRuntimeConfiguration = message('LinuxRuntimeConfiguration', {
  cgroupDriver: [1, enumeration('SYSTEMD', 'CGROUPFS')],
})
export const RuntimeConfigResponse = message('RuntimeConfigResponse', { linux: [1, LinuxRuntimeConfiguration] })

const NetworkConfig = message('NetworkConfig', { podCidr: [1, 'string'] })
const RuntimeConfig = message('RuntimeConfig', { networkConfig: [1, NetworkConfig] })
export const UpdateRuntimeConfigRequest = message('UpdateRuntimeConfigRequest', { runtimeConfig: [1, RuntimeConfig] })

const ContainerEventType = enumeration(
  'CONTAINER_CREATED_EVENT',
  'CONTAINER_STARTED_EVENT',
  'CONTAINER_STOPPED_EVENT',
  'CONTAINER_DELETED_EVENT',
)
export const ContainerEventResponse = message('ContainerEventResponse', {
  containerId: [1, 'string'],
  containerEventType: [2, ContainerEventType],
  createdAt: [3, 'int64'],
  podSandboxStatus: [4, PodSandboxStatus],
  containersStatuses: [5, repeated(ContainerStatus)],
})
