/** What simulated containers use: what their script says, counted on the simulated clock. */
import type { ContainerStats, CpuUsage, LinuxContainerResources, MemoryUsage, PodSandboxStats } from '../cri.ts'
import { toCriContainer, toPodSandbox } from './simulated-state.ts'
import type { SimulatedContainer, SimulatedSandbox } from './simulated-state.ts'

export function simulatedContainerStats(container: SimulatedContainer, nowNs: bigint): ContainerStats {
  const { id, metadata, labels, annotations } = toCriContainer(container)
  const attributes = { id, metadata, labels, annotations }
  if (container.run.state !== 'running') return { attributes }
  const { cores = 0, memoryBytes = 0 } = container.behaviour.usage ?? {}
  const rate = BigInt(Math.round(cores * 1e9))
  const limit = container.config.linux.resources.memoryLimitInBytes
  const workingSetBytes = BigInt(memoryBytes)
  return {
    attributes,
    cpu: {
      timestamp: nowNs,
      usageCoreNanoSeconds: ((nowNs - container.run.startedAt) * rate) / 1_000_000_000n,
      usageNanoCores: rate,
    },
    memory: {
      timestamp: nowNs,
      workingSetBytes,
      ...(limit === 0n ? {} : { availableBytes: limit > workingSetBytes ? limit - workingSetBytes : 0n }),
      usageBytes: workingSetBytes,
      rssBytes: workingSetBytes,
      pageFaults: 0n,
      majorPageFaults: 0n,
    },
  }
}

export function simulatedPodStats(
  sandbox: SimulatedSandbox,
  running: SimulatedContainer[],
  nowNs: bigint,
): PodSandboxStats {
  const { id, metadata, labels, annotations } = toPodSandbox(sandbox)
  const attributes = { id, metadata, labels, annotations }
  const containers = running.map((container) => simulatedContainerStats(container, nowNs))
  if (sandbox.state === 'SANDBOX_NOTREADY') return { attributes, containers }
  const cpu: CpuUsage = { timestamp: nowNs, usageCoreNanoSeconds: 0n, usageNanoCores: 0n }
  const none = { usageBytes: 0n, rssBytes: 0n, pageFaults: 0n, majorPageFaults: 0n }
  const memory: MemoryUsage = { timestamp: nowNs, workingSetBytes: 0n, ...none }
  for (const part of containers) {
    cpu.usageCoreNanoSeconds += part.cpu?.usageCoreNanoSeconds ?? 0n
    cpu.usageNanoCores = (cpu.usageNanoCores ?? 0n) + (part.cpu?.usageNanoCores ?? 0n)
    memory.workingSetBytes += part.memory?.workingSetBytes ?? 0n
  }
  memory.usageBytes = memory.rssBytes = memory.workingSetBytes
  const inPodNetwork = sandbox.config.linux.securityContext.namespaceOptions.network === 'POD'
  return {
    ...{ attributes, cpu, memory, containers },
    ...(inPodNetwork ? { network: { timestamp: nowNs, defaultInterface: SILENT_INTERFACE, interfaces: [] } } : {}),
    processCount: BigInt(running.length + 1),
  }
}

/** Simulated pods send nothing. */
const SILENT_INTERFACE = { name: 'eth0', rxBytes: 0n, rxErrors: 0n, txBytes: 0n, txErrors: 0n }

/** As the engine does it: zero is "as it is", and the score of the memory killer does not change. */
export function mergeResources(
  current: LinuxContainerResources,
  wanted: LinuxContainerResources,
): LinuxContainerResources {
  const pick = (next: bigint, before: bigint): bigint => (next === 0n ? before : next)
  return {
    cpuPeriod: pick(wanted.cpuPeriod, current.cpuPeriod),
    cpuQuota: pick(wanted.cpuQuota, current.cpuQuota),
    cpuShares: pick(wanted.cpuShares, current.cpuShares),
    memoryLimitInBytes: pick(wanted.memoryLimitInBytes, current.memoryLimitInBytes),
    oomScoreAdj: current.oomScoreAdj,
    ...(current.pidsLimit === undefined ? {} : { pidsLimit: current.pidsLimit }),
  }
}
