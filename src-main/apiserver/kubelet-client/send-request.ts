/** One request to a kubelet or a pod; what cannot be reached is told in Go's words. */
import { request as httpRequest, type ClientRequest, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http'
import { request as httpsRequest } from 'node:https'
import type { Duplex, Readable } from 'node:stream'
import { isIP } from 'node:net'
import { dialError } from '../../base/dial-error.ts'
import { StatusError } from '../../kube/status-error.ts'
import { resolveAllowed } from './allowed-address.ts'
import type { Endpoint } from './kubelet-client.ts'

/** Upstream's dialers give up after so long. */
const CONNECT_TIMEOUT_MS = 30_000

export interface OutgoingRequest {
  endpoint: Endpoint
  method: string
  /** With the query; sent as it is. */
  path: string
  headers: OutgoingHttpHeaders
  /** Sent as it comes; absent: none. */
  body?: Readable
  /** Ends it. */
  signal: AbortSignal
}

/** No connection came about, or it broke before an answer; the message is Go's. */
export class DialError extends Error {}

export type Answer =
  | { type: 'response'; response: IncomingMessage }
  | { type: 'upgraded'; response: IncomingMessage; socket: Duplex; head: Buffer }

/**
 * Resolves with the head of the answer; its body is for the caller to read or to destroy.
 * @throws DialError, and StatusError 400 for an address that is not allowed
 */
export async function sendRequest(outgoing: OutgoingRequest): Promise<Answer> {
  const { endpoint, body, signal } = outgoing
  const address = await resolve(endpoint)
  const answered = Promise.withResolvers<Answer>()
  const request = openRequest(outgoing, address)
  const abort = (): void => void request.destroy()
  signal.addEventListener('abort', abort, { once: true })
  request.on('error', (error) => answered.reject(new DialError(dialError(endpoint.host, endpoint.port, error))))
  request.on('response', (response) => answered.resolve({ type: 'response', response }))
  request.on('upgrade', (response, socket, head) => {
    if (outgoing.headers['upgrade'] === undefined) {
      request.destroy(new Error('it changes the protocol without being asked'))
      socket.destroy()
      answered.reject(new DialError('malformed HTTP response "101 Switching Protocols"'))
      return
    }
    // From here on the connection is the caller's.
    signal.removeEventListener('abort', abort)
    answered.resolve({ type: 'upgraded', response, socket, head })
  })
  request.on('socket', (socket) => {
    if (!socket.connecting) return
    const timer = setTimeout(() => request.destroy(timedOut()), CONNECT_TIMEOUT_MS)
    const settle = (): void => clearTimeout(timer)
    socket.once('connect', settle).once('close', settle)
  })
  if (signal.aborted) abort()
  if (body === undefined) request.end()
  else body.on('error', abort).pipe(request)
  return await answered.promise
}

async function resolve({ host, port, forbidden }: Endpoint): Promise<string> {
  try {
    return await resolveAllowed(host, forbidden)
  } catch (error) {
    if (error instanceof StatusError) throw error
    throw new DialError(dialError(host, port, error instanceof Error ? error : new Error(String(error))))
  }
}

function openRequest({ endpoint, method, path, headers }: OutgoingRequest, address: string): ClientRequest {
  const { host, port, tls } = endpoint
  const options = {
    host: address,
    port,
    method,
    path,
    headers: { host: `${hostOf(host)}:${port}`, ...headers },
    agent: false,
  }
  // A certificate is for the name that was asked for.
  const name = isIP(host) === 0 ? { servername: host } : {}
  return tls === undefined ? httpRequest(options) : httpsRequest({ ...options, ...name, ...tls })
}

function hostOf(host: string): string {
  return isIP(host) === 6 ? `[${host}]` : host
}

function timedOut(): Error {
  return Object.assign(new Error('i/o timeout'), { code: 'ETIMEDOUT' })
}
