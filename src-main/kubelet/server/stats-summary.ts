/** `/stats/summary`: what the node and its pods use (k8s.io/kubelet/pkg/apis/stats/v1alpha1), as far as it is known here. */
import type { ContainerStats, CpuUsage, MemoryUsage, PodSandboxStats } from '../../container-runtime/cri-stats.ts'
import type { RuntimePod } from '../runtime/runtime-pod.ts'
import type { NodeUsage } from './node-usage.ts'

export interface CpuStats {
  time: string
  /** 1,000,000,000 is one core; absent at the first look. */
  usageNanoCores?: number
  usageCoreNanoSeconds: number
}

export interface MemoryStats {
  time: string
  availableBytes?: number
  usageBytes: number
  workingSetBytes: number
  rssBytes: number
  pageFaults: number
  majorPageFaults: number
}

export interface FilesystemStats {
  time: string
  availableBytes?: number
  capacityBytes?: number
  usedBytes: number
  inodesFree?: number
  inodes?: number
  inodesUsed: number
}

export interface ContainerSummary {
  name: string
  startTime: string
  cpu?: CpuStats
  memory?: MemoryStats
}

export interface PodSummary {
  podRef: { name: string; namespace: string; uid: string }
  startTime: string
  containers: ContainerSummary[]
  cpu?: CpuStats
  memory?: MemoryStats
  network?: object
  process_stats?: { process_count: number }
}

export interface Summary {
  node: {
    nodeName: string
    startTime: string
    cpu?: CpuStats
    memory?: MemoryStats
    fs?: FilesystemStats
    runtime?: { imageFs?: FilesystemStats }
  }
  pods: PodSummary[]
}

export interface SummaryInput {
  nodeName: string
  nodeStartMs: number
  nowMs: number
  /** Beside the pods. */
  nodeUsage: NodeUsage | undefined
  /** Of the node as a machine. */
  memoryBytes: number
  pods: readonly PodSandboxStats[]
  runtimePod: (uid: string) => RuntimePod
  /** Absent when only processor and memory are wanted. */
  fs?: FilesystemStats
  imageFs?: FilesystemStats
  onlyCpuAndMemory: boolean
}

export function computeSummary(input: SummaryInput): Summary {
  const { nodeName, nodeStartMs, fs, imageFs } = input
  const pods = input.pods.map((pod) => podSummary(pod, input))
  return {
    node: {
      nodeName,
      startTime: timeOf(BigInt(Math.round(nodeStartMs)) * 1_000_000n),
      ...nodeTotals(pods, input),
      ...(fs === undefined ? {} : { fs }),
      ...(imageFs === undefined ? {} : { runtime: { imageFs } }),
    },
    pods,
  }
}

/** A node is its own container and its pods: on a real one, what the machine has in all. */
function nodeTotals(pods: readonly PodSummary[], input: SummaryInput): { cpu?: CpuStats; memory?: MemoryStats } {
  const { nodeUsage, memoryBytes } = input
  if (nodeUsage === undefined) return {}
  const time = timeOf(BigInt(Math.round(input.nowMs)) * 1_000_000n)
  const sum = (read: (pod: PodSummary) => number | undefined): number =>
    pods.reduce((total, pod) => total + (read(pod) ?? 0), 0)
  const workingSetBytes = nodeUsage.workingSetBytes + sum((pod) => pod.memory?.workingSetBytes)
  return {
    cpu: {
      time,
      usageCoreNanoSeconds: nodeUsage.usageCoreNanoSeconds + sum((pod) => pod.cpu?.usageCoreNanoSeconds),
    },
    memory: {
      time,
      availableBytes: Math.max(0, memoryBytes - workingSetBytes),
      usageBytes: nodeUsage.usageBytes + sum((pod) => pod.memory?.usageBytes),
      workingSetBytes,
      rssBytes: nodeUsage.rssBytes + sum((pod) => pod.memory?.rssBytes),
      pageFaults: nodeUsage.pageFaults + sum((pod) => pod.memory?.pageFaults),
      majorPageFaults: nodeUsage.majorPageFaults + sum((pod) => pod.memory?.majorPageFaults),
    },
  }
}

function podSummary(stats: PodSandboxStats, { runtimePod, onlyCpuAndMemory }: SummaryInput): PodSummary {
  const { name, namespace, uid } = stats.attributes.metadata
  const pod = runtimePod(uid)
  const startedAt = pod.sandboxes.find(({ id }) => id === stats.attributes.id)?.createdAt ?? 0n
  return {
    podRef: { name, namespace, uid },
    startTime: timeOf(startedAt),
    containers: stats.containers.map((container) => containerSummary(container, pod)),
    ...cpuAndMemory(stats),
    ...(onlyCpuAndMemory ? {} : networkAndProcesses(stats)),
  }
}

function containerSummary(stats: ContainerStats, pod: RuntimePod): ContainerSummary {
  const startedAt = pod.containers.find(({ id }) => id === stats.attributes.id)?.startedAt ?? 0n
  return { name: stats.attributes.metadata.name, startTime: timeOf(startedAt), ...cpuAndMemory(stats) }
}

function cpuAndMemory({ cpu, memory }: { cpu?: CpuUsage; memory?: MemoryUsage }): {
  cpu?: CpuStats
  memory?: MemoryStats
} {
  return {
    ...(cpu === undefined ? {} : { cpu: cpuStats(cpu) }),
    ...(memory === undefined ? {} : { memory: memoryStats(memory) }),
  }
}

function cpuStats({ timestamp, usageCoreNanoSeconds, usageNanoCores }: CpuUsage): CpuStats {
  return {
    time: timeOf(timestamp),
    ...(usageNanoCores === undefined ? {} : { usageNanoCores: Number(usageNanoCores) }),
    usageCoreNanoSeconds: Number(usageCoreNanoSeconds),
  }
}

function memoryStats(memory: MemoryUsage): MemoryStats {
  return {
    time: timeOf(memory.timestamp),
    ...(memory.availableBytes === undefined ? {} : { availableBytes: Number(memory.availableBytes) }),
    usageBytes: Number(memory.usageBytes),
    workingSetBytes: Number(memory.workingSetBytes),
    rssBytes: Number(memory.rssBytes),
    pageFaults: Number(memory.pageFaults),
    majorPageFaults: Number(memory.majorPageFaults),
  }
}

function networkAndProcesses({
  network,
  processCount,
}: PodSandboxStats): Pick<PodSummary, 'network' | 'process_stats'> {
  const usage = network?.defaultInterface
  return {
    ...(network === undefined || usage === undefined
      ? {}
      : {
          network: {
            time: timeOf(network.timestamp),
            name: usage.name,
            rxBytes: Number(usage.rxBytes),
            rxErrors: Number(usage.rxErrors),
            txBytes: Number(usage.txBytes),
            txErrors: Number(usage.txErrors),
          },
        }),
    ...(processCount === undefined ? {} : { process_stats: { process_count: Number(processCount) } }),
  }
}

/** Whole seconds, as the API writes times; nanoseconds since the epoch. */
function timeOf(nanoseconds: bigint): string {
  return new Date(Number(nanoseconds / 1_000_000n)).toISOString().replace(/\.\d+Z$/, 'Z')
}
