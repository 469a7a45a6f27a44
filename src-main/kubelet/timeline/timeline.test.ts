import { beforeEach, describe, expect, it } from 'vitest'
import { FakeClock } from '../../base/testing/fake-clock.ts'
import type { TimelineEntry } from '../../common/lab/timeline-entry.ts'
import { aboutContainer, Timeline } from './timeline.ts'
import type { TimelineDraft } from './timeline.ts'
import { aPod } from '../testing/pod-builders.ts'

const PERIOD_MS = 10_000
const POD = aPod()
const failed = (message = 'Liveness probe failed: no'): TimelineDraft => ({
  ...aboutContainer(POD, 'app'),
  subject: 'probe',
  type: 'Warning',
  reason: 'Unhealthy',
  message,
})
const restarted: TimelineDraft = {
  ...aboutContainer(POD, 'app'),
  type: 'Normal',
  reason: 'Started',
  message: 'Started',
}

let clock: FakeClock
let stored: TimelineEntry[]
let timeline: Timeline

beforeEach(() => {
  clock = new FakeClock()
  stored = []
  const store = { load: () => [], lastSequence: 0, append: (entry: TimelineEntry) => void stored.push(entry) }
  timeline = new Timeline({ clock, store, boot: 'b', node: 'node01' })
})

async function record(times: number, draft = failed()): Promise<void> {
  for (let time = 0; time < times; time++) {
    timeline.record(draft)
    await clock.advance(PERIOD_MS)
  }
}

/** `REASON xCOUNT` of what was written; an entry without a count has happened once. */
const written = (): string[] => stored.map(({ reason, details }) => `${reason} x${details?.['count'] ?? 1}`)

describe('given a probe that fails again and again', () => {
  it('then the first three failures are written, and then each at which the number has doubled', async () => {
    await record(40)
    expect(written()).toEqual([1, 2, 3, 4, 8, 16, 32].map((count) => `Unhealthy x${count}`))
    expect(stored[0]).not.toHaveProperty('details')
    expect(timeline.after(undefined)).toEqual(stored)
  })

  it('when its container was restarted in between, then it is counted from the beginning', async () => {
    await record(2)
    await record(1, restarted)
    await record(2)
    expect(written()).toEqual(['Unhealthy x1', 'Unhealthy x2', 'Started x1', 'Unhealthy x1', 'Unhealthy x2'])
  })

  it('when another probe of the container fails as well, then each has a count of its own', async () => {
    for (let time = 0; time < 5; time++) {
      await record(1)
      await record(1, failed('Readiness probe failed: no'))
    }
    expect(stored).toHaveLength(8)
    expect(stored.slice(-2)).toMatchObject([
      { message: failed().message, details: { count: 4 } },
      { message: 'Readiness probe failed: no', details: { count: 4 } },
    ])
  })

  it('when it says something else each time, then all of it is written, and only ten messages are remembered', async () => {
    for (let time = 0; time < 12; time++) await record(1, failed(`failed: ${time}`))
    await record(1, failed('failed: 0'))
    await record(1, failed('failed: 11'))
    expect(written().slice(-2)).toEqual(['Unhealthy x1', 'Unhealthy x2'])
  })

  it('when it had been quiet for ten minutes, then it begins again', async () => {
    await record(2)
    await clock.advance(10 * 60_000)
    await record(1)
    expect(written().at(-1)).toBe('Unhealthy x1')
  })

  it('when its pod is forgotten, then nothing is counted on', async () => {
    await record(2)
    timeline.forgetPod(POD.metadata.uid ?? '')
    await record(1)
    expect(written().at(-1)).toBe('Unhealthy x1')
  })
})

it('given something else that is said again and again, then it is written once in five minutes, until something happens', async () => {
  const backOff: TimelineDraft = { ...restarted, type: 'Warning', reason: 'BackOff', message: 'Back-off' }
  await record(31, backOff)
  await record(1, restarted)
  await record(1, backOff)
  expect(written()).toEqual(['BackOff x1', 'BackOff x1', 'Started x1', 'BackOff x1'])
})
