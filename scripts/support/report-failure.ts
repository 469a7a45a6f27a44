/** How a command of the repository says that it failed: in the words of `node-lab`, and with its exit codes. */
import { isLabError } from '../../src-main/common/lab-error.ts'
import { computeFailure } from '../../src-main/shell/cli/exit-codes.ts'

/** Prints what happened and the remedy; answers the exit code: 3 when something that is needed cannot be had, else 1. */
export function reportFailure(error: unknown): number {
  const { exitCode, message } = computeFailure(error)
  console.error(error instanceof Error && !isLabError(error) ? (error.stack ?? message) : message)
  return exitCode
}
