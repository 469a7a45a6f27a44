/** Lines of logs: what stands in them, in which order they are shown, and how they are cut for colours and matches. Pure. */
import { parseAnsi, type StyledSpan, type TextStyle } from './ansi-text.ts'

export interface LogLine {
  /** Grows from line to line as they arrive: a stable key. */
  number: number
  container: string
  /** Milliseconds since 1970; that of the line before when it does not say. */
  time: number
  /** As the runtime stamped it; empty when it did not. */
  stamp: string
  text: string
  spans: readonly StyledSpan[]
}

const STAMPED = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)) ?/

/** @param raw with the stamp that `timestamps` asks for */
export function readLogLine(raw: string, container: string, number: number, timeBefore: number): LogLine {
  const stamp = STAMPED.exec(raw)
  const time = Date.parse(stamp?.[1] ?? '')
  return {
    number,
    container,
    time: Number.isNaN(time) ? timeBefore : time,
    stamp: Number.isNaN(time) ? '' : (stamp?.[1] ?? ''),
    ...parseAnsi(stamp === null ? raw : raw.slice(stamp[0].length)),
  }
}

/** Both in order of time; lines of one moment stay in the order in which they came. */
export function mergeLines(known: readonly LogLine[], added: readonly LogLine[]): LogLine[] {
  const sorted = added.toSorted((one, other) => one.time - other.time)
  const first = sorted[0]
  if (first === undefined) return [...known]
  let keep = known.length
  while (keep > 0 && (known[keep - 1]?.time ?? 0) > first.time) keep -= 1
  const tail = [...known.slice(keep), ...sorted].sort((one, other) => one.time - other.time)
  return [...known.slice(0, keep), ...tail]
}

/** Where `search` begins in a text, whatever the capitals are. */
export function findMatches(text: string, search: string): number[] {
  if (search === '') return []
  const [lowerText, lowerSearch] = [text.toLowerCase(), search.toLowerCase()]
  // A few letters change their length in lower case; places in such a line would be wrong, so nothing is found there.
  if (lowerText.length !== text.length) return []
  const found: number[] = []
  for (let at = lowerText.indexOf(lowerSearch); at !== -1; at = lowerText.indexOf(lowerSearch, at + search.length))
    found.push(at)
  return found
}

/** The first line of that moment or after it; the last one when there is none; -1 for no lines. */
export function findLineAt(lines: readonly LogLine[], time: number): number {
  const at = lines.findIndex((line) => line.time >= time)
  return at === -1 ? lines.length - 1 : at
}

export interface LinePart {
  text: string
  style: TextStyle
  match: 'none' | 'match' | 'current'
}

const PLAIN: TextStyle = {}

/** @param current which of the line's matches is the one that was stepped to; -1 for none */
export function cutLine(
  { text, spans }: Pick<LogLine, 'text' | 'spans'>,
  search: string,
  current: number,
  limit: number,
): LinePart[] {
  const shown = text.slice(0, limit)
  const matches = findMatches(shown, search)
  if (matches.length === 0 && spans.length === 0) return [{ text: shown, style: PLAIN, match: 'none' }]
  const cuts = new Set([0, shown.length])
  for (const at of matches) for (const cut of [at, at + search.length]) cuts.add(Math.min(cut, shown.length))
  for (const { from, to } of spans) for (const cut of [from, to]) cuts.add(Math.min(cut, shown.length))
  const ordered = [...cuts].toSorted((one, other) => one - other)
  return ordered.slice(0, -1).map((from, index) => {
    const match = matches.findIndex((at) => from >= at && from < at + search.length)
    const span = spans.find((one) => from >= one.from && from < one.to)
    return {
      text: shown.slice(from, ordered[index + 1]),
      style: span?.style ?? PLAIN,
      match: match === -1 ? 'none' : match === current ? 'current' : 'match',
    }
  })
}
