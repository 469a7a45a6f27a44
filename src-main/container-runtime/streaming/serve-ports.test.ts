import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { once } from 'node:events'
import { buffer } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { systemClock } from '../../base/clock.ts'
import { DisposableStore, toDisposable } from '../../base/disposable.ts'
import { silentLogger } from '../../base/logger.ts'
import { forwardPort } from '../../kube/streaming/forward-port.ts'
import type { PortConnection } from './remote-process.ts'
import { StreamServer } from './stream-server.ts'

/** A port of a pod that sends back what it is sent, in capitals, and ends when its client does. */
class Echo implements PortConnection {
  disposed = false
  readonly #queue: Buffer[] = []
  #wake = Promise.withResolvers<void>()
  #ended = false
  readonly received = this.#receive()

  async *#receive(): AsyncGenerator<Uint8Array> {
    while (!this.#ended || this.#queue.length > 0) {
      const data = this.#queue.shift()
      if (data !== undefined) yield Buffer.from(data.toString('latin1').toUpperCase(), 'latin1')
      else {
        this.#wake = Promise.withResolvers()
        await this.#wake.promise
      }
    }
  }
  send(data: Uint8Array): Promise<void> {
    this.#queue.push(Buffer.from(data))
    this.#wake.resolve()
    return Promise.resolve()
  }
  endSending(): void {
    this.#ended = true
    this.#wake.resolve()
  }
  dispose(): void {
    this.disposed = true
    this.endSending()
  }
}

describe('a forwarded port', () => {
  let store: DisposableStore
  let server: StreamServer
  let echoes: Echo[]

  beforeEach(async () => {
    store = new DisposableStore()
    echoes = []
    const folder = await mkdtemp(join(tmpdir(), 'ports-'))
    store.add(toDisposable(() => rm(folder, { recursive: true })))
    const socketPath = join(folder, 's.sock')
    server = store.add(new StreamServer({ clock: systemClock(), logger: silentLogger, urlSocketPath: socketPath }))
    await server.listen(socketPath)
  })
  afterEach(() => store.dispose())

  const dial = (): Promise<PortConnection> => {
    const echo = new Echo()
    echoes.push(echo)
    return Promise.resolve(echo)
  }

  /** This side's end of a connection, and the forwarding of it. */
  async function connected(url: string): Promise<{ client: Socket; forwarding: Promise<void> }> {
    const local = createServer({ allowHalfOpen: true })
    local.listen(0, '127.0.0.1')
    await once(local, 'listening')
    store.add(toDisposable(() => void local.close()))
    const accepted = once(local, 'connection') as Promise<[Socket]>
    const client = connect({ port: (local.address() as AddressInfo).port, host: '127.0.0.1', allowHalfOpen: true })
    const [connection] = await accepted
    connection.on('error', () => undefined)
    return { client, forwarding: forwardPort(url, connection) }
  }

  it('given much data and then its end, then all of it crosses in both directions', async () => {
    const { client, forwarding } = await connected(server.addPorts([80], dial))
    client.end(Buffer.alloc(3_000_000, 'x'))
    const answer = await buffer(client)
    expect(answer.length).toBe(3_000_000)
    expect(answer.equals(Buffer.alloc(3_000_000, 'X'))).toBe(true)
    await forwarding
  })

  it('given a port on which nobody listens, then the words come over and the connection ends', async () => {
    const refuse = (): Promise<PortConnection> => Promise.reject(new Error('Connection refused'))
    const { client, forwarding } = await connected(server.addPorts([80], refuse))
    await expect(forwarding).rejects.toThrow('Connection refused')
    await buffer(client).catch(() => undefined)
    expect(client.readableEnded || client.destroyed).toBe(true)
  })

  it('given a client that goes, then the connection to the pod is let go', async () => {
    const { client, forwarding } = await connected(server.addPorts([80], dial))
    client.write('a')
    await once(client, 'data')
    client.destroy()
    await forwarding.catch(() => undefined)
    await expect.poll(() => echoes[0]?.disposed).toBe(true)
  })

  it('given two ports, then each has channels of its own that begin with its number', async () => {
    const webSocket = new WebSocket(server.addPorts([80, 8080], dial), ['v5.channel.k8s.io'])
    const messages: string[] = []
    webSocket.on('message', (message: Buffer) => messages.push(message.toString('hex')))
    await once(webSocket, 'open')
    webSocket.send(Buffer.from([2, 0x62]))
    webSocket.send(Buffer.from([3, 0x62]))
    webSocket.send(Buffer.from([0, 0x61]))
    await expect.poll(() => messages.length).toBe(6)
    expect(messages.filter((message) => ['00', '01'].includes(message.slice(0, 2)))).toEqual([
      '005000',
      '015000',
      '0041',
    ])
    expect(messages.filter((message) => ['02', '03'].includes(message.slice(0, 2)))).toEqual([
      '02901f',
      '03901f',
      '0242',
    ])
    for (const channel of [0, 2]) webSocket.send(Buffer.of(255, channel))
    await once(webSocket, 'close')
    expect(messages.slice(6).sort()).toEqual(['ff00', 'ff02'])
    expect(echoes.every(({ disposed }) => disposed)).toBe(true)
  })
})
