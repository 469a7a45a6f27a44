/** The messages of CRI's statistics; see schema.ts. */
import { message, repeated, stringMap } from '../../base/protobuf.ts'
import { FilesystemUsage } from './schema-images.ts'
import { ContainerMetadata, PodSandboxMetadata, UInt64Value } from './schema.ts'

export const CpuUsage = message('CpuUsage', {
  timestamp: [1, 'int64'],
  usageCoreNanoSeconds: [2, UInt64Value],
  usageNanoCores: [3, UInt64Value],
})
export const MemoryUsage = message('MemoryUsage', {
  timestamp: [1, 'int64'],
  workingSetBytes: [2, UInt64Value],
  availableBytes: [3, UInt64Value],
  usageBytes: [4, UInt64Value],
  rssBytes: [5, UInt64Value],
  pageFaults: [6, UInt64Value],
  majorPageFaults: [7, UInt64Value],
})
const ContainerAttributes = message('ContainerAttributes', {
  id: [1, 'string'],
  metadata: [2, ContainerMetadata],
  labels: [3, stringMap],
  annotations: [4, stringMap],
})
export const ContainerStats = message('ContainerStats', {
  attributes: [1, ContainerAttributes],
  cpu: [2, CpuUsage],
  memory: [3, MemoryUsage],
  writableLayer: [4, FilesystemUsage],
})
export const ContainerStatsRequest = message('ContainerStatsRequest', { containerId: [1, 'string'] })
export const ContainerStatsResponse = message('ContainerStatsResponse', { stats: [1, ContainerStats] })
const ContainerStatsFilter = message('ContainerStatsFilter', {
  id: [1, 'string'],
  podSandboxId: [2, 'string'],
  labelSelector: [3, stringMap],
})
export const ListContainerStatsRequest = message('ListContainerStatsRequest', { filter: [1, ContainerStatsFilter] })
export const ListContainerStatsResponse = message('ListContainerStatsResponse', {
  stats: [1, repeated(ContainerStats)],
})

export const NetworkInterfaceUsage = message('NetworkInterfaceUsage', {
  name: [1, 'string'],
  rxBytes: [2, UInt64Value],
  rxErrors: [3, UInt64Value],
  txBytes: [4, UInt64Value],
  txErrors: [5, UInt64Value],
})
const NetworkUsage = message('NetworkUsage', {
  timestamp: [1, 'int64'],
  defaultInterface: [2, NetworkInterfaceUsage],
  interfaces: [3, repeated(NetworkInterfaceUsage)],
})
const ProcessUsage = message('ProcessUsage', { timestamp: [1, 'int64'], processCount: [2, UInt64Value] })
const LinuxPodSandboxStats = message('LinuxPodSandboxStats', {
  cpu: [1, CpuUsage],
  memory: [2, MemoryUsage],
  network: [3, NetworkUsage],
  process: [4, ProcessUsage],
  containers: [5, repeated(ContainerStats)],
})
const PodSandboxAttributes = message('PodSandboxAttributes', {
  id: [1, 'string'],
  metadata: [2, PodSandboxMetadata],
  labels: [3, stringMap],
  annotations: [4, stringMap],
})
export const PodSandboxStats = message('PodSandboxStats', {
  attributes: [1, PodSandboxAttributes],
  linux: [2, LinuxPodSandboxStats],
})
export const PodSandboxStatsRequest = message('PodSandboxStatsRequest', { podSandboxId: [1, 'string'] })
export const PodSandboxStatsResponse = message('PodSandboxStatsResponse', { stats: [1, PodSandboxStats] })
const PodSandboxStatsFilter = message('PodSandboxStatsFilter', { id: [1, 'string'], labelSelector: [2, stringMap] })
export const ListPodSandboxStatsRequest = message('ListPodSandboxStatsRequest', { filter: [1, PodSandboxStatsFilter] })
export const ListPodSandboxStatsResponse = message('ListPodSandboxStatsResponse', {
  stats: [1, repeated(PodSandboxStats)],
})
