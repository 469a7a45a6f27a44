import { describe, expect, it } from 'vitest'
import { anEntry, at } from '../testing/fixtures.ts'
import { entriesAbout, filterEntries, laneMatcher, NO_FILTER } from './timeline-filter.ts'
import { EntryFold } from './timeline-fold.ts'

const web = { namespace: 'default', name: 'web-node01', uid: 'uid-1' }

describe('EntryFold', () => {
  it('given entries that are known already, keeps the very same list', () => {
    const fold = new EntryFold(10)
    const known = fold.add([anEntry()])
    expect(fold.add([anEntry()])).toBe(known)
  })

  it('given entries of two nodes out of order, sorts them by time', () => {
    const late = anEntry({ node: 'node02', time: at(-1) })
    const early = anEntry({ node: 'node01', time: at(-5) })
    const fold = new EntryFold(10)
    fold.add([late])
    expect(fold.add([early])).toEqual([early, late])
  })

  it('given the same moment, keeps the order of the node', () => {
    const entries = [anEntry({ sequence: 10 }), anEntry({ sequence: 9 })]
    expect(new EntryFold(10).add(entries).map(({ sequence }) => sequence)).toEqual([9, 10])
  })

  it('given a clock that was set back, keeps the order of the numbers, now and when more comes', () => {
    const fold = new EntryFold(10)
    fold.add([anEntry({ sequence: 1, time: at(60) }), anEntry({ sequence: 2, time: at(1) })])
    const list = fold.add([
      anEntry({ sequence: 3, time: at(2) }),
      anEntry({ node: 'node02', sequence: 1, time: at(61) }),
    ])
    expect(list.map(({ node, sequence }) => `${node} ${sequence}`)).toEqual([
      'node01 1',
      'node01 2',
      'node01 3',
      'node02 1',
    ])
  })

  it('given something new of one node, keeps the very same list of the other', () => {
    const fold = new EntryFold(10)
    fold.add([anEntry({ node: 'node01', sequence: 1 }), anEntry({ node: 'node02', sequence: 1 })])
    const [one, two] = [fold.ofNode('node01'), fold.ofNode('node02')]
    fold.add([anEntry({ node: 'node02', sequence: 2, time: at(1) })])
    expect(fold.ofNode('node01')).toBe(one)
    expect(fold.ofNode('node02')).toHaveLength(two.length + 1)
  })

  it('given more than the limit, drops the oldest in one go and takes them for new when they come again', () => {
    const entries = Array.from({ length: 11 }, (_, sequence) => anEntry({ sequence, time: at(sequence) }))
    const fold = new EntryFold(10)
    expect(fold.add(entries).map(({ sequence }) => sequence)).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10])
    expect(fold.add(entries.slice(0, 1))).toHaveLength(10)
  })
})

describe('choosing entries', () => {
  const entries = [
    anEntry({ sequence: 1, file: 'web.yaml', reason: 'FileAccepted', subject: 'file' }),
    anEntry({ sequence: 2, pod: web }),
    anEntry({ sequence: 3, pod: { ...web, uid: 'uid-2' }, type: 'Warning', reason: 'BackOff' }),
    anEntry({ sequence: 4, node: 'node02', pod: { ...web, name: 'web-node02' } }),
  ]
  const sequences = (list: readonly { sequence: number }[]): number[] => list.map(({ sequence }) => sequence)

  it('given a file and its pod, finds what happened to both, in every version of the pod', () => {
    const reference = { node: 'node01', file: 'web.yaml', pod: { namespace: 'default', name: 'web-node01' } }
    expect(sequences(entriesAbout(entries, reference))).toEqual([1, 2, 3])
  })

  it.each([
    [{ node: 'node02' }, [4]],
    [{ pod: 'web-node01' }, [2, 3]],
    [{ namespace: 'default' }, [2, 3, 4]],
    [{ subject: 'file' as const }, [1]],
    [{ reason: 'BackOff' }, [3]],
    [{ onlyWarnings: true }, [3]],
    [{ text: 'BACKOFF' }, [3]],
    [{}, [1, 2, 3, 4]],
  ])('given the filter %j, lets %j through', (change, expected) => {
    expect(sequences(filterEntries(entries, { ...NO_FILTER, ...change }))).toEqual(expected)
  })

  it.each([
    [{}, true],
    [{ pod: 'web-node01' }, true],
    [{ pod: 'other' }, false],
    [{ reason: 'BackOff' }, true],
    [{ reason: 'Pulled' }, false],
    [{ node: 'node02' }, false],
  ])('given the filter %j and the lane of a pod, then whether it is shown is %j', (change, expected) => {
    const lane = { node: 'node01', name: 'web-node01', namespace: 'default', entries: entries.slice(1, 3) }
    const matches = laneMatcher({ ...NO_FILTER, ...change })
    expect([matches(lane), matches(lane)]).toEqual([expected, expected])
  })
})
