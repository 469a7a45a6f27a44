/** The first line of a terminal's shell, or else the engine's words for why there is no shell. */
import { LabError } from '../../../common/lab-error.ts'
import { NO_SHELL_REASON, type TerminalTarget } from '../../../common/lab/terminal.ts'
import { INTRODUCTION } from './shell-command.ts'

const LINE = new RegExp(`^${INTRODUCTION}\\r?\\n`)
/** An engine's refusal is shorter. */
const MAXIMUM_LENGTH = 4096
/** Exit codes of a command that cannot be run, and of one that is not there (POSIX, 2.8.2). */
const NOT_RUN_EXIT_CODES = [126, 127]

/** Takes the introduction out of a shell's output. */
export class ShellIntroduction {
  #text = ''
  #isComplete = false

  /** Whether the shell has said it. */
  get isComplete(): boolean {
    return this.#isComplete
  }

  /** Answers the part of the output that is the terminal's. */
  take(text: string): string {
    if (this.#isComplete) return text
    this.#text = (this.#text + text).slice(0, MAXIMUM_LENGTH + text.length)
    const line = LINE.exec(this.#text)
    if (line === null) {
      this.#text = this.#text.slice(0, MAXIMUM_LENGTH)
      return ''
    }
    this.#isComplete = true
    return this.#text.slice(line[0].length)
  }

  /** Why a command that has ended without an introduction was no shell. */
  explainEnd(target: TerminalTarget, exitCode: number): LabError {
    const words = this.#text.trim()
    if (NOT_RUN_EXIT_CODES.includes(exitCode)) return noShell(target, words)
    const said = words === '' ? '' : `: ${words}`
    return new LabError({ kind: 'Unavailable', message: `the shell ended at once with exit code ${exitCode}${said}` })
  }
}

function noShell(target: TerminalTarget, words: string): LabError {
  const details = { reason: NO_SHELL_REASON, words }
  if (target.kind !== 'container')
    return new LabError({ kind: 'Unavailable', message: 'the node has no shell (bash) that can be started', details })
  const container = target.container === undefined ? '' : `container ${target.container} of `
  return new LabError({
    kind: 'Unavailable',
    message: `the image of ${container}${target.pod} has no shell (sh): it brings its own program and little else`,
    remedy: `Read its log, or look from outside with a shell on ${target.node}: crictl ps, crictl inspect, ps -ef.`,
    details,
  })
}
