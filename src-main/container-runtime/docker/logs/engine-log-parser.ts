/**
 * The engine's log stream (`timestamps=1`) as entries. Without a terminal each entry is a frame: a byte that names the
 * stream, three zeros, four bytes of length, then `STAMP text`; an entry without a line end is part of a longer line.
 * With a terminal there are no frames, and entries are lines.
 */
import type { LogEntry } from './cri-log-format.ts'

const HEADER_BYTES = 8
const NEWLINE = 0x0a
const RETURN = 0x0d
/** A terminal may print for ever without a line end: what is gathered is bounded, as the parts of other lines are. */
const MAX_LINE_BYTES = 16 * 1024

export class EngineLogParser {
  readonly #tty: boolean
  #rest: Buffer = Buffer.alloc(0)
  /** Stamp of a terminal's line that was cut and whose rest comes next. */
  #goesOnAt: string | undefined

  constructor(options: { tty: boolean }) {
    this.#tty = options.tty
  }

  /** The entries that are complete with this chunk. */
  push(chunk: Buffer): LogEntry[] {
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk])
    return this.#tty ? this.#takeLines() : this.#takeFrames()
  }

  #takeFrames(): LogEntry[] {
    const entries: LogEntry[] = []
    while (this.#rest.length >= HEADER_BYTES) {
      const end = HEADER_BYTES + this.#rest.readUInt32BE(4)
      if (this.#rest.length < end) break
      const entry = parseEntry(this.#rest.subarray(HEADER_BYTES, end), this.#rest[0] === 2 ? 'stderr' : 'stdout')
      if (entry !== undefined) entries.push(entry)
      this.#rest = this.#rest.subarray(end)
    }
    return entries
  }

  #takeLines(): LogEntry[] {
    const entries: LogEntry[] = []
    for (;;) {
      const end = this.#rest.indexOf(NEWLINE)
      if (end < 0 && this.#rest.length < MAX_LINE_BYTES) return entries
      const line = this.#rest.subarray(0, Math.min(end < 0 ? MAX_LINE_BYTES : end + 1, MAX_LINE_BYTES))
      const entry = this.#goesOnAt === undefined ? parseEntry(line, 'stdout') : goOn(this.#goesOnAt, line)
      this.#goesOnAt = entry?.partial === true ? entry.stamp : undefined
      if (entry !== undefined)
        entries.push(endsWithReturn(entry.text) ? { ...entry, text: entry.text.subarray(0, -1) } : entry)
      this.#rest = this.#rest.subarray(line.length)
    }
  }
}

const endsWithReturn = (text: Buffer): boolean => text.at(-1) === RETURN

function goOn(stamp: string, bytes: Buffer): LogEntry {
  const partial = bytes.at(-1) !== NEWLINE
  return { stamp, stream: 'stdout', text: bytes.subarray(0, partial ? bytes.length : -1), partial }
}

function parseEntry(bytes: Buffer, stream: LogEntry['stream']): LogEntry | undefined {
  const space = bytes.indexOf(0x20)
  if (space < 0) return undefined
  const partial = bytes.at(-1) !== NEWLINE
  return {
    stamp: normaliseStamp(bytes.toString('latin1', 0, space)),
    stream,
    text: bytes.subarray(space + 1, partial ? bytes.length : -1),
    partial,
  }
}

/** Nine digits always, so that stamps sort as text. */
function normaliseStamp(stamp: string): string {
  const match = /^(.{19})(?:\.(\d{1,9}))?Z$/.exec(stamp)
  return match === null ? stamp : `${match[1]}.${(match[2] ?? '').padEnd(9, '0')}Z`
}
