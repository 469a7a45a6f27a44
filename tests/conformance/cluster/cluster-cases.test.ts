import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Pod } from '../../../src-main/common/api/core.ts'
import { titleOf } from '../cri-case.ts'
import { expectationOf } from '../recorded/recorded-case.ts'
import { CLUSTER_KINDS } from './cluster-case.ts'
import { CLUSTER_CASES } from './cluster-cases.ts'
import { describeDaemonSet, describeNode, describePod, nodeOf } from './describe-objects.ts'
import { NOT_SHOWN } from './not-shown.ts'
import { transcriptOf } from '../kubectl/normalize.ts'
import { comparable, otherThanRecorded } from './transcripts.ts'

const all = CLUSTER_CASES.flatMap(({ cases }) => cases)

describe('the cases of a cluster', () => {
  it('given all groups, then no two cases have the same id or the same words', () => {
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length)
    expect(new Set(all.map(({ case: one }) => titleOf(one))).size).toBe(all.length)
  })

  it('given all cases, then each runs somewhere and expects something', () => {
    for (const { id, case: one } of all) {
      expect(one.worlds, id).not.toEqual([])
      expect(Object.keys(one.recorded), id).not.toEqual([])
    }
  })

  it('given the recordings, then each is a source of a case, or it is said why not', () => {
    const recordings: unknown = Object.keys(
      JSON.parse(readFileSync(new URL('recordings.json', import.meta.url), 'utf8')) as object,
    )
    const sources = all.flatMap(({ case: { source } }) => ('recordings' in source ? source.recordings : []))
    const known = new Set([...sources, ...Object.keys(NOT_SHOWN)])
    expect([...known].toSorted()).toEqual(recordings)
  })

  it('given the differences and adaptations, then each is a sentence, and changes what was recorded', () => {
    for (const { id, case: one } of all) {
      if (one.adapted !== undefined) expect(one.adapted, id).toMatch(/^[A-Z`].{20,}\.$/)
      for (const difference of one.differs ?? []) {
        expect(difference.reason, id).toMatch(/^.{20,}\.$/)
        const without = { ...one, differs: (one.differs ?? []).filter((other) => other !== difference) }
        expect(expectationOf(one, CLUSTER_KINDS), id).not.toEqual(expectationOf(without, CLUSTER_KINDS))
      }
    }
  })
})

describe('what is compared', () => {
  it('given names that controllers made up, then they become words, and rows of pods come in one order', () => {
    const lines = ['NAME  AGE', 'agent-r8z99  1/1  node02', 'agent-g5kvp  1/1  node01', 'agent-79df5b5874  1']
    expect(comparable(lines)).toEqual([
      'NAME  AGE',
      'agent-POD  1/1  node01',
      'agent-POD  1/1  node02',
      'agent-HASH  1',
    ])
  })

  it('given a name whose end looks like an age, then it is a name', () => {
    const outcome = { exitCode: 0, stdout: 'agent2-64d7h  Running  3m20s', stderr: '' }
    expect(comparable(transcriptOf(outcome))).toEqual(['agent2-POD  Running  AGE'])
  })

  it('given pods that are described one after the other, then they come in one order, too', () => {
    const described = ['Name:  agent-r8z99', 'Node:  node02', 'Name:  agent-g5kvp', 'Node:  node01']
    const inOrder = ['Name:  agent-POD', 'Node:  node01', 'Name:  agent-POD', 'Node:  node02']
    expect(comparable(described)).toEqual(inOrder)
  })

  it('given a line that is not ours and one that was not recorded, then both are told', () => {
    expect(otherThanRecorded(['a', ' b'], ['a', ' c'])).toEqual(['- b', '+ c'])
  })

  it.each([
    ['no node', {}, {}, 'pending'],
    ['a node', { nodeName: 'node01' }, {}, 'bound'],
    [
      'no node, and the scheduler said so',
      {},
      { conditions: [{ type: 'PodScheduled', status: 'False' }] },
      'unscheduled',
    ],
    ['Ready', { nodeName: 'node01' }, { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] }, 'ready'],
    [
      'a silent node',
      { nodeName: 'node01' },
      { phase: 'Running', conditions: [{ type: 'Ready', status: 'False' }] },
      'unready',
    ],
    ['an end after its deletion', { nodeName: 'node01' }, { phase: 'Succeeded', isDeleted: true }, 'gone'],
    ['a deletion', { nodeName: 'node01' }, { phase: 'Running', isDeleted: true }, 'ending'],
    ['an end', { nodeName: 'node01' }, { phase: 'Failed' }, 'failed'],
  ])('given a pod with %s, then it is so called', (_what, spec, status, words) => {
    const metadata = { name: 'a', ...('isDeleted' in status ? { deletionTimestamp: '2026-01-01T00:00:00Z' } : {}) }
    const pod = { metadata, spec: { containers: [], ...spec }, status: { phase: 'Pending', ...status } }
    expect(describePod(pod as unknown as Pod)).toBe(words)
  })

  it('given a pod that its DaemonSet means for a node, then that is its node', () => {
    const nodeSelectorTerms = [{ matchFields: [{ key: 'metadata.name', operator: 'In' as const, values: ['node02'] }] }]
    const affinity = { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } } }
    expect(nodeOf({ metadata: { name: 'a' }, spec: { containers: [], affinity } })).toBe('node02')
  })

  it('given a DaemonSet and a node, then they are one line each', () => {
    const status = {
      desiredNumberScheduled: 1,
      currentNumberScheduled: 1,
      numberReady: 1,
      numberAvailable: 1,
      updatedNumberScheduled: 1,
      numberMisscheduled: 1,
      observedGeneration: 1,
    }
    const set = { apiVersion: 'apps/v1', kind: 'DaemonSet', metadata: { generation: 2 }, spec: {}, status }
    expect(describeDaemonSet(set as unknown as Parameters<typeof describeDaemonSet>[0])).toBe(
      '1/1/1/1/1, misscheduled 1, unseen',
    )
    const taints = [{ key: 'node.kubernetes.io/unreachable', effect: 'NoSchedule' as const }]
    const conditions = [{ type: 'Ready', status: 'Unknown' as const }]
    const node = { apiVersion: 'v1', kind: 'Node', metadata: {}, spec: { taints }, status: { conditions } }
    expect(describeNode(node as unknown as Parameters<typeof describeNode>[0])).toBe(
      'Ready Unknown, unreachable:NoSchedule',
    )
  })
})
