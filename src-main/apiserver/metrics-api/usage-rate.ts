/** Two samples made into a rate of use, spelled as metrics-server does. */
import type { UsageSample } from './parse-resource-metrics.ts'

export interface UsageRate {
  /** Milliseconds since the epoch, of the newer sample. */
  timeMs: number
  windowMs: number
  usage: { cpu: string; memory: string }
}

/** Undefined when the samples say nothing of a time between them, or the counter began anew. */
export function computeRate(older: UsageSample | undefined, newer: UsageSample | undefined): UsageRate | undefined {
  if (older === undefined || newer === undefined) return undefined
  const windowMs = newer.timeMs - older.timeMs
  const seconds = newer.cpuSeconds - older.cpuSeconds
  if (windowMs <= 0 || seconds < 0) return undefined
  const nanoCores = Math.round((seconds / windowMs) * 1e12)
  const kibibytes = Math.round(newer.memoryBytes / 1024)
  return {
    timeMs: newer.timeMs,
    windowMs,
    usage: { cpu: nanoCores === 0 ? '0' : `${nanoCores}n`, memory: `${kibibytes}Ki` },
  }
}
