/** Which settings this kubelet acts on: for the log at its start, and for docs/kubelet-configuration.md. */
import type { CONFIGURATION_FIELDS } from './configuration-fields.ts'

/** `ignored`: read, checked and named in the log; `inCluster`: honoured by a kubelet that has an API server. */
export type SettingSupport =
  | { state: 'honoured'; note?: string }
  | { state: 'ignored'; reason: string }
  | { state: 'inCluster' }

const honoured = (note?: string): SettingSupport =>
  note === undefined ? { state: 'honoured' } : { state: 'honoured', note }
const ignored = (reason: string): SettingSupport => ({ state: 'ignored', reason })
const inCluster: SettingSupport = { state: 'inCluster' }

const OWN_API = 'this part of the kubelet API is not served'
const ENGINE_CGROUPS = "cgroups belong to the computer's engine"
const ENGINE_IMAGES = "images belong to the computer's engine and its other users: they are never removed"
const NO_EVICTION = 'a node has no disk or memory of its own that could run short: nothing is evicted'
const NO_PLACEMENT = "CPUs and memory are placed by the computer's engine"
const NO_IPTABLES = "the lab's network is the engine's: the kubelet sets no rules"
const POWER_CUT = 'a node that is stopped takes its pods with it, as a power cut does: docs/node-life.md'
const UNTHROTTLED = 'requests to the API server are not throttled'
const LAB_CERTIFICATES = 'the lab makes the certificates of its nodes, valid for years'
const ONE_STREAM = 'the log is one stream of text'
const EACH_LINE = 'each line is written at once'
const COMPUTER_KERNEL = "the kernel is the computer's"

/** One row for each field. */
export const SETTING_SUPPORT: Readonly<Record<keyof typeof CONFIGURATION_FIELDS, SettingSupport>> = {
  apiVersion: honoured(),
  kind: honoured(),
  enableServer: honoured(),
  staticPodPath: honoured('a folder or one file'),
  podLogsDir: honoured("in the node's volume, such as below `/var/log`: where else, no pod starts"),
  syncFrequency: honoured(),
  fileCheckFrequency: honoured(),
  httpCheckFrequency: honoured(),
  staticPodURL: honoured('fetched in the network of the node: docs/security.md'),
  staticPodURLHeader: honoured(),
  address: honoured(),
  port: honoured(),
  readOnlyPort: honoured(),
  tlsCertFile: honoured(),
  tlsPrivateKeyFile: honoured(),
  tlsCipherSuites: honoured(),
  tlsMinVersion: honoured(),
  rotateCertificates: ignored(LAB_CERTIFICATES),
  serverTLSBootstrap: ignored(LAB_CERTIFICATES),
  authentication: honoured(),
  authorization: honoured(),
  registryPullQPS: honoured(),
  registryBurst: honoured(),
  imagePullCredentialsVerificationPolicy: ignored('static pods have no pull secrets'),
  preloadedImagesVerificationAllowlist: ignored('static pods have no pull secrets'),
  eventRecordQPS: ignored(UNTHROTTLED),
  eventBurst: ignored(UNTHROTTLED),
  enableDebuggingHandlers: honoured(),
  enableContentionProfiling: ignored(OWN_API),
  healthzPort: honoured(),
  healthzBindAddress: honoured(),
  oomScoreAdj: ignored('a program on a node may not protect itself from the kernel of the computer'),
  clusterDomain: honoured(),
  clusterDNS: honoured(),
  streamingConnectionIdleTimeout: honoured(),
  nodeStatusUpdateFrequency: inCluster,
  nodeStatusReportFrequency: inCluster,
  nodeLeaseDurationSeconds: inCluster,
  imageMinimumGCAge: ignored(ENGINE_IMAGES),
  imageMaximumGCAge: ignored(ENGINE_IMAGES),
  imageGCHighThresholdPercent: ignored(ENGINE_IMAGES),
  imageGCLowThresholdPercent: ignored(ENGINE_IMAGES),
  volumeStatsAggPeriod: ignored('volumes are not in the statistics; those with a limit are measured every 10 s'),
  kubeletCgroups: ignored(ENGINE_CGROUPS),
  systemCgroups: ignored(ENGINE_CGROUPS),
  cgroupRoot: ignored(ENGINE_CGROUPS),
  cgroupsPerQOS: ignored(ENGINE_CGROUPS),
  cgroupDriver: ignored(ENGINE_CGROUPS),
  cpuManagerPolicy: ignored(NO_PLACEMENT),
  cpuManagerPolicyOptions: ignored(NO_PLACEMENT),
  singleProcessOOMKill: ignored(ENGINE_CGROUPS),
  cpuManagerReconcilePeriod: ignored(NO_PLACEMENT),
  memoryManagerPolicy: ignored(NO_PLACEMENT),
  topologyManagerPolicy: ignored(NO_PLACEMENT),
  topologyManagerScope: ignored(NO_PLACEMENT),
  topologyManagerPolicyOptions: ignored(NO_PLACEMENT),
  qosReserved: ignored(ENGINE_CGROUPS),
  runtimeRequestTimeout: ignored('the time limits of the CRI client are fixed'),
  hairpinMode: ignored(NO_IPTABLES),
  maxPods: honoured(),
  podCIDR: ignored("addresses are the engine's"),
  podPidsLimit: honoured('for each container, not for the pod as a whole, and 4096 at most'),
  resolvConf: honoured(),
  runOnce: honoured('`true` is refused, as upstream'),
  cpuCFSQuota: honoured(),
  cpuCFSQuotaPeriod: honoured('with the gate `CustomCPUCFSQuotaPeriod`, as upstream'),
  nodeStatusMaxImages: inCluster,
  maxOpenFiles: ignored('the limit is that of the node container'),
  contentType: ignored('requests are JSON'),
  kubeAPIQPS: ignored(UNTHROTTLED),
  kubeAPIBurst: ignored(UNTHROTTLED),
  serializeImagePulls: honoured(),
  maxParallelImagePulls: honoured(),
  evictionHard: honoured('taken from allocatable; nothing is evicted'),
  evictionSoft: ignored(NO_EVICTION),
  evictionSoftGracePeriod: ignored(NO_EVICTION),
  evictionPressureTransitionPeriod: ignored(NO_EVICTION),
  evictionMaxPodGracePeriod: ignored(NO_EVICTION),
  evictionMinimumReclaim: ignored(NO_EVICTION),
  mergeDefaultEvictionSettings: honoured('as `evictionHard`'),
  podsPerCore: honoured(),
  enableControllerAttachDetach: ignored('there are no volumes to attach'),
  protectKernelDefaults: ignored(COMPUTER_KERNEL),
  makeIPTablesUtilChains: ignored(NO_IPTABLES),
  iptablesMasqueradeBit: ignored(NO_IPTABLES),
  iptablesDropBit: ignored(NO_IPTABLES),
  featureGates: honoured('the gates below'),
  failSwapOn: ignored(COMPUTER_KERNEL),
  memorySwap: ignored(COMPUTER_KERNEL),
  containerLogMaxSize: honoured(),
  containerLogMaxFiles: honoured(),
  containerLogMaxWorkers: ignored('logs are rotated one after another'),
  containerLogMonitorInterval: honoured(),
  configMapAndSecretChangeDetectionStrategy: ignored('they are read when a pod is looked at, at most once a minute'),
  systemReserved: honoured('taken from allocatable'),
  kubeReserved: honoured('taken from allocatable'),
  reservedSystemCPUs: ignored(NO_PLACEMENT),
  showHiddenMetricsForVersion: ignored('there are no hidden metrics'),
  systemReservedCgroup: ignored(ENGINE_CGROUPS),
  kubeReservedCgroup: ignored(ENGINE_CGROUPS),
  enforceNodeAllocatable: ignored(ENGINE_CGROUPS),
  allowedUnsafeSysctls: ignored('sysctls are refused by the safety policy: docs/security.md'),
  volumePluginDir: ignored('there are no volume plugins'),
  providerID: ignored('there is no cloud'),
  kernelMemcgNotification: ignored(NO_EVICTION),
  logging: ignored('the log is text, of one verbosity'),
  enableSystemLogHandler: honoured(),
  enableSystemLogQuery: ignored(OWN_API),
  shutdownGracePeriod: ignored(POWER_CUT),
  shutdownGracePeriodCriticalPods: ignored(POWER_CUT),
  shutdownGracePeriodByPodPriority: ignored(POWER_CUT),
  crashLoopBackOff: honoured(),
  reservedMemory: ignored(NO_PLACEMENT),
  enableProfilingHandler: ignored(OWN_API),
  enableDebugFlagsHandler: ignored(OWN_API),
  seccompDefault: honoured("the engine's default profile holds even without it"),
  memoryThrottlingFactor: ignored(ENGINE_CGROUPS),
  registerWithTaints: inCluster,
  registerNode: inCluster,
  tracing: ignored('there is no tracing'),
  localStorageCapacityIsolation: honoured('limits of disk space are looked after; no static pod is evicted for them'),
  containerRuntimeEndpoint: honoured(),
  imageServiceEndpoint: ignored('the container runtime endpoint serves images too'),
  failCgroupV1: ignored(ENGINE_CGROUPS),
  userNamespaces: ignored('pods have the user namespace of the engine'),
}

/** Of the flags that stand for no field. */
export const FLAG_SUPPORT: Readonly<Record<string, SettingSupport>> = {
  help: honoured(),
  version: honoured('`--version=vX.Y.Z` changes nothing'),
  config: honoured(),
  'config-dir': honoured('fragments `*.conf`, in the order of their names'),
  kubeconfig: honoured('with it the kubelet has an API server'),
  'bootstrap-kubeconfig': honoured('accepted; the file of `--kubeconfig` has to be there: no certificate is asked for'),
  'hostname-override': honoured(),
  'node-ip': honoured(),
  'node-labels': honoured('compared with what pods ask of their node'),
  'cert-dir': honoured(),
  'root-dir': honoured("in the node's volume, such as below `/var/lib`: where else, no pod starts"),
  'cloud-provider': ignored('there is no cloud'),
  'runtime-cgroups': ignored(ENGINE_CGROUPS),
  'image-credential-provider-config': ignored('images are pulled without credentials'),
  'image-credential-provider-bin-dir': ignored('images are pulled without credentials'),
  v: ignored('the log has one verbosity'),
  vmodule: ignored('the log has one verbosity'),
  'log-flush-frequency': ignored(EACH_LINE),
  'logging-format': ignored('the log is text'),
  'log-json-split-stream': ignored(ONE_STREAM),
  'log-json-info-buffer-size': ignored(EACH_LINE),
  'log-text-split-stream': ignored(ONE_STREAM),
  'log-text-info-buffer-size': ignored(EACH_LINE),
  'reserved-memory': ignored(NO_PLACEMENT),
  'experimental-allocatable-ignore-eviction': ignored('`evictionHard` is always taken from allocatable'),
  'experimental-mounter-path': ignored('volumes are folders of the node: no program mounts them'),
  'lock-file': ignored('a node runs one kubelet'),
  'exit-on-lock-contention': ignored('a node runs one kubelet'),
  'minimum-container-ttl-duration': ignored('one dead instance of each container is kept'),
  'maximum-dead-containers-per-container': ignored('one dead instance of each container is kept'),
  'maximum-dead-containers': ignored('one dead instance of each container is kept'),
  'register-schedulable': ignored('`--register-with-taints` says it'),
  'pod-infra-container-image': ignored('the pause image is the runtime service’s own'),
}

const NO_CLUSTER = 'there is no API server to speak with'

/** What to say of those of these settings that have no effect: name → reason. */
export function computeIneffective(fields: Iterable<string>, flags: Iterable<string>): Record<string, string> {
  const found: [string, string][] = []
  const flagNames = [...flags]
  const look = (name: string, support: SettingSupport | undefined): void => {
    if (support?.state === 'ignored') found.push([name, support.reason])
    if (support?.state === 'inCluster' && !flagNames.includes('kubeconfig')) found.push([name, NO_CLUSTER])
  }
  for (const field of fields) look(field, (SETTING_SUPPORT as Readonly<Record<string, SettingSupport>>)[field])
  for (const flag of flagNames) look(`--${flag}`, FLAG_SUPPORT[flag])
  return Object.fromEntries(found.sort(([left], [right]) => (left < right ? -1 : 1)))
}
