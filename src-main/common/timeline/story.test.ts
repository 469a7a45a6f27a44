import { describe, expect, it } from 'vitest'
import type { TimelineEntry } from '../lab/timeline-entry.ts'
import { computeStory, type TimelineLine } from './compute-story.ts'
import { foldStory } from './fold-story.ts'
import { formatSpan, formatStoryLine } from './format-story.ts'
import { orderEntries } from './order-entries.ts'

const START_MS = Date.parse('2026-01-01T14:02:00.000Z')
const pod = { namespace: 'default', name: 'web-node01', uid: 'u1' }

let sequence = 0
function anEntry(seconds: number, reason: string, change: Partial<TimelineEntry> = {}): TimelineEntry {
  const time = new Date(START_MS + seconds * 1000).toISOString()
  const fixed = {
    boot: 'b',
    sequence: ++sequence,
    time,
    node: 'node01',
    type: 'Normal' as const,
    subject: 'pod' as const,
  }
  return { ...fixed, reason, message: '', pod, ...change }
}
const ofContainer = (seconds: number, reason: string, details: TimelineEntry['details'] = {}): TimelineEntry =>
  anEntry(seconds, reason, { subject: 'container', container: 'web', details })

const linesOf = (entries: TimelineEntry[]): TimelineLine[] =>
  orderEntries(entries).map(({ entry, at }) => ({ kind: 'entry', entry, at }))
const utc = (time: string): string => time.slice(11, 19)
const tell = (entries: TimelineEntry[]): string[] =>
  foldStory(computeStory(linesOf(entries))).map((line) => `${utc(line.time)} ${formatStoryLine(line, utc)}`)

/** A container that crashes after 3 s each time, from its first start on. */
function crashLoop(crashes: number, waitSeconds = 300): TimelineEntry[] {
  const round = waitSeconds + 3
  return Array.from({ length: crashes }, (_, restartCount) => [
    ofContainer(restartCount * round, 'Started', { restartCount }),
    ofContainer(restartCount * round + 3, 'ContainerDied', { exitCode: 1, terminationReason: 'Error', restartCount }),
    ofContainer(restartCount * round + 3, 'BackOff', { delaySeconds: waitSeconds, restartCount }),
  ]).flat()
}

describe('given a pod that is added, runs, is killed and goes', () => {
  it('then its story tells what set each step off, and leaves out what says nothing new', () => {
    const cause = 'FileAdded'
    expect(
      tell([
        anEntry(11, 'FileAccepted', { subject: 'file', file: 'web.yaml', cause }),
        anEntry(11, 'PodAdded', { file: 'web.yaml', cause }),
        anEntry(11, 'PhaseChanged', { details: { phase: 'Pending' } }),
        anEntry(12, 'SandboxStarted', { details: { podIP: '172.30.0.128' } }),
        ofContainer(12, 'Pulling', { image: 'nginx' }),
        ofContainer(12, 'Pulled', { image: 'nginx' }),
        ofContainer(12, 'Created', { restartCount: 0 }),
        ofContainer(13, 'Started', { restartCount: 0 }),
        anEntry(13, 'PhaseChanged', { details: { phase: 'Running' } }),
        ofContainer(16, 'ContainerDied', { exitCode: 137, signal: 9, terminationReason: 'Error', restartCount: 0 }),
        ofContainer(17, 'Started', { restartCount: 1 }),
        ofContainer(19, 'ContainerDied', { exitCode: 137, terminationReason: 'OOMKilled', restartCount: 1 }),
        ofContainer(19, 'BackOff', { delaySeconds: 10, restartCount: 1 }),
        { ...ofContainer(29, 'Started', { restartCount: 2 }), cause: 'BackOffExpired' },
        anEntry(40, 'FileGone', { subject: 'file', file: 'web.yaml' }),
        anEntry(40, 'PodRemoved', { cause: 'FileRemoved' }),
        anEntry(42, 'PodGone'),
      ]),
    ).toEqual([
      '14:02:11 web.yaml was added to the manifest folder of node01; the kubelet accepted it as pod default/web-node01.',
      '14:02:12 Its sandbox was started, with the address 172.30.0.128.',
      '14:02:13 The container web was started.',
      '14:02:16 The container web ended with exit code 137 (SIGKILL) after 3 s; the kubelet starts it again at once (restart 1).',
      '14:02:19 The container web ended with exit code 137 (OOMKilled) after 2 s; the kubelet waits 10 s and starts it again (restart 2).',
      '14:02:29 The container web was started again (restart 2), because the back-off was over.',
      '14:02:40 web.yaml was removed from the manifest folder of node01.',
      '14:02:40 The kubelet ends the pod, because its file was removed.',
      '14:02:42 The pod is gone.',
    ])
  })

  it('when a probe fails again and again, then the last number is told, and that the container is stopped for it', () => {
    const failing = (seconds: number, count: number): TimelineEntry =>
      anEntry(seconds, 'Unhealthy', {
        ...{ subject: 'probe', container: 'web', message: 'Liveness probe failed: no\n', type: 'Warning' },
        ...(count > 1 && { details: { count } }),
      })
    const message = 'Container web failed liveness probe, will be restarted'
    const killing = (): TimelineEntry => ({ ...ofContainer(30, 'Killing', { gracePeriodSeconds: 2 }), message })
    expect(tell([failing(10, 1), failing(20, 2), failing(30, 3), killing(), failing(50, 1)])).toEqual([
      '14:02:30 The container web, 3 times in a row: Liveness probe failed: no',
      '14:02:30 The kubelet stops the container web, because a probe failed; it has 2 s to end.',
      '14:02:50 The container web: Liveness probe failed: no',
    ])
  })

  it('when its node was off, then that comes between', () => {
    const kubelet = (seconds: number, boot: string): TimelineEntry => {
      const { pod: _none, ...entry } = anEntry(seconds, 'KubeletStarted', { boot, subject: 'kubelet' })
      return entry
    }
    expect(tell([kubelet(0, 'b'), ofContainer(1, 'Started'), kubelet(9, 'b'), kubelet(60, 'c')])).toEqual([
      '14:02:00 The kubelet of node01 was started.',
      '14:02:01 The container web was started.',
      '14:02:09 The kubelet of node01 was started.',
      '14:03:00 node01 was started; containers of its life before are gone, and its kubelet makes them anew.',
    ])
  })

  it('when something has no sentence of its own, then the kubelet’s own words are told', () => {
    expect(tell([anEntry(0, 'FailedMount', { message: 'MountVolume.SetUp failed\n  for volume "x"' })])).toEqual([
      '14:02:00 FailedMount: MountVolume.SetUp failed for volume "x"',
    ])
  })
})

describe('given a crash loop', () => {
  it('when it goes on and on, then three rounds are told, the others are counted, and the last is told', () => {
    const story = tell(crashLoop(17))
    expect(story).toHaveLength(1 + 2 * 3 + 1 + 1)
    expect(story.slice(-2)).toEqual([
      '14:17:12 … 13 more times, about 5 min apart until 15:17:48 (restarts 4 to 16).',
      '15:22:51 The container web ended with exit code 1 after 3 s; the kubelet waits 5 min and starts it again (restart 17).',
    ])
  })

  it('when it ends otherwise in between, or its file is edited, then that is not hidden', () => {
    const entries = crashLoop(20)
    const edited = anEntry(303 * 10, 'FileAccepted', { subject: 'file', file: 'web.yaml', cause: 'FileChanged' })
    const story = tell(
      [...entries, edited]
        .toSorted((one, other) => (one.time < other.time ? -1 : 1))
        .map((entry, index) => ({ ...entry, sequence: index + 1 })),
    )
    expect(story.filter((line) => line.includes('more times'))).toHaveLength(2)
    expect(story.some((line) => line.includes('web.yaml was edited'))).toBe(true)
  })

  it('when it goes on for a week, then the story is as short, and is there at once', () => {
    const entries = crashLoop(2000)
    const beforeMs = performance.now()
    expect(tell(entries)).toHaveLength(9)
    expect(performance.now() - beforeMs).toBeLessThan(10_000)
  })
})

describe('the order of entries', () => {
  const numbers = (entries: TimelineEntry[]): number[] => orderEntries(entries).map(({ entry }) => entry.sequence)

  it('given a clock that was set back by an hour, then the numbers count, and what runs backwards lasts no time', () => {
    const [first, second, third] = [
      anEntry(3600, 'A', { sequence: 1 }),
      anEntry(0, 'B', { sequence: 2 }),
      anEntry(5, 'C', { sequence: 3 }),
    ]
    expect(numbers([third, first, second])).toEqual([1, 2, 3])
    const started = { ...ofContainer(3600, 'Started', { restartCount: 0 }), sequence: 4 }
    const died = { ...ofContainer(0, 'ContainerDied', { exitCode: 1, restartCount: 0 }), sequence: 5 }
    expect(tell([started, died]).at(-1)).toBe('14:02:00 The container web ended with exit code 1.')
  })

  it('given the same entries twice, as after a re-connection, then each is there once', () => {
    const entries = [anEntry(0, 'A', { sequence: 1 }), anEntry(1, 'B', { sequence: 2 })]
    expect(numbers([...entries, ...entries])).toEqual([1, 2])
  })

  it('given several boots, then numbers that go on are their order, and time is where they begin anew', () => {
    const later = anEntry(0, 'A', { sequence: 9, boot: 'a' })
    expect(numbers([later, anEntry(60, 'B', { sequence: 3, boot: 'z' })])).toEqual([3, 9])
    const ofNewDisk = [anEntry(90, 'C', { sequence: 1, boot: 'y' }), anEntry(91, 'D', { sequence: 12, boot: 'y' })]
    expect(numbers([...ofNewDisk, later])).toEqual([9, 1, 12])
  })
})

it.each([
  [400, '0.4 s'],
  [12_000, '12 s'],
  [300_000, '5 min'],
  [4_200_000, '1 h 10 min'],
])('given %i ms, then it is %s', (spanMs, text) => {
  expect(formatSpan(spanMs)).toBe(text)
})
