/** Follows the engine's events for as long as it is wanted, over as many connections as it takes. */
import type { Readable } from 'node:stream'
import type { Clock, Timer } from '../../base/clock.ts'
import type { Disposable } from '../../base/disposable.ts'
import type { EngineEvent } from './engine.ts'
import { LineSplitter, parseEvent } from './engine-events.ts'

const FIRST_RETRY_MS = 100
const LAST_RETRY_MS = 5_000

export interface EventWatchOptions {
  clock: Clock
  connect: () => Promise<Readable>
  onEvent: (event: EngineEvent) => void
  /** After every connection, the first one too: what happened before may have been missed, so list now. */
  onConnected: () => void
}

export class EventWatch implements Disposable {
  readonly #options: EventWatchOptions
  #disposed = false
  #stream: Readable | undefined
  #timer: Timer | undefined
  #retryMs = FIRST_RETRY_MS

  constructor(options: EventWatchOptions) {
    this.#options = options
    void this.#connect()
  }

  dispose(): void {
    this.#disposed = true
    this.#timer?.cancel()
    this.#stream?.destroy()
  }

  async #connect(): Promise<void> {
    let stream: Readable
    try {
      stream = await this.#options.connect()
    } catch {
      // The engine is away. Whoever asks it for anything is told so; the watch itself only tries again.
      this.#retry()
      return
    }
    if (this.#disposed) {
      stream.destroy()
      return
    }
    this.#stream = stream
    this.#retryMs = FIRST_RETRY_MS
    const lines = new LineSplitter((line) => {
      const event = parseEvent(line)
      if (event !== undefined && !this.#disposed) this.#options.onEvent(event)
    })
    stream.on('data', (chunk: Uint8Array) => lines.push(chunk))
    let ended = false
    const onEnd = (): void => {
      if (ended) return
      ended = true
      stream.destroy()
      this.#retry()
    }
    stream.once('end', onEnd)
    stream.once('close', onEnd)
    stream.once('error', onEnd)
    this.#options.onConnected()
  }

  #retry(): void {
    if (this.#disposed) return
    this.#timer = this.#options.clock.setTimer(this.#retryMs, () => void this.#connect())
    this.#retryMs = Math.min(this.#retryMs * 2, LAST_RETRY_MS)
  }
}
