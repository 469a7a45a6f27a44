import { createSocket, Socket as UdpSocket } from 'node:dgram'
import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import type { Server, Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { FakeClock } from '../../base/testing/fake-clock.ts'
import type { ForwardedPod, HostPort } from '../../common/port-forwarding.ts'
import { PortForwarder } from './port-forwarder.ts'

const LOOPBACK = '127.0.0.1'
/** An address that only plays the pod's. */
const POD_IP = '127.0.0.2'

const disposals: (() => unknown)[] = []
afterEach(async () => {
  for (const dispose of disposals.splice(0).reverse()) await dispose()
})

function newForwarder(clock = new FakeClock()): PortForwarder {
  const forwarder = new PortForwarder(clock)
  disposals.push(() => forwarder.dispose())
  return forwarder
}

async function tcpServer(host: string, onConnection: (socket: Socket) => void, port = 0): Promise<number> {
  const server: Server = createServer({ allowHalfOpen: true }, onConnection)
  server.listen(port, host)
  await once(server, 'listening')
  disposals.push(() => server.close())
  return portOf(server)
}

function portOf(server: Server | UdpSocket): number {
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('the server does not listen')
  return address.port
}

/** A port that nobody has, as far as can be known. */
async function freePort(): Promise<number> {
  const server = createServer()
  server.listen(0, LOOPBACK)
  await once(server, 'listening')
  const port = portOf(server)
  server.close()
  await once(server, 'close')
  return port
}

async function udpSocket(address: string, onMessage?: (data: Buffer, reply: (text: string) => void) => void) {
  const socket = createSocket('udp4')
  socket.bind(0, address)
  await once(socket, 'listening')
  socket.on('message', (data, from) => onMessage?.(data, (answer) => socket.send(answer, from.port, from.address)))
  disposals.push(() => socket.close())
  return socket
}

function aPod(port: Partial<HostPort>, change: Partial<ForwardedPod> = {}): ForwardedPod {
  const ports = [{ protocol: 'TCP' as const, hostIp: LOOPBACK, hostPort: 0, containerPort: 0, ...port }]
  return { key: 'pod1', podIp: POD_IP, ports, ...change }
}

function dial(port: number): Socket {
  const socket = connect({ host: LOOPBACK, port, allowHalfOpen: true })
  disposals.push(() => socket.destroy())
  return socket
}

describe('a forwarded TCP port', () => {
  it('given a client that ends its direction first, then the pod hears the end and its answer still arrives', async () => {
    const containerPort = await tcpServer(POD_IP, (socket) => {
      let question = ''
      socket.on('data', (data: Buffer) => (question += data.toString()))
      socket.on('end', () => socket.end(`you said ${question}`))
    })
    const hostPort = await freePort()
    expect(await newForwarder().sync([aPod({ hostPort, containerPort })])).toEqual([])
    const client = dial(hostPort)
    client.end('hello')
    expect(await text(client)).toBe('you said hello')
  })

  it('given a client that reads nothing, then the pod is slowed down instead of memory filled', async () => {
    let sentBytes = 0
    const containerPort = await tcpServer(POD_IP, (socket) => {
      const block = Buffer.alloc(1024 * 1024)
      const send = (): void => {
        while (sentBytes < 256 * block.length) {
          sentBytes += block.length
          if (!socket.write(block)) return
        }
        socket.end()
      }
      socket.on('drain', send)
      socket.on('error', () => undefined)
      send()
    })
    const hostPort = await freePort()
    await newForwarder().sync([aPod({ hostPort, containerPort })])
    const client = dial(hostPort)
    await once(client, 'connect')
    let before = -1
    await expect
      .poll(
        () => {
          const isStill = sentBytes > 0 && sentBytes === before
          before = sentBytes
          return isStill
        },
        { interval: 200 },
      )
      .toBe(true)
    expect(sentBytes).toBeLessThan(64 * 1024 * 1024)
    let receivedBytes = 0
    for await (const chunk of client) receivedBytes += (chunk as Buffer).length
    expect(receivedBytes).toBe(256 * 1024 * 1024)
  })

  it('given a pod that does not listen, then the connection is reset', async () => {
    const hostPort = await freePort()
    await newForwarder().sync([aPod({ hostPort, containerPort: 1 })])
    const client = dial(hostPort)
    const [error] = (await once(client, 'error')) as [NodeJS.ErrnoException]
    expect(error.code).toBe('ECONNRESET')
  })

  it('given a pod whose address is not known yet, then a client waits for it', async () => {
    const containerPort = await tcpServer(POD_IP, (socket) => socket.end('here'))
    const hostPort = await freePort()
    const forwarder = newForwarder()
    await forwarder.sync([aPod({ hostPort, containerPort }, { podIp: '' })])
    const client = dial(hostPort)
    await once(client, 'connect')
    await forwarder.sync([aPod({ hostPort, containerPort })])
    expect(await text(client)).toBe('here')
  })

  it('given a pod that is not wanted any more, then its connections end and another pod has the port at once', async () => {
    const containerPort = await tcpServer(POD_IP, (socket) => socket.write('old'))
    const otherPort = await tcpServer(POD_IP, (socket) => socket.end('new'))
    const hostPort = await freePort()
    const forwarder = newForwarder()
    await forwarder.sync([aPod({ hostPort, containerPort })])
    const client = dial(hostPort)
    await once(client, 'data')
    const closed = once(client, 'close').catch(() => undefined)
    client.resume().on('end', () => client.end())
    expect(await forwarder.sync([aPod({ hostPort, containerPort: otherPort }, { key: 'pod2' })])).toEqual([])
    await closed
    expect(await text(dial(hostPort))).toBe('new')
  })

  it('given a port that is taken, then the fault names it and the pod’s other port is open', async () => {
    const taken = await tcpServer(LOOPBACK, () => undefined)
    const containerPort = await tcpServer(POD_IP, (socket) => socket.end('open'))
    const hostPort = await freePort()
    const pod = aPod({ hostPort, containerPort })
    const port = { protocol: 'TCP' as const, hostIp: LOOPBACK, hostPort: taken, containerPort }
    const faults = await newForwarder().sync([{ ...pod, ports: [port, ...pod.ports] }])
    expect(faults).toEqual([{ key: 'pod1', port, code: 'EADDRINUSE' }])
    expect(await text(dial(hostPort))).toBe('open')
  })

  it('given an address that the machine does not have, then the fault says so', async () => {
    const port = { hostIp: '192.0.2.1', hostPort: await freePort(), containerPort: 80 }
    expect(await newForwarder().sync([aPod(port)])).toMatchObject([{ code: 'EADDRNOTAVAIL' }])
  })
})

describe('a forwarded UDP port', () => {
  /** Answers each datagram with the port from which it came, so that clients can be told apart. */
  async function startPod(): Promise<{ containerPort: number; peers: Set<number> }> {
    const peers = new Set<number>()
    const pod = await udpSocket(POD_IP)
    pod.on('message', (data, from) => {
      peers.add(from.port)
      pod.send(`${from.port} ${data.toString()}`, from.port, from.address)
    })
    return { containerPort: portOf(pod), peers }
  }

  async function ask(client: UdpSocket, hostPort: number, question: string): Promise<string> {
    const answer = once(client, 'message')
    client.send(question, hostPort, LOOPBACK)
    const [data] = (await answer) as [Buffer]
    return data.toString()
  }

  it('given fifty clients at once, then each gets its own answer and is one peer for the pod', async () => {
    const { containerPort, peers } = await startPod()
    const hostPort = await freePort()
    expect(await newForwarder().sync([aPod({ protocol: 'UDP', hostPort, containerPort })])).toEqual([])
    const clients = await Promise.all(Array.from({ length: 50 }, () => udpSocket(LOOPBACK)))
    const first = await Promise.all(clients.map((client, index) => ask(client, hostPort, `client${index}`)))
    const second = await Promise.all(clients.map((client, index) => ask(client, hostPort, `client${index}`)))
    expect(first.map((answer) => answer.split(' ')[1])).toEqual(clients.map((_, index) => `client${index}`))
    expect(second).toEqual(first)
    expect(peers.size).toBe(50)
  })

  it('given a client that has been idle, then it is forgotten: it is a new peer afterwards', async () => {
    const clock = new FakeClock()
    const { containerPort, peers } = await startPod()
    const hostPort = await freePort()
    const forwarder = newForwarder(clock)
    await forwarder.sync([aPod({ protocol: 'UDP', hostPort, containerPort })])
    const client = await udpSocket(LOOPBACK)
    await ask(client, hostPort, 'one')
    await clock.advance(60_000)
    await ask(client, hostPort, 'two')
    await clock.advance(60_000)
    await ask(client, hostPort, 'three')
    expect(peers.size).toBe(1)
    await clock.advance(90_000)
    await ask(client, hostPort, 'four')
    expect(peers.size).toBe(2)
    await forwarder.dispose()
    expect(clock.pendingTimers).toBe(0)
  })

  it('given a datagram from port 0, which nothing can be sent to, then it is dropped and others are carried on', async () => {
    const { containerPort, peers } = await startPod()
    const hostPort = await freePort()
    const bound = vi.spyOn(UdpSocket.prototype, 'bind')
    await newForwarder().sync([aPod({ protocol: 'UDP', hostPort, containerPort })])
    const listener = bound.mock.contexts[0] as UdpSocket | undefined
    bound.mockRestore()
    // The system sends no such datagram for a program without rights.
    listener?.emit('message', Buffer.from('x'), { address: LOOPBACK, family: 'IPv4', port: 0, size: 1 })
    await ask(await udpSocket(LOOPBACK), hostPort, 'hello')
    expect(peers.size).toBe(1)
  })

  it('given a pod with another address, then the next datagram goes there', async () => {
    const { containerPort, peers } = await startPod()
    const hostPort = await freePort()
    const forwarder = newForwarder()
    const pod = aPod({ protocol: 'UDP', hostPort, containerPort })
    const client = await udpSocket(LOOPBACK)
    await forwarder.sync([{ ...pod, podIp: '127.0.0.3' }])
    client.send('lost', hostPort, LOOPBACK)
    await forwarder.sync([pod])
    await ask(client, hostPort, 'found')
    expect(peers.size).toBe(1)
  })
})
