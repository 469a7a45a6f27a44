/** What every command gets: the terminal, a lab manager made when it is first needed, and Ctrl-C as a signal. */
import { systemClock, type Clock } from '../../base/clock.ts'
import type { Logger } from '../../base/logger.ts'
import type { ExperimentService } from '../../lab/experiments/experiment-service.ts'
import type { LabManager } from '../../lab/lab-manager.ts'
import { findAppFolders } from '../app/resources.ts'
import type { Terminal } from './output.ts'

export interface CommandContext {
  terminal: Terminal
  clock: Clock
  /** Aborted by Ctrl-C and SIGTERM. */
  signal: AbortSignal
  /** The one lab manager of this process. */
  labManager(): Promise<LabManager>
  /** Experiments on its labs, made when they are first needed. */
  experiments(): Promise<ExperimentService>
  /** Work that Ctrl-C may not cut short, because it puts back what it changed: the signal is told, and then waited for. */
  untilPutBack<T>(work: Promise<T>): Promise<T>
  /** Sets the exit code of a command that ends by itself, such as `exec`. */
  exitWith(code: number): void
}

export interface ProcessContext extends CommandContext {
  exitCode(): number
  /** Whether something is being put back. */
  isPuttingBack(): boolean
  dispose(): Promise<void>
}

/** Loads the lab manager only for commands that use it, so that `--help` and wrong words answer at once. */
export function processContext(terminal: Terminal, signal: AbortSignal): ProcessContext {
  const clock = systemClock()
  let manager: Promise<LabManager> | undefined
  let experiments: Promise<ExperimentService> | undefined
  let code = 0
  let puttingBack = 0
  const logger = terminalLogger(terminal)
  const labManager = (): Promise<LabManager> => {
    manager ??= import('../../lab/create-lab-manager.ts').then(({ createLabManager }) =>
      createLabManager({ clock, logger }),
    )
    return manager
  }
  return {
    terminal,
    clock,
    signal,
    labManager,
    experiments: () => {
      experiments ??= openExperiments(labManager, clock, logger)
      return experiments
    },
    untilPutBack: async (work) => {
      puttingBack += 1
      try {
        return await work
      } finally {
        puttingBack -= 1
      }
    },
    isPuttingBack: () => puttingBack > 0,
    exitWith: (exitCode) => {
      code = exitCode
    },
    exitCode: () => code,
    dispose: async () => {
      const opened = await experiments?.catch(() => undefined)
      await opened?.dispose()
      const made = await manager?.catch(() => undefined)
      await made?.dispose()
    },
  }
}

async function openExperiments(
  labManager: () => Promise<LabManager>,
  clock: Clock,
  logger: Logger,
): Promise<ExperimentService> {
  const { createExperimentService } = await import('../../lab/experiments/create-experiment-service.ts')
  const { experiments: folder } = findAppFolders()
  return createExperimentService({ labManager: await labManager(), clock, logger, folder })
}

/** Warnings, such as a kubelet that cannot be asked, stand beside the result: without them it would look complete. */
export function terminalLogger(terminal: Terminal): Logger {
  return {
    info: () => undefined,
    warn: (message) => terminal.note(message),
    error: (message) => terminal.note(message),
  }
}
