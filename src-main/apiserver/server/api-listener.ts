/** The server's port: HTTP/2 and HTTP/1.1 over TLS; plain HTTP/1.1 in tests. */
import { createServer, ServerResponse, type IncomingMessage, type Server } from 'node:http'
import { createSecureServer, type Http2SecureServer, type Http2Session } from 'node:http2'
import type { AddressInfo, Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Disposable } from '../../base/disposable.ts'
import { asIncomingMessage } from './http2-request.ts'

export interface TlsFiles {
  certificate: string
  key: string
  /** Certificates of clients that are signed by one of these are looked at; none is required. */
  clientAuthorities: readonly string[]
}

export interface RequestListener {
  handle(request: IncomingMessage, response: ServerResponse): void
  upgrade(request: IncomingMessage, response: ServerResponse, socket: Duplex, head: Buffer): void
}

export interface ListenOptions {
  host: string
  /** 0: any free port. */
  port: number
  /** Undefined: plain HTTP. */
  tls: TlsFiles | undefined
}

export interface ApiListener extends Disposable {
  readonly port: number
  /** Takes no new connections, and lets those that are idle go. */
  stopAccepting(): void
}

/** A client that takes longer over its headers, or its body, is cut off. */
const HEADERS_TIMEOUT_MS = 32_000
const REQUEST_TIMEOUT_MS = 60_000
/**
 * How long a connection may be idle, as upstream's. A kubelet renews its lease every ten seconds: were its connection closed before,
 * each renewal would begin with a TLS handshake, which is the largest part of what it costs.
 */
const IDLE_TIMEOUT_MS = 90_000
/** Header lines of one request, in bytes, as Go's default for both versions of HTTP. */
const MAX_HEADER_BYTES = 1024 * 1024
/** Upstream's `http2-max-streams-per-connection`. */
const MAX_STREAMS = 250

/** @throws when the port is taken */
export async function listenForRequests(options: ListenOptions, listener: RequestListener): Promise<ApiListener> {
  const server = options.tls === undefined ? plainServer() : secureServer(options.tls)
  const sockets = new Set<Socket>()
  const sessions = new Set<Http2Session>()
  server.on(options.tls === undefined ? 'connection' : 'secureConnection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    // What a client does to its connection is no fault of the server.
    socket.on('error', () => socket.destroy())
  })
  server.on('session', (session: Http2Session) => {
    sessions.add(session)
    session.once('close', () => sessions.delete(session))
  })
  server.on('request', (request: IncomingMessage, response: ServerResponse) =>
    listener.handle(asIncomingMessage(request), response),
  )
  server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    const response = new ServerResponse(request)
    response.shouldKeepAlive = false
    response.assignSocket(socket)
    response.once('finish', () => socket.end())
    listener.upgrade(request, response, socket, head)
  })
  const port = await listen(server, options)
  const stopAccepting = (): void => {
    server.close()
    if ('closeIdleConnections' in server) server.closeIdleConnections()
    for (const session of sessions) session.close()
  }
  return {
    port,
    stopAccepting,
    async dispose() {
      const closed = new Promise<void>((resolve) => (server.listening ? server.once('close', resolve) : resolve()))
      stopAccepting()
      for (const session of sessions) session.destroy()
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}

function plainServer(): Server {
  return createServer({
    headersTimeout: HEADERS_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: IDLE_TIMEOUT_MS,
    maxHeaderSize: MAX_HEADER_BYTES,
  })
}

function secureServer({ certificate, key, clientAuthorities }: TlsFiles): Http2SecureServer {
  return createSecureServer({
    allowHTTP1: true,
    cert: certificate,
    key,
    ca: [...clientAuthorities],
    requestCert: clientAuthorities.length > 0,
    rejectUnauthorized: false,
    minVersion: 'TLSv1.2',
    settings: { maxConcurrentStreams: MAX_STREAMS },
    maxHeaderSize: MAX_HEADER_BYTES,
    headersTimeout: HEADERS_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: IDLE_TIMEOUT_MS,
  } as Parameters<typeof createSecureServer>[0])
}

async function listen(server: Server | Http2SecureServer, { host, port }: ListenOptions): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  })
  // A server that listens on TCP has such an address.
  return (server.address() as AddressInfo).port
}
