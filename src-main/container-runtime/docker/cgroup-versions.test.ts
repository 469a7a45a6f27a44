/**
 * The two versions of control groups, as the engine passes them on. Version 1 is the one of the test machines: the fields
 * are those of an engine's answer there, and `attacks-cri.test.ts` and `stats.engine.test.ts` see the real thing. Version 2
 * has the fields of the kernel's `memory.stat` and `memory.current`; it is shown here only.
 */
import { describe, expect, it } from 'vitest'
import { computeMemoryUsage, CpuRates, processCount } from './compute-stats.ts'
import type { EngineStats } from './compute-stats.ts'
import type { EngineContainerState } from './engine-types.ts'
import { computeRunFacts } from './map-status.ts'

const READ_NS = 1_795_701_664_069_940_436n
const LIMIT_BYTES = 64 * 2 ** 20

/** A container with 20 MB of its own, 8 MB of files that nobody uses any more, and 2 MB of files in use. */
const version1 = `{
  "read": "2026-11-26T14:01:04.069940436Z",
  "pids_stats": { "current": 3, "limit": 4096 },
  "cpu_stats": {
    "cpu_usage": { "total_usage": 231109479, "percpu_usage": [104429680, 126679799], "usage_in_usermode": 180000000 },
    "system_cpu_usage": 7851960000000, "online_cpus": 2
  },
  "memory_stats": {
    "usage": 31457280, "max_usage": 33554432, "limit": 67108864,
    "stats": {
      "active_anon": 0, "active_file": 0, "cache": 0, "hierarchical_memory_limit": 67108864, "inactive_anon": 0,
      "inactive_file": 0, "pgfault": 0, "pgmajfault": 0, "rss": 0,
      "total_active_anon": 4194304, "total_active_file": 2097152, "total_cache": 10485760, "total_inactive_anon": 16777216,
      "total_inactive_file": 8388608, "total_pgfault": 7875, "total_pgmajfault": 12, "total_rss": 20971520
    }
  }
}`

const version2 = `{
  "read": "2026-11-26T14:01:04.069940436Z",
  "pids_stats": { "current": 3, "limit": 4096 },
  "cpu_stats": {
    "cpu_usage": { "total_usage": 231109479, "usage_in_kernelmode": 40000000, "usage_in_usermode": 180000000 },
    "system_cpu_usage": 7851960000000, "online_cpus": 2
  },
  "memory_stats": {
    "usage": 31457280, "limit": 67108864,
    "stats": {
      "active_anon": 4194304, "active_file": 2097152, "anon": 20971520, "anon_thp": 0, "file": 10485760, "file_dirty": 0,
      "file_mapped": 1048576, "file_writeback": 0, "inactive_anon": 16777216, "inactive_file": 8388608,
      "kernel_stack": 49152, "pgactivate": 0, "pgfault": 7875, "pgmajfault": 12, "shmem": 0, "slab": 270336, "sock": 0,
      "unevictable": 0, "workingset_refault": 0
    }
  }
}`

const ofBoth = [
  ['version 1', version1],
  ['version 2', version2],
] as const

describe('statistics', () => {
  it.each(ofBoth)('given control groups of %s, then memory means the same', (_version, answer) => {
    expect(computeMemoryUsage(JSON.parse(answer) as EngineStats, LIMIT_BYTES)).toEqual({
      timestamp: READ_NS,
      usageBytes: 31_457_280n,
      workingSetBytes: 31_457_280n - 8_388_608n,
      availableBytes: 67_108_864n - (31_457_280n - 8_388_608n),
      rssBytes: 20_971_520n,
      pageFaults: 7875n,
      majorPageFaults: 12n,
    })
  })

  it.each(ofBoth)(
    'given control groups of %s, then CPU time is nanoseconds and processes are counted',
    (_version, answer) => {
      const stats = JSON.parse(answer) as EngineStats
      expect(new CpuRates().usage('c', stats)).toEqual({ timestamp: READ_NS, usageCoreNanoSeconds: 231_109_479n })
      expect(processCount(stats)).toBe(3n)
    },
  )

  it('given a kernel without memory accounting, then there are zeros and no failure', () => {
    const memory = computeMemoryUsage({ read: '2026-11-26T14:01:04Z', memory_stats: {} }, 0)
    expect([memory.usageBytes, memory.workingSetBytes, memory.rssBytes]).toEqual([0n, 0n, 0n])
  })
})

describe('the end of a container', () => {
  const ended = (OOMKilled: boolean, ExitCode: number): EngineContainerState => ({
    ...{ Status: 'exited', Running: false, OOMKilled, ExitCode, Error: '' },
    ...{ StartedAt: '2026-11-26T14:00:00.1Z', FinishedAt: '2026-11-26T14:01:00.2Z' },
  })

  it.each([
    ['its first process was killed for memory (both versions)', ended(true, 137), 'OOMKilled'],
    ['it was killed with SIGKILL (both versions)', ended(false, 137), 'Error'],
    ['a child was killed for memory and its parent gave up (both versions count it)', ended(true, 1), 'Error'],
    ['a child was killed for memory and the rest ended well (both versions count it)', ended(true, 0), 'Completed'],
    [
      'a shell passed on that its child was killed, and the engine did not see it (version 2)',
      ended(false, 137),
      'Error',
    ],
    ['it obeyed SIGTERM', ended(false, 143), 'Error'],
  ])('given that %s, then the reason is told from the flag and the exit code together', (_story, state, reason) => {
    expect(computeRunFacts(state, 1n)).toMatchObject({ state: 'CONTAINER_EXITED', reason, exitCode: state.ExitCode })
  })
})
