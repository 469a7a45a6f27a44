/** What the engine says while it pulls an image: a line of JSON for every step of every layer. */
import type { Clock } from '../../base/clock.ts'
import type { Disposable } from '../../base/disposable.ts'

interface PullLine {
  /** Of a layer; absent for the image as a whole. */
  id?: string
  status?: string
  progressDetail?: { current?: number; total?: number }
  error?: string
}

/** Takes the engine's lines, and knows how far the pull is and whether it has failed. */
export class PullProgress {
  readonly #layers = new Map<string, { current: number; total: number }>()
  #rest = ''
  #status = ''
  #error: string | undefined

  /** A pull that fails on the way is answered with status 200 and this, in the engine's words. */
  get error(): string | undefined {
    return this.#error
  }

  /** @returns whether anything has moved since the last chunk */
  push(chunk: string): boolean {
    const lines = (this.#rest + chunk).split('\n')
    this.#rest = lines.pop() ?? ''
    const before = this.describe()
    for (const line of lines) if (line.trim() !== '') this.#take(JSON.parse(line) as PullLine)
    return this.describe() !== before
  }

  #take({ id, status, progressDetail, error }: PullLine): void {
    if (error !== undefined) this.#error = error
    if (status !== undefined) this.#status = id === undefined ? status : `${status} ${id}`
    const { current, total } = progressDetail ?? {}
    if (id !== undefined && current !== undefined) this.#layers.set(`${status} ${id}`, { current, total: total ?? 0 })
  }

  /** One line for a log: `Downloading 3f4a (5242880 of 7340032 bytes)`. */
  describe(): string {
    const layer = this.#layers.get(this.#status)
    return layer === undefined ? this.#status : `${this.#status} (${layer.current} of ${layer.total} bytes)`
  }
}

/** Calls back once when `touch` has not been called for `limitMs`. */
export class StallTimer implements Disposable {
  readonly #clock: Clock
  readonly #limitMs: number
  readonly #onStall: () => void
  #timer: { cancel(): void }

  constructor(clock: Clock, limitMs: number, onStall: () => void) {
    this.#clock = clock
    this.#limitMs = limitMs
    this.#onStall = onStall
    this.#timer = clock.setTimer(limitMs, onStall)
  }

  touch(): void {
    this.#timer.cancel()
    this.#timer = this.#clock.setTimer(this.#limitMs, this.#onStall)
  }

  dispose(): void {
    this.#timer.cancel()
  }
}
