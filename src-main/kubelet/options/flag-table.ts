/**
 * The kubelet's flags (cmd/kubelet/app/options/options.go, Kubernetes 1.32 to 1.35): one table for parsing, warnings and the
 * fields that flags stand for. `field` is a dotted path in `KubeletConfiguration`.
 */

type FlagType =
  | 'string'
  | 'bool'
  /** `true` when it has no value, `raw`, or a version that the kubelet is to report. */
  | 'version'
  | 'int32'
  | 'int64'
  | 'duration'
  | 'strings'
  | 'map'
  | 'boolmap'
  | 'limits'
  | 'multimap'

export interface Flag {
  name: string
  type: FlagType
  field?: string
  /** What follows `Flag --x has been deprecated, `. */
  deprecated?: string
  shorthand?: string
}

const IN_CONFIG =
  "This parameter should be set via the config file specified by the Kubelet's --config flag. See https://kubernetes.io/docs/tasks/administer-cluster/kubelet-config-file/ for more information."

/** A flag that only stands for a field of the file. */
function forField(name: string, type: FlagType, field: string): Flag {
  return { name, type, field, deprecated: IN_CONFIG }
}

const NO_GARBAGE_FLAGS = 'Use --eviction-hard or --eviction-soft instead. Will be removed in a future version.'

const FLAGS: readonly Flag[] = [
  { name: 'help', type: 'bool', shorthand: 'h' },
  { name: 'version', type: 'version' },
  { name: 'config', type: 'string' },
  { name: 'config-dir', type: 'string' },
  { name: 'kubeconfig', type: 'string' },
  { name: 'bootstrap-kubeconfig', type: 'string' },
  { name: 'hostname-override', type: 'string' },
  { name: 'node-ip', type: 'string' },
  { name: 'node-labels', type: 'map' },
  { name: 'cert-dir', type: 'string' },
  { name: 'root-dir', type: 'string' },
  { name: 'cloud-provider', type: 'string' },
  { name: 'runtime-cgroups', type: 'string' },
  { name: 'image-credential-provider-config', type: 'string' },
  { name: 'image-credential-provider-bin-dir', type: 'string' },
  { name: 'v', type: 'int32', shorthand: 'v' },
  { name: 'vmodule', type: 'string' },
  { name: 'log-flush-frequency', type: 'duration' },
  { name: 'logging-format', type: 'string', deprecated: IN_CONFIG },
  { name: 'log-json-split-stream', type: 'bool', deprecated: IN_CONFIG },
  { name: 'log-json-info-buffer-size', type: 'string', deprecated: IN_CONFIG },
  { name: 'log-text-split-stream', type: 'bool', deprecated: IN_CONFIG },
  { name: 'log-text-info-buffer-size', type: 'string', deprecated: IN_CONFIG },
  { name: 'reserved-memory', type: 'string', deprecated: IN_CONFIG },
  {
    name: 'experimental-allocatable-ignore-eviction',
    type: 'bool',
    deprecated: 'will be removed in 1.25 or later.',
  },
  {
    name: 'experimental-mounter-path',
    type: 'string',
    deprecated: 'will be removed in 1.25 or later. in favor of using CSI.',
  },
  { name: 'lock-file', type: 'string' },
  { name: 'exit-on-lock-contention', type: 'bool' },
  { name: 'minimum-container-ttl-duration', type: 'duration', deprecated: NO_GARBAGE_FLAGS },
  { name: 'maximum-dead-containers-per-container', type: 'int32', deprecated: NO_GARBAGE_FLAGS },
  { name: 'maximum-dead-containers', type: 'int32', deprecated: NO_GARBAGE_FLAGS },
  { name: 'register-schedulable', type: 'bool', deprecated: 'will be removed in a future version' },
  { name: 'provider-id', type: 'string', field: 'providerID' },
  { name: 'fail-cgroupv1', type: 'bool', field: 'failCgroupV1' },
  { name: 'seccomp-default', type: 'bool', field: 'seccompDefault' },
  {
    name: 'pod-infra-container-image',
    type: 'string',
    deprecated: 'will be removed in 1.35. Image garbage collector will get sandbox image information from CRI.',
  },
  forField('register-with-taints', 'string', 'registerWithTaints'),
  forField('register-node', 'bool', 'registerNode'),
  forField('enable-server', 'bool', 'enableServer'),
  forField('fail-swap-on', 'bool', 'failSwapOn'),
  forField('pod-manifest-path', 'string', 'staticPodPath'),
  forField('sync-frequency', 'duration', 'syncFrequency'),
  forField('file-check-frequency', 'duration', 'fileCheckFrequency'),
  forField('http-check-frequency', 'duration', 'httpCheckFrequency'),
  forField('manifest-url', 'string', 'staticPodURL'),
  forField('manifest-url-header', 'multimap', 'staticPodURLHeader'),
  forField('address', 'string', 'address'),
  forField('port', 'int32', 'port'),
  forField('read-only-port', 'int32', 'readOnlyPort'),
  forField('container-runtime-endpoint', 'string', 'containerRuntimeEndpoint'),
  forField('image-service-endpoint', 'string', 'imageServiceEndpoint'),
  forField('anonymous-auth', 'bool', 'authentication.anonymous.enabled'),
  forField('authentication-token-webhook', 'bool', 'authentication.webhook.enabled'),
  forField('authentication-token-webhook-cache-ttl', 'duration', 'authentication.webhook.cacheTTL'),
  forField('client-ca-file', 'string', 'authentication.x509.clientCAFile'),
  forField('authorization-mode', 'string', 'authorization.mode'),
  forField('authorization-webhook-cache-authorized-ttl', 'duration', 'authorization.webhook.cacheAuthorizedTTL'),
  forField('authorization-webhook-cache-unauthorized-ttl', 'duration', 'authorization.webhook.cacheUnauthorizedTTL'),
  forField('tls-cert-file', 'string', 'tlsCertFile'),
  forField('tls-private-key-file', 'string', 'tlsPrivateKeyFile'),
  forField('tls-cipher-suites', 'strings', 'tlsCipherSuites'),
  forField('tls-min-version', 'string', 'tlsMinVersion'),
  forField('rotate-certificates', 'bool', 'rotateCertificates'),
  forField('rotate-server-certificates', 'bool', 'serverTLSBootstrap'),
  forField('registry-qps', 'int32', 'registryPullQPS'),
  forField('registry-burst', 'int32', 'registryBurst'),
  forField('event-qps', 'int32', 'eventRecordQPS'),
  forField('event-burst', 'int32', 'eventBurst'),
  forField('enable-debugging-handlers', 'bool', 'enableDebuggingHandlers'),
  forField('contention-profiling', 'bool', 'enableContentionProfiling'),
  forField('healthz-port', 'int32', 'healthzPort'),
  forField('healthz-bind-address', 'string', 'healthzBindAddress'),
  forField('oom-score-adj', 'int32', 'oomScoreAdj'),
  forField('cluster-domain', 'string', 'clusterDomain'),
  forField('cluster-dns', 'strings', 'clusterDNS'),
  forField('volume-plugin-dir', 'string', 'volumePluginDir'),
  forField('streaming-connection-idle-timeout', 'duration', 'streamingConnectionIdleTimeout'),
  forField('node-status-update-frequency', 'duration', 'nodeStatusUpdateFrequency'),
  forField('minimum-image-ttl-duration', 'duration', 'imageMinimumGCAge'),
  forField('image-gc-high-threshold', 'int32', 'imageGCHighThresholdPercent'),
  forField('image-gc-low-threshold', 'int32', 'imageGCLowThresholdPercent'),
  forField('volume-stats-agg-period', 'duration', 'volumeStatsAggPeriod'),
  forField('feature-gates', 'boolmap', 'featureGates'),
  forField('kubelet-cgroups', 'string', 'kubeletCgroups'),
  forField('system-cgroups', 'string', 'systemCgroups'),
  forField('cgroups-per-qos', 'bool', 'cgroupsPerQOS'),
  forField('cgroup-driver', 'string', 'cgroupDriver'),
  forField('cgroup-root', 'string', 'cgroupRoot'),
  forField('cpu-manager-policy', 'string', 'cpuManagerPolicy'),
  forField('cpu-manager-policy-options', 'map', 'cpuManagerPolicyOptions'),
  forField('cpu-manager-reconcile-period', 'duration', 'cpuManagerReconcilePeriod'),
  forField('memory-manager-policy', 'string', 'memoryManagerPolicy'),
  forField('topology-manager-policy', 'string', 'topologyManagerPolicy'),
  forField('topology-manager-scope', 'string', 'topologyManagerScope'),
  forField('topology-manager-policy-options', 'map', 'topologyManagerPolicyOptions'),
  forField('qos-reserved', 'map', 'qosReserved'),
  forField('runtime-request-timeout', 'duration', 'runtimeRequestTimeout'),
  forField('hairpin-mode', 'string', 'hairpinMode'),
  forField('max-pods', 'int32', 'maxPods'),
  forField('pods-per-core', 'int32', 'podsPerCore'),
  forField('pod-cidr', 'string', 'podCIDR'),
  forField('pod-max-pids', 'int64', 'podPidsLimit'),
  forField('resolv-conf', 'string', 'resolvConf'),
  forField('runonce', 'bool', 'runOnce'),
  forField('cpu-cfs-quota', 'bool', 'cpuCFSQuota'),
  forField('cpu-cfs-quota-period', 'duration', 'cpuCFSQuotaPeriod'),
  forField('enable-controller-attach-detach', 'bool', 'enableControllerAttachDetach'),
  forField('make-iptables-util-chains', 'bool', 'makeIPTablesUtilChains'),
  forField('iptables-masquerade-bit', 'int32', 'iptablesMasqueradeBit'),
  forField('iptables-drop-bit', 'int32', 'iptablesDropBit'),
  forField('container-log-max-size', 'string', 'containerLogMaxSize'),
  forField('container-log-max-files', 'int32', 'containerLogMaxFiles'),
  forField('allowed-unsafe-sysctls', 'strings', 'allowedUnsafeSysctls'),
  forField('node-status-max-images', 'int32', 'nodeStatusMaxImages'),
  forField('kernel-memcg-notification', 'bool', 'kernelMemcgNotification'),
  forField('local-storage-capacity-isolation', 'bool', 'localStorageCapacityIsolation'),
  forField('max-open-files', 'int64', 'maxOpenFiles'),
  forField('kube-api-content-type', 'string', 'contentType'),
  forField('kube-api-qps', 'int32', 'kubeAPIQPS'),
  forField('kube-api-burst', 'int32', 'kubeAPIBurst'),
  forField('serialize-image-pulls', 'bool', 'serializeImagePulls'),
  forField('eviction-hard', 'limits', 'evictionHard'),
  forField('eviction-soft', 'limits', 'evictionSoft'),
  forField('eviction-soft-grace-period', 'map', 'evictionSoftGracePeriod'),
  forField('eviction-pressure-transition-period', 'duration', 'evictionPressureTransitionPeriod'),
  forField('eviction-max-pod-grace-period', 'int32', 'evictionMaxPodGracePeriod'),
  forField('eviction-minimum-reclaim', 'map', 'evictionMinimumReclaim'),
  forField('protect-kernel-defaults', 'bool', 'protectKernelDefaults'),
  forField('reserved-cpus', 'string', 'reservedSystemCPUs'),
  forField('system-reserved', 'map', 'systemReserved'),
  forField('kube-reserved', 'map', 'kubeReserved'),
  forField('enforce-node-allocatable', 'strings', 'enforceNodeAllocatable'),
  forField('show-hidden-metrics-for-version', 'string', 'showHiddenMetricsForVersion'),
  forField('system-reserved-cgroup', 'string', 'systemReservedCgroup'),
  forField('kube-reserved-cgroup', 'string', 'kubeReservedCgroup'),
]

/** Flags that stand for no field of the file. */
export const FIELDLESS_FLAGS: readonly string[] = FLAGS.filter(({ field }) => field === undefined).map(
  ({ name }) => name,
)

/** The flag that stands for the whole of a field of the file. */
export function flagOfField(name: string): string | undefined {
  return FLAGS.find(({ field }) => field === name)?.name
}

const byName = new Map(FLAGS.map((flag) => [flag.name, flag]))
const byShorthand = new Map(FLAGS.flatMap((flag) => (flag.shorthand === undefined ? [] : [[flag.shorthand, flag]])))

/** By its name; `_` counts as `-` as in all Kubernetes programs. */
export function findFlag(name: string): Flag | undefined {
  return byName.get(name.replaceAll('_', '-'))
}

export function findShorthand(letter: string): Flag | undefined {
  return byShorthand.get(letter)
}
