/** What every command gets: the terminal, a lab manager made when it is first needed, and Ctrl-C as a signal. */
import { systemClock, type Clock } from '../../base/clock.ts'
import type { Logger } from '../../base/logger.ts'
import type { LabManager } from '../../lab/lab-manager.ts'
import type { Terminal } from './output.ts'

export interface CommandContext {
  terminal: Terminal
  clock: Clock
  /** Aborted by Ctrl-C and SIGTERM. */
  signal: AbortSignal
  /** The one lab manager of this process. */
  labManager(): Promise<LabManager>
  /** Sets the exit code of a command that ends by itself, such as `exec`. */
  exitWith(code: number): void
}

export interface ProcessContext extends CommandContext {
  exitCode(): number
  dispose(): Promise<void>
}

/** Loads the lab manager only for commands that use it, so that `--help` and wrong words answer at once. */
export function processContext(terminal: Terminal, signal: AbortSignal): ProcessContext {
  const clock = systemClock()
  let manager: Promise<LabManager> | undefined
  let code = 0
  return {
    terminal,
    clock,
    signal,
    labManager: () => {
      manager ??= import('../../lab/create-lab-manager.ts').then(({ createLabManager }) =>
        createLabManager({ clock, logger: terminalLogger(terminal) }),
      )
      return manager
    },
    exitWith: (exitCode) => {
      code = exitCode
    },
    exitCode: () => code,
    dispose: async () => {
      const made = await manager?.catch(() => undefined)
      await made?.dispose()
    },
  }
}

/** Warnings, such as a kubelet that cannot be asked, stand beside the result: without them it would look complete. */
export function terminalLogger(terminal: Terminal): Logger {
  return {
    info: () => undefined,
    warn: (message) => terminal.note(message),
    error: (message) => terminal.note(message),
  }
}
