/**
 * Serves what CRI's Exec, Attach and PortForward answer an address for: WebSockets on a unix socket beside the CRI socket,
 * as the runtime service has no network. The address is `ws+unix://SOCKET:/exec/TOKEN`, SOCKET being a path on the node. A
 * token is good once, for a minute.
 */
import { randomBytes } from 'node:crypto'
import { mkdir, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { IncomingMessage, Server } from 'node:http'
import { dirname } from 'node:path'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import type { WebSocket } from 'ws'
import type { Clock } from '../../base/clock.ts'
import type { Disposable } from '../../base/disposable.ts'
import type { Logger } from '../../base/logger.ts'
import { CriError } from '../cri.ts'
import { V4_PROTOCOL, V5_PROTOCOL } from '../../kube/streaming/channels.ts'
import type { PortConnection, RemoteProcess } from './remote-process.ts'
import { servePorts } from './serve-ports.ts'
import { serveProcess } from './serve-process.ts'

const TOKEN_BYTES = 16
const TOKEN_LIFE_MS = 60_000
/** As upstream's: whoever asks for more does not use what it asks for. */
const MAX_TOKENS = 1000
const MAX_MESSAGE_BYTES = 1024 * 1024

interface Session {
  serve: (webSocket: WebSocket) => Promise<void>
  expiresAt: number
}

export class StreamServer implements Disposable {
  readonly #clock: Clock
  readonly #logger: Logger
  /** As the node names it. */
  readonly #urlSocketPath: string
  readonly #sessions = new Map<string, Session>()
  readonly #sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_MESSAGE_BYTES,
    perMessageDeflate: false,
    handleProtocols: (offered) => [V5_PROTOCOL, V4_PROTOCOL].find((protocol) => offered.has(protocol)) ?? false,
  })
  #listening: { server: Server; socketPath: string } | undefined

  constructor(options: { clock: Clock; logger: Logger; urlSocketPath: string }) {
    this.#clock = options.clock
    this.#logger = options.logger
    this.#urlSocketPath = options.urlSocketPath
  }

  /** The address at which, once and within a minute, `open`'s process is served. @throws CriError ResourceExhausted */
  add(kind: 'exec' | 'attach', open: () => Promise<RemoteProcess>): string {
    return this.#add(kind, (webSocket) => serveProcess(webSocket, open, this.#logger))
  }

  /** The same for ports of a pod, each of which is dialled when the stream is opened. @throws CriError ResourceExhausted */
  addPorts(ports: readonly number[], dial: (port: number) => Promise<PortConnection>): string {
    return this.#add('portforward', (webSocket) => servePorts(webSocket, ports, dial, this.#logger))
  }

  #add(kind: 'exec' | 'attach' | 'portforward', serve: Session['serve']): string {
    const now = this.#clock.now()
    for (const [token, { expiresAt }] of this.#sessions) if (expiresAt <= now) this.#sessions.delete(token)
    if (this.#sessions.size >= MAX_TOKENS)
      throw new CriError('ResourceExhausted', 'too many streams have been asked for and not used')
    const token = randomBytes(TOKEN_BYTES).toString('hex')
    this.#sessions.set(`/${kind}/${token}`, { serve, expiresAt: now + TOKEN_LIFE_MS })
    return `ws+unix://${this.#urlSocketPath}:/${kind}/${token}`
  }

  /** Listens on `socketPath` (replaced when a predecessor left it; mode 0600). */
  async listen(socketPath: string): Promise<void> {
    const server = createServer((_, response) => void response.writeHead(426).end('a WebSocket is wanted\n'))
    server.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head))
    await mkdir(dirname(socketPath), { recursive: true })
    await rm(socketPath, { force: true })
    const listening = Promise.withResolvers<void>()
    // Not chmod afterwards: it follows links, and the folder is the node's.
    const umask = process.umask(0o177)
    try {
      server.once('error', listening.reject).listen(socketPath, listening.resolve)
      await listening.promise
    } finally {
      process.umask(umask)
    }
    server.on('error', (error) => this.#logger.error('the stream server failed', { error }))
    this.#listening = { server, socketPath }
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', (error) => this.#logger.warn('a stream broke', { error }))
    const path = request.url ?? ''
    const session = this.#sessions.get(path)
    this.#sessions.delete(path)
    if (session === undefined || session.expiresAt <= this.#clock.now()) {
      refuse(socket, '404 Not Found')
      return
    }
    const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((protocol) => protocol.trim())
    if (!offered.includes(V5_PROTOCOL) && !offered.includes(V4_PROTOCOL)) {
      refuse(socket, '400 Bad Request')
      return
    }
    this.#sockets.handleUpgrade(request, socket, head, (webSocket) => this.#serve(webSocket, session))
  }

  #serve(webSocket: WebSocket, session: Session): void {
    session.serve(webSocket).catch((error: unknown) => {
      this.#logger.warn('a stream ended badly', { error })
      webSocket.terminate()
    })
  }

  async dispose(): Promise<void> {
    this.#sessions.clear()
    for (const webSocket of this.#sockets.clients) webSocket.terminate()
    this.#sockets.close()
    const listening = this.#listening
    this.#listening = undefined
    if (listening === undefined) return
    listening.server.closeAllConnections()
    await new Promise<void>((resolve) => listening.server.close(() => resolve()))
    await rm(listening.socketPath, { force: true })
  }
}

function refuse(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
}
