/**
 * The engine's log stream (`timestamps=1`) as entries. Without a terminal each entry is a frame: a byte that names the
 * stream, three zeros, four bytes of length, then `STAMP text`; an entry without a line end is part of a longer line.
 * With a terminal there are no frames, and entries are lines `STAMP text`. The parts of a long line then follow each other
 * without anything between, each with the stamp of the line's beginning.
 */
import type { LogEntry } from './cri-log-format.ts'

const HEADER_BYTES = 8
const NEWLINE = 0x0a
const RETURN = 0x0d
const SPACE = 0x20
/** The engine cuts longer lines into parts of this size, not counting the stamp. */
const PART_BYTES = 16 * 1024
/** A stamp with nine digits of nanoseconds and the zone, as Docker writes it. */
const STAMP_LENGTH = 30
const NOTHING: Buffer = Buffer.alloc(0)

export class EngineLogParser {
  readonly #tty: boolean
  #rest = NOTHING
  /** `STAMP ` of a terminal's line whose next part comes now. */
  #goesOn: Buffer | undefined

  constructor(options: { tty: boolean }) {
    this.#tty = options.tty
  }

  /** The entries that are complete with this chunk. */
  push(chunk: Buffer): LogEntry[] {
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk])
    return this.#tty ? this.#takeLines() : this.#takeFrames()
  }

  #takeFrames(): LogEntry[] {
    const rest = this.#rest
    const entries: LogEntry[] = []
    let start = 0
    while (rest.length - start >= HEADER_BYTES) {
      const end = start + HEADER_BYTES + rest.readUInt32BE(start + 4)
      if (rest.length < end) break
      const entry = parseFrame(rest, start + HEADER_BYTES, end, rest[start] === 2 ? 'stderr' : 'stdout')
      if (entry !== undefined) entries.push(entry)
      start = end
    }
    this.#rest = rest.subarray(start)
    return entries
  }

  #takeLines(): LogEntry[] {
    const entries: LogEntry[] = []
    for (let entry = this.#takeLine(); entry !== undefined; entry = this.#takeLine()) entries.push(entry)
    return entries
  }

  /** `undefined` while the next line or part is not complete. */
  #takeLine(): LogEntry | undefined {
    const head = this.#readHead()
    if (head === undefined) return undefined
    const text = this.#rest.subarray(head.length)
    const end = text.subarray(0, PART_BYTES).indexOf(NEWLINE)
    if (end < 0 && text.length < PART_BYTES) return undefined
    const partial = end < 0
    const kept = text.subarray(0, partial ? PART_BYTES : text[end - 1] === RETURN ? end - 1 : end)
    const stamp = head.length > 0 ? Buffer.from(head) : (this.#goesOn ?? head)
    this.#rest = text.subarray(partial ? PART_BYTES : end + 1)
    this.#goesOn = partial ? stamp : undefined
    return {
      stamp: normaliseStamp(stamp.toString('latin1', 0, stamp.length - 1)),
      stream: 'stdout',
      text: kept,
      partial,
    }
  }

  /** `STAMP ` at the beginning; nothing where a part goes on without one. `undefined` while it is not complete. */
  #readHead(): Buffer | undefined {
    const goesOn = this.#goesOn
    if (goesOn === undefined) {
      const space = this.#rest.subarray(0, STAMP_LENGTH + 1).indexOf(SPACE)
      return space < 0 ? undefined : this.#rest.subarray(0, space + 1)
    }
    const begin = this.#rest.subarray(0, goesOn.length)
    if (!begin.equals(goesOn.subarray(0, begin.length))) return NOTHING
    return begin.length === goesOn.length ? begin : undefined
  }
}

function parseFrame(bytes: Buffer, start: number, end: number, stream: LogEntry['stream']): LogEntry | undefined {
  const space = bytes.indexOf(SPACE, start)
  if (space < 0 || space >= end) return undefined
  const partial = bytes[end - 1] !== NEWLINE
  return {
    stamp: normaliseStamp(bytes.toString('latin1', start, space)),
    stream,
    text: bytes.subarray(space + 1, partial ? end : end - 1),
    partial,
  }
}

/** Nine digits always, so that stamps sort as text. */
function normaliseStamp(stamp: string): string {
  if (stamp.length === STAMP_LENGTH && stamp.endsWith('Z')) return stamp
  const match = /^(.{19})(?:\.(\d{1,9}))?Z$/.exec(stamp)
  return match === null ? stamp : `${match[1]}.${(match[2] ?? '').padEnd(9, '0')}Z`
}
