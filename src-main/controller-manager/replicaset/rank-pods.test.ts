import { describe, expect, it } from 'vitest'
import type { Pod } from '../../common/api/core.ts'
import { rankPodsForDeletion } from './rank-pods.ts'

const NOW = Date.parse('2026-01-01T12:00:00Z')

interface Traits {
  node?: string
  phase?: 'Pending' | 'Running'
  readySince?: string | undefined
  createdAt?: string
  restarts?: number
  sidecarRestarts?: number
  cost?: string
}

/** A healthy pod of an hour, changed. */
function pod(name: string, traits: Traits = {}): Pod {
  const { node = 'node01', phase = 'Running', createdAt = '11:00:00', restarts = 0, sidecarRestarts = 0, cost } = traits
  const readySince = 'readySince' in traits ? traits.readySince : '11:00:05'
  const status = (of: string, restartCount: number) => ({
    name: of,
    restartCount,
    ready: true,
    image: '',
    imageID: '',
    state: {},
    lastState: {},
  })
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      uid: name,
      creationTimestamp: `2026-01-01T${createdAt}Z`,
      ...(cost === undefined ? {} : { annotations: { 'controller.kubernetes.io/pod-deletion-cost': cost } }),
    },
    spec: {
      nodeName: node,
      containers: [{ name: 'c' }],
      initContainers: [{ name: 'side', restartPolicy: 'Always' }],
    },
    status: {
      phase,
      conditions:
        readySince === undefined
          ? []
          : [{ type: 'Ready', status: 'True', lastTransitionTime: `2026-01-01T${readySince}Z` }],
      containerStatuses: [status('c', restarts)],
      initContainerStatuses: [status('side', sidecarRestarts)],
    },
  } as Pod
}

function namesOf(pods: readonly Pod[]): string[] {
  return pods.map(({ metadata }) => metadata.name ?? '')
}

describe('which pods of a ReplicaSet go first', () => {
  it.each<[string, Traits, Traits]>([
    ['without a node', { node: '' }, { phase: 'Pending', readySince: undefined }],
    ['pending', { phase: 'Pending', readySince: undefined }, { readySince: undefined }],
    ['not ready', { readySince: undefined }, { cost: '-10' }],
    ['of a lower cost', { cost: '-10' }, { readySince: '11:59:50' }],
    ['cheaper than one without a cost', { cost: '-1' }, {}],
    ['without a cost, when the other has one', {}, { cost: '5', readySince: '11:59:50' }],
    ['with a cost that is no number, as if without', { cost: 'cheap', readySince: '11:59:50' }, { cost: '0' }],
    ['ready since recently', { readySince: '11:59:50' }, { restarts: 9 }],
    ['restarted more often', { restarts: 2 }, { restarts: 1, createdAt: '11:59:00' }],
    ['whose sidecar restarted more often', { sidecarRestarts: 1 }, { createdAt: '11:59:00' }],
    ['made recently', { createdAt: '11:59:00' }, {}],
  ])('given a pod %s and one that is not, then it goes first', (_what, first, second) => {
    expect(namesOf(rankPodsForDeletion([pod('b', second), pod('a', first)], [], NOW))).toEqual(['a', 'b'])
    expect(namesOf(rankPodsForDeletion([pod('a', first), pod('b', second)], [], NOW))).toEqual(['a', 'b'])
  })

  it('given two pods of the Deployment on one node, then one of those goes before the one that is alone', () => {
    const pods = [pod('alone', { node: 'node02', readySince: '11:59:50' }), pod('one'), pod('other')]
    expect(namesOf(rankPodsForDeletion(pods, pods, NOW)).at(-1)).toBe('alone')
  })

  it('given a neighbour that has ended, then nobody is doubled up because of it', () => {
    const ended = { ...pod('ended'), status: { phase: 'Failed' as const } }
    const pods = [pod('old'), pod('young', { node: 'node02', readySince: '11:59:50' })]
    expect(namesOf(rankPodsForDeletion(pods, [...pods, ended], NOW))).toEqual(['young', 'old'])
  })

  it('given ages of one magnitude, then the uid decides and not the seconds', () => {
    const pods = [pod('b', { readySince: '11:00:10' }), pod('a', { readySince: '11:00:05' })]
    expect(namesOf(rankPodsForDeletion(pods, [], NOW))).toEqual(['a', 'b'])
  })
})
