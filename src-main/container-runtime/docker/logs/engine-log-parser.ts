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
/** The longest stamp and a blank. */
const HEAD_BYTES = 31
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
      const space = this.#rest.subarray(0, HEAD_BYTES).indexOf(SPACE)
      return space < 0 ? undefined : this.#rest.subarray(0, space + 1)
    }
    const begin = this.#rest.subarray(0, goesOn.length)
    if (!begin.equals(goesOn.subarray(0, begin.length))) return NOTHING
    return begin.length === goesOn.length ? begin : undefined
  }
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
