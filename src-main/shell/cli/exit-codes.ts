/** How `node-lab` ends (design §10). */
import { toLabErrorData, type LabErrorData } from '../../common/lab-error.ts'

export const EXIT_DONE = 0
export const EXIT_FAILED = 1
export const EXIT_USAGE = 2
export const EXIT_NO_ENGINE = 3
/** An experiment was observed doing what it was not expected to do. */
export const EXIT_AGAINST = 4
export const EXIT_INTERRUPTED = 130

/** Wrong words on the command line: unknown commands and options, names that are no names, numbers that are none. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'UsageError'
  }
}

export interface CommandFailure {
  exitCode: number
  /** One or two sentences for stderr: what happened, and what to do. */
  message: string
}

/** What any thrown value means for the person at the terminal. */
export function computeFailure(error: unknown): CommandFailure {
  if (error instanceof UsageError) return { exitCode: EXIT_USAGE, message: error.message }
  const data = toLabErrorData(error)
  return {
    exitCode: exitCodeOf(data),
    message: data.remedy === undefined ? data.message : `${asSentence(data.message)} ${data.remedy}`,
  }
}

/** Messages of the engine and of files end without a full stop. */
function asSentence(message: string): string {
  return /[.!?\n]$/.test(message) ? message : `${message}.`
}

function exitCodeOf(data: LabErrorData): number {
  switch (data.kind) {
    case 'NoEngine':
    case 'Unavailable':
      return EXIT_NO_ENGINE
    case 'BadRequest':
    case 'NotFound':
    case 'AlreadyExists':
    case 'Conflict':
    case 'Forbidden':
    case 'Timeout':
    case 'Cancelled':
    case 'Internal':
      return EXIT_FAILED
  }
}
