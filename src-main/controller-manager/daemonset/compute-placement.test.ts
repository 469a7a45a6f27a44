import { describe, expect, it } from 'vitest'
import type { PodSpec } from '../../common/api/core.ts'
import type { Node, Taint } from '../../common/api/node.ts'
import { affectsPlacement } from './affects-placement.ts'
import { computePlacement, type NodeVerdict } from './compute-placement.ts'
import { daemonTolerations } from './daemon-tolerations.ts'

const AGENT: PodSpec = { containers: [{ name: 'c', image: 'bb:v1' }] }

function node(taints: Taint[] = [], more: Partial<Node> = {}): Node {
  const metadata = { name: 'node01', labels: { disk: 'ssd' } }
  return { apiVersion: 'v1', kind: 'Node', metadata, spec: { taints }, ...more }
}

function taint(name: string, effect: Taint['effect']): Taint {
  return { key: name, effect }
}

function own(name: string, effect: Taint['effect']): Taint {
  return taint(`node.kubernetes.io/${name}`, effect)
}

describe('whether a node has a DaemonSet’s pod', () => {
  it.each<[string, Partial<PodSpec>, Taint[], NodeVerdict]>([
    ['an ordinary node', {}, [], 'run'],
    ['a node of the selector', { nodeSelector: { disk: 'ssd' } }, [], 'run'],
    ['a node of another label', { nodeSelector: { disk: 'hdd' } }, [], 'leave'],
    ['the node of that name', { nodeName: 'node01' }, [], 'run'],
    ['a node of another name', { nodeName: 'node02' }, [], 'leave'],
    ['a taint that nobody tolerates', {}, [taint('k', 'NoSchedule')], 'stay'],
    ['a taint that drives away', {}, [taint('k', 'NoExecute')], 'leave'],
    ['a taint that is a wish', {}, [taint('k', 'PreferNoSchedule')], 'run'],
    ['a taint that is tolerated', { tolerations: [{ operator: 'Exists' }] }, [taint('k', 'NoExecute')], 'run'],
    ['a cordoned node', {}, [own('unschedulable', 'NoSchedule')], 'run'],
    ['a node under pressure', {}, [own('memory-pressure', 'NoSchedule'), own('disk-pressure', 'NoSchedule')], 'run'],
    ['a dead node, first', {}, [own('unreachable', 'NoSchedule')], 'stay'],
    ['a dead node, then', {}, [own('unreachable', 'NoSchedule'), own('unreachable', 'NoExecute')], 'stay'],
    ['a node without a network', {}, [own('network-unavailable', 'NoSchedule')], 'stay'],
    ['the same for host networking', { hostNetwork: true }, [own('network-unavailable', 'NoSchedule')], 'run'],
    ['a control plane', {}, [taint('node-role.kubernetes.io/control-plane', 'NoSchedule')], 'stay'],
  ])('given %s', (_name, spec, taints, expected) => {
    expect(computePlacement({ spec: { ...AGENT, ...spec } })(node(taints))).toBe(expected)
  })

  it('given required affinity, then it counts; given preferred affinity, then it does not', () => {
    const term = { matchExpressions: [{ key: 'disk', operator: 'In' as const, values: ['hdd'] }] }
    const required = { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [term] } }
    const preferred = { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1, preference: term }] }
    const verdict = (nodeAffinity: object): NodeVerdict =>
      computePlacement({ spec: { ...AGENT, affinity: { nodeAffinity } } })(node())
    expect([verdict(required), verdict(preferred)]).toEqual(['leave', 'run'])
  })
})

describe('what a DaemonSet’s pods tolerate', () => {
  it('given tolerations of the template, then they come first, and one that is limited in time loses its limit', () => {
    const limited = {
      key: 'node.kubernetes.io/not-ready',
      operator: 'Exists' as const,
      effect: 'NoExecute' as const,
      tolerationSeconds: 5,
    }
    const tolerations = daemonTolerations({ ...AGENT, tolerations: [{ key: 'k', operator: 'Exists' }, limited] })
    const { tolerationSeconds: _, ...unlimited } = limited
    expect(tolerations.slice(0, 2)).toEqual([{ key: 'k', operator: 'Exists' }, unlimited])
    expect(tolerations.map(({ key }) => key?.replace('node.kubernetes.io/', ''))).toEqual([
      'k',
      'not-ready',
      'unreachable',
      'disk-pressure',
      'memory-pressure',
      'pid-pressure',
      'unschedulable',
    ])
  })
})

describe('changes of a node', () => {
  it.each<[string, Partial<Node>, boolean]>([
    ['a heartbeat', { status: { conditions: [{ type: 'Ready', status: 'True', lastHeartbeatTime: 'now' }] } }, false],
    ['a condition', { status: { conditions: [{ type: 'Ready', status: 'False' }] } }, false],
    ['an annotation', { metadata: { name: 'node01', labels: { disk: 'ssd' }, annotations: { a: 'b' } } }, false],
    ['a label', { metadata: { name: 'node01', labels: { disk: 'hdd' } } }, true],
    ['a taint', { spec: { taints: [taint('k', 'NoSchedule')] } }, true],
  ])('given %s, then it matters to DaemonSets: %#', (_name, change, expected) => {
    expect(affectsPlacement(node(), node([], change))).toBe(expected)
  })
})
