import { describe, expect, it } from 'vitest'
import type { ClusterNode } from '@common/lab/cluster-view.ts'
import { nodeStatusWords, summarizeSimulated, toneOfTile } from './simulated-nodes.ts'

function aNode(change: Partial<ClusterNode> = {}): ClusterNode {
  const simulated = { ready: 30, waiting: 0, failed: 0, succeeded: 0 }
  return { name: 'sim001', uid: 'u', ready: 'True', unschedulable: false, taints: [], simulated, ...change }
}

function withPods(ready: number, waiting: number, failed: number): ClusterNode {
  return aNode({ simulated: { ready, waiting, failed, succeeded: 0 } })
}

describe('a tile', () => {
  it.each([
    ['all pods ready', aNode(), 'running'],
    ['no pods', withPods(0, 0, 0), 'ended'],
    ['one that waits', withPods(29, 1, 0), 'waiting'],
    ['one that failed', withPods(28, 1, 1), 'back-off'],
    ['a silent kubelet', aNode({ ready: 'Unknown' }), 'failed'],
  ])('given a node with %s, then its tone is %s', (_how, node, tone) => {
    expect(toneOfTile(node)).toBe(tone)
  })
})

it('given nodes, when they are summed up, then each node and each pod counts once', () => {
  expect(summarizeSimulated([aNode(), withPods(1, 2, 3), aNode({ ready: 'False' })])).toEqual({
    ready: 2,
    notReady: 1,
    pods: { ready: 61, waiting: 2, failed: 3, succeeded: 0 },
  })
})

it('given a cordoned node that is away, then its status reads as in kubectl', () => {
  expect(nodeStatusWords(aNode({ ready: 'Unknown', unschedulable: true }))).toBe('NotReady,SchedulingDisabled')
})
