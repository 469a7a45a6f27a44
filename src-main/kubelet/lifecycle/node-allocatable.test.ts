import { describe, expect, it } from 'vitest'
import { readNodeReservations } from '../options/node-reservations.ts'
import { load } from '../options/testing/load.ts'
import type { KubeletConfiguration } from '../options/kubelet-configuration.ts'
import { computeAllocatable } from './node-allocatable.ts'

const MIB = 2n ** 20n

function allocatable(configuration: Partial<KubeletConfiguration>): Record<string, bigint> {
  const capacity = { cpu: 2, memoryBytes: Number(1000n * MIB), ephemeralStorageBytes: 1000 }
  const text = JSON.stringify({
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    ...configuration,
  })
  const full = load(['--config=/c.yaml'], text).configuration
  return Object.fromEntries(computeAllocatable(capacity, readNodeReservations(full)))
}

describe('what a node has for its pods', () => {
  it('given no settings, then its capacity less the default thresholds of eviction', () => {
    expect(allocatable({})).toEqual({ cpu: 2000n, memory: 900n * MIB, 'ephemeral-storage': 900n, pods: 110n })
  })

  it('given reservations, then they are added up; what is more than there is leaves nothing', () => {
    const kubeReserved = { cpu: '100m', memory: '200Mi', 'ephemeral-storage': '2k' }
    const systemReserved = { cpu: '0.4', memory: '100Mi' }
    expect(allocatable({ kubeReserved, systemReserved })).toMatchObject({
      cpu: 1500n,
      memory: 600n * MIB,
      'ephemeral-storage': 0n,
    })
  })

  it('given thresholds, then they replace all defaults, unless they are to be merged', () => {
    const evictionHard = { 'memory.available': '50%' }
    expect(allocatable({ evictionHard })).toMatchObject({ memory: 500n * MIB, 'ephemeral-storage': 1000n })
    expect(allocatable({ evictionHard, mergeDefaultEvictionSettings: true })).toMatchObject({
      memory: 500n * MIB,
      'ephemeral-storage': 900n,
    })
  })

  it('given pods per core, then the smaller number holds', () => {
    expect(allocatable({ podsPerCore: 5 })).toMatchObject({ pods: 10n })
    expect(allocatable({ podsPerCore: 500 })).toMatchObject({ pods: 110n })
  })
})
