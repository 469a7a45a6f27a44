/**
 * One terminal: a shell that runs somewhere in a lab, the newest part of its output, and whoever reads it. The slowest reader slows the
 * shell down, as a terminal of old did; while nobody reads, output goes on and the oldest of it is forgotten.
 */
import { PassThrough, Writable } from 'node:stream'
import type { Clock, Timer } from '../../../base/clock.ts'
import { toDisposable, type Disposable } from '../../../base/disposable.ts'
import { LabError, toLabErrorData } from '../../../common/lab-error.ts'
import type { TerminalChunk, TerminalStatus } from '../../../common/lab/terminal.ts'
import type { ExecOptions } from '../../../lab/lab-manager.ts'
import { Scrollback } from './scrollback.ts'
import { ShellIntroduction } from './shell-introduction.ts'

/** Kept of the output, in UTF-16 code units: a few thousand lines. */
const SCROLLBACK_LENGTH = 512 * 1024
/** A reader that is this far behind holds the shell up. Below the scrollback, so that a reader never misses anything. */
const MAXIMUM_LAG = 128 * 1024
const MAXIMUM_CHUNK_LENGTH = 64 * 1024
/** Typed ahead and not read by the program, in bytes. */
const MAXIMUM_UNREAD_INPUT = 1024 * 1024
/** The engine's answers to a shell take milliseconds, or seconds on a busy machine. */
const START_LIMIT_MS = 30_000
/** Hanging up is waited for so long; it goes on without this process. */
const HANG_UP_LIMIT_MS = 5_000

export type ShellStreams = Required<Pick<ExecOptions, 'stdin' | 'stdout' | 'stderr' | 'onResize' | 'signal'>>

export interface TerminalSize {
  columns: number
  rows: number
}

export interface TerminalSessionOptions {
  status: Pick<TerminalStatus, 'id' | 'lab' | 'target'>
  size: TerminalSize
  clock: Clock
  /** Runs the shell; resolves with its exit code. At the signal it is hung up, and this rejects with Cancelled. */
  run(streams: ShellStreams): Promise<number>
  /** It has ended. */
  onEnded(): void
  /** Somebody began to read (`true`), or the last reader has left. */
  onAttended(isAttended: boolean): void
}

interface Reader {
  /** Offset after what it has taken. */
  next: number
}

export class TerminalSession {
  readonly #options: TerminalSessionOptions
  readonly #scrollback = new Scrollback(SCROLLBACK_LENGTH)
  readonly #input = new PassThrough()
  readonly #abort = new AbortController()
  readonly #readers = new Set<Reader>()
  readonly #waiting = new Set<() => void>()
  readonly #sizeListeners = new Set<(columns: number, rows: number) => void>()
  readonly #ended = Promise.withResolvers<void>()
  #status: TerminalStatus
  #size: TerminalSize
  /** Lets the shell write on; there while a reader lags behind. */
  #goOn: (() => void) | undefined
  /** Offset after the newest output that a reader has had to answer: what a program asks is answered once, however many windows show it. */
  #answeredTo = 0

  private constructor(options: TerminalSessionOptions) {
    this.#options = options
    this.#size = options.size
    this.#status = { ...options.status, openedAt: this.#now(), state: 'running' }
  }

  /** Resolves when the shell is there. @throws what kept it from starting, with what the engine said */
  static async start(options: TerminalSessionOptions): Promise<TerminalSession> {
    const session = new TerminalSession(options)
    await session.#run()
    return session
  }

  get status(): TerminalStatus {
    return this.#status
  }

  get isAttended(): boolean {
    return this.#readers.size > 0
  }

  /** What is kept from `from` on, then what comes; ends with the shell. A chunk is taken when the next is asked for. */
  async *read(from: number, signal: AbortSignal): AsyncGenerator<TerminalChunk> {
    const known = this.#scrollback.end
    const reader: Reader = { next: from }
    this.#readers.add(reader)
    this.#options.onAttended(true)
    try {
      while (!signal.aborted) {
        const answeredTo = Math.max(known, this.#answeredTo)
        const maximum =
          reader.next < answeredTo ? Math.min(MAXIMUM_CHUNK_LENGTH, answeredTo - reader.next) : MAXIMUM_CHUNK_LENGTH
        const part = this.#scrollback.read(reader.next, maximum)
        if (part.text !== '') {
          const end = part.offset + part.text.length
          const isAnswered = part.offset < answeredTo
          if (!isAnswered) this.#answeredTo = end
          yield { ...part, isAnswered }
          reader.next = end
          this.#letGoOn()
        } else if (this.#status.state === 'ended') return
        else await this.#news(signal)
      }
    } finally {
      this.#readers.delete(reader)
      this.#letGoOn()
      if (this.#readers.size === 0) this.#options.onAttended(false)
    }
  }

  /** @throws Conflict when the shell has ended, or reads nothing of what was typed */
  write(data: string): void {
    if (this.#status.state === 'ended')
      throw new LabError({ kind: 'Conflict', message: 'the shell of this terminal has ended' })
    if (this.#input.readableLength + this.#input.writableLength > MAXIMUM_UNREAD_INPUT)
      throw new LabError({
        kind: 'Conflict',
        message: 'the program in this terminal does not read what is typed',
        remedy: 'Stop it with Ctrl+C, or close the terminal.',
      })
    this.#input.write(data)
  }

  resize(size: TerminalSize): void {
    this.#size = size
    for (const listener of this.#sizeListeners) listener(size.columns, size.rows)
  }

  /** Hangs the shell up and waits until it has ended. */
  async close(): Promise<void> {
    this.#abort.abort()
    this.#goOn?.()
    await this.#within(HANG_UP_LIMIT_MS, this.#ended.promise)
  }

  async #run(): Promise<void> {
    const started = Promise.withResolvers<void>()
    const introduction = new ShellIntroduction()
    const decoder = new TextDecoder()
    const output = new Writable({
      write: (data: Buffer, _encoding, done) => {
        this.#append(introduction.take(decoder.decode(data, { stream: true })))
        if (introduction.isComplete) started.resolve()
        if (this.#lag() > MAXIMUM_LAG) this.#goOn = done
        else done()
      },
    })
    this.#options
      .run({
        stdin: this.#input,
        stdout: output,
        stderr: output,
        onResize: (listener) => this.#onResize(listener),
        signal: this.#abort.signal,
      })
      .then(
        (exitCode) => {
          this.#end({ exitCode })
          started.reject(introduction.explainEnd(this.#options.status.target, exitCode))
        },
        (error: unknown) => {
          this.#end({ error: toLabErrorData(error) })
          started.reject(error)
        },
      )
    try {
      const isThere = await this.#within(
        START_LIMIT_MS,
        started.promise.then(() => true),
      )
      if (isThere !== true) throw new LabError({ kind: 'Timeout', message: 'the shell did not start in time' })
    } catch (error) {
      this.#abort.abort()
      throw error
    }
  }

  #onResize(listener: (columns: number, rows: number) => void): Disposable {
    this.#sizeListeners.add(listener)
    listener(this.#size.columns, this.#size.rows)
    return toDisposable(() => void this.#sizeListeners.delete(listener))
  }

  #append(text: string): void {
    if (text === '') return
    this.#scrollback.append(text)
    this.#wake()
  }

  #end(how: Pick<TerminalStatus, 'exitCode' | 'error'>): void {
    this.#status = { ...this.#status, state: 'ended', endedAt: this.#now(), ...how }
    this.#wake()
    this.#ended.resolve()
    this.#options.onEnded()
  }

  #lag(): number {
    let lag = 0
    for (const { next } of this.#readers) lag = Math.max(lag, this.#scrollback.end - next)
    return lag
  }

  #letGoOn(): void {
    if (this.#goOn === undefined || this.#lag() > MAXIMUM_LAG) return
    const goOn = this.#goOn
    this.#goOn = undefined
    goOn()
  }

  /** Resolves when there is more to read, or never will be. */
  #news(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        this.#waiting.delete(wake)
        signal.removeEventListener('abort', wake)
        resolve()
      }
      this.#waiting.add(wake)
      signal.addEventListener('abort', wake, { once: true })
    })
  }

  #wake(): void {
    for (const wake of [...this.#waiting]) wake()
  }

  /** What the promise gives, or nothing when the time is over. */
  async #within<Value>(limitMs: number, promise: Promise<Value>): Promise<Value | undefined> {
    let timer: Timer | undefined
    const limit = new Promise<undefined>((resolve) => {
      timer = this.#options.clock.setTimer(limitMs, () => resolve(undefined))
    })
    try {
      return await Promise.race([promise, limit])
    } finally {
      timer?.cancel()
    }
  }

  #now(): string {
    return new Date(this.#options.clock.now()).toISOString()
  }
}
