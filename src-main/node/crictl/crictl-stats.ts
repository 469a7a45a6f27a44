/** `crictl stats` and `crictl statsp`: two looks, a second apart, as cri-tools takes them. */
import { delay, type Clock } from '../../base/clock.ts'
import { CriError, type ContainerStats, type CpuUsage, type RuntimeService } from '../../container-runtime/cri.ts'
import { formatSize, formatTable } from './crictl-format.ts'

const INTERVAL_MS = 1000

interface Looker {
  runtime: RuntimeService
  clock: Clock
  signal: AbortSignal
}

/** @param id of one container; absent: all that run */
export async function measureContainers({ runtime, clock, signal }: Looker, id?: string): Promise<Measured[]> {
  const before = await runtime.listContainerStats(id === undefined ? undefined : { id })
  await delay(clock, INTERVAL_MS, signal)
  const measured = before.map(async (first): Promise<Measured | undefined> => {
    try {
      const stats = await runtime.containerStats(first.attributes.id)
      return { stats, cpuPercent: computeCpuPercent(first.cpu, stats.cpu) }
    } catch (error) {
      // It has been removed since the first look.
      if (error instanceof CriError && error.code === 'NotFound') return undefined
      throw error
    }
  })
  return (await Promise.all(measured)).filter((one) => one !== undefined)
}

interface Measured {
  stats: ContainerStats
  cpuPercent: number
}

/** 100 is one core. A counter that began anew is counted from its beginning. */
export function computeCpuPercent(before: CpuUsage | undefined, after: CpuUsage | undefined): number {
  if (before === undefined || after === undefined || after.timestamp <= before.timestamp) return 0
  const restarted = after.usageCoreNanoSeconds < before.usageCoreNanoSeconds
  const used = after.usageCoreNanoSeconds - (restarted ? 0n : before.usageCoreNanoSeconds)
  return (Number(used) / Number(after.timestamp - before.timestamp)) * 100
}

const sizeOf = (bytes: bigint | undefined): string => formatSize(Number(bytes ?? 0n))

export function formatContainerStats(measured: Measured[], shorten: (id: string) => string): string {
  return formatTable(
    ['CONTAINER', 'NAME', 'CPU %', 'MEM', 'DISK'],
    measured.map(({ stats, cpuPercent }) => [
      shorten(stats.attributes.id),
      stats.attributes.metadata.name,
      cpuPercent.toFixed(2),
      sizeOf(stats.memory?.workingSetBytes),
      sizeOf(stats.writableLayer?.usedBytes),
    ]),
  )
}

/** @param id of one sandbox; absent: all that are ready */
export async function describePodStats(
  { runtime, clock, signal }: Looker,
  shorten: (id: string) => string,
  id?: string,
): Promise<string> {
  const filter = id === undefined ? undefined : { id }
  const before = new Map((await runtime.listPodSandboxStats(filter)).map((stats) => [stats.attributes.id, stats.cpu]))
  await delay(clock, INTERVAL_MS, signal)
  const after = await runtime.listPodSandboxStats(filter)
  return formatTable(
    ['POD', 'POD ID', 'CPU %', 'MEM'],
    after.map(({ attributes, cpu, memory }) => [
      attributes.metadata.name,
      shorten(attributes.id),
      computeCpuPercent(before.get(attributes.id), cpu).toFixed(2),
      sizeOf(memory?.workingSetBytes),
    ]),
  )
}
