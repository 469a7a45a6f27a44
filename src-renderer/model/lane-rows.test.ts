import { describe, expect, it } from 'vitest'
import type { UserAction } from '@common/lab/user-action.ts'
import { anEntry, at, NOW } from '../testing/fixtures.ts'
import { recordedEntries } from '../testing/recorded-entries.ts'
import { LaneComputer } from './compute-lanes.ts'
import { hitLane } from './lane-hit.ts'
import { computeLaneRows, concernsRow, heightOf, rowsBetween, type RowOptions } from './lane-rows.ts'

const OPTIONS: RowOptions = {
  ...{
    matches: () => true,
    sort: 'node',
    closedNodes: new Set(),
    openPods: new Set(),
    actions: [],
    simulated: { count: 0, summary: '' },
  },
}
const pod = (name: string, node = 'node01') => ({ node, pod: { namespace: 'default', name, uid: `uid-${name}` } })
const LANES = new LaneComputer().compute([
  anEntry({ ...pod('b'), container: 'c', sequence: 1, time: at(-30), details: { restartCount: 3 } }),
  anEntry({ ...pod('a'), container: 'c', sequence: 2, time: at(-20) }),
  anEntry({ ...pod('d', 'node02'), container: 'c', sequence: 3, time: at(-10) }),
])
const keys = (change: Partial<RowOptions>): string[] =>
  computeLaneRows(LANES, { ...OPTIONS, ...change }).map(({ key }) => key.replace('default/', ''))

describe('computeLaneRows', () => {
  it.each<[string, Partial<RowOptions>, string[]]>([
    ['nothing chosen', {}, ['node:node01', 'pod:node01/a', 'pod:node01/b', 'node:node02', 'pod:node02/d']],
    ['a folded node', { closedNodes: new Set(['node01']) }, ['node:node01', 'node:node02', 'pod:node02/d']],
    [
      'the newest first',
      { sort: 'start' },
      ['node:node01', 'node:node02', 'pod:node02/d', 'pod:node01/a', 'pod:node01/b'],
    ],
    [
      'the most restarts first',
      { sort: 'restarts' },
      ['node:node01', 'node:node02', 'pod:node01/b', 'pod:node01/a', 'pod:node02/d'],
    ],
    [
      'one pod chosen',
      { matches: (lane) => lane.kind === 'pod' && lane.name === 'd' },
      ['node:node02', 'pod:node02/d'],
    ],
    ['simulated nodes', { simulated: { count: 200, summary: 'all ready' }, matches: () => false }, ['simulated']],
  ])('given %s, then the rows are in that order', (_what, change, expected) => {
    expect(keys(change)).toEqual(expected)
  })

  it('given an unfolded pod, then its containers follow it', () => {
    expect(keys({ openPods: new Set(['pod:node01/default/a']) })).toContain('pod:node01/a#c')
  })

  it('given rows, then those between two heights are found, and no other', () => {
    const rows = computeLaneRows(LANES, OPTIONS)
    expect(rowsBetween(rows, 0, heightOf(rows))).toEqual(rows)
    expect(rowsBetween(rows, 40, 41).map(({ index }) => index)).toEqual([1])
    expect(rowsBetween(rows, heightOf(rows) + 10, heightOf(rows) + 20)).toEqual([])
  })
})

describe('what an action concerns', () => {
  const rows = computeLaneRows(LANES, OPTIONS)
  const concerned = (change: Partial<UserAction>): string[] => {
    const action: UserAction = { id: '1', lab: 'default', kind: 'ContainerCrashed', time: at(-5), ...change }
    return rows.filter((row) => concernsRow(action, row)).map(({ key }) => key.replace('default/', ''))
  }

  it('given an action on a pod, then its lane and its node; on a node, then all of its lanes; on the lab, then all', () => {
    const ofA = { node: 'node01', pod: { namespace: 'default', name: 'a' } }
    expect(concerned(ofA)).toEqual(['node:node01', 'pod:node01/a'])
    expect(concerned({ node: 'node02' })).toEqual(['node:node02', 'pod:node02/d'])
    expect(concerned({})).toHaveLength(rows.length)
  })
})

describe('hitLane', () => {
  const [, row] = computeLaneRows(new LaneComputer().compute(recordedEntries('crashAndRemoval')), OPTIONS)
  const beginMs = Date.parse('2026-01-01T00:00:00.000Z')
  const hit = (seconds: number, actions: readonly UserAction[] = []) =>
    row &&
    hitLane(row, { timeMs: beginMs + seconds * 1000, toleranceMs: 200, nowMs: NOW, matches: () => true, actions })

  it('given a place in a back-off, then the back-off; on a mark, then its entry; on a flag, then the action', () => {
    expect(hit(10)).toMatchObject({ kind: 'segment', segment: { state: 'backOff' } })
    expect(hit(30.5)).toMatchObject({ kind: 'entry', entry: { reason: 'SandboxDied' } })
    const action = { id: '1', lab: 'default', kind: 'ManifestRemoved', time: '2026-01-01T00:00:30.520Z' } as const
    expect(hit(30.5, [action])).toMatchObject({ kind: 'action', action })
    expect(hit(50)).toBeUndefined()
  })
})
