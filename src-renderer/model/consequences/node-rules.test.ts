import { describe, expect, it } from 'vitest'
import type { Pod } from '@common/api/core.ts'
import type { ClusterNode } from '@common/lab/cluster-view.ts'
import { aVerdict, at } from '../../testing/fixtures.ts'
import { clusterNode, engineSays, play, statesOf, type Moment } from '../../testing/played-consequences.ts'
import { isConcluded } from '../compute-consequences.ts'
import type { ExplainedAction } from './explained-action.ts'

const STOP: ExplainedAction = { kind: 'KubeletStopped', lab: 'default', node: 'node01' }

describe('given a kubelet that is stopped', () => {
  const stopped = { node: { kubelet: 'stopped' }, pods: [] } as const
  const without: [Moment, ...Moment[]] = [
    { second: 0, containers: engineSays(true) },
    { second: 1, node: { kubelet: 'stopped' }, pods: [], containers: engineSays(true) },
  ]

  it('when there is no API server, then its containers run on and nothing else is waited for', () => {
    const expectations = play(STOP, without)
    expect(statesOf(expectations)).toEqual({ kubeletAway: 'seen', containersRun: 'seen' })
    expect(expectations[1]?.evidence).toEqual({ count: 1, of: 1 })
  })

  it('when a container ends meanwhile, then it is not claimed that they run', () => {
    const ended: Moment = { second: 2, node: { kubelet: 'stopped' }, pods: [], containers: engineSays(false) }
    const [before, after] = without
    expect(statesOf(play(STOP, [before, { ...ended, ...(after && { second: after.second }) }]))['containersRun']).toBe(
      'not-seen',
    )
  })

  it('when it is in a cluster, then the node is NotReady, tainted, and only pods that may move are deleted, each in its time', () => {
    const owner = (kind: string): Pod['metadata']['ownerReferences'] => [
      { apiVersion: 'v1', kind, name: 'o', uid: 'o', controller: true },
    ]
    const apiPod = (name: string, kind: string, isReady: boolean): Pod => ({
      metadata: { name, namespace: 'default', uid: name, ownerReferences: owner(kind) ?? [] },
      spec: { containers: [], nodeName: 'node01' },
      status: { phase: 'Running', conditions: [{ type: 'Ready', status: isReady ? 'True' : 'False' }] },
    })
    const pods = (isReady: boolean): Pod[] => [
      apiPod('web-node01', 'Node', isReady),
      apiPod('agent', 'DaemonSet', isReady),
      apiPod('shop', 'ReplicaSet', isReady),
    ]
    const away: ClusterNode = {
      ...clusterNode,
      ready: 'Unknown',
      taints: ['node.kubernetes.io/unreachable:NoExecute'],
    }
    const ending = pods(false).map((pod) =>
      pod.metadata.name === 'shop' ? { ...pod, metadata: { ...pod.metadata, deletionTimestamp: at(350) } } : pod,
    )
    const containers = engineSays(true)
    const story: [Moment, ...Moment[]] = [
      { second: 0, containers, cluster: { nodes: [clusterNode], pods: pods(true) } },
      { second: 5, ...stopped, pods: [], containers, cluster: { nodes: [clusterNode], pods: pods(true) } },
      { second: 50, ...stopped, pods: [], containers, cluster: { nodes: [away], pods: pods(false) } },
    ]
    expect(statesOf(play(STOP, story))).toEqual({
      kubeletAway: 'seen',
      containersRun: 'pending',
      notReady: 'seen',
      tainted: 'seen',
      podsNotReady: 'seen',
      evicted: 'pending',
    })
    const whole = play(STOP, [
      ...story,
      { second: 350, ...stopped, pods: [], containers, cluster: { nodes: [clusterNode], pods: ending } },
    ])
    expect(whole.find(({ id }) => id === 'evicted')).toMatchObject({
      state: 'seen',
      evidence: { pods: 'shop' },
      tookMs: 350_000,
    })
    expect(whole.find(({ id }) => id === 'notReady')).toMatchObject({ state: 'seen', tookMs: 50_000 })
    expect(isConcluded(whole)).toBe(true)
  })
})

describe('given a node that loses its power and gets it back', () => {
  it('when it is started before the API server has noticed, then what was to come is overtaken, and nothing is waited for', () => {
    const off: ExplainedAction = { kind: 'NodePoweredOff', lab: 'default', node: 'node01' }
    const cluster = { nodes: [clusterNode] }
    const expectations = play(off, [
      { second: 0, cluster, containers: engineSays(true) },
      { second: 3, cluster, node: { state: 'stopped' }, pods: [], containers: engineSays(false) },
      { second: 9, cluster, node: { state: 'starting', kubelet: 'stopped' }, containers: engineSays(false) },
    ])
    expect(statesOf(expectations)).toMatchObject({
      ...{ nodeOff: 'seen', containersDead: 'seen' },
      ...{ notReady: 'overtaken', tainted: 'overtaken', podsNotReady: 'overtaken' },
    })
    expect(isConcluded(expectations)).toBe(true)
  })

  it('when its containers die and come back, then both are seen', () => {
    const off: ExplainedAction = { kind: 'NodePoweredOff', lab: 'default', node: 'node01' }
    const containers = engineSays(true)
    expect(
      statesOf(
        play(off, [
          { second: 0, containers },
          { second: 3, node: { state: 'stopped', kubelet: 'stopped' }, pods: [], containers: engineSays(false) },
        ]),
      ),
    ).toEqual({ nodeOff: 'seen', containersDead: 'seen' })
    const on: ExplainedAction = { kind: 'NodeStarted', lab: 'default', node: 'node01' }
    const unread = [aVerdict({ state: 'unread' })]
    expect(
      statesOf(
        play(on, [
          { second: 0, node: { state: 'stopped', kubelet: 'stopped' }, pods: [], files: unread },
          { second: 4, node: { state: 'running', kubelet: 'stopped' }, pods: [], files: unread },
          { second: 8 },
        ]),
      ),
    ).toEqual({ nodeOn: 'seen', kubeletBack: 'seen', podsRun: 'seen' })
  })
})
