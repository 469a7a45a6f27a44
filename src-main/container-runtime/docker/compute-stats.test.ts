import { describe, expect, it } from 'vitest'
import { computeInterfaces, computeMemoryUsage, CpuRates, sumCpu } from './compute-stats.ts'
import type { EngineStats } from './compute-stats.ts'

const at = (second: number, total_usage: number): EngineStats => ({
  read: `2026-01-01T00:00:0${second}.000000000Z`,
  cpu_stats: { cpu_usage: { total_usage } },
})

describe('CpuRates', () => {
  it('given two looks two seconds apart, then the second has the rate between them', () => {
    const rates = new CpuRates()
    expect(rates.usage('c', at(1, 1_000_000_000))).not.toHaveProperty('usageNanoCores')
    expect(rates.usage('c', at(3, 2_000_000_000))).toMatchObject({
      usageCoreNanoSeconds: 2_000_000_000n,
      usageNanoCores: 500_000_000n,
    })
  })

  it('given a look right after another, then the rate is still that of before', () => {
    const rates = new CpuRates()
    rates.usage('c', at(1, 0))
    rates.usage('c', at(2, 100))
    expect(rates.usage('c', at(2, 900)).usageNanoCores).toBe(100n)
  })

  it('given a counter that begins anew, or a container that was forgotten, then there is no rate', () => {
    const rates = new CpuRates()
    rates.usage('c', at(1, 500))
    expect(rates.usage('c', at(3, 100)).usageNanoCores).toBeUndefined()
    rates.retain(new Set())
    expect(rates.usage('c', at(5, 900)).usageNanoCores).toBeUndefined()
  })
})

describe('computeMemoryUsage', () => {
  it.each([
    ['cgroup v1', { total_inactive_file: 300, inactive_file: 1, total_rss: 50, total_pgfault: 7, total_pgmajfault: 2 }],
    ['cgroup v2', { inactive_file: 300, anon: 50, pgfault: 7, pgmajfault: 2 }],
  ])('given %s, then the inactive page cache is not in the working set', (_name, stats) => {
    const memory = computeMemoryUsage({ read: '2026-01-01T00:00:00Z', memory_stats: { usage: 1000, stats } }, 2000)
    expect(memory).toEqual({
      timestamp: 1_767_225_600_000_000_000n,
      workingSetBytes: 700n,
      availableBytes: 1300n,
      usageBytes: 1000n,
      rssBytes: 50n,
      pageFaults: 7n,
      majorPageFaults: 2n,
    })
  })

  it('given no limit and no numbers, then nothing is available and nothing is below zero', () => {
    const memory = computeMemoryUsage({ read: '', memory_stats: { usage: 1, stats: { inactive_file: 5 } } }, 0)
    expect(memory).toMatchObject({ workingSetBytes: 0n, rssBytes: 0n })
    expect(memory).not.toHaveProperty('availableBytes')
  })
})

describe('sums and interfaces', () => {
  it('given a part without a rate, then the whole has none', () => {
    const part = { timestamp: 1n, usageCoreNanoSeconds: 5n, usageNanoCores: 2n }
    expect(sumCpu([part, part])).toEqual({ timestamp: 1n, usageCoreNanoSeconds: 10n, usageNanoCores: 4n })
    expect(sumCpu([part, { timestamp: 1n, usageCoreNanoSeconds: 5n }])).not.toHaveProperty('usageNanoCores')
    expect(sumCpu([])).toBeUndefined()
  })

  it('given several interfaces, then they are in the order of their names', () => {
    const usage = { rx_bytes: 1, rx_errors: 2, tx_bytes: 3, tx_errors: 4 }
    const interfaces = computeInterfaces({ read: '', networks: { eth1: usage, eth0: usage } })
    expect(interfaces.map(({ name }) => name)).toEqual(['eth0', 'eth1'])
    expect(interfaces[0]).toEqual({ name: 'eth0', rxBytes: 1n, rxErrors: 2n, txBytes: 3n, txErrors: 4n })
  })
})
