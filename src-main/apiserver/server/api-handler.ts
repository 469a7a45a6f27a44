/**
 * What happens to every request, in upstream's order (apiserver/pkg/server/config.go DefaultBuildHandlerChain): an id, who it
 * is, whether there is room, whether he may, and then the handler.
 */
import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Clock } from '../../base/clock.ts'
import type { Logger } from '../../base/logger.ts'
import { badRequest, timeout, unknownResource } from '../../kube/status-error.ts'
import type { UserInfo } from '../authentication/user-info.ts'
import type { ApiServices } from '../endpoints/api-services.ts'
import { beginExchange, requestContext, type Exchange } from '../endpoints/exchange.ts'
import { upgradeSubresource } from '../endpoints/handlers/subresource-handler.ts'
import { parseRequestInfo, type RequestInfo, type ResourceRequest } from '../endpoints/request-info.ts'
import {
  findStorage,
  findSubresource,
  isServedVersion,
  requireMethod,
  serveResource,
} from '../endpoints/resource-handler.ts'
import { sendFailure, sendText } from '../endpoints/respond.ts'
import type { FlowController } from '../flow-control/flow-controller.ts'
import { parseAddress } from './request-address.ts'

export interface ApiHandlerDependencies {
  services: ApiServices
  /** Who asks, and whether he may. Throw `StatusError`. */
  gate: RequestGate
  flowControl: FlowController
  paths: PathHandler
  logger: Logger
  onAnswered(answered: AnsweredRequest): void
  clock: Clock
}

/** As upstream's `--request-timeout`; what is meant to last (watches, logs, connections) has no end here. */
const REQUEST_TIMEOUT_MS = 60_000

export interface RequestGate {
  /** With impersonation. */
  authenticate(request: IncomingMessage): Promise<UserInfo>
  authorize(user: UserInfo, info: RequestInfo): Promise<void>
}

/** What is served beside resources. */
export interface PathHandler {
  /** Whether there is such a path; it has been answered then. */
  serve(exchange: Exchange): Promise<boolean>
}

export interface AnsweredRequest {
  info: RequestInfo
  code: number
  durationMs: number
}

/** Made once: every request ends with it, and a reason that is made anew each time takes its stack along. */
const CLIENT_GONE = new Error('the client is gone, or has its answer')

export class ApiHandler {
  readonly #dependencies: ApiHandlerDependencies

  constructor(dependencies: ApiHandlerDependencies) {
    this.#dependencies = dependencies
  }

  /** Never throws; `signal` is aborted when the server ends. */
  async handle(request: IncomingMessage, response: ServerResponse, signal: AbortSignal): Promise<void> {
    await this.#guard(request, response, signal, async (exchange, info) => {
      const user = await this.#admitUser(exchange, info)
      await this.#serve(exchange, info, user)
    })
  }

  /** A request that wants the connection for itself. Never throws. */
  async upgrade(
    request: IncomingMessage,
    response: ServerResponse,
    socket: Duplex,
    head: Buffer,
    signal: AbortSignal,
  ): Promise<void> {
    await this.#guard(request, response, signal, async (exchange, info) => {
      const { services } = this.#dependencies
      const user = await this.#admitUser(exchange, info)
      const subresource = info.type === 'resource' ? findSubresource(services, info) : undefined
      if (info.type !== 'resource' || subresource?.upgrade === undefined) return await this.#serve(exchange, info, user)
      requireMethod(subresource, exchange.method)
      requirePlainName(info)
      const parent = findStorage(services, info)
      const context = requestContext(exchange, user)
      response.detachSocket(request.socket)
      try {
        await upgradeSubresource(services, { exchange, info, context, subresource, parent }, socket, head)
      } catch (error) {
        // Nothing has been written yet: the failure is answered as any other.
        response.assignSocket(request.socket)
        throw error
      }
    })
  }

  async #guard(
    request: IncomingMessage,
    response: ServerResponse,
    signal: AbortSignal,
    act: (exchange: Exchange, info: RequestInfo) => Promise<void>,
  ): Promise<void> {
    const { logger, onAnswered, clock } = this.#dependencies
    const startedMs = clock.now()
    const auditId = auditIdOf(request)
    response.setHeader('Audit-Id', auditId)
    const client = new AbortController()
    response.once('close', () => client.abort(CLIENT_GONE))
    const combined = AbortSignal.any([signal, client.signal])
    let exchange = beginExchange(request, response, { path: '/', query: new URLSearchParams() }, combined)
    let info: RequestInfo = { type: 'path', path: '/', verb: '' }
    try {
      const address = parseAddress(request.url ?? '/')
      exchange = beginExchange(request, response, address, combined)
      info = parseRequestInfo(exchange.method, address.path, address.query)
      await act(exchange, info)
    } catch (error) {
      const onProblem = (problem: unknown): void => {
        if (client.signal.aborted) return
        logger.error('apiserver received an error that is not an metav1.Status', { err: problem, path: info.path })
      }
      await sendFailure(exchange, error, onProblem)
    }
    onAnswered({ info, code: response.statusCode, durationMs: clock.now() - startedMs })
  }

  async #admitUser({ request }: Exchange, info: RequestInfo): Promise<UserInfo> {
    const { gate } = this.#dependencies
    const user = await gate.authenticate(request)
    await gate.authorize(user, info)
    return user
  }

  async #serve(exchange: Exchange, info: RequestInfo, user: UserInfo): Promise<void> {
    const { flowControl } = this.#dependencies
    if (isLongRunning(info)) return await this.#dispatch(exchange, info, user)
    const work = (): Promise<void> => this.#dispatch(exchange, info, user)
    await this.#withDeadline(() => flowControl.run(user, info, exchange.signal, work))
  }

  /** A body that does not end, or a store that does not answer, holds nobody for ever. Throws `StatusError` 504. */
  async #withDeadline(work: () => Promise<void>): Promise<void> {
    const late = Promise.withResolvers<never>()
    const timer = this.#dependencies.clock.setTimer(REQUEST_TIMEOUT_MS, () =>
      late.reject(timeout('Timeout: request did not complete within the allotted timeout')),
    )
    try {
      await Promise.race([work(), late.promise])
    } finally {
      timer.cancel()
    }
  }

  async #dispatch(exchange: Exchange, info: RequestInfo, user: UserInfo): Promise<void> {
    const { services, paths } = this.#dependencies
    if (info.type === 'resource' && isServedVersion(services, info.group, info.version)) {
      requirePlainName(info)
      return await serveResource(services, exchange, info, requestContext(exchange, user))
    }
    if (await paths.serve(exchange)) return
    if (info.type === 'resource' && info.resource === '') throw unknownResource()
    await sendText(exchange, 404, '404 page not found\n')
  }
}

/** What is no name of an object could mean another place to somebody who reads paths differently. */
function requirePlainName({ name, namespace }: ResourceRequest): void {
  for (const part of [name, namespace])
    if (part === '.' || part === '..' || part.includes('%'))
      throw badRequest(`Invalid value: ${JSON.stringify(part)}: may not be '.', '..' or contain '%'`)
}

function isLongRunning(info: RequestInfo): boolean {
  if (info.type === 'path') return false
  return info.verb === 'watch' || ['proxy', 'log', 'exec', 'attach', 'portforward'].includes(info.subresource)
}

/** A client may bring its own, within limits. */
function auditIdOf({ headers }: IncomingMessage): string {
  const given = headers['audit-id']
  return typeof given === 'string' && given !== '' && given.length <= 64 ? given : randomUUID()
}
