import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { TimelineEntry } from '@common/lab/timeline-entry.ts'
import { anEntry, at } from '../testing/fixtures.ts'
import { recordedEntries } from '../testing/recorded-entries.ts'
import { LaneComputer, type Lanes } from './compute-lanes.ts'

const POD = { namespace: 'default', name: 'web-node01', uid: 'uid-1' }

function fromScratch(entries: readonly TimelineEntry[]): Lanes {
  return new LaneComputer().compute(entries)
}

describe('LaneComputer', () => {
  it('given a crash and a removal, then the pod has one lane, is gone, and its node keeps the file', () => {
    const { nodes, pods, startMs } = fromScratch(recordedEntries('crashAndRemoval'))
    expect(nodes.map(({ node, entries }) => [node, entries.map(({ reason }) => reason)])).toEqual([
      ['node01', ['KubeletStarted', 'FileAccepted', 'FileGone']],
    ])
    expect(pods).toHaveLength(1)
    expect(pods[0]).toMatchObject({ name: 'web-node01', containers: ['c'], file: 'web.yaml', restarts: 2 })
    expect(pods[0]?.goneMs).toBe(Date.parse('2026-01-01T00:00:30.520Z'))
    expect(startMs).toBe(Date.parse('2026-01-01T00:00:00.000Z'))
  })

  it('given an edit, then the pod goes on in the same lane and is not gone', () => {
    const [lane] = fromScratch(recordedEntries('edit')).pods
    expect(lane?.goneMs).toBeUndefined()
    expect(lane?.segments.map(({ state }) => state)).toContain('running')
  })

  it('given a kubelet that was stopped and started, then its lane tells so', () => {
    const [node] = fromScratch(recordedEntries('nodePowerCut')).nodes
    expect(node?.kubelet.map(({ state }) => state)).toEqual(['running', 'stopped', 'running', 'running'])
  })

  it('given an entry of another pod, then lanes without news are the very same objects', () => {
    const computer = new LaneComputer()
    const entries = [anEntry({ pod: POD, container: 'c' })]
    const [before] = computer.compute(entries).pods
    const news = anEntry({ sequence: 2, time: at(-1), pod: { ...POD, name: 'other', uid: 'uid-2' }, container: 'c' })
    const { pods } = computer.compute([...entries, news])
    expect(pods.map(({ name }) => name)).toEqual(['other', 'web-node01'])
    expect(pods[1]).toBe(before)
  })

  it('given any entries in any batches, also dropped or put in between, then lanes are as if computed from scratch', () => {
    const anyEntry = fc.record({
      node: fc.constantFrom('node01', 'node02'),
      name: fc.constantFrom('a', 'b', undefined),
      uid: fc.constantFrom('uid-1', 'uid-2'),
      container: fc.constantFrom('c', 'd'),
      reason: fc.constantFrom(
        'Started',
        'ContainerDied',
        'BackOff',
        'Pulled',
        'PodAdded',
        'PodGone',
        'KubeletStopping',
      ),
      stepMs: fc.nat(2_000),
    })
    fc.assert(
      fc.property(fc.array(anyEntry, { maxLength: 40 }), fc.array(fc.nat(8)), fc.nat(3), (drafts, batches, dropped) => {
        let timeMs = Date.parse(at(0))
        const entries = drafts.map(({ node, name, uid, container, reason, stepMs }, sequence): TimelineEntry => {
          timeMs += stepMs
          const subject = name === undefined ? 'kubelet' : reason.startsWith('Pod') ? 'pod' : 'container'
          const pod = name === undefined ? {} : { pod: { namespace: 'default', name, uid } }
          return anEntry({ node, sequence, time: new Date(timeMs).toISOString(), subject, reason, container, ...pod })
        })
        const computer = new LaneComputer()
        let count = 0
        for (const batch of batches) {
          count = Math.min(entries.length, count + batch)
          expect(computer.compute(entries.slice(0, count))).toEqual(fromScratch(entries.slice(0, count)))
        }
        const rest = entries.slice(dropped)
        expect(computer.compute(rest)).toEqual(fromScratch(rest))
      }),
    )
  })
})
