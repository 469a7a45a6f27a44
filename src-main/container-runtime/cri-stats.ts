/** What CRI tells of the use of resources. Times are nanoseconds since the epoch, sizes bytes. */
import type { ContainerMetadata, PodSandboxMetadata } from './cri.ts'

export interface CpuUsage {
  timestamp: bigint
  /** Since the start. */
  usageCoreNanoSeconds: bigint
  /** The rate between the last two looks: 1,000,000,000 is one core. Absent at the first look. */
  usageNanoCores?: bigint
}

export interface MemoryUsage {
  timestamp: bigint
  /** What cannot be taken back under pressure: all but the inactive page cache. */
  workingSetBytes: bigint
  /** Limit less working set; absent without a limit. */
  availableBytes?: bigint
  usageBytes: bigint
  rssBytes: bigint
  pageFaults: bigint
  majorPageFaults: bigint
}

export interface FilesystemUsage {
  timestamp: bigint
  mountpoint: string
  usedBytes: bigint
}

export interface ContainerStats {
  attributes: {
    id: string
    metadata: ContainerMetadata
    labels: Record<string, string>
    annotations: Record<string, string>
  }
  /** Absent, as `memory` is, when it does not run. */
  cpu?: CpuUsage
  memory?: MemoryUsage
  /** The container's own layer; asked for one container only, as the engine has to walk it. */
  writableLayer?: FilesystemUsage
}

export interface ContainerStatsFilter {
  id?: string
  podSandboxId?: string
  labelSelector?: Record<string, string>
}

export interface NetworkInterfaceUsage {
  name: string
  rxBytes: bigint
  rxErrors: bigint
  txBytes: bigint
  txErrors: bigint
}

export interface PodSandboxStats {
  attributes: {
    id: string
    metadata: PodSandboxMetadata
    labels: Record<string, string>
    annotations: Record<string, string>
  }
  /** Of the sandbox and all its running containers, as `memory` and `processCount` are. */
  cpu?: CpuUsage
  memory?: MemoryUsage
  /** Absent for pods in the node's network. `interfaces` are those beside the default one. */
  network?: { timestamp: bigint; defaultInterface?: NetworkInterfaceUsage; interfaces: NetworkInterfaceUsage[] }
  processCount?: bigint
  containers: ContainerStats[]
}

export interface PodSandboxStatsFilter {
  id?: string
  labelSelector?: Record<string, string>
}
