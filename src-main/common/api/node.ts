/** Kubernetes `core/v1` Node, spelled as on the wire. */
import type { ApiObject } from './api-object.ts'
import type { QuantityString } from './core.ts'
import type { Time } from './meta.ts'

export type TaintEffect = 'NoSchedule' | 'PreferNoSchedule' | 'NoExecute'

export interface Taint {
  key: string
  value?: string
  effect: TaintEffect
  timeAdded?: Time
}

export interface NodeCondition {
  type: 'Ready' | 'MemoryPressure' | 'DiskPressure' | 'PIDPressure' | 'NetworkUnavailable' | (string & {})
  status: 'True' | 'False' | 'Unknown'
  lastHeartbeatTime?: Time | null
  lastTransitionTime?: Time | null
  reason?: string
  message?: string
}

export interface NodeAddress {
  type: 'InternalIP' | 'ExternalIP' | 'Hostname' | 'InternalDNS' | 'ExternalDNS'
  address: string
}

export interface NodeSystemInfo {
  machineID: string
  systemUUID: string
  bootID: string
  kernelVersion: string
  osImage: string
  containerRuntimeVersion: string
  kubeletVersion: string
  kubeProxyVersion: string
  operatingSystem: string
  architecture: string
}

export interface NodeSpec {
  podCIDR?: string
  podCIDRs?: string[]
  providerID?: string
  /** Set by `kubectl cordon`. */
  unschedulable?: boolean
  taints?: Taint[]
}

export interface NodeStatus {
  capacity?: Record<string, QuantityString>
  allocatable?: Record<string, QuantityString>
  conditions?: NodeCondition[]
  addresses?: NodeAddress[]
  daemonEndpoints?: { kubeletEndpoint?: { Port: number } }
  nodeInfo?: NodeSystemInfo
  images?: { names?: string[]; sizeBytes?: number }[]
  volumesInUse?: string[]
}

/** `spec` and `status` are always there in what the API server writes. */
export interface Node extends ApiObject {
  spec?: NodeSpec
  status?: NodeStatus
}
