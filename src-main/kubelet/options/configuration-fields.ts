/**
 * The fields of `KubeletConfiguration` v1beta1 with their types and upstream's defaults: the one table for strict
 * decoding, defaulting and the flags that stand for fields (staging/src/k8s.io/kubelet/config/v1beta1/types.go,
 * pkg/kubelet/apis/config/v1beta1/defaults.go).
 */

export type ScalarType = 'string' | 'bool' | 'int32' | 'int64' | 'float64' | 'duration'

export type FieldType =
  /** `zeroIsSet`: upstream's field is a pointer, so that 0 and "" are values of their own and not defaulted. */
  | { type: ScalarType; default?: string | number | boolean; zeroIsSet?: true }
  | { type: 'strings'; default?: string[] }
  | { type: 'map'; of: 'string' | 'bool' }
  /** A list of texts for each name, such as headers. */
  | { type: 'multimap' }
  | { type: 'object'; fields: FieldTable }
  /** Kept as written; its inside is not looked at. */
  | { type: 'opaque' }

export type FieldTable = Readonly<Record<string, FieldType>>

type ScalarField = Extract<FieldType, { type: ScalarType }>

const text = (value?: string): ScalarField =>
  value === undefined ? { type: 'string' } : { type: 'string', default: value }
const bool = (value?: boolean): FieldType => (value === undefined ? { type: 'bool' } : { type: 'bool', default: value })
const int = (value?: number): ScalarField =>
  value === undefined ? { type: 'int32' } : { type: 'int32', default: value }
const duration = (value?: string): ScalarField =>
  value === undefined ? { type: 'duration' } : { type: 'duration', default: value }
const pointer = (field: ScalarField): FieldType => ({ ...field, zeroIsSet: true })
const object = (fields: FieldTable): FieldType => ({ type: 'object', fields })
const strings: FieldType = { type: 'strings' }
const stringMap: FieldType = { type: 'map', of: 'string' }
const opaque: FieldType = { type: 'opaque' }

export const CONFIGURATION_FIELDS = {
  apiVersion: text(),
  kind: text(),
  enableServer: bool(true),
  staticPodPath: text(),
  podLogsDir: text('/var/log/pods'),
  syncFrequency: duration('1m0s'),
  fileCheckFrequency: duration('20s'),
  httpCheckFrequency: duration('20s'),
  staticPodURL: text(),
  staticPodURLHeader: { type: 'multimap' },
  address: text('0.0.0.0'),
  port: int(10250),
  readOnlyPort: int(),
  tlsCertFile: text(),
  tlsPrivateKeyFile: text(),
  tlsCipherSuites: strings,
  tlsMinVersion: text(),
  rotateCertificates: bool(),
  serverTLSBootstrap: bool(),
  authentication: object({
    x509: object({ clientCAFile: text() }),
    webhook: object({ enabled: bool(true), cacheTTL: duration('2m0s') }),
    anonymous: object({ enabled: bool(false) }),
  }),
  authorization: object({
    mode: text('Webhook'),
    webhook: object({ cacheAuthorizedTTL: duration('5m0s'), cacheUnauthorizedTTL: duration('30s') }),
  }),
  registryPullQPS: pointer(int(5)),
  registryBurst: int(10),
  imagePullCredentialsVerificationPolicy: text(),
  preloadedImagesVerificationAllowlist: strings,
  eventRecordQPS: pointer(int(50)),
  eventBurst: int(100),
  enableDebuggingHandlers: bool(true),
  enableContentionProfiling: bool(),
  healthzPort: pointer(int(10248)),
  healthzBindAddress: text('127.0.0.1'),
  oomScoreAdj: pointer(int(-999)),
  clusterDomain: text(),
  clusterDNS: strings,
  streamingConnectionIdleTimeout: duration('4h0m0s'),
  nodeStatusUpdateFrequency: duration('10s'),
  nodeStatusReportFrequency: duration('5m0s'),
  nodeLeaseDurationSeconds: int(40),
  imageMinimumGCAge: duration('2m0s'),
  imageMaximumGCAge: duration('0s'),
  imageGCHighThresholdPercent: pointer(int(85)),
  imageGCLowThresholdPercent: pointer(int(80)),
  volumeStatsAggPeriod: duration('1m0s'),
  kubeletCgroups: text(),
  systemCgroups: text(),
  cgroupRoot: text(),
  cgroupsPerQOS: bool(true),
  cgroupDriver: text('cgroupfs'),
  cpuManagerPolicy: text('none'),
  cpuManagerPolicyOptions: stringMap,
  singleProcessOOMKill: bool(),
  cpuManagerReconcilePeriod: duration('10s'),
  memoryManagerPolicy: text('None'),
  topologyManagerPolicy: text('none'),
  topologyManagerScope: text('container'),
  topologyManagerPolicyOptions: stringMap,
  qosReserved: stringMap,
  runtimeRequestTimeout: duration('2m0s'),
  hairpinMode: text('promiscuous-bridge'),
  maxPods: int(110),
  podCIDR: text(),
  podPidsLimit: { type: 'int64', default: -1 },
  resolvConf: pointer(text('/etc/resolv.conf')),
  runOnce: bool(),
  cpuCFSQuota: bool(true),
  cpuCFSQuotaPeriod: pointer(duration('100ms')),
  nodeStatusMaxImages: pointer(int(50)),
  maxOpenFiles: { type: 'int64', default: 1_000_000 },
  contentType: text('application/vnd.kubernetes.protobuf'),
  kubeAPIQPS: pointer(int(50)),
  kubeAPIBurst: int(100),
  serializeImagePulls: bool(),
  maxParallelImagePulls: int(),
  evictionHard: stringMap,
  evictionSoft: stringMap,
  evictionSoftGracePeriod: stringMap,
  evictionPressureTransitionPeriod: duration('5m0s'),
  evictionMaxPodGracePeriod: int(),
  evictionMinimumReclaim: stringMap,
  mergeDefaultEvictionSettings: bool(),
  podsPerCore: int(),
  enableControllerAttachDetach: bool(true),
  protectKernelDefaults: bool(),
  makeIPTablesUtilChains: bool(true),
  iptablesMasqueradeBit: pointer(int(14)),
  iptablesDropBit: pointer(int(15)),
  featureGates: { type: 'map', of: 'bool' },
  failSwapOn: bool(true),
  memorySwap: object({ swapBehavior: text() }),
  containerLogMaxSize: text('10Mi'),
  containerLogMaxFiles: pointer(int(5)),
  containerLogMaxWorkers: pointer(int(1)),
  containerLogMonitorInterval: pointer(duration('10s')),
  configMapAndSecretChangeDetectionStrategy: text('Watch'),
  systemReserved: stringMap,
  kubeReserved: stringMap,
  reservedSystemCPUs: text(),
  showHiddenMetricsForVersion: text(),
  systemReservedCgroup: text(),
  kubeReservedCgroup: text(),
  enforceNodeAllocatable: { type: 'strings', default: ['pods'] },
  allowedUnsafeSysctls: strings,
  volumePluginDir: text('/usr/libexec/kubernetes/kubelet-plugins/volume/exec/'),
  providerID: text(),
  kernelMemcgNotification: bool(),
  logging: opaque,
  enableSystemLogHandler: bool(true),
  enableSystemLogQuery: bool(false),
  shutdownGracePeriod: duration('0s'),
  shutdownGracePeriodCriticalPods: duration('0s'),
  shutdownGracePeriodByPodPriority: opaque,
  crashLoopBackOff: object({ maxContainerRestartPeriod: pointer(duration()) }),
  reservedMemory: opaque,
  enableProfilingHandler: bool(true),
  enableDebugFlagsHandler: bool(true),
  seccompDefault: bool(false),
  memoryThrottlingFactor: { type: 'float64', default: 0.9 },
  registerWithTaints: opaque,
  registerNode: bool(true),
  tracing: opaque,
  localStorageCapacityIsolation: bool(true),
  containerRuntimeEndpoint: text('unix:///run/containerd/containerd.sock'),
  imageServiceEndpoint: text(),
  failCgroupV1: bool(false),
  userNamespaces: object({ idsPerPod: { type: 'int64' } }),
} satisfies FieldTable
