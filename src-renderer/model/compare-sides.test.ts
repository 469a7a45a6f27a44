import { describe, expect, it } from 'vitest'
import type { Pod } from '@common/api/core.ts'
import { CONFIG_MIRROR_ANNOTATION } from '@common/api/kubelet-labels.ts'
import type { ClusterView } from '@common/lab/cluster-view.ts'
import type { LabStatus, NodeView } from '@common/lab/lab-status.ts'
import { aPod, aVerdict, at } from '../testing/fixtures.ts'
import { computeSides, namesInUse, podsOf, type SidesSource } from './compare-sides.ts'

const comparison = {
  ...{ namespace: 'compare', staticFile: 'compare-agent.yaml', staticPod: 'agent-static', workload: 'agent' },
}

function aNamedPod(name: string, node: string, change: Partial<Pod['metadata']> = {}): Pod {
  const pod = aPod({ name, uid: `uid-of-${name}` })
  return {
    ...pod,
    metadata: { ...pod.metadata, namespace: 'compare', ...change },
    spec: { ...pod.spec, nodeName: node },
  }
}

function owned(kind: string, name: string): Partial<Pod['metadata']> {
  return { ownerReferences: [{ apiVersion: 'apps/v1', kind, name, uid: 'uid-of-owner', controller: true }] }
}

const mirror = { annotations: { [CONFIG_MIRROR_ANNOTATION]: 'hash' } }

function aSource(pods: Pod[], views: Partial<NodeView>[] = []): SidesSource {
  const node = (name: string, role: 'worker' | 'control-plane'): object => ({ name, role })
  const nodes = [node('controlplane', 'control-plane'), node('node01', 'worker'), node('node02', 'worker')]
  return {
    lab: { name: 'default', nodes } as LabStatus,
    comparison,
    views: views.map((view) => ({ lab: 'default', node: 'node01', files: [], pods: [], observedAt: at(0), ...view })),
    cluster: { lab: 'default', pods } as unknown as ClusterView,
  }
}

describe('sides of the comparison', () => {
  it('given agents of all kinds, when they are sorted, then each is with its side and its worker, and strangers are with none', () => {
    const source = aSource([
      aNamedPod('agent-x7k2p', 'node01', owned('DaemonSet', 'agent')),
      aNamedPod('agent-6d5f7c9b8-q2w4z', 'node02', {
        ...owned('ReplicaSet', 'agent-6d5f7c9b8'),
        labels: { 'pod-template-hash': '6d5f7c9b8' },
      }),
      aNamedPod('agent-static-node02', 'node02', mirror),
      aNamedPod('agent-strng', 'node01', { ...owned('DaemonSet', 'agent'), namespace: 'default' }),
      aNamedPod('other-x7k2p', 'node01', owned('DaemonSet', 'other')),
    ])
    const sides = computeSides(source, ['deployment', 'static', 'daemonSet'])
    expect(sides.map(({ side, nodes }) => [side, ...nodes.map(({ name, pods }) => `${name}: ${pods.length}`)])).toEqual(
      [
        ['static', 'node01: 0', 'node02: 1'],
        ['daemonSet', 'node01: 1', 'node02: 0'],
        ['deployment', 'node01: 0', 'node02: 1'],
      ],
    )
  })

  it('given a static pod without an API server, then its kubelet’s word is enough, and there is no mirror', () => {
    const local = aNamedPod('agent-static-node01', 'node01')
    const source = aSource([], [{ pods: [local], files: [aVerdict({ name: 'compare-agent.yaml' })] }])
    const [side] = computeSides({ ...source, cluster: undefined }, ['static'])
    expect(side?.nodes[0]).toMatchObject({ name: 'node01', file: { name: 'compare-agent.yaml' }, pods: [{ local }] })
    expect(side?.nodes[0]?.pods[0]?.api).toBeUndefined()
  })

  it('given a pod that waits for a node, then it is shown, but on no worker', () => {
    const waiting = aNamedPod('agent-x7k2p', '', owned('DaemonSet', 'agent'))
    const [side] = computeSides(aSource([waiting]), ['daemonSet'])
    expect(side?.elsewhere).toHaveLength(1)
    expect(side === undefined ? [] : podsOf(side)).toHaveLength(1)
  })

  it('given other pods of the lab, then they tell what each way is used for, the agents apart', () => {
    const source = aSource([
      aNamedPod('kube-apiserver-controlplane', 'controlplane', { ...mirror, namespace: 'kube-system' }),
      aNamedPod('agent-static-node01', 'node01', mirror),
      aNamedPod('log-collector-abcde', 'node01', { ...owned('DaemonSet', 'log-collector'), namespace: 'default' }),
      aNamedPod('log-collector-fghij', 'node02', { ...owned('DaemonSet', 'log-collector'), namespace: 'default' }),
      aNamedPod('agent-x7k2p', 'node01', owned('DaemonSet', 'agent')),
    ])
    expect(namesInUse(source, 'static')).toEqual(['kube-apiserver'])
    expect(namesInUse(source, 'daemonSet')).toEqual(['log-collector'])
    expect(namesInUse(source, 'deployment')).toEqual([])
  })
})
