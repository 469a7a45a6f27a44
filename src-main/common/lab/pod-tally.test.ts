import { describe, expect, it } from 'vitest'
import type { Pod } from '../api/core.ts'
import { computePodTally, computeWorkloadTallies, countPods, findPodOwner } from './pod-tally.ts'

function ownedBy(kind: string, name: string, labels: Record<string, string> = {}): Pod {
  const owner = { apiVersion: 'apps/v1', kind, name, uid: 'u', controller: true }
  return { metadata: { name: 'p', namespace: 'default', labels, ownerReferences: [owner] }, spec: { containers: [] } }
}

function inPhase(phase: NonNullable<Pod['status']>['phase'], ready: 'True' | 'False'): Pod {
  return {
    ...ownedBy('DaemonSet', 'a'),
    status: { phase, conditions: [{ type: 'Ready', status: ready }] } as NonNullable<Pod['status']>,
  }
}

describe('who owns a pod', () => {
  it.each([
    [ownedBy('DaemonSet', 'agent'), { kind: 'DaemonSet', name: 'agent' }],
    [ownedBy('ReplicaSet', 'shop-6d5f', { 'pod-template-hash': '6d5f' }), { kind: 'Deployment', name: 'shop' }],
    [ownedBy('ReplicaSet', 'shop-6d5f', { 'pod-template-hash': 'other' }), { kind: 'ReplicaSet', name: 'shop-6d5f' }],
    [ownedBy('ReplicaSet', 'shop'), { kind: 'ReplicaSet', name: 'shop' }],
    [ownedBy('ReplicaSet', '-6d5f', { 'pod-template-hash': '6d5f' }), { kind: 'ReplicaSet', name: '-6d5f' }],
    [{ metadata: { name: 'p' }, spec: { containers: [] } }, undefined],
  ])('given %j, then it is %j', (pod, owner) => {
    expect(findPodOwner(pod)).toEqual(owner)
  })
})

it('given pods in all phases, when they are counted, then each counts once, and one that ends is not ready', () => {
  const ending = inPhase('Running', 'True')
  ending.metadata.deletionTimestamp = '2026-01-01T00:00:00Z'
  const pods = [
    ...[inPhase('Running', 'True'), inPhase('Running', 'False'), inPhase('Pending', 'False'), ending],
    ...[inPhase('Failed', 'False'), inPhase('Succeeded', 'False')],
  ]
  const tally = computePodTally(pods)
  expect(tally).toEqual({ ready: 1, waiting: 3, failed: 1, succeeded: 1 })
  expect(countPods(tally)).toBe(pods.length)
  expect(computeWorkloadTallies([...pods, ownedBy('Node', 'n')])).toEqual([
    { namespace: 'default', kind: 'DaemonSet', name: 'a', ready: 1, total: 6 },
  ])
})
