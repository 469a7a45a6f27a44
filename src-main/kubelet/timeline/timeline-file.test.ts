import { appendFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { FakeClock } from '../../base/testing/fake-clock.ts'
import type { TimelineEntry } from '../../common/lab/timeline-entry.ts'
import { aPod } from '../testing/pod-builders.ts'
import { timelineFile, type TimelineStore } from './timeline-file.ts'
import { aboutContainer, Timeline } from './timeline.ts'

let folder: string
let path: string
let problems: string[]

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'node-lab-timeline-'))
  path = join(folder, 'timeline.ndjson')
  problems = []
})
afterEach(() => rmSync(folder, { recursive: true }))

function aStore(maxBytes?: number): TimelineStore {
  const onProblem = (message: string): void => void problems.push(message)
  return timelineFile({ path, onProblem, ...(maxBytes !== undefined && { maxBytes }) })
}

function aTimeline(clock: FakeClock, store: TimelineStore = aStore()): Timeline {
  return new Timeline({ clock, store, boot: 'b', node: 'node01' })
}

const sequences = (entries: readonly TimelineEntry[]): number[] => entries.map(({ sequence }) => sequence)
const draft = (message: string): Parameters<Timeline['record']>[0] => ({
  ...aboutContainer(aPod(), 'app'),
  ...{ type: 'Normal', reason: 'Started', message },
})

describe('given a timeline on a disk', () => {
  it('when the kubelet is killed within a line, then that line is lost, and no other, before and after', () => {
    const clock = new FakeClock()
    const first = aTimeline(clock)
    first.record(draft('one'))
    first.record(draft('two'))
    appendFileSync(path, '{"boot":"b","sequen')
    const second = aTimeline(clock)
    second.record(draft('three'))
    expect(sequences(aTimeline(clock).after(undefined))).toEqual([1, 2, 3])
    expect(new Set(problems)).toEqual(new Set(['Skipping an unreadable timeline line']))
  })

  it('when the clock is set back, then numbers go on, and a position finds what came after it', async () => {
    const clock = new FakeClock()
    const timeline = aTimeline(clock)
    timeline.record(draft('one'))
    const earlier = aTimeline(new FakeClock(clock.now() - 3_600_000))
    earlier.record(draft('two'))
    expect(sequences(earlier.after({ boot: 'b', sequence: 1 }))).toEqual([2])
    expect(sequences(earlier.after({ boot: 'unknown', sequence: 1 }))).toEqual([1, 2])
  })

  it('when a pod crashes every five minutes for a week, then files, memory and the time to read them stay small', async () => {
    const clock = new FakeClock()
    const timeline = aTimeline(clock)
    const about = aboutContainer(aPod(), 'app')
    for (let restartCount = 0; restartCount < 7 * 24 * 12; restartCount++) {
      const details = { restartCount, containerId: 'c'.repeat(64), image: 'busybox' }
      for (const reason of ['Pulling', 'Pulled', 'Created', 'Started', 'ContainerDied', 'BackOff'])
        timeline.record({ ...about, type: 'Normal', reason, message: `${reason} ${'.'.repeat(100)}`, details })
      await clock.advance(300_000)
    }
    const sizes = [path, `${path}.1`].map((file) => (existsSync(file) ? statSync(file).size : 0))
    for (const size of sizes) expect(size).toBeLessThanOrEqual(2 * 1024 * 1024)
    expect(timeline.after(undefined).length).toBeLessThanOrEqual(5000)
    const beforeMs = performance.now()
    const again = aTimeline(clock)
    expect(performance.now() - beforeMs).toBeLessThan(10_000)
    expect(again.after(undefined).at(-1)?.sequence).toBe(7 * 24 * 12 * 6)
    expect(problems).toEqual([])
  })
})

it('given a folder that is away for a while, then that is said once, what waited is written in its order, and that is said once', () => {
  const timeline = aTimeline(new FakeClock())
  timeline.record(draft('1'))
  rmSync(folder, { recursive: true })
  for (let count = 2; count < 6; count++) timeline.record(draft(String(count)))
  expect(sequences(timeline.after(undefined))).toEqual([1, 2, 3, 4, 5])
  expect(problems).toEqual(['Unable to write the timeline'])
  mkdirSync(folder)
  timeline.record(draft('6'))
  expect(sequences(aStore().load())).toEqual([2, 3, 4, 5, 6])
  expect(problems).toEqual(['Unable to write the timeline', 'The timeline is written again'])
})

it('given a disk that is full for a while, when there is room again, then the timeline has no hole, and the fault is told once', () => {
  const timeline = aTimeline(new FakeClock())
  // A device that is always full, in place of the file; to be written only, as it has no end.
  symlinkSync('/dev/full', path)
  timeline.record(draft('1'))
  timeline.record(draft('2'))
  expect(problems).toEqual(['Unable to write the timeline'])
  rmSync(path)
  timeline.record(draft('3'))
  expect(sequences(aStore().load())).toEqual([1, 2, 3])
})
