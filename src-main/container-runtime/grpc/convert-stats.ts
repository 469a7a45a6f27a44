/** Statistics between cri-stats.ts and the wire, where every number may be absent. */
import type {
  ContainerStats,
  CpuUsage,
  FilesystemUsage,
  MemoryUsage,
  NetworkInterfaceUsage,
  PodSandboxStats,
} from '../cri-stats.ts'
import { required } from './convert-config.ts'
import type { DecodedMessage, EncodableMessage } from '../../base/protobuf.ts'
import type * as schema from './schema-stats.ts'

type Wire<M> = DecodedMessage<M>
type Sent<M> = EncodableMessage<M>
type Wrapped = { value: bigint } | undefined

const wrap = (value: bigint | undefined): Wrapped => (value === undefined ? undefined : { value })
const orZero = (wrapped: Wrapped): bigint => wrapped?.value ?? 0n

function cpuToWire(cpu: CpuUsage | undefined): Sent<typeof schema.CpuUsage> | undefined {
  if (cpu === undefined) return undefined
  const { timestamp, usageCoreNanoSeconds, usageNanoCores } = cpu
  return { timestamp, usageCoreNanoSeconds: wrap(usageCoreNanoSeconds), usageNanoCores: wrap(usageNanoCores) }
}

function cpuFromWire(wire: Wire<typeof schema.CpuUsage>): CpuUsage {
  const { timestamp, usageCoreNanoSeconds, usageNanoCores } = wire
  return {
    timestamp,
    usageCoreNanoSeconds: orZero(usageCoreNanoSeconds),
    ...(usageNanoCores === undefined ? {} : { usageNanoCores: usageNanoCores.value }),
  }
}

function memoryToWire(memory: MemoryUsage | undefined): Sent<typeof schema.MemoryUsage> | undefined {
  if (memory === undefined) return undefined
  return {
    timestamp: memory.timestamp,
    workingSetBytes: wrap(memory.workingSetBytes),
    availableBytes: wrap(memory.availableBytes),
    usageBytes: wrap(memory.usageBytes),
    rssBytes: wrap(memory.rssBytes),
    pageFaults: wrap(memory.pageFaults),
    majorPageFaults: wrap(memory.majorPageFaults),
  }
}

function memoryFromWire(wire: Wire<typeof schema.MemoryUsage>): MemoryUsage {
  return {
    timestamp: wire.timestamp,
    workingSetBytes: orZero(wire.workingSetBytes),
    ...(wire.availableBytes === undefined ? {} : { availableBytes: wire.availableBytes.value }),
    usageBytes: orZero(wire.usageBytes),
    rssBytes: orZero(wire.rssBytes),
    pageFaults: orZero(wire.pageFaults),
    majorPageFaults: orZero(wire.majorPageFaults),
  }
}

export function containerStatsToWire(stats: ContainerStats): Sent<typeof schema.ContainerStats> {
  const layer = stats.writableLayer
  return {
    attributes: stats.attributes,
    cpu: cpuToWire(stats.cpu),
    memory: memoryToWire(stats.memory),
    writableLayer: layer && {
      timestamp: layer.timestamp,
      fsId: { mountpoint: layer.mountpoint },
      usedBytes: wrap(layer.usedBytes),
    },
  }
}

export function containerStatsFromWire(
  wire: Wire<typeof schema.ContainerStats> | undefined,
  field: string,
): ContainerStats {
  const { attributes, cpu, memory, writableLayer } = required(wire, field)
  const { id, metadata, labels, annotations } = required(attributes, `${field}.attributes`)
  return {
    attributes: { id, labels, annotations, metadata: required(metadata, `${field}.attributes.metadata`) },
    ...(cpu === undefined ? {} : { cpu: cpuFromWire(cpu) }),
    ...(memory === undefined ? {} : { memory: memoryFromWire(memory) }),
    ...(writableLayer === undefined ? {} : { writableLayer: layerFromWire(writableLayer) }),
  }
}

function layerFromWire(wire: NonNullable<Wire<typeof schema.ContainerStats>['writableLayer']>): FilesystemUsage {
  const { timestamp, fsId, usedBytes } = wire
  return { timestamp, mountpoint: fsId?.mountpoint ?? '', usedBytes: orZero(usedBytes) }
}

function interfaceToWire(usage: NetworkInterfaceUsage): Sent<typeof schema.NetworkInterfaceUsage> {
  const { name, rxBytes, rxErrors, txBytes, txErrors } = usage
  return { name, rxBytes: wrap(rxBytes), rxErrors: wrap(rxErrors), txBytes: wrap(txBytes), txErrors: wrap(txErrors) }
}

function interfaceFromWire(wire: Wire<typeof schema.NetworkInterfaceUsage>): NetworkInterfaceUsage {
  const { name, rxBytes, rxErrors, txBytes, txErrors } = wire
  return {
    name,
    rxBytes: orZero(rxBytes),
    rxErrors: orZero(rxErrors),
    txBytes: orZero(txBytes),
    txErrors: orZero(txErrors),
  }
}

export function podSandboxStatsToWire(stats: PodSandboxStats): Sent<typeof schema.PodSandboxStats> {
  const { attributes, cpu, memory, network, processCount, containers } = stats
  const defaultInterface = network?.defaultInterface
  return {
    attributes,
    linux: {
      cpu: cpuToWire(cpu),
      memory: memoryToWire(memory),
      network: network && {
        timestamp: network.timestamp,
        defaultInterface: defaultInterface && interfaceToWire(defaultInterface),
        interfaces: network.interfaces.map(interfaceToWire),
      },
      process: processCount === undefined ? undefined : { timestamp: cpu?.timestamp, processCount: wrap(processCount) },
      containers: containers.map(containerStatsToWire),
    },
  }
}

export function podSandboxStatsFromWire(
  wire: Wire<typeof schema.PodSandboxStats> | undefined,
  field: string,
): PodSandboxStats {
  const { attributes, linux } = required(wire, field)
  const { id, metadata, labels, annotations } = required(attributes, `${field}.attributes`)
  const { cpu, memory, network, process, containers = [] } = linux ?? {}
  const defaultInterface = network?.defaultInterface
  return {
    attributes: { id, labels, annotations, metadata: required(metadata, `${field}.attributes.metadata`) },
    ...(cpu === undefined ? {} : { cpu: cpuFromWire(cpu) }),
    ...(memory === undefined ? {} : { memory: memoryFromWire(memory) }),
    ...(network === undefined
      ? {}
      : {
          network: {
            timestamp: network.timestamp,
            ...(defaultInterface === undefined ? {} : { defaultInterface: interfaceFromWire(defaultInterface) }),
            interfaces: network.interfaces.map(interfaceFromWire),
          },
        }),
    ...(process === undefined ? {} : { processCount: orZero(process.processCount) }),
    containers: containers.map((item, index) => containerStatsFromWire(item, `${field}.containers[${index}]`)),
  }
}
