import { describe, expect, it } from 'vitest'
import type { PodStatus } from '../../common/api/pod-status.ts'
import { computePodGarbage, type ObservedPod } from './compute-pod-garbage.ts'

function ended(name: string, createdAt: string, status: Partial<PodStatus> = {}): ObservedPod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { namespace: 'default', name, uid: name, creationTimestamp: `2026-01-01T${createdAt}Z` },
    spec: { nodeName: 'node01', containers: [] },
    status: { phase: 'Succeeded', ...status },
  } as ObservedPod
}

function surplus(pods: readonly ObservedPod[], terminatedPodThreshold: number): string[] {
  const node = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'node01' } }
  const garbage = computePodGarbage({ pods, nodeOf: () => node, goneNodes: new Set(), terminatedPodThreshold })
  return garbage.map(({ pod, reason }) => `${pod.metadata.name} ${reason}`)
}

describe('ended pods', () => {
  const pods = [
    ended('young', '12:00:00'),
    ended('old', '10:00:00'),
    ended('b', '11:00:00'),
    ended('a', '11:00:00'),
    ended('evicted', '12:30:00', { phase: 'Failed', reason: 'Evicted' }),
    ended('running', '09:00:00', { phase: 'Running' }),
  ]

  it('given more than the threshold, then evicted ones go first, then the oldest, then by name', () => {
    expect(surplus(pods, 1)).toEqual(['evicted terminated', 'old terminated', 'a terminated', 'b terminated'])
    expect(surplus(pods, 4)).toEqual(['evicted terminated'])
  })

  it('given no more than the threshold, or none, then they stay', () => {
    expect(surplus(pods, 5)).toEqual([])
    expect(surplus(pods, 0)).toEqual([])
  })
})
