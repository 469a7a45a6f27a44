/** The timeline on the node's disk: one JSON document per line, append-only, two files that take turns. */
import {
  appendFileSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  truncateSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'
import type { TimelineEntry } from '../../common/lab/timeline-entry.ts'

export interface TimelineStore {
  /** Entries of earlier runs, oldest first. */
  load(): TimelineEntry[]
  /** The highest number that was ever given, also to an entry that could not be written; known once it has loaded. */
  readonly lastSequence: number
  append(entry: TimelineEntry): void
}

const MAX_FILE_BYTES = 2 * 1024 * 1024
/** Entries that wait for room on the disk; of more, the oldest are given up. */
const MAX_WAITING = 1000
/** Digits of a number in the file beside, which is written in place, so that a full disk takes it, too. */
const SEQUENCE_DIGITS = 16

/**
 * Keeps the timeline in `path` and, once that has grown to `maxBytes`, the older half in `path.1`. Writes are
 * synchronous, so that what was recorded survives a kill of the process. What cannot be written waits for the next entry, and the
 * number that it has is kept in `path.sequence`: whoever has heard of it must not take a later entry for the same. Trouble, and
 * its end, are told to `onProblem` once; the kubelet runs on without the disk.
 */
export function timelineFile(options: {
  path: string
  maxBytes?: number
  onProblem: (message: string, error: unknown) => void
}): TimelineStore {
  const { path, maxBytes = MAX_FILE_BYTES, onProblem } = options
  const olderPath = `${path}.1`
  const sequencePath = `${path}.sequence`
  let sizeBytes = 0
  let lastSequence = 0
  let waiting: TimelineEntry[] = []
  let givenUp = 0
  /** The file may end in a part of a line. */
  let isTorn = false

  const write = (entries: readonly TimelineEntry[]): void => {
    const text = `${isTorn ? '\n' : ''}${entries.map((entry) => `${JSON.stringify(entry)}\n`).join('')}`
    const bytes = Buffer.byteLength(text)
    if (sizeBytes + bytes > maxBytes && sizeBytes > 0) {
      renameSync(path, olderPath)
      sizeBytes = 0
    }
    try {
      appendFileSync(path, text)
    } catch (error) {
      isTorn ||= !cutBack(path, sizeBytes)
      throw error
    }
    isTorn = false
    sizeBytes += bytes
  }
  const fail = (error: unknown): void => {
    if (waiting.length === 1 && givenUp === 0) onProblem('Unable to write the timeline', error)
    if (waiting.length > MAX_WAITING) {
      waiting = waiting.slice(1)
      givenUp += 1
    }
    keepSequence(sequencePath, lastSequence)
  }

  return {
    get lastSequence() {
      return lastSequence
    },
    load() {
      try {
        mkdirSync(dirname(path), { recursive: true })
        sizeBytes = existsSync(path) ? statSync(path).size : 0
        const [older, newer] = [readText(olderPath), readText(path)]
        isTorn = newer !== '' && !newer.endsWith('\n')
        const entries = [older, newer].flatMap((text) => parseEntries(text, onProblem))
        lastSequence = entries.reduce(
          (highest, { sequence }) => Math.max(highest, sequence),
          readSequence(sequencePath),
        )
        return entries
      } catch (error) {
        onProblem('Unable to read the timeline', error)
        return []
      } finally {
        keepSequence(sequencePath, lastSequence)
      }
    },
    append(entry) {
      lastSequence = Math.max(lastSequence, entry.sequence)
      waiting.push(entry)
      try {
        write(waiting)
      } catch (error) {
        fail(error)
        return
      }
      if (waiting.length > 1) onProblem('The timeline is written again', { written: waiting.length, givenUp })
      waiting = []
      givenUp = 0
    },
  }
}

/** In place: the room was taken when there was some. Where there was none, the numbers of this run may come again. */
function keepSequence(path: string, sequence: number): void {
  try {
    const file = openSync(path, existsSync(path) ? 'r+' : 'w')
    try {
      writeSync(file, String(sequence).padStart(SEQUENCE_DIGITS, '0'), 0)
    } finally {
      closeSync(file)
    }
  } catch {
    // The trouble with the disk is told by whoever writes to it.
  }
}

function readSequence(path: string): number {
  const text = readText(path)
  return /^\d+$/.test(text) ? Number(text) : 0
}

/** What a full disk took of a line is taken back. */
function cutBack(path: string, sizeBytes: number): boolean {
  try {
    if (existsSync(path)) truncateSync(path, sizeBytes)
    return true
  } catch {
    return false
  }
}

function readText(path: string): string {
  return existsSync(path) ? readFileSync(path, 'utf8') : ''
}

/** A line torn by a power cut is left out; the next append begins another one. */
function parseEntries(text: string, onProblem: (message: string, error: unknown) => void): TimelineEntry[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .flatMap((line) => {
      try {
        return [JSON.parse(line) as TimelineEntry]
      } catch (error) {
        onProblem('Skipping an unreadable timeline line', error)
        return []
      }
    })
}
