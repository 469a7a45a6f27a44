import { describe, expect, it } from 'vitest'
import type { Pod } from '@common/api/core.ts'
import type { ApiEvent } from '@common/lab/api-event.ts'
import { aPod } from '../testing/fixtures.ts'
import { computePodOrigin } from './pod-origin.ts'

const UNPLACED = '0/3 nodes are available: 3 Insufficient cpu.'

function ofDaemonSet(change: { pinned?: boolean; node?: string }): Pod {
  const pod = aPod({ name: 'agent-x' })
  pod.metadata.ownerReferences = [
    { apiVersion: 'apps/v1', kind: 'DaemonSet', name: 'agent', uid: 'u', controller: true },
  ]
  if (change.pinned === true) {
    const matchFields = [{ key: 'metadata.name', operator: 'In' as const, values: ['node01'] }]
    pod.spec.affinity = {
      nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchFields }] } },
    }
  }
  if (change.node !== undefined) pod.spec.nodeName = change.node
  return pod
}

function scheduled(uid: string): ApiEvent {
  const component = 'default-scheduler'
  return {
    uid,
    type: 'Normal',
    reason: 'Scheduled',
    message: '',
    component,
    count: 1,
    lastSeen: '2026-01-01T00:00:00Z',
  }
}

describe('who made a pod and gave it its node', () => {
  it('given a static pod or its mirror, then the kubelet did both', () => {
    const pod = aPod()
    pod.metadata.annotations = { 'kubernetes.io/config.source': 'file' }
    expect(computePodOrigin(pod)).toMatchObject({ maker: { kind: 'kubelet' }, binder: 'kubelet' })
  })

  it("given a DaemonSet's pod with its affinity, then the scheduler had no choice", () => {
    const origin = computePodOrigin(ofDaemonSet({ pinned: true, node: 'node01' }), [scheduled('uid-1')])
    expect(origin).toMatchObject({
      maker: { kind: 'owner', owner: { kind: 'DaemonSet', name: 'agent' } },
      binder: 'scheduler-pinned',
    })
    expect(origin.evidence).toEqual([
      'ownerReferences: DaemonSet agent',
      'nodeAffinity matchFields: metadata.name In [node01]',
      'spec.nodeName: node01',
      'event Scheduled, from default-scheduler',
    ])
  })

  it("given a DaemonSet's pod without it, then its controller wrote the node", () => {
    expect(computePodOrigin(ofDaemonSet({ node: 'node01' })).binder).toBe('controller')
  })

  it('given one that the scheduler has not bound, then it waits for its node, with the reason', () => {
    const pod = ofDaemonSet({ pinned: true })
    const conditions = [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: UNPLACED }] as const
    pod.status = { phase: 'Pending', conditions: [...conditions] }
    expect(computePodOrigin(pod)).toMatchObject({ binder: 'waiting-pinned', message: UNPLACED })
    expect(computePodOrigin(pod).evidence).toContain('PodScheduled: False (Unschedulable)')
  })

  it.each([
    ['its own', [scheduled('uid-1')], 'scheduler'],
    ['that of another pod of its name', [scheduled('uid-0')], 'given'],
    ['none', [], 'given'],
  ])('given an ordinary pod with a node and the event %s, then %s', (_which, events, binder) => {
    const pod = aPod()
    pod.spec.nodeName = 'node01'
    expect(computePodOrigin(pod, events)).toMatchObject({ maker: { kind: 'hand' }, binder })
  })
})
