/** How a command of the repository says that it failed. */
import { isLabError } from '../../src-main/common/lab-error.ts'

const EXIT_FAILED = 1
const EXIT_CANNOT_BE_SET_UP = 3

/** Prints what happened and the remedy; answers the exit code: 3 when something that is needed cannot be had, else 1. */
export function reportFailure(error: unknown): number {
  if (!isLabError(error)) {
    console.error(error instanceof Error ? (error.stack ?? error.message) : String(error))
    return EXIT_FAILED
  }
  console.error([error.message, error.remedy].filter((part) => part !== undefined).join(' '))
  return error.kind === 'NoEngine' || error.kind === 'Unavailable' ? EXIT_CANNOT_BE_SET_UP : EXIT_FAILED
}
