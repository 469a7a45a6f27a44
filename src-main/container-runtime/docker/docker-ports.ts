/**
 * PortForward. The service has no network of its own, and may not enter a pod's: each connection is a busybox `nc`, run in
 * the sandbox's pause container, which has no rights and shares the pod's network.
 */
import type { Duplex } from 'node:stream'
import { delay } from '../../base/clock.ts'
import type { Clock } from '../../base/clock.ts'
import type { Logger } from '../../base/logger.ts'
import { CriError } from '../cri.ts'
import type { PortForwardRequest } from '../cri.ts'
import type { PortConnection } from '../streaming/remote-process.ts'
import { MAX_PORTS } from '../streaming/serve-ports.ts'
import type { StreamServer } from '../streaming/stream-server.ts'
import { isEngineStatus, toCriError } from './engine-client.ts'
import { FrameSplitter } from './engine-output.ts'
import { readExecExitCode } from './exec-sync.ts'
import type { NodeEngine } from './node-engine.ts'
import { writeAtPace } from './write-at-pace.ts'

/**
 * Says the id of its process group first, then runs `nc`. IPv4 before IPv6, as most servers listen there; the second is tried
 * only when the first could not connect, because by then nothing has been read from the input.
 */
const DIAL = `echo $$ >&2
{ words=$(/busybox nc 127.0.0.1 "$0" 2>&1 1>&3); } 3>&1
code=$?
[ $code = 0 ] && exit 0
echo "$words" >&2
case "$words" in *"can't connect"*) exec /busybox nc ::1 "$0" ;; esac
exit $code`

/** A client that goes at once may be quicker than the dialler's first word. */
const PID_LIMIT_MS = 5000

export class DockerPorts {
  readonly #node: NodeEngine
  readonly #clock: Clock
  readonly #logger: Logger
  readonly #server: StreamServer

  constructor(parts: { node: NodeEngine; clock: Clock; logger: Logger; server: StreamServer }) {
    this.#node = parts.node
    this.#clock = parts.clock
    this.#logger = parts.logger
    this.#server = parts.server
  }

  async forward({ podSandboxId, port: ports }: PortForwardRequest): Promise<string> {
    if (ports.length === 0 || ports.length > MAX_PORTS)
      throw new CriError('InvalidArgument', `port has to name 1 to ${MAX_PORTS} ports, not ${ports.length}`)
    const wrong = ports.find((port) => !Number.isInteger(port) || port < 1 || port > 65_535)
    if (wrong !== undefined) throw new CriError('InvalidArgument', `port ${wrong} is not between 1 and 65535`)
    await this.#ready(podSandboxId)
    return this.#server.addPorts(ports, (port) => this.#dial(podSandboxId, port))
  }

  async #ready(id: string): Promise<string> {
    const { container } = await this.#node.get(id, 'sandbox')
    if (!container.State.Running) throw new CriError('FailedPrecondition', `pod sandbox ${id} is not running`)
    return container.Id
  }

  async #dial(sandboxId: string, port: number): Promise<PortConnection> {
    const { engine } = this.#node
    const id = await this.#ready(sandboxId)
    try {
      const { Id: execId } = await this.#createExec(id, ['/busybox', 'sh', '-c', DIAL, `${port}`])
      const body = { Detach: false, Tty: false }
      const connection = await engine.upgrade(`/exec/${execId}/start`, { method: 'POST', body })
      return new DialledPort({
        clock: this.#clock,
        connection,
        port,
        exitCode: () => readExecExitCode(engine, this.#clock, execId),
        endDialler: (pid) => this.#endDialler(id, pid),
      })
    } catch (error) {
      throw toCriError(error)
    }
  }

  #createExec(containerId: string, command: string[]): Promise<{ Id: string }> {
    return this.#node.engine.json(`/containers/${containerId}/exec`, {
      method: 'POST',
      body: { AttachStdin: true, AttachStdout: true, AttachStderr: true, Cmd: command },
    })
  }

  /** A client that goes leaves a dialler behind whose other side may keep the connection open for ever. */
  async #endDialler(sandboxId: string, pid: string): Promise<void> {
    const { engine } = this.#node
    try {
      const { Id: execId } = await this.#createExec(sandboxId, ['/busybox', 'kill', '-9', '--', `-${pid}`])
      await engine.text(`/exec/${execId}/start`, { method: 'POST', body: { Detach: true } })
    } catch (error) {
      if (!isEngineStatus(error, 404, 409)) this.#logger.warn('a forwarded connection was left open', { pid, error })
    }
  }
}

/** One `nc` in a pause container. */
class DialledPort implements PortConnection {
  readonly received: AsyncIterable<Uint8Array>
  readonly #clock: Clock
  readonly #connection: Duplex
  readonly #port: number
  readonly #exitCode: () => Promise<number>
  readonly #endDialler: (pid: string) => Promise<void>
  /** The dialler's process id on the first line, then what is wrong. */
  #complaint = ''
  readonly #pid = Promise.withResolvers<string | undefined>()
  #hasEnded = false

  constructor(parts: {
    clock: Clock
    connection: Duplex
    port: number
    exitCode: () => Promise<number>
    endDialler: (pid: string) => Promise<void>
  }) {
    this.#clock = parts.clock
    this.#connection = parts.connection
    this.#port = parts.port
    this.#exitCode = parts.exitCode
    this.#endDialler = parts.endDialler
    this.received = this.#receive()
  }

  send(data: Uint8Array): Promise<void> {
    return writeAtPace(this.#connection, data)
  }

  endSending(): void {
    this.#connection.end()
  }

  async dispose(): Promise<void> {
    if (!this.#hasEnded) {
      const limit = new AbortController()
      const late = delay(this.#clock, PID_LIMIT_MS, limit.signal).catch(() => undefined)
      const pid = await Promise.race([this.#pid.promise, late])
      limit.abort()
      if (pid !== undefined && !this.#hasEnded) await this.#endDialler(pid)
    }
    this.#connection.destroy()
  }

  async *#receive(): AsyncGenerator<Uint8Array, void> {
    const splitter = new FrameSplitter()
    try {
      for await (const chunk of this.#connection)
        for (const { stream, data } of splitter.push(chunk as Buffer))
          if (stream === 'stdout') yield data
          else this.#hear(data.toString())
    } finally {
      this.#hasEnded = true
      this.#pid.resolve(undefined)
    }
    if ((await this.#exitCode()) !== 0) throw new Error(failureOf(this.#port, this.#complaint))
  }

  #hear(words: string): void {
    this.#complaint += words
    const pid = /^(\d+)\n/.exec(this.#complaint)?.[1]
    if (pid !== undefined) this.#pid.resolve(pid)
  }
}

/** busybox says `nc: can't connect to remote host (127.0.0.1): Connection refused`, after the line with the process id. */
function failureOf(port: number, complaint: string): string {
  const [, first = ''] = complaint.trim().split('\n')
  const reason = /:\s*([^:]+)$/.exec(first)?.[1] ?? (first === '' ? 'no reason was given' : first)
  return first.includes("can't connect")
    ? `cannot connect to port ${port} of the pod: ${reason}`
    : `the connection to port ${port} of the pod was lost: ${reason}`
}
