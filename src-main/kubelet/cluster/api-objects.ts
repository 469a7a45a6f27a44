/** The objects of an API server that a kubelet deals with. */
import type { ApiObject, GroupVersionResource } from '../../common/api/api-object.ts'
import type { Pod } from '../../common/api/core.ts'
import type { Taint } from '../options/kubelet-options.ts'

export const PODS: GroupVersionResource = { group: '', version: 'v1', resource: 'pods' }
export const NODES: GroupVersionResource = { group: '', version: 'v1', resource: 'nodes' }

/** A pod as the server has it. */
export type ApiPod = Pod & ApiObject

export interface NodeCondition {
  type: string
  status: 'True' | 'False' | 'Unknown'
  lastHeartbeatTime: string
  lastTransitionTime: string
  reason: string
  message: string
}

export interface NodeAddress {
  type: 'InternalIP' | 'Hostname'
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

export interface NodeStatus {
  capacity?: Record<string, string>
  allocatable?: Record<string, string>
  conditions?: NodeCondition[]
  addresses?: NodeAddress[]
  daemonEndpoints?: { kubeletEndpoint: { Port: number } }
  nodeInfo?: NodeSystemInfo
  images?: { names: string[]; sizeBytes: number }[]
}

/** `core/v1` Node. */
export interface ApiNode extends ApiObject {
  spec: { taints?: (Taint & { timeAdded?: string })[]; unschedulable?: boolean; podCIDR?: string; providerID?: string }
  status?: NodeStatus
}
