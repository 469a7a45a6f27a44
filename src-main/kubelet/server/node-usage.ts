/** What the node uses beside its pods: the container that the kubelet lives in, by its own cgroup (version 2 or 1). */
import { readFileSync } from 'node:fs'

/** Of every Linux that is not made for something special. */
const TICKS_PER_SECOND = 100

export interface NodeUsage {
  usageCoreNanoSeconds: number
  usageBytes: number
  workingSetBytes: number
  rssBytes: number
  pageFaults: number
  majorPageFaults: number
}

/** `undefined` where there is no cgroup to be read. */
export function readNodeUsage(root = '/sys/fs/cgroup'): NodeUsage | undefined {
  try {
    return readUnified(root)
  } catch {
    // Not version 2: the older layout has a folder for each controller.
  }
  try {
    return readLegacy(root)
  } catch {
    // Neither: nothing is claimed.
    return undefined
  }
}

function readUnified(root: string): NodeUsage {
  const cpu = readTable(`${root}/cpu.stat`)
  const usageBytes = readNumber(`${root}/memory.current`)
  const memory = readTable(`${root}/memory.stat`)
  return {
    usageCoreNanoSeconds: take(cpu, 'usage_usec') * 1000,
    usageBytes,
    workingSetBytes: Math.max(0, usageBytes - take(memory, 'inactive_file')),
    rssBytes: take(memory, 'anon'),
    pageFaults: take(memory, 'pgfault'),
    majorPageFaults: take(memory, 'pgmajfault'),
  }
}

function readLegacy(root: string): NodeUsage {
  const usageBytes = readNumber(`${root}/memory/memory.usage_in_bytes`)
  const memory = readTable(`${root}/memory/memory.stat`)
  return {
    usageCoreNanoSeconds: readNumber(`${root}/cpuacct/cpuacct.usage`),
    usageBytes,
    workingSetBytes: Math.max(0, usageBytes - take(memory, 'total_inactive_file')),
    rssBytes: take(memory, 'total_rss'),
    pageFaults: take(memory, 'total_pgfault'),
    majorPageFaults: take(memory, 'total_pgmajfault'),
  }
}

function readNumber(path: string): number {
  const value = Number(readFileSync(path, 'utf8').trim())
  if (!Number.isFinite(value)) throw new Error(`${path} holds no number`)
  return value
}

function readTable(path: string): Map<string, number> {
  const lines = readFileSync(path, 'utf8').trim().split('\n')
  return new Map(lines.map((line) => [line.split(' ')[0] ?? '', Number(line.split(' ')[1])]))
}

function take(table: Map<string, number>, name: string): number {
  const value = table.get(name)
  if (value === undefined || !Number.isFinite(value)) throw new Error(`${name} is missing`)
  return value
}

/** When the node was switched on: its first process, milliseconds since the epoch; `undefined` where there is no `/proc`. */
export function readNodeStartMs(): number | undefined {
  try {
    // After the name, which may hold anything, come numbers; the 20th is the start in ticks after the machine's.
    const ticks = Number(readFileSync('/proc/1/stat', 'utf8').split(') ').at(-1)?.split(' ')[19])
    const machineSeconds = Number(/^btime (\d+)$/m.exec(readFileSync('/proc/stat', 'utf8'))?.[1])
    const startMs = (machineSeconds + ticks / TICKS_PER_SECOND) * 1000
    return Number.isFinite(startMs) ? startMs : undefined
  } catch {
    // Only Linux has these files.
    return undefined
  }
}
