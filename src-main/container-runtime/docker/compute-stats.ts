/** The engine's one-shot statistics as CRI's, for cgroup v1 and v2. */
import type { CpuUsage, MemoryUsage, NetworkInterfaceUsage } from '../cri-stats.ts'
import { parseEngineTime } from './map-status.ts'

/** What is read of the engine's answer; a container that does not run has zeros or nothing at all. */
export interface EngineStats {
  read: string
  pids_stats?: { current?: number }
  cpu_stats?: { cpu_usage?: { total_usage?: number } }
  memory_stats?: { usage?: number; stats?: Record<string, number> }
  networks?: Record<string, { rx_bytes: number; rx_errors: number; tx_bytes: number; tx_errors: number }>
}

/** Counters may exceed what a JSON number holds exactly; they are never negative. */
const toBigint = (value: number | undefined): bigint => BigInt(Math.max(0, Math.trunc(value ?? 0)))

/** Looks nearer to each other than this say more about the looking than about the container. */
const LEAST_INTERVAL_NS = 500_000_000n

interface Sample {
  timestamp: bigint
  total: bigint
  rate: bigint | undefined
}

/** Rates of CPU use from one look to the next. Only a convenience: whoever wants to be sure reads the counter twice. */
export class CpuRates {
  readonly #samples = new Map<string, Sample>()

  usage(id: string, stats: EngineStats): CpuUsage {
    const timestamp = parseEngineTime(stats.read)
    const total = toBigint(stats.cpu_stats?.cpu_usage?.total_usage)
    const before = this.#samples.get(id)
    const interval = before === undefined ? 0n : timestamp - before.timestamp
    let rate = before?.rate
    if (before === undefined || total < before.total) this.#samples.set(id, { timestamp, total, rate: undefined })
    else if (interval >= LEAST_INTERVAL_NS) {
      rate = ((total - before.total) * 1_000_000_000n) / interval
      this.#samples.set(id, { timestamp, total, rate })
    }
    return { timestamp, usageCoreNanoSeconds: total, ...(rate === undefined ? {} : { usageNanoCores: rate }) }
  }

  /** Forgets whatever is not in `ids`. */
  retain(ids: ReadonlySet<string>): void {
    for (const id of this.#samples.keys()) if (!ids.has(id)) this.#samples.delete(id)
  }
}

/** @param limitBytes the container's memory limit; 0: none */
export function computeMemoryUsage(stats: EngineStats, limitBytes: number): MemoryUsage {
  const detail = stats.memory_stats?.stats ?? {}
  const usageBytes = toBigint(stats.memory_stats?.usage)
  const inactive = toBigint(detail['total_inactive_file'] ?? detail['inactive_file'])
  const workingSetBytes = usageBytes > inactive ? usageBytes - inactive : 0n
  const limit = toBigint(limitBytes)
  const available = limit > workingSetBytes ? limit - workingSetBytes : 0n
  return {
    timestamp: parseEngineTime(stats.read),
    workingSetBytes,
    ...(limit === 0n ? {} : { availableBytes: available }),
    usageBytes,
    rssBytes: toBigint(detail['total_rss'] ?? detail['anon']),
    pageFaults: toBigint(detail['total_pgfault'] ?? detail['pgfault']),
    majorPageFaults: toBigint(detail['total_pgmajfault'] ?? detail['pgmajfault']),
  }
}

/** In the order of their names, so that `eth0` is the first. */
export function computeInterfaces(stats: EngineStats): NetworkInterfaceUsage[] {
  return Object.entries(stats.networks ?? {})
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, usage]) => ({
      name,
      rxBytes: toBigint(usage.rx_bytes),
      rxErrors: toBigint(usage.rx_errors),
      txBytes: toBigint(usage.tx_bytes),
      txErrors: toBigint(usage.tx_errors),
    }))
}

export function processCount(stats: EngineStats): bigint {
  return toBigint(stats.pids_stats?.current)
}

/** A pod's use is that of its parts; a rate is there when every part has one. */
export function sumCpu(parts: readonly CpuUsage[]): CpuUsage | undefined {
  const [first] = parts
  if (first === undefined) return undefined
  const rates = parts.flatMap(({ usageNanoCores }) => (usageNanoCores === undefined ? [] : [usageNanoCores]))
  const sum = (values: bigint[]): bigint => values.reduce((left, right) => left + right, 0n)
  return {
    timestamp: first.timestamp,
    usageCoreNanoSeconds: sum(parts.map((part) => part.usageCoreNanoSeconds)),
    ...(rates.length < parts.length ? {} : { usageNanoCores: sum(rates) }),
  }
}

export function sumMemory(parts: readonly MemoryUsage[]): MemoryUsage | undefined {
  const [first] = parts
  if (first === undefined) return undefined
  const sum = (pick: (part: MemoryUsage) => bigint): bigint => parts.reduce((total, part) => total + pick(part), 0n)
  return {
    timestamp: first.timestamp,
    workingSetBytes: sum((part) => part.workingSetBytes),
    usageBytes: sum((part) => part.usageBytes),
    rssBytes: sum((part) => part.rssBytes),
    pageFaults: sum((part) => part.pageFaults),
    majorPageFaults: sum((part) => part.majorPageFaults),
  }
}
