/** `process_…`: what every Prometheus library says of its own process. */
import { readdirSync, readFileSync } from 'node:fs'
import type { MetricFamily } from './metric.ts'
import { counter, gauge } from './metric.ts'

const PAGE_BYTES = 4096

export function processFamilies(nowMs: number): MetricFamily[] {
  const { user, system } = process.cpuUsage()
  const plain = (value: number): { labels: Record<string, never>; value: number }[] => [{ labels: {}, value }]
  return [
    counter(
      'process_cpu_seconds_total',
      'Processor time used by the process, in seconds.',
      plain((user + system) / 1_000_000),
    ),
    gauge('process_max_fds', 'Files that the process may have open.', openFilesLimit().flatMap(plain)),
    gauge('process_open_fds', 'Files that the process has open.', openFiles().flatMap(plain)),
    gauge('process_resident_memory_bytes', 'Memory of the process, in bytes.', plain(process.memoryUsage.rss())),
    gauge(
      'process_start_time_seconds',
      'Start of the process, in seconds since the epoch.',
      plain(startSeconds(nowMs)),
    ),
    gauge('process_virtual_memory_bytes', 'Address space of the process, in bytes.', virtualBytes().flatMap(plain)),
  ]
}

function startSeconds(nowMs: number): number {
  return Math.round(nowMs / 10 - process.uptime() * 100) / 100
}

/** Empty where the system has no `/proc`; so are the next two. */
function openFiles(): number[] {
  return orNothing(() => readdirSync('/proc/self/fd').length)
}

function openFilesLimit(): number[] {
  return orNothing(() => Number(/^Max open files +(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1]))
}

function virtualBytes(): number[] {
  return orNothing(() => Number(readFileSync('/proc/self/statm', 'utf8').split(' ')[0]) * PAGE_BYTES)
}

function orNothing(read: () => number): number[] {
  try {
    const value = read()
    return Number.isFinite(value) ? [value] : []
  } catch {
    // Only Linux has these files, and what is not known is not said.
    return []
  }
}
