/** A UDP port of the node: datagrams of each client are carried to a pod, and the answers back to that client. */
import { createSocket } from 'node:dgram'
import type { RemoteInfo, Socket } from 'node:dgram'
import { isIPv6 } from 'node:net'
import type { Clock, Timer } from '../../base/clock.ts'
import type { HostPort } from '../../common/port-forwarding.ts'
import type { PortListener } from './port-listener.ts'

/** A client that has been silent, and has heard nothing, for so long is forgotten; as with Docker's proxy. */
const IDLE_MS = 90_000
/** The client that has been idle for longest makes room. */
const MAX_CLIENTS = 1000

interface Client {
  /** Answers that arrive here are this client's. */
  socket: Socket
  usedMs: number
}

export class UdpListener implements PortListener {
  readonly #port: HostPort
  readonly #clock: Clock
  readonly #server: Socket
  /** The one that was used last comes last. */
  readonly #clients = new Map<string, Client>()
  #sweep: Timer | undefined
  #podIp = ''

  constructor(port: HostPort, clock: Clock) {
    this.#port = port
    this.#clock = clock
    const type = typeOf(port.hostIp)
    this.#server = createSocket({ type, ipv6Only: type === 'udp6' })
    this.#server.on('message', (data, from) => this.#carry(data, from))
  }

  open(): Promise<void> {
    return new Promise((resolve, reject) => {
      const fail = (error: Error): void => {
        this.#server.close()
        reject(error)
      }
      this.#server.once('error', fail)
      this.#server.bind({ address: this.#port.hostIp, port: this.#port.hostPort, exclusive: true }, () => {
        this.#server.off('error', fail)
        // A client that could not be answered any more; datagrams may be lost.
        this.#server.on('error', () => undefined)
        resolve()
      })
    })
  }

  serve(podIp: string): void {
    if (podIp !== this.#podIp) for (const key of [...this.#clients.keys()]) this.#forget(key)
    this.#podIp = podIp
  }

  close(): Promise<void> {
    this.#sweep?.cancel()
    for (const key of [...this.#clients.keys()]) this.#forget(key)
    return new Promise((resolve) => this.#server.close(() => resolve()))
  }

  #carry(data: Buffer, from: RemoteInfo): void {
    // Nobody is there yet: as on any network, the datagram is lost.
    if (this.#podIp === '') return
    // To port 0 no answer can be sent.
    if (from.port === 0) return
    const key = `${from.address} ${from.port}`
    const client = this.#clients.get(key) ?? this.#meet(key, from)
    this.#use(key, client)
    client.socket.send(data, this.#port.containerPort, this.#podIp)
  }

  #meet(key: string, from: RemoteInfo): Client {
    const [longestIdle] = this.#clients.keys()
    if (this.#clients.size >= MAX_CLIENTS && longestIdle !== undefined) this.#forget(longestIdle)
    const socket = createSocket(typeOf(this.#podIp))
    const client = { socket, usedMs: 0 }
    socket.on('error', () => this.#forget(key))
    socket.on('message', (data, { address, port }) => {
      if (address !== this.#podIp || port !== this.#port.containerPort) return
      this.#use(key, client)
      this.#server.send(data, from.port, from.address)
    })
    this.#sweep ??= this.#clock.setTimer(IDLE_MS, () => this.#forgetIdle())
    return client
  }

  #use(key: string, client: Client): void {
    client.usedMs = this.#clock.now()
    this.#clients.delete(key)
    this.#clients.set(key, client)
  }

  #forget(key: string): void {
    const client = this.#clients.get(key)
    if (client === undefined) return
    this.#clients.delete(key)
    client.socket.close()
  }

  #forgetIdle(): void {
    const now = this.#clock.now()
    for (const [key, { usedMs }] of [...this.#clients]) if (now - usedMs >= IDLE_MS) this.#forget(key)
    const [next] = this.#clients.values()
    this.#sweep =
      next === undefined ? undefined : this.#clock.setTimer(next.usedMs + IDLE_MS - now, () => this.#forgetIdle())
  }
}

function typeOf(address: string): 'udp4' | 'udp6' {
  return isIPv6(address) ? 'udp6' : 'udp4'
}
