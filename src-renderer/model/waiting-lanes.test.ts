import { describe, expect, it } from 'vitest'
import type { Pod } from '@common/api/core.ts'
import { anEntry, aPod, at, NOW } from '../testing/fixtures.ts'
import { computeLaneGroups, type LaneGroup } from './side-lanes.ts'
import { LaneComputer } from './compute-lanes.ts'

const reference = { namespace: 'compare', name: 'agent-x7k2p', uid: 'uid-1' }

/** Made half a minute ago. @param bound when it got its node; it has none when absent */
function aDaemonPod(bound?: string): Pod {
  const pod = aPod({ name: reference.name, uid: reference.uid })
  return {
    ...pod,
    metadata: { ...pod.metadata, namespace: 'compare', creationTimestamp: at(-30) },
    spec: { ...pod.spec, ...(bound !== undefined && { nodeName: 'node01' }) },
    status: {
      phase: 'Pending',
      conditions: [
        { type: 'PodScheduled', status: bound === undefined ? 'False' : 'True', lastTransitionTime: bound ?? at(-30) },
      ],
    },
  }
}

function lanesOf(apiPods: readonly Pod[], heardSecondsAgo?: number): string[] {
  const entries =
    heardSecondsAgo === undefined
      ? []
      : [anEntry({ time: at(-heardSecondsAgo), node: 'node01', subject: 'pod', reason: 'PodAdded', pod: reference })]
  const groups = computeLaneGroups(new LaneComputer().compute(entries), {
    sides: ['daemonSet'],
    comparison: { namespace: 'compare', staticFile: 'a.yaml', staticPod: 'agent-static', workload: 'agent' },
    ...{ workers: ['node01'], range: { startMs: NOW - 60_000, endMs: NOW }, apiPods },
  })
  return groups.filter(({ side }) => side === 'daemonSet').flatMap(describeLanes)
}

function describeLanes({ rows }: LaneGroup): string[] {
  return rows.flatMap((row) =>
    row.kind !== 'pod'
      ? []
      : row.lane.segments.map(({ state, reason, startMs, endMs }) =>
          [row.lane.name, state, reason, startMs - NOW, endMs === undefined ? 'now' : endMs - NOW].join(' '),
        ),
  )
}

describe('lanes of pods that wait for a node', () => {
  it('given a pod that no node has, then it has a lane that waits until now', () => {
    expect(lanesOf([aDaemonPod()])).toEqual(['agent-x7k2p waiting Pending -30000 now'])
  })

  it('given one that got its node late, then its kubelet’s lane begins with the wait', () => {
    expect(lanesOf([aDaemonPod(at(-10))], 9)).toEqual(['agent-x7k2p waiting Pending -30000 -10000'])
  })

  it('given one that got its node at once, then there was no wait', () => {
    expect(lanesOf([aDaemonPod(at(-30))], 29)).toEqual([])
  })
})
