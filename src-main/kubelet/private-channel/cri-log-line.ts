/** One line of a container's log file in CRI format: `TIME STREAM TAGS CONTENT`. */

export interface CriLogLine {
  /** RFC 3339 with nanoseconds, as written. */
  time: string
  stream: 'stdout' | 'stderr'
  /** The application's line goes on in the next one of this stream. */
  partial: boolean
  content: string
}

/** `undefined` for what is not in CRI format, such as a line cut off by a crash of the writer. */
export function parseCriLogLine(line: string): CriLogLine | undefined {
  const timeEnd = line.indexOf(' ')
  const streamEnd = line.indexOf(' ', timeEnd + 1)
  if (timeEnd < 0 || streamEnd < 0) return undefined
  const tagsEnd = line.indexOf(' ', streamEnd + 1)
  const stream = line.slice(timeEnd + 1, streamEnd)
  if (stream !== 'stdout' && stream !== 'stderr') return undefined
  const tags = (tagsEnd < 0 ? line.slice(streamEnd + 1) : line.slice(streamEnd + 1, tagsEnd)).split(':')
  if (tags[0] !== 'P' && tags[0] !== 'F') return undefined
  const time = line.slice(0, timeEnd)
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/.test(time)) return undefined
  return { time, stream, partial: tags[0] === 'P', content: tagsEnd < 0 ? '' : line.slice(tagsEnd + 1) }
}

/** Whether a UTC time with any number of fraction digits is before another one. */
export function isBefore(time: string, other: string): boolean {
  return sortableTime(time) < sortableTime(other)
}

function sortableTime(time: string): string {
  const fraction = /\.(\d+)/.exec(time)?.[1] ?? ''
  return `${time.slice(0, 19)}.${fraction.padEnd(9, '0').slice(0, 9)}`
}

/** Turns lines into the text that a reader sees: parts joined, stamps once for each whole line. */
export class LogFormatter {
  readonly #timestamps: boolean
  readonly #sinceTime: string | undefined
  readonly #stream: CriLogLine['stream'] | undefined
  #open: CriLogLine['stream'] | undefined

  /** @param options.stream only this one; absent: both */
  constructor(options: { timestamps: boolean; sinceTime: string | undefined; stream?: CriLogLine['stream'] }) {
    this.#stream = options.stream
    this.#timestamps = options.timestamps
    this.#sinceTime = options.sinceTime
  }

  /** Empty for a line that is skipped. */
  format(text: string): string {
    const line = parseCriLogLine(text)
    if (line === undefined) return ''
    if (this.#stream !== undefined && line.stream !== this.#stream) return ''
    if (this.#sinceTime !== undefined && isBefore(line.time, this.#sinceTime)) return ''
    const goesOn = this.#open === line.stream
    // A part of the other stream in between gets a line of its own, so that neither is torn into the other's.
    const lineBreak = this.#open !== undefined && !goesOn ? '\n' : ''
    this.#open = line.partial ? line.stream : undefined
    const stamp = this.#timestamps && !goesOn ? `${line.time} ` : ''
    return `${lineBreak}${stamp}${line.content}${line.partial ? '' : '\n'}`
  }
}
