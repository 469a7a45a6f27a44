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
  podsPerCore?: number
  kubeReserved?: Record<string, string>
  systemReserved?: Record<string, string>
  evictionHard?: Record<string, string>
  mergeDefaultEvictionSettings?: boolean
  containerLogMaxSize?: string
  containerLogMaxFiles?: number
  serializeImagePulls?: boolean
  maxParallelImagePulls?: number
  crashLoopBackOff?: { maxContainerRestartPeriod?: string }
  [field: string]: unknown
}
