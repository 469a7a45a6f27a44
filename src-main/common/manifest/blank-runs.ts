/**
 * Long runs of blank and comment lines, taken out of a large text before it is parsed: a parser that makes several
 * tokens of each such line needs many seconds for a few megabytes of them.
 */

/** Shorter texts are parsed as they are. */
const MIN_TEXT_LENGTH = 64 * 1024
/** Of a run that is worth cutting; what is left of it is at most nine lines. */
const MIN_RUN_LINES = 12

/** Part of a text, from `start` up to `end`; whole lines. */
export interface Cut {
  start: number
  end: number
}

/** A text without its cuts. */
export interface CutText {
  text: string
  /** Place in the whole text of a place in this one. */
  originalOffset(offset: number): number
  /** The cuts that are not before `start` and not behind `end`, both offsets of this text. */
  cutsWithin(start: number, end: number): Cut[]
}

/**
 * What may be taken out without a change of meaning, unless it lies within a scalar, where blank lines and lines that
 * look like comments are content. Of each run some lines stay: the first two and the last of its blank lines before the
 * first comment, of what is from the first to the last comment, and of its blank lines behind them.
 */
export function findBlankRuns(text: string): Cut[] {
  if (text.length < MIN_TEXT_LENGTH) return []
  const cuts: Cut[] = []
  let run = new Run()
  for (let start = 0; start < text.length;) {
    const newline = text.indexOf('\n', start)
    if (newline < 0) break
    const kind = lineKind(text, start)
    if (kind === 'content') {
      run.finish(cuts)
      run = new Run()
    } else run.add(kind, start, newline + 1)
    start = newline + 1
  }
  run.finish(cuts)
  return cuts
}

/** Takes out `cuts`, which are in the order of the text. */
export function withoutCuts(text: string, cuts: readonly Cut[]): CutText {
  const parts: string[] = []
  /** Of each cut: its offset in the cut text, and how much was taken out up to its end. */
  const places: number[] = []
  const removed: number[] = []
  let at = 0
  let length = 0
  for (const { start, end } of cuts) {
    parts.push(text.slice(at, start))
    length += start - at
    places.push(length)
    removed.push(end - length)
    at = end
  }
  parts.push(text.slice(at))
  return {
    text: cuts.length === 0 ? text : parts.join(''),
    originalOffset: (offset) => offset + (removed[countUpTo(places, offset) - 1] ?? 0),
    cutsWithin: (start, end) => cuts.slice(countUpTo(places, start - 1), countUpTo(places, end)),
  }
}

/** A tab before or instead of the words may be a fault, so such a line counts as content. */
type LineKind = 'blank' | 'comment' | 'content'

function lineKind(text: string, start: number): LineKind {
  for (let at = start; ; at += 1) {
    switch (text.charCodeAt(at)) {
      case 0x20:
        continue
      case 0x0d:
        return text.charCodeAt(at + 1) === 0x0a ? 'blank' : 'content'
      case 0x0a:
        return 'blank'
      case 0x23:
        return 'comment'
      default:
        return 'content'
    }
  }
}

/** Lines that follow one another; what is between the first two and the last may go. */
class Stretch {
  private lines = 0
  private start = 0
  private end = 0

  add(start: number, end: number): void {
    this.lines += 1
    if (this.lines <= 2) this.start = end
    this.end = start
  }

  finish(cuts: Cut[]): void {
    if (this.lines > 3) cuts.push({ start: this.start, end: this.end })
  }
}

class Run {
  private lines = 0
  private readonly before = new Stretch()
  private readonly comments = new Stretch()
  private behind = new Stretch()
  private hasComment = false
  private blanks: Stretch = this.before

  add(kind: 'blank' | 'comment', start: number, end: number): void {
    this.lines += 1
    if (kind === 'blank') {
      this.blanks.add(start, end)
      return
    }
    this.hasComment = true
    this.comments.add(start, end)
    // Blank lines so far behind a comment turn out to lie between two.
    this.behind = new Stretch()
    this.blanks = this.behind
  }

  finish(cuts: Cut[]): void {
    if (this.lines < MIN_RUN_LINES) return
    this.before.finish(cuts)
    if (this.hasComment) this.comments.finish(cuts)
    this.behind.finish(cuts)
  }
}

/** How many of the sorted `places` are not behind `offset`. */
function countUpTo(places: readonly number[], offset: number): number {
  let low = 0
  let high = places.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((places[middle] ?? 0) <= offset) low = middle + 1
    else high = middle
  }
  return low
}
