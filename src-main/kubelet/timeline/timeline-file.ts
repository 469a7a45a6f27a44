/** The timeline on the node's disk: one JSON document per line, append-only, two files that take turns. */
import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import type { TimelineEntry } from '../../common/lab/timeline-entry.ts'

export interface TimelineStore {
  /** Entries of earlier runs, oldest first. */
  load(): TimelineEntry[]
  append(entry: TimelineEntry): void
}

const MAX_FILE_BYTES = 2 * 1024 * 1024

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
  return {
    load() {
      try {
        mkdirSync(dirname(path), { recursive: true })
        sizeBytes = existsSync(path) ? statSync(path).size : 0
        return [...readEntries(olderPath, onProblem), ...readEntries(path, onProblem)]
      } catch (error) {
        onProblem('Unable to read the timeline', error)
        return []
      }
    },
    append(entry) {
      const line = `${JSON.stringify(entry)}\n`
      try {
        if (sizeBytes + line.length > maxBytes && sizeBytes > 0) {
          renameSync(path, olderPath)
          sizeBytes = 0
        }
        appendFileSync(path, line)
        sizeBytes += Buffer.byteLength(line)
      } catch (error) {
        onProblem('Unable to write the timeline', error)
      }
    },
  }
}

/** A line torn by a power cut is left out, and a file that does not end in a newline is mended by the next append. */
function readEntries(path: string, onProblem: (message: string, error: unknown) => void): TimelineEntry[] {
  if (!existsSync(path)) return []
  const text = readFileSync(path, 'utf8')
  if (text !== '' && !text.endsWith('\n')) appendFileSync(path, '\n')
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
