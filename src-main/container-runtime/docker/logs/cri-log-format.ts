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

/**
 * How far a log file has been written, such that a read of the engine that begins with the first entry not before `since`
 * begins with the entries that are written already. Stamps alone cannot tell: all parts of a long line bear the stamp of
 * its beginning, however late they come, and the two streams overtake each other.
 */
export interface LogPosition {
  /** A stamp that is later than those of all entries before its own. */
  since: string
  /** `STAMP STREAM TAG` of its entry and all after it, in order. */
  written: string[]
}

const NEWLINE = 0x0a

/** ` stdout F ` and the line end. */
const MAX_HEAD_REST_BYTES = 11

const headOf = ({ stamp, stream, partial }: LogEntry): string => `${stamp} ${stream} ${partial ? 'P' : 'F'}`

/** The lines of a log file. One buffer for all, as a container may write a hundred thousand lines a second. */
export function formatLogEntries(entries: readonly LogEntry[]): Buffer {
  const bytes = entries.reduce((sum, { stamp, text }) => sum + stamp.length + MAX_HEAD_REST_BYTES + text.length, 0)
  const lines = Buffer.allocUnsafe(bytes)
  let at = 0
  for (const entry of entries) {
    at += lines.write(`${headOf(entry)} `, at, 'latin1')
    at += entry.text.copy(lines, at)
    lines[at++] = NEWLINE
  }
  return lines.subarray(0, at)
}

const HEAD_PATTERN = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z) (?:stdout|stderr) [PF](?= )/
/** The longest head, and a blank. */
const HEAD_BYTES = 40

/** What follows the last whole line: the writer was killed in the middle of one. */
export function countDanglingBytes(content: Buffer): number {
  return content.length - (content.lastIndexOf(NEWLINE) + 1)
}

/** `STAMP STREAM TAG` of each whole line; what is not a line of a log, such as the end of one that was cut, has none. */
function readHeads(content: Buffer): { stamp: string; head: string }[] {
  const heads: { stamp: string; head: string }[] = []
  for (let start = 0, end; (end = content.indexOf(NEWLINE, start)) >= 0; start = end + 1) {
    const match = HEAD_PATTERN.exec(content.toString('latin1', start, Math.min(end, start + HEAD_BYTES)))
    if (match?.[1] !== undefined) heads.push({ stamp: match[1], head: match[0] })
  }
  return heads
}

/**
 * Where the writer stopped. `content` is the log's end, from any byte on.
 * @returns `isCertain: false` when more of the log has to be looked at, unless `content` is all there is of it
 */
export function findLogPosition(content: Buffer): { position: LogPosition | undefined; isCertain: boolean } {
  const heads = readHeads(content)
  let latest = ''
  let anchor = 0
  for (const [index, { stamp }] of heads.entries()) {
    if (stamp <= latest) continue
    latest = stamp
    anchor = index
  }
  const since = heads[anchor]?.stamp
  if (since === undefined) return { position: undefined, isCertain: false }
  return { position: { since, written: heads.slice(anchor).map(({ head }) => head) }, isCertain: anchor > 0 }
}

/** `since` of the engine's API: seconds and nanoseconds since the epoch. */
export function toSince(position: LogPosition | undefined): string {
  if (position === undefined) return '0'
  const seconds = Date.parse(`${position.since.slice(0, 19)}Z`) / 1000
  return `${seconds}.${position.since.slice(20, 29)}`
}

/** Tells the entries that a position covers from those after it, at the start of a resumed read. */
export class ResumeFilter {
  readonly #written: readonly string[]
  #next = 0

  constructor(position: LogPosition | undefined) {
    this.#written = position?.written ?? []
  }

  /** Engines that leave out every entry before `since`, and not only those before the first, are borne with. */
  isNew(entry: LogEntry): boolean {
    if (this.#next >= this.#written.length) return true
    const found = this.#written.indexOf(headOf(entry), this.#next)
    this.#next = found < 0 ? this.#written.length : found + 1
    return found < 0
  }
}
