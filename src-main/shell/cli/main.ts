#!/usr/bin/env node
/** Entry of `node-lab`: words in, exit code out (design §10). */
import { CommanderError } from 'commander'
import { processContext } from './context.ts'
import { computeFailure, EXIT_DONE, EXIT_INTERRUPTED, EXIT_USAGE } from './exit-codes.ts'
import { processTerminal } from './output.ts'
import { createProgram } from './program.ts'

/**
 * Commands that do not listen to the signal are ended all the same: each may be cut short anywhere and said again. What is putting
 * a lab back is waited for; a second signal ends that too.
 */
const GRACE_MS = 3_000

const interruption = new AbortController()
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.once(name, () => {
    interruption.abort(new Error('interrupted'))
    setTimeout(() => {
      if (!context.isPuttingBack()) process.exit(reportInterruption())
    }, GRACE_MS).unref()
  })
}
// A reader that has seen enough (`| head`) ends the command, it does not crash it.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit(EXIT_DONE)
})

const terminal = processTerminal(process.stdout, process.stderr)
const context = processContext(terminal, interruption.signal)
let exitCode: number
try {
  await createProgram(context).parseAsync(process.argv)
  exitCode = context.exitCode()
} catch (error) {
  exitCode = reportFailure(error)
}
terminal.done()
await context.dispose()
// A pipe may still hold what was printed, and `exit` does not wait for it.
await new Promise((resolve) => process.stdout.write('', resolve))
process.exit(exitCode)

/** Commander has printed its own message already; everything else is said here. */
function reportFailure(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT_DONE : EXIT_USAGE
  if (interruption.signal.aborted) return reportInterruption()
  const failure = computeFailure(error)
  terminal.note(failure.message)
  return failure.exitCode
}

function reportInterruption(): number {
  terminal.note('Interrupted. What was begun is finished by the same command next time.')
  return EXIT_INTERRUPTED
}
