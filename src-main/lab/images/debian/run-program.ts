/** Runs a program of the machine and keeps its words for the error message. */
import { spawn } from 'node:child_process'
import type { Readable } from 'node:stream'
import { LabError } from '../../../common/lab-error.ts'

/** Longest tail of a failed program's words in an error message. */
const TAIL_CHARACTERS = 2_000

export interface RunOptions {
  environment?: Record<string, string>
  /** Told every line of the program's standard output, trimmed. */
  onLine?: (line: string) => void
}

function missingProgram(program: string, error: Error): LabError {
  return new LabError(
    {
      kind: 'Unavailable',
      message: `${program} cannot be run: ${error.message}`,
      remedy:
        'Node Lab makes its engine and images from Debian packages: use a Debian machine with apt, or a machine that has both already.',
    },
    { cause: error },
  )
}

function failedProgram(program: string, code: number | null, words: string): LabError {
  const tail = words.trim().slice(-TAIL_CHARACTERS)
  return new LabError({ kind: 'Unavailable', message: `${program} failed with exit code ${code ?? 'none'}: ${tail}` })
}

/**
 * Resolves with the standard output.
 * @throws Unavailable when it is missing or fails, with the end of what it said
 */
export function runProgram(program: string, commandArguments: string[], options: RunOptions = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, commandArguments, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, LC_ALL: 'C.UTF-8', ...options.environment },
    })
    let output = ''
    let errors = ''
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk
      if (options.onLine !== undefined)
        for (const line of chunk.split('\n')) if (line.trim() !== '') options.onLine(line.trim())
    })
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      errors = (errors + chunk).slice(-2 * TAIL_CHARACTERS)
    })
    child.once('error', (error) => reject(missingProgram(program, error)))
    child.once('close', (code) => {
      if (code === 0) resolve(output)
      else reject(failedProgram(program, code, errors === '' ? output : errors))
    })
  })
}

/** A program's standard output as a stream, and its end: rejects when the program fails. */
export function streamProgram(program: string, commandArguments: string[]): { output: Readable; done: Promise<void> } {
  const child = spawn(program, commandArguments, { stdio: ['ignore', 'pipe', 'pipe'] })
  let errors = ''
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    errors = (errors + chunk).slice(-2 * TAIL_CHARACTERS)
  })
  const done = new Promise<void>((resolve, reject) => {
    child.once('error', (error) => reject(missingProgram(program, error)))
    child.once('close', (code) => (code === 0 ? resolve() : reject(failedProgram(program, code, errors))))
  })
  return { output: child.stdout, done }
}
