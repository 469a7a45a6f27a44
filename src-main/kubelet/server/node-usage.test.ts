import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { PodSandboxStats } from '../../container-runtime/cri-stats.ts'
import { emptyRuntimePod } from '../runtime/runtime-pod.ts'
import { readNodeUsage } from './node-usage.ts'
import { resourceFamilies } from './resource-metrics.ts'
import { computeSummary } from './stats-summary.ts'

let root = ''
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'cgroup-'))
})
afterEach(() => rmSync(root, { recursive: true }))

function write(files: Record<string, string>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true })
    writeFileSync(join(root, name), text)
  }
}

const USAGE = {
  usageCoreNanoSeconds: 5_000_000,
  usageBytes: 1000,
  workingSetBytes: 900,
  rssBytes: 700,
  pageFaults: 8,
  majorPageFaults: 1,
}

describe('given the cgroup of a node', () => {
  it('when it is of version 2 or 1, then the same comes out', () => {
    write({
      'cpu.stat': 'usage_usec 5000\nuser_usec 1\n',
      'memory.current': '1000\n',
      'memory.stat': 'anon 700\ninactive_file 100\npgfault 8\npgmajfault 1\n',
    })
    expect(readNodeUsage(root)).toEqual(USAGE)
    rmSync(join(root, 'cpu.stat'))
    write({
      'cpuacct/cpuacct.usage': '5000000\n',
      'memory/memory.usage_in_bytes': '1000\n',
      'memory/memory.stat': 'total_rss 700\ntotal_inactive_file 100\ntotal_pgfault 8\ntotal_pgmajfault 1\n',
    })
    expect(readNodeUsage(root)).toEqual(USAGE)
  })

  it('when there is none, then nothing is claimed', () => {
    expect(readNodeUsage(root)).toBeUndefined()
  })
})

describe('given the use of pods', () => {
  it('when it is summed up, then the node is its own container and its pods', () => {
    const time = BigInt(Date.UTC(2026, 0, 1)) * 1_000_000n
    const memory = { usageBytes: 60n, workingSetBytes: 50n, rssBytes: 40n, pageFaults: 2n, majorPageFaults: 0n }
    const pod: PodSandboxStats = {
      attributes: {
        id: 's',
        metadata: { name: 'web', namespace: 'default', uid: 'u', attempt: 0 },
        ...{ labels: {}, annotations: {} },
      },
      cpu: { timestamp: time, usageCoreNanoSeconds: 7_000_000n, usageNanoCores: 9n },
      memory: { timestamp: time, ...memory },
      containers: [],
    }
    const summary = computeSummary({
      ...{ nodeName: 'node01', nodeStartMs: 0, nowMs: Date.UTC(2026, 0, 1), memoryBytes: 2000 },
      ...{ nodeUsage: USAGE, pods: [pod], runtimePod: emptyRuntimePod, onlyCpuAndMemory: true },
    })
    expect(summary.node).toMatchObject({
      cpu: { time: '2026-01-01T00:00:00Z', usageCoreNanoSeconds: 12_000_000 },
      memory: { usageBytes: 1060, workingSetBytes: 950, availableBytes: 1050, rssBytes: 740, pageFaults: 10 },
    })
    expect(summary.pods[0]?.cpu).toEqual({
      ...{ time: '2026-01-01T00:00:00Z', usageNanoCores: 9, usageCoreNanoSeconds: 7_000_000 },
    })
    const families = resourceFamilies(summary)
    const node = families.find(({ name }) => name === 'node_cpu_usage_seconds_total')
    expect(node?.samples).toEqual([{ labels: {}, value: 0.012, timestampMs: Date.UTC(2026, 0, 1) }])
  })
})
