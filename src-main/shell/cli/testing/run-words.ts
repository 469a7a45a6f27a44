/** The command line on parts in memory. */
import { FakeClock } from '../../../base/testing/fake-clock.ts'
import type { ExperimentService } from '../../../lab/experiments/experiment-service.ts'
import type { LabManager } from '../../../lab/lab-manager.ts'
import { createProgram } from '../program.ts'

export interface Outcome {
  /** Lines of the result, and between them those beside it, which begin with `note: `. */
  printed: string[]
  exitCode: number
}

/** Runs the words against a lab manager that has only the methods given. */
export async function runWords(
  words: readonly string[],
  manager: Partial<LabManager>,
  experiments?: ExperimentService,
  signal = new AbortController().signal,
): Promise<Outcome> {
  const printed: string[] = []
  let exitCode = 0
  const program = createProgram({
    terminal: {
      print: (line) => printed.push(line),
      write: (text) => printed.push(text),
      note: (line) => printed.push(`note: ${line}`),
      progress: () => undefined,
      done: () => undefined,
    },
    clock: new FakeClock(),
    signal,
    // A method that is not given and called all the same fails the test with a TypeError.
    labManager: () => Promise.resolve(manager as LabManager),
    experiments: () =>
      experiments === undefined ? Promise.reject(new Error('no experiments here')) : Promise.resolve(experiments),
    untilPutBack: (work) => work,
    exitWith: (code) => {
      exitCode = code
    },
  })
  const commands = [program, ...program.commands, ...program.commands.flatMap((command) => command.commands)]
  for (const command of commands) command.configureOutput({ writeErr: () => undefined })
  await program.parseAsync(words, { from: 'user' })
  return { printed, exitCode }
}
