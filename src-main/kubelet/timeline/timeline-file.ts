/** The timeline on the node's disk: one JSON document per line, append-only, two files that take turns. */
import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, statSync, truncateSync } from 'node:fs'
import { dirname } from 'node:path'
import type { TimelineEntry } from '../../common/lab/timeline-entry.ts'

export interface TimelineStore {
  /** Entries of earlier runs, oldest first. */
  load(): TimelineEntry[]
  append(entry: TimelineEntry): void
}

const MAX_FILE_BYTES = 2 * 1024 * 1024
/** As many as are kept in memory at all. */
const MAX_WAITING = 5000

/**
 * Keeps the timeline in `path` and, once that has grown to `maxBytes`, the older half in `path.1`. Writes are
 * synchronous, so that what was recorded survives a kill of the process. What cannot be read or written is told to
 * `onProblem`; the kubelet runs on without it.
 */
export function timelineFile(options: {
  path: string
  maxBytes?: number
  onProblem: (message: string, error: unknown) => void
}): TimelineStore {
  const { path, maxBytes = MAX_FILE_BYTES, onProblem } = options
  const olderPath = `${path}.1`
  let sizeBytes = 0
  let isRefused = false
  /** What a full disk has not taken yet, oldest first: it comes before everything that is new. */
  const waiting: string[] = []

  function write(line: string): void {
    if (sizeBytes + line.length > maxBytes && sizeBytes > 0) {
      renameSync(path, olderPath)
      sizeBytes = 0
    }
    try {
      appendFileSync(path, line)
    } catch (error) {
      // Half a line would spoil the next one.
      if (existsSync(path) && statSync(path).size > sizeBytes) truncateSync(path, sizeBytes)
      throw error
    }
    sizeBytes += Buffer.byteLength(line)
  }

  return {
    load() {
      try {
        mkdirSync(dirname(path), { recursive: true })
        const entries = [...readEntries(olderPath, onProblem), ...readEntries(path, onProblem)]
        sizeBytes = existsSync(path) ? statSync(path).size : 0
        return entries
      } catch (error) {
        onProblem('Unable to read the timeline', error)
        return []
      }
    },
    append(entry) {
      if (waiting.length < MAX_WAITING) waiting.push(`${JSON.stringify(entry)}\n`)
      try {
        while (waiting.length > 0) {
          write(waiting[0] ?? '')
          waiting.shift()
        }
        isRefused = false
      } catch (error) {
        // Each further entry would say the same.
        if (!isRefused) onProblem('Unable to write the timeline', error)
        isRefused = true
      }
    },
  }
}

/** A line torn by a power cut or a full disk is left out, and cut off, so that the next one stands alone. */
function readEntries(path: string, onProblem: (message: string, error: unknown) => void): TimelineEntry[] {
  if (!existsSync(path)) return []
  const bytes = readFileSync(path)
  const end = bytes.lastIndexOf('\n') + 1
  // What is cut off was written by nobody else; it needs no room, which there may be none of.
  if (end < bytes.length) {
    onProblem('Skipping an unreadable timeline line', new Error('it has no end'))
    truncateSync(path, end)
  }
  const text = bytes.subarray(0, end).toString('utf8')
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
