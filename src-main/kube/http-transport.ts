/**
 * Requests to one API server over HTTP/1.1, with TLS unless its address says `http`. Connections are kept and used again; a watch has one of its own.
 * (With HTTP/2 all would share one, but a client of it costs more memory than the two or three connections of a component.)
 */
import { Agent, request, type IncomingMessage } from 'node:http'
import { Agent as SecureAgent, request as secureRequest } from 'node:https'
import { text } from 'node:stream/consumers'
import type { Disposable } from '../base/disposable.ts'
import { ConnectionError } from './api-client.ts'
import type { ClusterAccess } from './kubeconfig.ts'

export interface TransportRequest {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** With its query. */
  path: string
  body?: { contentType: string; text: string }
  /** How long the answer's head may take. */
  timeoutMs: number
}

const IDLE_CONNECTIONS = 2
/** A peer that is gone without a word is noticed after this and some probes. */
const KEEP_ALIVE_MS = 15_000

export class HttpTransport implements Disposable {
  readonly #access: ClusterAccess
  readonly #userAgent: string
  readonly #isSecure: boolean
  readonly #agent: Agent

  constructor(access: ClusterAccess, userAgent: string) {
    this.#access = access
    this.#userAgent = userAgent
    this.#isSecure = access.server.startsWith('https:')
    const pool = { keepAlive: true, keepAliveMsecs: KEEP_ALIVE_MS, maxFreeSockets: IDLE_CONNECTIONS }
    if (!this.#isSecure) {
      this.#agent = new Agent(pool)
      return
    }
    this.#agent = new SecureAgent({
      ...pool,
      maxCachedSessions: 0,
      rejectUnauthorized: !access.insecureSkipTLSVerify,
      ...(access.certificateAuthority === undefined ? {} : { ca: access.certificateAuthority }),
      ...(access.clientCertificate === undefined ? {} : { cert: access.clientCertificate }),
      ...(access.clientKey === undefined ? {} : { key: access.clientKey }),
      ...(access.tlsServerName === undefined ? {} : { servername: access.tlsServerName }),
    })
  }

  dispose(): void {
    this.#agent.destroy()
  }

  /** Resolves with the head of the answer. @throws ConnectionError */
  async send(sent: TransportRequest): Promise<IncomingMessage> {
    // A connection that was kept may have been closed by the other side just now: once more, on another one.
    try {
      return await this.#attempt(sent)
    } catch (error) {
      if (!(error instanceof StaleConnection)) throw error
      return await this.#attempt(sent)
    }
  }

  /** The whole body of an answer, which may take as long as its head. @throws ConnectionError */
  async read(answer: IncomingMessage, sent: TransportRequest): Promise<string> {
    const late = new Error('context deadline exceeded (Client.Timeout or context cancellation while reading body)')
    const timer = setTimeout(() => answer.destroy(late), sent.timeoutMs)
    try {
      return await text(answer)
    } catch (error) {
      throw this.#failure(sent, error)
    } finally {
      clearTimeout(timer)
    }
  }

  #attempt(sent: TransportRequest): Promise<IncomingMessage> {
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
    const outgoing = (this.#isSecure ? secureRequest : request)(`${this.#access.server}${sent.path}`, {
      method: sent.method,
      agent: this.#agent,
      headers: this.#headers(sent),
    })
    outgoing.setSocketKeepAlive(true, KEEP_ALIVE_MS)
    const timer = setTimeout(() => {
      const words = 'context deadline exceeded (Client.Timeout exceeded while awaiting headers)'
      outgoing.destroy(new Error(words))
    }, sent.timeoutMs)
    outgoing.once('response', (answer) => {
      clearTimeout(timer)
      resolve(answer)
    })
    outgoing.on('error', (error) => {
      clearTimeout(timer)
      const isStale =
        outgoing.reusedSocket && 'code' in error && (error.code === 'ECONNRESET' || error.code === 'EPIPE')
      reject(isStale ? new StaleConnection() : this.#failure(sent, error))
    })
    outgoing.end(sent.body?.text)
    return promise
  }

  #headers({ body }: TransportRequest): Record<string, string | number> {
    const { token } = this.#access
    return {
      Accept: 'application/json',
      'User-Agent': this.#userAgent,
      ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
      ...(body === undefined
        ? {}
        : { 'Content-Type': body.contentType, 'Content-Length': Buffer.byteLength(body.text) }),
    }
  }

  #failure({ method, path }: TransportRequest, error: unknown): ConnectionError {
    const cause = error instanceof Error ? error : new Error(String(error))
    const verb = `${method.charAt(0)}${method.slice(1).toLowerCase()}`
    const url = JSON.stringify(`${this.#access.server}${path}`)
    return new ConnectionError(`${verb} ${url}: ${this.#words(cause)}`, { cause })
  }

  /** As Go's network library says it, where we know its words. */
  #words(error: Error): string {
    const code = 'code' in error ? error.code : undefined
    const { hostname, port } = new URL(this.#access.server)
    const place = `dial tcp ${hostname}:${port === '' ? '443' : port}`
    switch (code) {
      case 'ECONNREFUSED':
        return `${place}: connect: connection refused`
      case 'EHOSTUNREACH':
        return `${place}: connect: no route to host`
      case 'ETIMEDOUT':
        return `${place}: i/o timeout`
      case 'ENOTFOUND':
        return `dial tcp: lookup ${hostname}: no such host`
      case 'ECONNRESET':
        return 'EOF'
      case 'CERT_SIGNATURE_FAILURE':
      case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
      case 'SELF_SIGNED_CERT_IN_CHAIN':
      case 'DEPTH_ZERO_SELF_SIGNED_CERT':
      case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
        return 'tls: failed to verify certificate: x509: certificate signed by unknown authority'
      case 'CERT_HAS_EXPIRED':
        return 'tls: failed to verify certificate: x509: certificate has expired or is not yet valid'
      default:
        return error.message
    }
  }
}

class StaleConnection extends Error {}
