/** The engine as the link to a node's port forwarder sees it, and a forwarder in it that is told which ports are taken. */
import { duplexPair } from 'node:stream'
import type { Duplex } from 'node:stream'
import type { ForwardedPod, ForwardingFault, ForwardingRequest, HostPort } from '../../common/port-forwarding.ts'
import type { EngineClient } from '../docker/engine-client.ts'

/** As the engine frames the output of a command. */
export function outputFrame(stream: 'stdout' | 'stderr', text: string): Buffer {
  const header = Buffer.from([stream === 'stdout' ? 1 : 2, 0, 0, 0, 0, 0, 0, 0])
  header.writeUInt32BE(Buffer.byteLength(text), 4)
  return Buffer.concat([header, Buffer.from(text)])
}

export class FakeForwarder {
  /** What it was asked for, each time. */
  readonly asked: ForwardedPod[][] = []
  /** Bodies of the commands that were made in the node. */
  readonly commands: unknown[] = []
  /** Numbers of ports that it cannot open. */
  readonly taken = new Set<number>()
  #connection: Duplex | undefined

  readonly engine: Pick<EngineClient, 'json' | 'upgrade'> = {
    json: <T>(_path: string, options?: { body?: unknown }): Promise<T> => {
      this.commands.push(options?.body)
      return Promise.resolve({ Id: 'exec1' } as T)
    },
    upgrade: (): Promise<Duplex> => {
      const [ours, theirs] = duplexPair()
      theirs.on('data', (line: Buffer) => this.#answer(theirs, JSON.parse(line.toString()) as ForwardingRequest))
      theirs.once('end', () => {
        if (this.#connection === theirs) this.kill()
      })
      this.#connection = theirs
      return Promise.resolve(ours)
    },
  }

  get isRunning(): boolean {
    return this.#connection !== undefined
  }

  kill(): void {
    this.#connection?.end()
    this.#connection = undefined
  }

  #answer(connection: Duplex, { serial, pods }: ForwardingRequest): void {
    this.asked.push(pods)
    const faultOf = (key: string, port: HostPort): ForwardingFault[] =>
      this.taken.has(port.hostPort) ? [{ key, port, code: 'EADDRINUSE' }] : []
    const faults = pods.flatMap(({ key, ports }) => ports.flatMap((port) => faultOf(key, port)))
    connection.write(outputFrame('stdout', `${JSON.stringify({ serial, faults })}\n`))
  }
}
