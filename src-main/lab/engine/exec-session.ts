/** One exec in a container: three streams and an exit code, over one hijacked connection. */
import type { Duplex } from 'node:stream'
import type Docker from 'dockerode'
import { type Clock, delay } from '../../base/clock.ts'
import { NO_DETACH_KEYS } from '../../common/detach-keys.ts'
import { LabError } from '../../common/lab-error.ts'
import type { EngineExec, EngineExecOptions } from './engine.ts'
import { bounded, CALL_TIMEOUT_MS, toEngineError } from './engine-errors.ts'
import { type DemuxedStreams, demuxStreams, plainStreams } from './stream-demuxer.ts'

/** The engine says "running" for a moment after the streams have ended. */
const EXIT_POLL_MS = [0, 5, 10, 20, 50, 100, 250]
/** An exec whose streams were closed by `close()` may run on; its exit code is waited for no longer than this. */
const EXIT_WAIT_MS = 30_000

export async function startExec(
  context: { docker: Docker; clock: Clock; endpoint: string },
  nameOrId: string,
  options: EngineExecOptions,
): Promise<EngineExec> {
  const doing = `exec ${options.command[0] ?? ''} in ${nameOrId}`
  const tty = options.tty === true
  const request: Docker.ExecCreateOptions = {
    Cmd: options.command,
    AttachStdin: options.stdin === true,
    AttachStdout: true,
    AttachStderr: true,
    Tty: tty,
  }
  if (tty) request.DetachKeys = NO_DETACH_KEYS
  if (options.user !== undefined) request.User = options.user
  if (options.workingDirectory !== undefined) request.WorkingDir = options.workingDirectory
  if (options.environment !== undefined)
    request.Env = Object.entries(options.environment).map(([name, value]) => `${name}=${value}`)
  try {
    const exec = await bounded(context.clock, CALL_TIMEOUT_MS, doing, () =>
      context.docker.getContainer(nameOrId).exec(request),
    )
    // `stdin` must be said even when none is attached, or the client library ends its half of the connection, at
    // which the engine ends the other half as well.
    const connection = await bounded(context.clock, CALL_TIMEOUT_MS, doing, () =>
      exec.start({ hijack: true, stdin: true, Tty: tty }),
    )
    return new ExecSession(context, exec, connection, tty ? plainStreams(connection) : demuxStreams(connection), doing)
  } catch (error) {
    throw toEngineError(error, doing, context.endpoint)
  }
}

class ExecSession implements EngineExec {
  readonly stdin: Duplex
  readonly stdout: DemuxedStreams['stdout']
  readonly stderr: DemuxedStreams['stderr']
  readonly exit: Promise<number>
  readonly #exec: Docker.Exec
  readonly #context: { clock: Clock; endpoint: string }
  readonly #doing: string

  constructor(
    context: { clock: Clock; endpoint: string },
    exec: Docker.Exec,
    connection: Duplex,
    outputs: DemuxedStreams,
    doing: string,
  ) {
    this.#exec = exec
    this.#context = context
    this.#doing = doing
    this.stdin = connection
    this.stdout = outputs.stdout
    this.stderr = outputs.stderr
    const ended = new Promise<void>((resolve) => {
      connection.once('end', resolve)
      connection.once('close', resolve)
    })
    this.exit = ended.then(() => this.#exitCode())
    // Whoever does not ask for the exit code must not be ended by its failure.
    this.exit.catch(() => undefined)
  }

  async resize(columns: number, rows: number): Promise<void> {
    try {
      await this.#exec.resize({ w: columns, h: rows })
    } catch (error) {
      throw toEngineError(error, `resize: ${this.#doing}`, this.#context.endpoint)
    }
  }

  close(): void {
    this.stdin.destroy()
  }

  async #exitCode(): Promise<number> {
    const startedMs = this.#context.clock.now()
    for (let attempt = 0; ; attempt++) {
      await delay(this.#context.clock, EXIT_POLL_MS[Math.min(attempt, EXIT_POLL_MS.length - 1)] ?? 0)
      try {
        const state = await this.#exec.inspect()
        if (!state.Running && state.ExitCode !== null) return state.ExitCode
      } catch (error) {
        throw toEngineError(error, this.#doing, this.#context.endpoint)
      }
      if (this.#context.clock.now() - startedMs > EXIT_WAIT_MS)
        throw new LabError({ kind: 'Cancelled', message: `${this.#doing}: its connection closed but it runs on` })
    }
  }
}
