import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { TimelineEntry } from '@common/lab/timeline-entry.ts'
import { anEntry, at } from '../testing/fixtures.ts'
import { recordedEntries } from '../testing/recorded-entries.ts'
import { computeContainerSegments, ContainerSegmentTracker, type ContainerSegment } from './container-segments.ts'

const BEGIN_MS = Date.parse('2026-01-01T00:00:00.005Z')
const POD = { namespace: 'default', name: 'web-node01', uid: 'uid-1' }

/** `container state START–END reason exit`, in whole seconds since the file came. */
function words(segments: readonly ContainerSegment[]): string[] {
  const seconds = (ms: number | undefined): string =>
    ms === undefined ? '' : String(Math.round((ms - BEGIN_MS) / 1000))
  return segments
    .filter(({ startMs, endMs }) => startMs !== endMs)
    .map(({ container, state, startMs, endMs, reason = '-', exitCode }) =>
      [container, state, `${seconds(startMs)}–${seconds(endMs)}`, reason, exitCode]
        .filter((part) => part !== undefined)
        .join(' '),
    )
}

describe('computeContainerSegments, of recorded entries', () => {
  it('given a container that crashes, backs off and is removed, then each of it has its segment and nothing lasts', () => {
    const segments = computeContainerSegments(recordedEntries('crashAndRemoval'))
    expect(words(segments)).toEqual([
      'c running 0–3 -',
      'c running 3–6 -',
      'c backOff 6–16 CrashLoopBackOff',
      'c running 16–19 -',
      'c backOff 19–31 CrashLoopBackOff',
    ])
    expect(segments.filter(({ state }) => state === 'terminated').map(({ exitCode }) => exitCode)).toEqual([1, 1, 1])
    expect(segments.filter(({ state }) => state === 'running').map(({ restartCount }) => restartCount)).toEqual([
      0, 1, 2,
    ])
  })

  it('given an edited manifest, then the run of the new pod follows the one of the old pod', () => {
    expect(words(computeContainerSegments(recordedEntries('edit')))).toEqual(['c running 0–21 -', 'c running 21– -'])
  })

  it('given an image that is nowhere, then the back-off of its pull is not cut short by the failure that it causes', () => {
    expect(words(computeContainerSegments(recordedEntries('missingImage')))).toEqual([
      'c waiting 0–1 ErrImagePull',
      'c backOff 1–10 ImagePullBackOff',
      'c waiting 10–11 ErrImagePull',
      'c backOff 11–30 ImagePullBackOff',
      'c waiting 30–31 ErrImagePull',
      'c backOff 31– ImagePullBackOff',
    ])
  })

  it('given a restart of the kubelet and then a power cut, then only the latter ends what ran', () => {
    expect(words(computeContainerSegments(recordedEntries('nodePowerCut')))).toEqual([
      'prepare running 0–2 -',
      'prepare terminated 2–71 Completed 0',
      'c waiting 0–2 -',
      'c running 2–71 -',
      'c terminated 71–73 NodeRestarted',
      'prepare running 71–73 -',
      'prepare terminated 73– Completed 0',
      'c running 73– -',
    ])
  })
})

describe('computeContainerSegments', () => {
  const details = { containerId: 'c1', restartCount: 0 }
  const started = anEntry({ pod: POD, container: 'c', time: at(-10), details })
  const died = anEntry({
    ...{ pod: POD, container: 'c', time: at(-5), reason: 'ContainerDied', type: 'Warning' },
    details: { ...details, exitCode: 137, terminationReason: 'OOMKilled' },
  })

  it('given the end of a short run before its start, then the run has ended', () => {
    const segments = computeContainerSegments([died, { ...started, time: at(-5) }])
    expect(segments).toMatchObject([{ state: 'terminated', exitCode: 137, reason: 'OOMKilled' }])
  })

  it('given the late end of an earlier run, then the present one goes on', () => {
    const next = { ...started, time: at(-4), details: { containerId: 'c2', restartCount: 1 } }
    expect(computeContainerSegments([started, next, died]).at(-1)).toMatchObject({ state: 'running', restartCount: 1 })
  })

  it('given a clock that was set back, then no segment ends before it begins', () => {
    const [running] = computeContainerSegments([started, { ...died, time: at(-60) }])
    expect(running).toMatchObject({ endMs: running?.startMs })
  })

  it('given a pod that is gone, then nothing of it lasts, and what comes again waits anew', () => {
    const gone = anEntry({ pod: POD, subject: 'pod', reason: 'PodGone', time: at(-3) })
    const added = { ...gone, reason: 'PodAdded', time: at(-2) }
    const again = { ...started, time: at(-1) }
    expect(computeContainerSegments([started, gone, added, again])).toMatchObject([
      { state: 'running', endMs: Date.parse(at(-3)) },
      { state: 'waiting', startMs: Date.parse(at(-2)), endMs: Date.parse(at(-1)) },
      { state: 'running' },
    ])
  })

  it('given details of wrong types, then they are left out', () => {
    const odd = { ...died, details: { exitCode: '1', containerId: 5, restartCount: true } }
    const [segment] = computeContainerSegments([odd])
    expect(segment).not.toHaveProperty('exitCode')
    expect(segment).not.toHaveProperty('restartCount')
  })

  it('given any entries, then a container is in one state at a time, and what is over stays as it is', () => {
    const reasons = [
      'Started',
      'ContainerDied',
      'BackOff',
      'Created',
      'Failed',
      'ContainerRemoved',
      'PodGone',
      'PodAdded',
    ]
    const anyEntry = fc.record({
      reason: fc.constantFrom(...reasons),
      container: fc.constantFrom('a', 'b'),
      boot: fc.constantFrom('boot-1', 'boot-1', 'boot-1', 'boot-2'),
      stepMs: fc.nat(5_000),
      id: fc.constantFrom('c1', 'c2', 'c3'),
    })
    fc.assert(
      fc.property(fc.array(anyEntry, { maxLength: 60 }), (drafts) => {
        const tracker = new ContainerSegmentTracker()
        const over = new Map<number, ContainerSegment>()
        let timeMs = BEGIN_MS
        for (const { reason, container, boot, stepMs, id } of drafts) {
          timeMs += stepMs
          const subject: TimelineEntry['subject'] = reason.startsWith('Pod') ? 'pod' : 'container'
          const time = new Date(timeMs).toISOString()
          tracker.add(anEntry({ pod: POD, subject, reason, container, boot, time, details: { containerId: id } }))
          for (const [index, segment] of tracker.segments.entries()) {
            if (over.has(index)) expect(segment).toBe(over.get(index))
            if (segment.endMs !== undefined) over.set(index, segment)
          }
        }
        for (const name of ['a', 'b']) {
          const ofOne = tracker.segments.filter((segment) => segment.container === name)
          for (const [index, { startMs }] of ofOne.entries()) {
            const before = ofOne[index - 1]
            if (before !== undefined) expect(before.endMs ?? Infinity).toBeLessThanOrEqual(startMs)
          }
        }
      }),
    )
  })
})
