/** A TCP port of the node whose connections are carried to a pod. */
import { connect, createServer } from 'node:net'
import type { Server, Socket } from 'node:net'
import type { HostPort } from '../../common/port-forwarding.ts'
import type { PortListener } from './port-listener.ts'

/** A peer that vanished without a word is noticed by these. */
const KEEP_ALIVE_MS = 60_000

export class TcpListener implements PortListener {
  readonly #port: HostPort
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  /** Clients that came before the pod's address was known. */
  #waiting: Socket[] = []
  #podIp = ''

  constructor(port: HostPort) {
    this.#port = port
    // Either side may end its direction first and go on reading.
    this.#server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (client) => this.#accept(client))
  }

  open(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject)
      const { hostIp: host, hostPort: port } = this.#port
      this.#server.listen({ host, port, ipv6Only: true }, () => {
        this.#server.off('error', reject)
        // One connection that could not be accepted, such as for want of descriptors; the port stays open.
        this.#server.on('error', () => undefined)
        resolve()
      })
    })
  }

  serve(podIp: string): void {
    this.#podIp = podIp
    if (podIp === '') return
    for (const client of this.#waiting.splice(0)) this.#carry(client)
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve())
      for (const socket of this.#sockets) socket.destroy()
    })
  }

  #accept(client: Socket): void {
    this.#own(client)
    if (this.#podIp === '') this.#waiting.push(client)
    else this.#carry(client)
  }

  #carry(client: Socket): void {
    if (client.destroyed) return
    const pod = this.#own(connect({ host: this.#podIp, port: this.#port.containerPort, allowHalfOpen: true }))
    join(client, pod)
    join(pod, client)
    pod.once('connect', () => {
      client.pipe(pod)
      pod.pipe(client)
    })
  }

  #own(socket: Socket): Socket {
    this.#sockets.add(socket)
    socket.setKeepAlive(true, KEEP_ALIVE_MS)
    socket.setNoDelay(true)
    // What went wrong is told to the other side by `join`.
    socket.on('error', () => undefined)
    socket.once('close', () => this.#sockets.delete(socket))
    return socket
  }
}

/** One side that breaks, or cannot be reached, is a broken connection for the other one. */
function join(from: Socket, to: Socket): void {
  from.once('close', (hadError) => {
    if (hadError || !from.readableEnded) to.resetAndDestroy()
  })
}
