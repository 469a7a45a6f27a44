/**
 * The Docker Engine API over a unix socket, as much of it as the runtime service needs. Plain HTTP instead of dockerode:
 * one service runs beside every node, and this is a few kilobytes.
 */
import { Agent, request } from 'node:http'
import type { ClientRequest, IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import {
  computeApiVersion,
  computeEngineFault,
  type EngineFault,
  type EngineVersion,
} from '../../common/engine-version.ts'
import { CriError } from '../cri.ts'
import type { CriErrorCode } from '../cri.ts'

/** The engine answered with an error; `message` is its own words. */
class EngineError extends Error {
  readonly statusCode: number

  constructor(statusCode: number, message: string) {
    super(message)
    this.name = 'EngineError'
    this.statusCode = statusCode
  }
}

export function isEngineStatus(error: unknown, ...statusCodes: number[]): boolean {
  return error instanceof EngineError && statusCodes.includes(error.statusCode)
}

type Query = Record<string, string | number | boolean | undefined>

export interface EngineRequest {
  method?: 'GET' | 'POST' | 'DELETE' | 'HEAD'
  query?: Query
  body?: unknown
  /** Beside those that every request has. */
  headers?: Record<string, string>
  signal?: AbortSignal
}

export class EngineClient {
  readonly #socketPath: string
  readonly #agent = new Agent({ keepAlive: true, maxFreeSockets: 8 })
  /** As last told, until the connection is lost. */
  #known: Promise<EngineVersion> | undefined

  constructor(socketPath: string) {
    this.#socketPath = socketPath
  }

  /** The answer's JSON; `undefined` when it has no body. @throws EngineError, CriError Unavailable */
  async json<T>(path: string, options: EngineRequest = {}): Promise<T> {
    const text = await this.text(path, options)
    return (text === '' ? undefined : JSON.parse(text)) as T
  }

  async text(path: string, options: EngineRequest = {}): Promise<string> {
    return readText(await this.stream(path, options))
  }

  /** The answer as a stream, once its headers are there. The caller reads or destroys it. */
  async stream(path: string, options: EngineRequest = {}): Promise<IncomingMessage> {
    const response = await this.#send(`/v${computeApiVersion(await this.#knownVersion())}${path}`, options)
    const statusCode = response.statusCode ?? 0
    if (statusCode === 301) {
      // The engine tidies paths: a name such as `..` was taken for one. There is nothing of that name.
      response.resume()
      throw new EngineError(404, `${path} is not the path of anything`)
    }
    if (statusCode < 400) return response
    throw new EngineError(statusCode, errorMessage(await readText(response), statusCode))
  }

  /** A connection that is the request's own from now on, in both directions, as for an attached command. */
  async upgrade(path: string, options: EngineRequest = {}): Promise<Duplex> {
    const apiVersion = computeApiVersion(await this.#knownVersion())
    const { promise, resolve, reject } = Promise.withResolvers<Duplex>()
    const outgoing = this.#request(`/v${apiVersion}${path}`, options, { connection: 'Upgrade', upgrade: 'tcp' })
    outgoing.on('upgrade', (_, socket, head) => {
      if (head.length > 0) socket.unshift(head)
      resolve(socket)
    })
    outgoing.on('response', (response) => {
      const statusCode = response.statusCode ?? 0
      readText(response).then(
        (text) => reject(new EngineError(statusCode, errorMessage(text, statusCode))),
        (error: unknown) => reject(error),
      )
    })
    outgoing.on('error', (error) => reject(toUnavailable(error)))
    return promise
  }

  /** What the engine says of itself. @throws EngineError, CriError Unavailable */
  async version(): Promise<EngineVersion> {
    const response = await this.#send('/version', {})
    const text = await readText(response)
    const statusCode = response.statusCode ?? 0
    if (statusCode >= 400) throw new EngineError(statusCode, errorMessage(text, statusCode))
    return JSON.parse(text) as EngineVersion
  }

  /**
   * Refuses an engine that may ignore sub-paths: it would give pods the whole volume of their node.
   * @throws CriError FailedPrecondition
   */
  async requireUsable(): Promise<void> {
    const fault = computeEngineFault(await this.#knownVersion())
    if (fault !== undefined) throw new CriError('FailedPrecondition', engineFaultWords(fault))
  }

  /** To be called when the connection was lost: it may be another engine that answers next. */
  forgetVersion(): void {
    this.#known = undefined
  }

  #knownVersion(): Promise<EngineVersion> {
    if (this.#known !== undefined) return this.#known
    const asked = this.version()
    this.#known = asked
    asked.catch(() => {
      if (this.#known === asked) this.#known = undefined
    })
    return asked
  }

  dispose(): void {
    this.#agent.destroy()
  }

  #send(path: string, options: EngineRequest): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const outgoing = this.#request(path, options, {})
      outgoing.on('response', resolve)
      outgoing.on('error', (error) => reject(toUnavailable(error)))
    })
  }

  #request(path: string, options: EngineRequest, headers: Record<string, string>): ClientRequest {
    const { method = 'GET', query = {}, body, signal } = options
    const pairs = Object.entries(query).flatMap(([key, value]) => (value === undefined ? [] : [[key, String(value)]]))
    const search = pairs.length === 0 ? '' : `?${new URLSearchParams(pairs).toString()}`
    const content = body === undefined ? undefined : JSON.stringify(body)
    const outgoing = request({
      socketPath: this.#socketPath,
      agent: this.#agent,
      method,
      path: `${path}${search}`,
      headers: {
        host: 'docker',
        ...options.headers,
        ...headers,
        ...(content === undefined
          ? {}
          : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(content) }),
      },
      ...(signal === undefined ? {} : { signal }),
    })
    outgoing.end(content)
    return outgoing
  }
}

/** Why the engine cannot be used, and what to do, for the status of the runtime and of pods. */
export function engineFaultWords({ message, remedy }: EngineFault): string {
  return `the container engine cannot be used: ${message}. ${remedy}`
}

function toUnavailable(error: Error): CriError {
  return new CriError('Unavailable', `the container engine cannot be reached: ${error.message}`, { cause: error })
}

async function readText(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  try {
    for await (const chunk of response) chunks.push(chunk as Buffer)
  } catch (error) {
    throw toUnavailable(error as Error)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function errorMessage(text: string, statusCode: number): string {
  try {
    const parsed: unknown = JSON.parse(text)
    if (typeof parsed === 'object' && parsed !== null && 'message' in parsed) return String(parsed.message)
  } catch {
    // Not JSON: some errors of the engine's HTTP layer are plain text, which is then the message.
  }
  return text.trim() === '' ? `status ${statusCode}` : text.trim()
}

/** The engine says Conflict of what is not in the state that was needed, such as a container that has just ended. */
function codeOf(error: unknown): CriErrorCode {
  if (isEngineStatus(error, 404)) return 'NotFound'
  return isEngineStatus(error, 409) ? 'FailedPrecondition' : 'Unknown'
}

/** An error of the engine as callers of CRI expect it; `prefix` says what was tried. */
export function toCriError(error: unknown, prefix = ''): CriError {
  if (error instanceof CriError) return error
  const words = error instanceof Error ? error.message : String(error)
  const message = error instanceof EngineError ? `${prefix}Error response from daemon: ${words}` : `${prefix}${words}`
  return new CriError(codeOf(error), message, { cause: error })
}
