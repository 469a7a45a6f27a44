/** One HTTP server of the kubelet: from a connection to an answer, with authentication and authorisation where there are any. */
import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerOptions, ServerResponse } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import { Socket } from 'node:net'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { TLSSocket } from 'node:tls'
import type { SecureContextOptions } from 'node:tls'
import type { Disposable } from '../../base/disposable.ts'
import { hangUp } from '../../base/join-streams.ts'
import type { AccessControl, Credentials } from './access-control.ts'
import { HttpProblem } from './http-problem.ts'
import { computeRequestAttributes } from './request-attributes.ts'
import { answerRoute, problemOf } from './request-handler.ts'
import type { ServerContext } from './request-handler.ts'
import type { RequestPath, Route, RouteOptions } from './request-route.ts'
import { metricsPath, parsePath, routeRequest } from './request-route.ts'
import type { Listener, ServerTimeouts } from './server-settings.ts'
import { plainResponse, proxyStream, refuseUnspoken } from './stream-proxy.ts'
import { openStream } from './stream-request.ts'

/** As upstream's: how long an idle connection is kept. */
const KEEP_ALIVE_MS = 90_000
/** As Go's: when the system begins to ask whether the peer of a silent connection is still there. */
const TCP_KEEP_ALIVE_MS = 15_000
/** More than a lab has use for; the memory of a node is small. */
const MAX_CONNECTIONS = 256
const STREAM_ROOTS = new Set(['exec', 'attach', 'portForward'])

export interface HttpListenerOptions {
  listener: Listener
  context: ServerContext
  routes: RouteOptions
  timeouts: ServerTimeouts
  /** `undefined`: plain HTTP, for everybody. */
  secure: { tls: SecureContextOptions; access: AccessControl } | undefined
}

export interface HttpListener extends Disposable {
  readonly port: number
}

/** Resolves when it listens. @throws Error in Go's words when the port cannot be had */
export async function listenHttp(options: HttpListenerOptions): Promise<HttpListener> {
  const { listener, context, secure } = options
  const serverOptions: ServerOptions = {
    keepAliveTimeout: KEEP_ALIVE_MS,
    keepAlive: true,
    keepAliveInitialDelay: TCP_KEEP_ALIVE_MS,
    // What is no stream is answered as if it had not asked for another protocol.
    shouldUpgradeCallback: (request) => secure !== undefined && STREAM_ROOTS.has(rootOf(request)),
  }
  const clientCA = secure?.access.clientCA
  const server: Server =
    secure === undefined
      ? createServer(serverOptions)
      : createSecureServer({
          ...serverOptions,
          ...secure.tls,
          ...(clientCA === undefined ? {} : { ca: clientCA, requestCert: true, rejectUnauthorized: false }),
        })
  server.maxConnections = MAX_CONNECTIONS
  const upgraded = new Set<Duplex>()
  server.on('request', (request, response) => void answer(request, response, options))
  server.on('upgrade', (request, socket, head) => {
    upgraded.add(socket)
    socket.once('close', () => upgraded.delete(socket))
    if (socket instanceof Socket) socket.setTimeout(options.timeouts.streamIdleMs, () => socket.destroy())
    void upgrade(request, socket, head, options)
  })
  await listen(server, listener)
  // Without a listener one connection that cannot be accepted would end the kubelet.
  server.on('error', (error) => context.logger.error('A connection could not be accepted', { err: error }))
  return {
    port: (server.address() as AddressInfo).port,
    async dispose() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeAllConnections()
      for (const socket of upgraded) socket.destroy()
      await closed
    },
  }
}

function rootOf({ url = '' }: IncomingMessage): string {
  try {
    return parsePath(url).segments[0] ?? ''
  } catch {
    // It is refused where it is answered.
    return ''
  }
}

async function listen(server: Server, { address, port }: Listener): Promise<void> {
  const listening = Promise.withResolvers<void>()
  server.once('error', listening.reject)
  server.listen(port, address, listening.resolve)
  try {
    await listening.promise
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    const reason = code === 'EADDRINUSE' ? 'bind: address already in use' : String(error)
    throw new Error(`listen tcp ${address}:${port}: ${reason}`, { cause: error })
  } finally {
    server.off('error', listening.reject)
  }
}

/** @throws HttpProblem */
async function admit(
  request: IncomingMessage,
  { context, routes, secure }: HttpListenerOptions,
): Promise<{ route: Route; path: RequestPath }> {
  const method = request.method ?? ''
  const path = parsePath(request.url ?? '')
  if (secure !== undefined) {
    const attributes = computeRequestAttributes(method, path.segments[0] ?? '', context.host.info().nodeName)
    await secure.access.check(readCredentials(request), attributes)
  }
  return { route: routeRequest(method, path, routes), path }
}

function readCredentials({ socket, headers }: IncomingMessage): Credentials {
  const token = /^bearer +(\S+) *$/i.exec(headers.authorization ?? '')?.[1]
  return { certificate: readCertificate(socket), token }
}

function readCertificate(socket: IncomingMessage['socket']): Credentials['certificate'] {
  if (!(socket instanceof TLSSocket)) return 'none'
  const subject = socket.getPeerCertificate()?.subject
  if (subject === undefined) return 'none'
  if (!socket.authorized) return 'untrusted'
  const list = (value: string | string[] | undefined): string[] => (value === undefined ? [] : [value].flat())
  return { commonName: list(subject.CN)[0] ?? '', organizations: list(subject.O) }
}

async function answer(request: IncomingMessage, response: ServerResponse, options: HttpListenerOptions): Promise<void> {
  const { context } = options
  const finish = observe(request, options)
  const tooLate = context.clock.setTimer(options.timeouts.answerMs, () => response.destroy())
  response.once('close', () => tooLate.cancel())
  try {
    const { route, path } = await admit(request, options)
    await answerRoute(route, path, request, response, context)
  } catch (error) {
    const problem = problemOf(error)
    // A caller that goes away in the middle of an answer is no fault.
    if (problem === undefined && !response.destroyed) context.logger.error('A request failed', { err: error })
    if (response.headersSent) response.destroy()
    else send(response, problem ?? new HttpProblem(500, 'Internal Server Error\n'))
  } finally {
    finish()
  }
}

function send(response: ServerResponse, { status, message, headers }: HttpProblem): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', ...headers }).end(message)
}

async function upgrade(
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  options: HttpListenerOptions,
): Promise<void> {
  const { host, runtime, logger } = options.context
  const finish = observe(request, options)
  socket.on('error', (error) => logger.info('A stream broke', { err: error }))
  socket.once('close', finish)
  try {
    const { route, path } = await admit(request, options)
    if (route.kind !== 'Exec' && route.kind !== 'Attach' && route.kind !== 'PortForward')
      throw new HttpProblem(400, 'Bad Request')
    const address = await openStream(route, path.query, host, runtime)
    refuseUnspoken(address, request)
    if (!socket.destroyed) proxyStream(address, request, socket, head, logger)
  } catch (error) {
    const problem = problemOf(error)
    if (problem === undefined) logger.error('A stream could not be opened', { err: error })
    hangUp(socket, plainResponse(problem ?? new HttpProblem(500, 'Internal Server Error\n')))
  }
}

/** Counts the request when what is returned is called. */
function observe(request: IncomingMessage, { context, routes, secure }: HttpListenerOptions): () => void {
  if (routes.serves === 'health') return () => undefined
  const { clock, metrics } = context
  const startedMs = clock.now()
  const { method = '', url = '' } = request
  return () => {
    let path = 'other'
    try {
      path = metricsPath(parsePath(url))
    } catch {
      // Refused for its path, which stays `other`.
    }
    metrics.onHttpRequest({
      method: METHODS.has(method) ? method : 'other',
      path,
      serverType: secure === undefined ? 'readonly' : 'readwrite',
      longRunning: STREAM_ROOTS.has(path) || path === 'debug',
      durationMs: clock.now() - startedMs,
    })
  }
}

const METHODS = new Set(['OPTIONS', 'GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'TRACE', 'CONNECT'])
