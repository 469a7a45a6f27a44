/** Exec and Attach: addresses of a stream server, and the engine's connections behind them. */
import type { Duplex } from 'node:stream'
import { delay, type Clock } from '../../base/clock.ts'
import { NO_DETACH_KEYS } from '../../common/detach-keys.ts'
import { CriError } from '../cri.ts'
import type { AttachRequest, ExecRequest } from '../cri.ts'
import type { TerminalSize } from '../../kube/streaming/channels.ts'
import type { ProcessOutput, RemoteProcess } from '../streaming/remote-process.ts'
import type { StreamServer } from '../streaming/stream-server.ts'
import { isEngineStatus, toCriError } from './engine-client.ts'
import { FrameSplitter } from './engine-output.ts'
import { readExecExitCode } from './exec-sync.ts'
import type { NodeEngine } from './node-engine.ts'
import { writeAtPace } from './write-at-pace.ts'

const RESIZE_WAITS_MS = [10, 20, 40, 80, 160]

export class DockerStreams {
  readonly #node: NodeEngine
  readonly #clock: Clock
  readonly #server: StreamServer

  constructor(parts: { node: NodeEngine; clock: Clock; server: StreamServer }) {
    this.#node = parts.node
    this.#clock = parts.clock
    this.#server = parts.server
  }

  async exec(request: ExecRequest): Promise<string> {
    if (request.cmd.length === 0) throw new CriError('InvalidArgument', 'cmd must not be empty')
    checkStreams(request)
    await this.#running(request.containerId)
    return this.#server.add('exec', () => this.#openExec(request))
  }

  async attach(request: AttachRequest): Promise<string> {
    checkStreams(request)
    await this.#running(request.containerId)
    return this.#server.add('attach', () => this.#openAttach(request))
  }

  /** Asked again when the stream is opened: a minute may have passed. */
  async #running(id: string): Promise<{ id: string; tty: boolean; stdinOnce: boolean }> {
    const { container } = await this.#node.get(id, 'container')
    if (!container.State.Running) throw new CriError('FailedPrecondition', `container ${id} is not running`)
    return { id: container.Id, tty: container.Config.Tty, stdinOnce: container.Config.StdinOnce === true }
  }

  async #openExec(request: ExecRequest): Promise<RemoteProcess> {
    const { engine } = this.#node
    const { id } = await this.#running(request.containerId)
    try {
      const { Id: execId } = await engine.json<{ Id: string }>(`/containers/${id}/exec`, {
        method: 'POST',
        body: {
          AttachStdin: request.stdin,
          AttachStdout: request.stdout,
          AttachStderr: request.stderr,
          Tty: request.tty,
          Cmd: request.cmd,
          DetachKeys: NO_DETACH_KEYS,
        },
      })
      const body = { Detach: false, Tty: request.tty }
      const connection = await engine.upgrade(`/exec/${execId}/start`, { method: 'POST', body })
      return this.#toProcess(connection, request.tty, `/exec/${execId}/resize`, () =>
        readExecExitCode(engine, this.#clock, execId),
      )
    } catch (error) {
      throw toCriError(error)
    }
  }

  async #openAttach(request: AttachRequest): Promise<RemoteProcess> {
    const { id, tty, stdinOnce } = await this.#running(request.containerId)
    const { stdin, stdout, stderr } = request
    try {
      const connection = await this.#node.engine.upgrade(`/containers/${id}/attach`, {
        method: 'POST',
        query: { stream: true, stdin, stdout, stderr: stderr && !tty, detachKeys: NO_DETACH_KEYS },
      })
      const process = this.#toProcess(connection, tty, `/containers/${id}/resize`, () => Promise.resolve(undefined))
      // An input that stays open for the next one who attaches is not ours to close; the engine would end the output too.
      return stdinOnce ? process : { ...process, closeStdin: () => undefined }
    } catch (error) {
      throw toCriError(error)
    }
  }

  #toProcess(
    connection: Duplex,
    tty: boolean,
    resizePath: string,
    exitCode: () => Promise<number | undefined>,
  ): RemoteProcess {
    const { engine } = this.#node
    const clock = this.#clock
    return {
      output: readOutput(connection, tty),
      write: (data) => writeAtPace(connection, data),
      closeStdin() {
        // A terminal has no end of input; the engine would take it for the end of the output.
        if (!tty) connection.end()
      },
      async resize({ width, height }: TerminalSize) {
        // An engine takes an exec for started a moment before it has a terminal, and clients say its size only once.
        for (const waitMs of [...RESIZE_WAITS_MS, undefined])
          try {
            await engine.text(resizePath, { method: 'POST', query: { w: width, h: height } })
            return
          } catch (error) {
            // It has ended meanwhile, or not begun.
            if (!isEngineStatus(error, 404, 409, 500)) throw toCriError(error)
            if (waitMs !== undefined) await delay(clock, waitMs)
          }
      },
      exitCode,
      dispose: () => void connection.destroy(),
    }
  }
}

function checkStreams(request: { tty: boolean; stdin: boolean; stdout: boolean; stderr: boolean }): void {
  const { tty, stdin, stdout, stderr } = request
  if (tty && stderr) throw new CriError('InvalidArgument', 'tty and stderr cannot both be asked for')
  if (!stdin && !stdout && !stderr)
    throw new CriError('InvalidArgument', 'one of stdin, stdout and stderr has to be asked for')
}

async function* readOutput(connection: Duplex, tty: boolean): AsyncGenerator<ProcessOutput> {
  const splitter = new FrameSplitter()
  for await (const chunk of connection)
    if (tty) yield { stream: 'stdout', data: chunk as Buffer }
    else yield* splitter.push(chunk as Buffer)
}
