/** `KubeletConfiguration` (`kubelet.config.k8s.io/v1beta1`) as on the wire: every field of the file, those that the kubelet uses named. */

/** Durations are written as Go does: `20s`, `1m0s`. */
export interface KubeletConfiguration {
  apiVersion: 'kubelet.config.k8s.io/v1beta1'
  kind: 'KubeletConfiguration'
  staticPodPath?: string
  fileCheckFrequency?: string
  syncFrequency?: string
  containerRuntimeEndpoint?: string
  clusterDNS?: string[]
  clusterDomain?: string
  maxPods?: number
  containerLogMaxSize?: string
  containerLogMaxFiles?: number
  serializeImagePulls?: boolean
  maxParallelImagePulls?: number
  crashLoopBackOff?: { maxContainerRestartPeriod?: string }
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
