/** `KubeletConfiguration` (`kubelet.config.k8s.io/v1beta1`) as on the wire: every field of the file, those that the kubelet uses named. */

/** Durations are written as Go does: `20s`, `1m0s`. */
export interface KubeletConfiguration {
  apiVersion: 'kubelet.config.k8s.io/v1beta1'
  kind: 'KubeletConfiguration'
  staticPodPath?: string
  fileCheckFrequency?: string
  staticPodURL?: string
  staticPodURLHeader?: Record<string, string[]>
  httpCheckFrequency?: string
  syncFrequency?: string
  containerRuntimeEndpoint?: string
  clusterDNS?: string[]
  streamingConnectionIdleTimeout?: string
  clusterDomain?: string
  resolvConf?: string
  maxPods?: number
  podsPerCore?: number
  podPidsLimit?: number
  podLogsDir?: string
  containerLogMaxSize?: string
  containerLogMaxFiles?: number
  containerLogMonitorInterval?: string
  cpuCFSQuota?: boolean
  cpuCFSQuotaPeriod?: string
  seccompDefault?: boolean
  serializeImagePulls?: boolean
  maxParallelImagePulls?: number
  registryPullQPS?: number
  registryBurst?: number
  imagePullCredentialsVerificationPolicy?: string
  featureGates?: Record<string, boolean>
  crashLoopBackOff?: { maxContainerRestartPeriod?: string }
  systemReserved?: Record<string, string>
  kubeReserved?: Record<string, string>
  evictionHard?: Record<string, string>
  enforceNodeAllocatable?: string[]
  enableServer?: boolean
  address?: string
  port?: number
  readOnlyPort?: number
  healthzPort?: number
  healthzBindAddress?: string
  tlsCertFile?: string
  tlsPrivateKeyFile?: string
  tlsMinVersion?: string
  tlsCipherSuites?: string[]
  authentication?: {
    anonymous?: { enabled?: boolean }
    webhook?: { enabled?: boolean }
    x509?: { clientCAFile?: string }
  }
  authorization?: { mode?: string }
  enableDebuggingHandlers?: boolean
  enableSystemLogHandler?: boolean
  [field: string]: unknown
}

export function emptyConfiguration(): KubeletConfiguration {
  return { apiVersion: 'kubelet.config.k8s.io/v1beta1', kind: 'KubeletConfiguration' }
}

export function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
