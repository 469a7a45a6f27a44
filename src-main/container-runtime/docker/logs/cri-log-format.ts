/** Container log lines: `2026-01-01T00:00:00.000000000Z stdout F text`; `P` marks a part of a line that goes on. */

type LogStream = 'stdout' | 'stderr'

/** One write of a container, as the engine keeps it. */
export interface LogEntry {
  /** RFC 3339 with nine digits of nanoseconds, UTC. */
  stamp: string
  stream: LogStream
  /** Without its line end. */
  text: Buffer
  /** The line goes on in the next entry. */
  partial: boolean
}

/** How far a log file has been written: its last stamp, and how many entries bear that stamp. */
export interface LogPosition {
  stamp: string
  count: number
}

const NEWLINE = 0x0a

export function formatLogEntry(entry: LogEntry): Buffer {
  const head = `${entry.stamp} ${entry.stream} ${entry.partial ? 'P' : 'F'} `
  return Buffer.concat([Buffer.from(head), entry.text, Buffer.of(NEWLINE)])
}

const STAMP_PATTERN = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z /

/**
 * Where the writer of this file stopped. `tail` is the end of the file, from any byte on; a last line without a line
 * end (a writer that was killed) does not count.
 * @returns the position, and the number of bytes after the last whole line
 */
export function findLogPosition(tail: Buffer): { position: LogPosition | undefined; danglingBytes: number } {
  const end = tail.lastIndexOf(NEWLINE) + 1
  const lines = tail.subarray(0, end).toString('latin1').split('\n')
  let position: LogPosition | undefined
  for (let index = lines.length - 1; index >= 0; index--) {
    const match = STAMP_PATTERN.exec(lines[index] ?? '')
    if (match === null) continue
    const stamp = match[0].trimEnd()
    if (position === undefined) position = { stamp, count: 1 }
    else if (position.stamp === stamp) position.count++
    else break
  }
  return { position, danglingBytes: tail.length - end }
}

/** `since` of the engine's API: seconds and nanoseconds since the epoch. Entries of that very stamp are included. */
export function toSince(position: LogPosition | undefined): string {
  if (position === undefined) return '0'
  const seconds = Date.parse(`${position.stamp.slice(0, 19)}Z`) / 1000
  return `${seconds}.${position.stamp.slice(20, 29)}`
}

/** Tells the entries that a position already covers from those after it, at the start of a resumed read. */
export class ResumeFilter {
  #stamp: string | undefined
  #left: number

  constructor(position: LogPosition | undefined) {
    this.#stamp = position?.stamp
    this.#left = position?.count ?? 0
  }

  isNew(entry: LogEntry): boolean {
    if (this.#left === 0 || entry.stamp !== this.#stamp) return true
    this.#left--
    return false
  }
}
