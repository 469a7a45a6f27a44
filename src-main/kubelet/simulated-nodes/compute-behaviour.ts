/**
 * What a simulated container does, guessed from its command: shells that only sleep, print and exit do that, so that a crash
 * loop is one here too; whatever else runs until it is stopped. Pure.
 */
import type { ContainerBehaviour } from '../../container-runtime/simulated/behaviour.ts'

type Ending = Pick<ContainerBehaviour, 'exitAfterMs' | 'exitCode'>

/** Ends soon after its start, as a real process needs a moment to do so. */
const PROCESS_MS = 20
const UNIT_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }
/** They take no time and end well. */
const MOMENTARY = new Set([':', 'true', 'echo', 'printf', 'date', 'set', 'export', 'hostname', 'env', 'id', 'uname'])
const SHELL = /(^|\/)(sh|bash|ash|dash)$/

/** @param words command and arguments; none: the image's own, which nobody knows here */
export function computeBehaviour(words: readonly string[]): Ending {
  const script = findScript(words)
  return script === undefined ? runStatements([words.join(' ')]) : runStatements(script.split(/;|&&|\n/))
}

/** Of `sh -c SCRIPT`. */
function findScript([program = '', ...rest]: readonly string[]): string | undefined {
  if (!SHELL.test(program)) return undefined
  const option = rest.findIndex((word) => /^-[a-z]*c$/.test(word))
  return option < 0 ? undefined : rest[option + 1]
}

function runStatements(statements: readonly string[]): Ending {
  let afterMs = PROCESS_MS
  let code = 0
  for (const statement of statements) {
    const [program = '', argument = ''] = statement
      .trim()
      .replace(/^exec\s+/, '')
      .split(/\s+/)
    const word = program.slice(program.lastIndexOf('/') + 1)
    if (/[|&$`(){}]/.test(statement)) return {}
    if (word === 'exit') return { exitAfterMs: afterMs, exitCode: argument === '' ? code : Number(argument) & 255 }
    if (word === 'sleep') {
      const sleepMs = parseSleep(argument)
      if (sleepMs === undefined) return {}
      afterMs += sleepMs
      code = 0
    } else if (word === 'false') code = 1
    else if (MOMENTARY.has(word)) code = 0
    else if (word !== '' || statements.length === 1) return {}
  }
  return { exitAfterMs: afterMs, exitCode: code }
}

/** `undefined`: for ever, or nothing that one can sleep for. */
function parseSleep(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)([smhd]?)$/.exec(text)
  return match === null ? undefined : Number(match[1]) * (UNIT_MS[match[2] || 's'] ?? 0)
}
