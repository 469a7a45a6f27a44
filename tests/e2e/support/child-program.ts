/** A program that a spec runs beside itself, awaited by what it prints. */
import { spawn, type ChildProcess } from 'node:child_process'

export interface ChildProgram {
  /** Resolves with the first match in its standard output; rejects with all it said when it ends before. */
  match(pattern: RegExp): Promise<RegExpExecArray>
  /** Asks it to end (SIGTERM) and waits; resolves with its exit code, `null` after a signal. */
  stop(): Promise<number | null>
  /** As a power cut for this program alone (SIGKILL). */
  kill(): Promise<void>
}

export function startProgram(program: string, words: string[], environment: Record<string, string> = {}): ChildProgram {
  const child: ChildProcess = spawn(program, words, {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  let errors = ''
  let check: () => void = () => undefined
  child.stdout?.on('data', (data: Buffer) => {
    output += data.toString()
    check()
  })
  child.stderr?.on('data', (data: Buffer) => (errors += data.toString()))
  const ended = new Promise<number | null>((resolve) => {
    child.on('error', (error) => {
      errors += error.message
      resolve(127)
    })
    child.on('close', (code) => resolve(code))
  })
  return {
    match: (pattern) =>
      new Promise((resolve, reject) => {
        check = () => {
          const match = pattern.exec(output)
          if (match !== null) resolve(match)
        }
        check()
        void ended.then((code) => reject(new Error(`${program} ended with ${code}:\n${errors}\n${output}`)))
      }),
    stop: () => {
      child.kill('SIGTERM')
      return ended
    },
    kill: async () => {
      child.kill('SIGKILL')
      await ended
    },
  }
}
