/** The timeline on a disk that is really full: a small one in memory, mounted for the test (root only). */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { FakeClock } from '../../base/testing/fake-clock.ts'
import { aPod } from '../testing/pod-builders.ts'
import { timelineFile } from './timeline-file.ts'
import { aboutContainer, Timeline } from './timeline.ts'

let disk: string
const problems: string[] = []

beforeEach(() => {
  disk = mkdtempSync(join(tmpdir(), 'node-lab-disk-'))
  execFileSync('sh', ['-c', `mount -t tmpfs -o size=256k none "${disk}"`])
})
afterEach(() => {
  execFileSync('sh', ['-c', `umount "${disk}"`])
  rmSync(disk, { recursive: true })
})

/** As a kubelet that is started. */
function aTimeline(): Timeline {
  const onProblem = (message: string): void => void problems.push(message)
  const store = timelineFile({ path: join(disk, 'timeline.ndjson'), onProblem })
  return new Timeline({ clock: new FakeClock(), store, boot: 'b', node: 'node01' })
}

function fill(): void {
  try {
    for (let count = 0; ; count++) writeFileSync(join(disk, `full-${count}`), 'x'.repeat(4096))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
  }
}

it('given a full disk, a kubelet that dies meanwhile, and room again, then no number is given twice and all whole lines are there', () => {
  const message = 'm'.repeat(1000)
  let container = 0
  const record = (timeline: Timeline, count: number): void => {
    for (let index = 0; index < count; index++)
      timeline.record({ ...aboutContainer(aPod(), `c${++container}`), type: 'Normal', reason: 'Started', message })
  }
  const first = aTimeline()
  record(first, 3)
  fill()
  record(first, 20)
  expect(problems).toEqual(['Unable to write the timeline'])
  const known = first.after(undefined).at(-1)?.sequence ?? 0
  expect(known).toBe(23)

  const second = aTimeline()
  record(second, 1)
  expect(second.after(undefined).at(-1)?.sequence).toBe(known + 1)

  execFileSync('sh', ['-c', `rm "${disk}"/full-*`])
  record(second, 1)
  const written = aTimeline()
    .after(undefined)
    .map(({ sequence }) => sequence)
  expect(written.slice(-2)).toEqual([known + 1, known + 2])
  expect(new Set(written).size).toBe(written.length)
  expect(problems).toEqual([
    ...['Unable to write the timeline', 'Unable to write the timeline', 'The timeline is written again'],
  ])
})
