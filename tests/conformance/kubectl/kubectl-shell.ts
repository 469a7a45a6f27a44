/** A shell in a folder of its own where `kubectl` is the real one, logged in to a cluster, and tells its requests. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { waitUntil } from '../../support/wait-until.ts'
import type { Interruption } from './kubectl-case.ts'
import type { Outcome } from './normalize.ts'

const COMMAND_SECONDS = 120
/** As of timeout(1). */
const HANGING_EXIT_CODE = 124

interface ShellOptions {
  kubeconfig: string
  /** Name and content of what lies in the folder. */
  files: Readonly<Record<string, string>>
}

interface RunOptions {
  stdin?: string
  interrupted?: Interruption
  /** kubectl tells its requests among its errors. */
  log?: boolean
}

export class KubectlShell {
  private readonly folder = mkdtempSync('/tmp/node-lab-kubectl-')

  constructor({ kubeconfig, files }: ShellOptions) {
    for (const [name, content] of Object.entries(files)) writeFileSync(join(this.folder, name), content)
    copyFileSync(kubeconfig, join(this.folder, 'kubeconfig'))
    mkdirSync(join(this.folder, 'bin'))
    const rest = `PATH=\${PATH#${this.folder}/bin:}`
    const wrapper = `#!/bin/sh\n${rest} exec kubectl \${NODE_LAB_TEST_LOG:-} "$@"\n`
    writeFileSync(join(this.folder, 'bin/kubectl'), wrapper, { mode: 0o755 })
  }

  /** Runs a command line to its end, or until it is interrupted; one that hangs is killed. */
  async run(command: string, { stdin = '', interrupted, log = false }: RunOptions = {}): Promise<Outcome> {
    const child = this.spawn(command, log ? '--vmodule=round_trippers=6' : '')
    const seen = collectOutput(child)
    const ended = once(child, 'close')
    let isHanging = false
    const timer = setTimeout(() => {
      isHanging = true
      signalGroup(child, 'SIGKILL')
    }, COMMAND_SECONDS * 1000)
    try {
      // It may end without reading.
      child.stdin?.on('error', () => undefined).write(stdin)
      if (interrupted === undefined) child.stdin?.end()
      else await this.interrupt(child, seen, interrupted).finally(() => signalGroup(child, 'SIGINT'))
      await ended
    } finally {
      clearTimeout(timer)
    }
    if (interrupted !== undefined) return { exitCode: undefined, ...seen }
    return { exitCode: isHanging ? HANGING_EXIT_CODE : (child.exitCode ?? 1), ...seen }
  }

  dispose(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }

  private async interrupt(child: ChildProcess, seen: Output, { after, meanwhile, until }: Interruption): Promise<void> {
    const look = (text: string): Promise<true> =>
      waitUntil({ what: `“${text}” to be printed`, timeoutSeconds: COMMAND_SECONDS / 2, intervalMs: 20 }, () => {
        if (hasLineWith(seen.stdout, text) || hasLineWith(seen.stderr, text)) return true
        if (child.exitCode !== null) return true
        throw new Error(`${seen.stdout}${seen.stderr}`)
      })
    if (after !== undefined) await look(after)
    if (meanwhile !== undefined) {
      const { stdout } = await this.run(meanwhile)
      if (stdout.includes(until)) {
        seen.stdout += stdout
        return
      }
    }
    await look(until)
  }

  private spawn(command: string, logOption: string): ChildProcess {
    const environment = {
      ...process.env,
      HOME: this.folder,
      KUBECONFIG: join(this.folder, 'kubeconfig'),
      PATH: `${this.folder}/bin:${process.env['PATH'] ?? ''}`,
      TERM: 'dumb',
      NODE_LAB_TEST_LOG: logOption,
    }
    return spawn('bash', ['-c', command], { cwd: this.folder, env: environment, detached: true })
  }
}

interface Output {
  stdout: string
  stderr: string
}

function collectOutput(child: ChildProcess): Output {
  const seen: Output = { stdout: '', stderr: '' }
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (seen.stdout += text))
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (seen.stderr += text))
  return seen
}

/** A whole line: what is printed in pieces is not cut by the interruption. */
function hasLineWith(output: string, text: string): boolean {
  const at = output.indexOf(text)
  return at >= 0 && output.includes('\n', at)
}

/** The command and what it started; that it has ended already is no fault. */
function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined || child.exitCode !== null) return
  try {
    process.kill(-child.pid, signal)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}
