/**
 * Copies one container's output from the engine into its log file on the node: no line lost or doubled, however often
 * the service is restarted, because each read resumes where the file ends.
 */
import { delay } from '../../../base/clock.ts'
import type { Clock } from '../../../base/clock.ts'
import type { Logger } from '../../../base/logger.ts'
import { CriError } from '../../cri.ts'
import { isEngineStatus } from '../engine-client.ts'
import type { EngineClient } from '../engine-client.ts'
import type { EngineContainer } from '../engine-types.ts'
import { formatLogEntries, ResumeFilter, toSince } from './cri-log-format.ts'
import type { LogPosition } from './cri-log-format.ts'
import { EngineLogParser } from './engine-log-parser.ts'
import { LogFile } from './log-file.ts'

const RETRY_MS = 500

export interface LogFollowerOptions {
  engine: EngineClient
  clock: Clock
  logger: Logger
  containerId: string
  tty: boolean
  nodeRoot: string
  /** On the node. */
  logPath: string
}

export class LogFollower {
  readonly #options: LogFollowerOptions
  readonly #file: LogFile
  readonly #disposal = new AbortController()
  /** Ends the following read only: what is left is then read to the end. */
  readonly #died = new AbortController()
  /** Resolves when all output has been written, or the container is gone. */
  readonly done: Promise<void>
  #isDone = false

  constructor(options: LogFollowerOptions) {
    this.#options = options
    this.#file = new LogFile(options.nodeRoot, options.logPath)
    this.done = this.#run()
  }

  get isDone(): boolean {
    return this.#isDone
  }

  /** The container has died: `done` follows as soon as the rest is written. */
  markDied(): void {
    this.#died.abort()
  }

  reopen(): Promise<void> {
    return this.#file.reopen()
  }

  async dispose(): Promise<void> {
    this.#disposal.abort()
    await this.done
  }

  async #run(): Promise<void> {
    const { clock, logger, containerId } = this.#options
    let attemptsAfterDeath = 0
    while (!this.#disposal.signal.aborted) {
      try {
        if (await this.#copy()) break
      } catch (error) {
        if (this.#disposal.signal.aborted || isEngineStatus(error, 404, 409)) break
        logger.warn('container log is behind', { containerId, error })
        // An engine that is away comes back; a file that cannot be written twice is the node's own affair.
        if (this.#died.signal.aborted && !(error instanceof CriError) && ++attemptsAfterDeath >= 2) break
      }
      await delay(clock, RETRY_MS, this.#disposal.signal).catch(() => undefined)
    }
    this.#isDone = true
    await this.#file.close()
  }

  /** One attempt. @returns whether the container has ended and all of its output is in the file */
  async #copy(): Promise<boolean> {
    const position = await this.#file.open()
    if (!this.#died.signal.aborted) {
      await this.#follow(position)
      if (!this.#died.signal.aborted && (await this.#isRunning())) return false
    }
    // A follow that was resumed may have lost the end: a plain read from the last stamp in the file gets it.
    await this.#read(await this.#file.open(), false, this.#disposal.signal)
    return true
  }

  async #isRunning(): Promise<boolean> {
    const { engine, containerId } = this.#options
    return (await engine.json<EngineContainer>(`/containers/${containerId}/json`)).State.Running
  }

  /** Copies what comes until the engine ends the stream or the container dies. */
  async #follow(from: LogPosition | undefined): Promise<void> {
    try {
      await this.#read(from, true, AbortSignal.any([this.#disposal.signal, this.#died.signal]))
    } catch (error) {
      // Ended by markDied: what is missing is read next.
      if (!this.#died.signal.aborted) throw error
    }
  }

  async #read(from: LogPosition | undefined, follow: boolean, signal: AbortSignal): Promise<void> {
    const { engine, containerId, tty } = this.#options
    const stream = await engine.stream(`/containers/${containerId}/logs`, {
      query: { follow, stdout: true, stderr: true, timestamps: true, since: toSince(from) },
      signal,
    })
    const parser = new EngineLogParser({ tty })
    const filter = new ResumeFilter(from)
    for await (const chunk of stream) {
      const entries = parser.push(chunk as Buffer).filter((entry) => filter.isNew(entry))
      if (entries.length > 0) await this.#file.append(formatLogEntries(entries))
    }
  }
}
