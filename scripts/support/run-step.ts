/** Runs a child process as one named step of a longer job, with its output shown or kept. */
import { spawn } from 'node:child_process'

export interface StepResult {
  exitCode: number
  /** Both outputs in order of arrival. */
  output: string
  seconds: number
}

export interface StepOptions {
  environment?: Record<string, string>
  /** Show the output while it comes (default), or keep it for a report. */
  quiet?: boolean
}

/** Resolves when the process has ended; a program that cannot be started counts as exit code 127. */
export function runStep(command: string, args: string[], options: StepOptions = {}): Promise<StepResult> {
  const startMs = performance.now()
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...options.environment },
    })
    const chunks: string[] = []
    const collect = (target: NodeJS.WriteStream) => (data: Buffer) => {
      chunks.push(data.toString())
      if (!options.quiet) target.write(data)
    }
    child.stdout.on('data', collect(process.stdout))
    child.stderr.on('data', collect(process.stderr))
    const finish = (exitCode: number): void =>
      resolve({ exitCode, output: chunks.join(''), seconds: (performance.now() - startMs) / 1000 })
    child.on('error', (error) => {
      chunks.push(`${command}: ${error.message}\n`)
      finish(127)
    })
    child.on('close', (code) => finish(code ?? 1))
  })
}
