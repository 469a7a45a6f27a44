import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { TimelineEntry } from '../../common/lab/timeline-entry.ts'
import { timelineFile, type TimelineStore } from './timeline-file.ts'

let folder: string
let path: string
let problems: string[]

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'timeline-'))
  path = join(folder, 'timeline.ndjson')
  problems = []
})
afterEach(() => rmSync(folder, { recursive: true }))

const anEntry = (sequence: number): TimelineEntry => ({
  ...{ boot: 'b', sequence, time: '2026-01-01T00:00:00.000Z', node: 'node01', type: 'Normal', subject: 'kubelet' },
  ...{ reason: 'KubeletStarted', message: '' },
})
const open = (): TimelineStore => timelineFile({ path, onProblem: (message) => problems.push(message) })
const sequences = (): number[] =>
  open()
    .load()
    .map(({ sequence }) => sequence)

it('given a disk that is full for a while, when there is room again, then the timeline has no hole, and the fault is told once', () => {
  // A device that is always full, in place of the file.
  symlinkSync('/dev/full', path)
  const store = open()
  store.append(anEntry(1))
  store.append(anEntry(2))
  expect(problems).toEqual(['Unable to write the timeline'])
  rmSync(path)
  store.append(anEntry(3))
  expect(sequences()).toEqual([1, 2, 3])
})

it('given a last line that was torn, when the kubelet begins, then what is whole is read, and the next entry stands alone', () => {
  writeFileSync(path, `${JSON.stringify(anEntry(1))}\n${JSON.stringify(anEntry(2)).slice(0, 40)}`)
  const store = open()
  expect(store.load().map(({ sequence }) => sequence)).toEqual([1])
  expect(problems).toEqual(['Skipping an unreadable timeline line'])
  store.append(anEntry(2))
  expect(readFileSync(path, 'utf8').trim().split('\n')).toHaveLength(2)
  expect(sequences()).toEqual([1, 2])
})
