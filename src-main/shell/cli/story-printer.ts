/** Prints a story, a line for each sentence, under the day on which it happened; times are those of this machine's zone. */
import { computeStory, type StoryLine, type TimelineLine } from '../../common/timeline/compute-story.ts'
import { foldStory } from '../../common/timeline/fold-story.ts'
import { formatStoryLine } from '../../common/timeline/format-story.ts'
import { delay, type Clock } from '../../base/clock.ts'
import type { Terminal } from './output.ts'

/** What belongs together comes together, or within so long; later it is a sentence of its own. */
const SETTLE_MS = 1000

const pad = (number: number): string => String(number).padStart(2, '0')

function clockTime(time: string): string {
  const date = new Date(time)
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map(pad).join(':')
}

function dayOf(time: string): string {
  const date = new Date(time)
  return [date.getFullYear(), pad(date.getMonth() + 1), pad(date.getDate())].join('-')
}

export class StoryPrinter {
  readonly #terminal: Pick<Terminal, 'print'>
  /** Whether nodes are told apart: their names stand before the sentences. */
  readonly #showsPlace: boolean
  readonly #told = new Set<string>()
  #day = ''

  constructor(terminal: Pick<Terminal, 'print'>, options: { showsPlace: boolean }) {
    this.#terminal = terminal
    this.#showsPlace = options.showsPlace
  }

  /** All of it, folded. @param since RFC 3339: what was before is known, but not told */
  print(lines: readonly TimelineLine[], since?: string): void {
    const story = computeStory(lines).filter(({ time }) => since === undefined || time >= since)
    for (const line of foldStory(story)) this.#printLine(line)
  }

  /** What has not been told yet. */
  printNews(lines: readonly TimelineLine[], since?: string): void {
    for (const line of computeStory(lines)) {
      if (this.#told.has(line.id)) continue
      this.#told.add(line.id)
      if (since === undefined || line.time >= since) this.#printLine(line)
    }
  }

  #printLine(line: StoryLine): void {
    const day = dayOf(line.time)
    if (day !== this.#day) this.#terminal.print(day)
    this.#day = day
    const { pod, node } = line.values
    const place =
      this.#showsPlace && line.action === undefined ? `${pod?.replace(/^default\//, '') ?? node ?? ''}: ` : ''
    const mark = line.action === undefined ? (line.isWarning ? '!' : ' ') : '>'
    this.#terminal.print(`${clockTime(line.time)} ${mark} ${place}${formatStoryLine(line, clockTime)}`)
  }
}

/** Waits until what belongs together has come, so that one sentence can tell of it. */
export class Settling {
  readonly #clock: Clock
  readonly #signal: AbortSignal
  readonly #onSettled: () => void
  #isPending = false

  constructor(clock: Clock, signal: AbortSignal, onSettled: () => void) {
    this.#clock = clock
    this.#signal = signal
    this.#onSettled = onSettled
  }

  stir(): void {
    if (this.#isPending) return
    this.#isPending = true
    void delay(this.#clock, SETTLE_MS, this.#signal)
      .catch(() => undefined) // the end: what has come is told
      .then(() => {
        this.#isPending = false
        this.#onSettled()
      })
  }
}
