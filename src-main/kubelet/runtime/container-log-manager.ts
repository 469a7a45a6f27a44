/** Keeps the logs of running containers from filling the disk: `containerLogMaxSize`, `containerLogMaxFiles`. */
import { readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { Clock } from '../../base/clock.ts'
import type { Logger } from '../../base/logger.ts'
import type { RuntimeService } from '../../container-runtime/cri.ts'
import { errorDescription } from './describe-error.ts'

export interface LoggingContainer {
  id: string
  /** On the node; empty for none. */
  logPath: string
}

interface ContainerLogManagerOptions {
  clock: Clock
  logger: Logger
  runtime: RuntimeService
  maxBytes: number
  /** The file that is written to included. */
  maxFiles: number
  /** `containerLogMonitorInterval`. */
  monitorIntervalMs: number
}

export class ContainerLogManager {
  readonly #options: ContainerLogManagerOptions
  #busy = false
  #lookedMs = Number.NEGATIVE_INFINITY

  constructor(options: ContainerLogManagerOptions) {
    this.#options = options
  }

  /**
   * Moves each log that is too long away and has the runtime begin a new one. Does not throw. A call during another, or
   * sooner than the monitor interval after it, does nothing.
   */
  async rotate(containers: readonly LoggingContainer[]): Promise<void> {
    const now = this.#options.clock.now()
    if (this.#busy || now - this.#lookedMs < this.#options.monitorIntervalMs) return
    this.#lookedMs = now
    this.#busy = true
    for (const container of containers) {
      try {
        if (isLongerThan(container.logPath, this.#options.maxBytes)) await this.#rotateOne(container)
      } catch (error) {
        const { id: containerID, logPath: path } = container
        this.#options.logger.error('Failed to rotate log for container', {
          containerID,
          path,
          err: errorDescription(error),
        })
      }
    }
    this.#busy = false
  }

  async #rotateOne({ id, logPath }: LoggingContainer): Promise<void> {
    const { clock, runtime, maxFiles } = this.#options
    const stamp = new Date(clock.now()).toISOString().slice(0, 19).replace(/[-:]/g, '').replace('T', '-')
    const rotated = `${logPath}.${stamp}`
    renameSync(logPath, rotated)
    try {
      await runtime.reopenContainerLog(id)
    } catch (error) {
      // The runtime writes on into the renamed file: it gets its name back, and is tried again later.
      renameSync(rotated, logPath)
      throw error
    }
    for (const old of rotatedLogs(logPath).slice(0, -(maxFiles - 1))) rmSync(old, { force: true })
  }
}

/** What was moved away from this log, oldest first; a log without a folder has none. */
export function rotatedLogs(logPath: string): string[] {
  const prefix = `${basename(logPath)}.`
  let names: string[]
  try {
    names = readdirSync(dirname(logPath))
  } catch {
    // The folder is gone with its pod, and the logs with it.
    return []
  }
  return names
    .filter((name) => name.startsWith(prefix) && /^\d{8}-\d{6}$/.test(name.slice(prefix.length)))
    .sort()
    .map((name) => join(dirname(logPath), name))
}

function isLongerThan(path: string, maxBytes: number): boolean {
  if (path === '' || maxBytes <= 0) return false
  return (statSync(path, { throwIfNoEntry: false })?.size ?? 0) > maxBytes
}
