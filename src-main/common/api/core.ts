/**
 * Kubernetes `core/v1` types as far as a kubelet needs them, spelled as on the wire (Kubernetes 1.32 to 1.35).
 * Optional here means optional in the API; `applyPodDefaults` fills what upstream's defaulting fills.
 */
import type { ApiObject } from './api-object.ts'
import type { LabelSelectorObject } from './label-selector-object.ts'
import type { ObjectMeta } from './meta.ts'
import type { PodStatus } from './pod-status.ts'

/** A number or a percentage/name, as `targetPort: http` or `port: 80`. */
export type IntOrString = number | string

/** A quantity as written: `100m`, `64Mi`, `1`. */
export type QuantityString = string | number

export interface ContainerPort {
  name?: string
  hostPort?: number
  containerPort: number
  protocol?: 'TCP' | 'UDP' | 'SCTP'
  hostIP?: string
}

export interface ObjectFieldSelector {
  apiVersion?: string
  fieldPath: string
}

export interface ResourceFieldSelector {
  containerName?: string
  resource: string
  divisor?: QuantityString
}

export interface KeySelector {
  name?: string
  key: string
  optional?: boolean
}

export interface EnvVarSource {
  fieldRef?: ObjectFieldSelector
  resourceFieldRef?: ResourceFieldSelector
  configMapKeyRef?: KeySelector
  secretKeyRef?: KeySelector
  /** Known, and not carried out. */
  fileKeyRef?: object
}

export interface EnvVar {
  name: string
  value?: string
  valueFrom?: EnvVarSource
}

export interface EnvFromSource {
  prefix?: string
  configMapRef?: { name?: string; optional?: boolean }
  secretRef?: { name?: string; optional?: boolean }
}

export interface ResourceRequirements {
  limits?: Record<string, QuantityString>
  requests?: Record<string, QuantityString>
  claims?: { name: string; request?: string }[]
}

export interface VolumeMount {
  name: string
  readOnly?: boolean
  recursiveReadOnly?: string
  mountPath: string
  subPath?: string
  mountPropagation?: 'None' | 'HostToContainer' | 'Bidirectional'
  subPathExpr?: string
}

export interface ExecAction {
  command?: string[]
}

export interface HTTPHeader {
  name: string
  value: string
}

export interface HTTPGetAction {
  path?: string
  port: IntOrString
  host?: string
  scheme?: 'HTTP' | 'HTTPS'
  httpHeaders?: HTTPHeader[]
}

export interface TCPSocketAction {
  port: IntOrString
  host?: string
}

export interface GRPCAction {
  port: number
  service?: string
}

export interface ProbeHandler {
  exec?: ExecAction
  httpGet?: HTTPGetAction
  tcpSocket?: TCPSocketAction
  grpc?: GRPCAction
}

export interface Probe extends ProbeHandler {
  initialDelaySeconds?: number
  timeoutSeconds?: number
  periodSeconds?: number
  successThreshold?: number
  failureThreshold?: number
  terminationGracePeriodSeconds?: number
}

export interface LifecycleHandler {
  exec?: ExecAction
  httpGet?: HTTPGetAction
  tcpSocket?: TCPSocketAction
  sleep?: { seconds: number }
}

export interface Lifecycle {
  postStart?: LifecycleHandler
  preStop?: LifecycleHandler
  stopSignal?: string
}

export interface Capabilities {
  add?: string[]
  drop?: string[]
}

export interface SeccompProfile {
  type: 'RuntimeDefault' | 'Unconfined' | 'Localhost'
  localhostProfile?: string
}

export interface SELinuxOptions {
  user?: string
  role?: string
  type?: string
  level?: string
}

export interface SecurityContext {
  capabilities?: Capabilities
  privileged?: boolean
  seLinuxOptions?: SELinuxOptions
  runAsUser?: number
  runAsGroup?: number
  runAsNonRoot?: boolean
  readOnlyRootFilesystem?: boolean
  allowPrivilegeEscalation?: boolean
  procMount?: string
  seccompProfile?: SeccompProfile
  appArmorProfile?: SeccompProfile
}

export type RestartPolicy = 'Always' | 'OnFailure' | 'Never'

export interface ContainerRestartRule {
  action: string
  exitCodes?: { operator: string; values?: number[] }
}

export type ImagePullPolicy = 'Always' | 'IfNotPresent' | 'Never'

export interface Container {
  name: string
  image?: string
  command?: string[]
  args?: string[]
  workingDir?: string
  ports?: ContainerPort[]
  envFrom?: EnvFromSource[]
  env?: EnvVar[]
  resources?: ResourceRequirements
  restartPolicy?: RestartPolicy
  restartPolicyRules?: ContainerRestartRule[]
  volumeMounts?: VolumeMount[]
  volumeDevices?: { name: string; devicePath: string }[]
  livenessProbe?: Probe
  readinessProbe?: Probe
  startupProbe?: Probe
  lifecycle?: Lifecycle
  terminationMessagePath?: string
  terminationMessagePolicy?: 'File' | 'FallbackToLogsOnError'
  imagePullPolicy?: ImagePullPolicy
  securityContext?: SecurityContext
  stdin?: boolean
  stdinOnce?: boolean
  tty?: boolean
}

export type HostPathType =
  | ''
  | 'DirectoryOrCreate'
  | 'Directory'
  | 'FileOrCreate'
  | 'File'
  | 'Socket'
  | 'CharDevice'
  | 'BlockDevice'

export interface DownwardAPIVolumeFile {
  path: string
  fieldRef?: ObjectFieldSelector
  resourceFieldRef?: ResourceFieldSelector
  mode?: number
}

export interface VolumeProjection {
  downwardAPI?: { items?: DownwardAPIVolumeFile[] }
  configMap?: Record<string, unknown>
  secret?: Record<string, unknown>
  serviceAccountToken?: Record<string, unknown>
  clusterTrustBundle?: Record<string, unknown>
  podCertificate?: Record<string, unknown>
}

/** A volume; source kinds that a static pod may not use are kept as opaque objects so that they can be refused by name. */
export interface Volume {
  name: string
  emptyDir?: { medium?: '' | 'Memory' | string; sizeLimit?: QuantityString }
  hostPath?: { path: string; type?: HostPathType }
  downwardAPI?: { items?: DownwardAPIVolumeFile[]; defaultMode?: number }
  projected?: { sources?: VolumeProjection[]; defaultMode?: number }
  configMap?: Record<string, unknown>
  secret?: Record<string, unknown>
  persistentVolumeClaim?: Record<string, unknown>
  csi?: Record<string, unknown>
  ephemeral?: Record<string, unknown>
  nfs?: Record<string, unknown>
  glusterfs?: Record<string, unknown>
  azureFile?: Record<string, unknown>
  [source: string]: unknown
}

export interface Toleration {
  key?: string
  operator?: 'Exists' | 'Equal'
  value?: string
  effect?: 'NoSchedule' | 'PreferNoSchedule' | 'NoExecute'
  tolerationSeconds?: number
}

export interface PodSecurityContext {
  seLinuxOptions?: SELinuxOptions
  runAsUser?: number
  runAsGroup?: number
  runAsNonRoot?: boolean
  supplementalGroups?: number[]
  supplementalGroupsPolicy?: 'Merge' | 'Strict' | string
  fsGroup?: number
  fsGroupChangePolicy?: string
  sysctls?: { name: string; value: string }[]
  seccompProfile?: SeccompProfile
  appArmorProfile?: SeccompProfile
}

export interface HostAlias {
  ip: string
  hostnames?: string[]
}

export interface PodDNSConfig {
  nameservers?: string[]
  searches?: string[]
  options?: { name?: string; value?: string }[]
}

/** `key` is a label of the node, or with `matchFields` the name of a field. */
export interface NodeSelectorRequirement {
  key: string
  operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist' | 'Gt' | 'Lt' | string
  values?: string[]
}

/** All of it has to match; a term without any requirement matches no node. */
export interface NodeSelectorTerm {
  matchExpressions?: NodeSelectorRequirement[]
  matchFields?: NodeSelectorRequirement[]
}

export interface NodeAffinity {
  /** One of the terms has to match. */
  requiredDuringSchedulingIgnoredDuringExecution?: { nodeSelectorTerms: NodeSelectorTerm[] }
  preferredDuringSchedulingIgnoredDuringExecution?: { weight: number; preference: NodeSelectorTerm }[]
}

/** Other pods, and how far "with them" reaches: nodes with the same value of the label `topologyKey`. */
export interface PodAffinityTerm {
  /** Absent: no pod. */
  labelSelector?: LabelSelectorObject
  /** With neither of the two: the pod's own namespace. */
  namespaces?: string[]
  /** An empty one: all namespaces. */
  namespaceSelector?: LabelSelectorObject
  topologyKey: string
  matchLabelKeys?: string[]
  mismatchLabelKeys?: string[]
}

/** The same for pods that attract and pods that repel. */
export interface PodAffinity {
  requiredDuringSchedulingIgnoredDuringExecution?: PodAffinityTerm[]
  preferredDuringSchedulingIgnoredDuringExecution?: { weight: number; podAffinityTerm: PodAffinityTerm }[]
}

export interface Affinity {
  nodeAffinity?: NodeAffinity
  podAffinity?: PodAffinity
  podAntiAffinity?: PodAffinity
}

/** How evenly pods are spread over the values of the node label `topologyKey`. */
export interface TopologySpreadConstraint {
  maxSkew: number
  topologyKey: string
  whenUnsatisfiable: 'DoNotSchedule' | 'ScheduleAnyway'
  labelSelector?: LabelSelectorObject
  minDomains?: number
  /** Default `Honor`. */
  nodeAffinityPolicy?: 'Honor' | 'Ignore'
  /** Default `Ignore`. */
  nodeTaintsPolicy?: 'Honor' | 'Ignore'
  matchLabelKeys?: string[]
}

export interface PodSpec {
  volumes?: Volume[]
  initContainers?: Container[]
  containers: Container[]
  ephemeralContainers?: Container[]
  restartPolicy?: RestartPolicy
  terminationGracePeriodSeconds?: number
  activeDeadlineSeconds?: number
  dnsPolicy?: 'ClusterFirst' | 'ClusterFirstWithHostNet' | 'Default' | 'None'
  nodeSelector?: Record<string, string>
  serviceAccountName?: string
  serviceAccount?: string
  automountServiceAccountToken?: boolean
  nodeName?: string
  hostNetwork?: boolean
  hostPID?: boolean
  hostIPC?: boolean
  shareProcessNamespace?: boolean
  securityContext?: PodSecurityContext
  imagePullSecrets?: { name?: string }[]
  hostname?: string
  subdomain?: string
  affinity?: Affinity
  schedulerName?: string
  tolerations?: Toleration[]
  hostAliases?: HostAlias[]
  priorityClassName?: string
  priority?: number
  dnsConfig?: PodDNSConfig
  readinessGates?: { conditionType: string }[]
  runtimeClassName?: string
  enableServiceLinks?: boolean
  preemptionPolicy?: string
  overhead?: Record<string, QuantityString>
  topologySpreadConstraints?: TopologySpreadConstraint[]
  setHostnameAsFQDN?: boolean
  hostnameOverride?: string
  os?: { name: string }
  hostUsers?: boolean
  schedulingGates?: { name: string }[]
  resourceClaims?: { name: string }[]
  resources?: ResourceRequirements
}

export interface Pod {
  apiVersion?: 'v1'
  kind?: 'Pod'
  metadata: ObjectMeta
  spec: PodSpec
  status?: PodStatus
}

/** A pod as the API server has it. */
export type ServedPod = Pod & ApiObject

/** `items` is `null` when empty on a real kubelet's `/pods`; ours writes an empty list. */
export interface PodList {
  apiVersion: 'v1'
  kind: 'PodList'
  metadata: { resourceVersion?: string }
  items: Pod[]
}
