import { describe, expect, it } from 'vitest'
import type { Pod } from '@common/api/core.ts'
import { clusterNode, engineSays, liveAt, play, statesOf, type Moment } from '../../testing/played-consequences.ts'
import { computeConsequences, isConcluded } from '../compute-consequences.ts'
import type { ExplainedAction } from './explained-action.ts'
import { takeBaseline } from './live-state.ts'

describe('given a node of a cluster with a static pod and one of a Deployment', () => {
  const ordinary = (name: string, node: string | undefined, uid = name): Pod => ({
    metadata: {
      ...{ name, namespace: 'default', uid },
      ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'shop', uid: 'r', controller: true }],
    },
    spec: { containers: [{ name: 'main', image: 'nginx' }], ...(node !== undefined && { nodeName: node }) },
    status: { phase: node === undefined ? 'Pending' : 'Running' },
  })
  const before = { nodes: [clusterNode], pods: [ordinary('shop-1', 'node01')] }
  const cordoned = [{ ...clusterNode, unschedulable: true }]
  const drain: ExplainedAction = { kind: 'NodeDrained', lab: 'default', node: 'node01' }
  const containers = engineSays(true)

  it('when it is cordoned and uncordoned, then its status reads as in kubectl, and what runs goes on', () => {
    const cordon: ExplainedAction = { kind: 'NodeCordoned', lab: 'default', node: 'node01' }
    expect(
      play(cordon, [
        { second: 0, containers, cluster: before },
        { second: 1, containers, cluster: { ...before, nodes: cordoned } },
      ]),
    ).toEqual([
      { id: 'cordoned', state: 'seen', evidence: { status: 'Ready,SchedulingDisabled' }, tookMs: 1000 },
      { id: 'containersRun', state: 'seen', evidence: { count: 1, of: 1 } },
    ])
    const uncordon: ExplainedAction = { kind: 'NodeUncordoned', lab: 'default', node: 'node01' }
    const moments: [Moment, ...Moment[]] = [
      { second: 0, containers, cluster: { ...before, nodes: cordoned } },
      { second: 1, containers, cluster: before },
    ]
    expect(statesOf(play(uncordon, moments))).toEqual({ uncordoned: 'seen', containersRun: 'seen' })
  })

  it.each<[string, string | undefined, string]>([
    ['another node', 'node02', 'shop-2 → node02'],
    ['no node that would take it', undefined, 'shop-2 → Pending'],
  ])(
    'when it is drained with %s, then the other pod is told with its place, and the static pod runs on',
    (_where, node, pods) => {
      const expectations = play(drain, [
        { second: 0, containers, cluster: before },
        { second: 1, containers, cluster: { nodes: cordoned, pods: [...before.pods, ordinary('shop-2', node)] } },
        { second: 3, containers, cluster: { nodes: cordoned, pods: [ordinary('shop-2', node)] } },
      ])
      expect(statesOf(expectations)).toEqual({
        cordoned: 'seen',
        drained: 'seen',
        elsewhere: 'seen',
        othersStay: 'seen',
      })
      expect(expectations.find(({ id }) => id === 'elsewhere')).toMatchObject({ evidence: { pods } })
      expect(isConcluded(expectations)).toBe(true)
    },
  )

  it('when a disruption budget forbids it, then which and why is told at once, and nothing more is waited for', () => {
    const message = 'The disruption budget shop needs 1 healthy pods and has 1 currently'
    const outcome = {
      evicted: [],
      blocked: [{ pod: 'default/shop-1', message }],
      daemonSetPods: [],
      mirrorPods: ['default/web-node01'],
    }
    const live = liveAt({ second: 61, containers, cluster: { ...before, nodes: cordoned } })
    const baseline = takeBaseline(drain, liveAt({ second: 0, containers, cluster: before }))
    const expectations = computeConsequences({ action: drain, baseline, live, outcome }, [])
    expect(statesOf(expectations)).toEqual({
      ...{ cordoned: 'seen', drained: 'not-seen', budgetBlocks: 'seen' },
      ...{ elsewhere: 'not-seen', othersStay: 'seen' },
    })
    expect(expectations.find(({ id }) => id === 'budgetBlocks')).toMatchObject({
      evidence: { pods: 'shop-1', message },
    })
    expect(isConcluded(expectations)).toBe(true)
  })
})
