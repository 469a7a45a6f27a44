/** One request on its way through the server, and what has been found out about it. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { UserInfo } from '../authentication/user-info.ts'
import type { RequestContext } from '../registry/resource-storage.ts'
import { readBody } from './read-body.ts'

export interface Exchange {
  request: IncomingMessage
  response: ServerResponse
  method: string
  /** Decoded, without the query. */
  path: string
  query: URLSearchParams
  /** For `Warning` headers, in order. */
  warnings: string[]
  /** Aborted when the client goes or the server ends. */
  signal: AbortSignal
  /** The whole body; read once, and later the same again. Throws `StatusError` 413. */
  body(): Promise<Uint8Array>
}

/** Makes an exchange of what the HTTP server got. `StatusError` when its address cannot be read. */
export function beginExchange(
  request: IncomingMessage,
  response: ServerResponse,
  address: { path: string; query: URLSearchParams },
  signal: AbortSignal,
): Exchange {
  let body: Promise<Uint8Array> | undefined
  return {
    request,
    response,
    method: request.method ?? 'GET',
    ...address,
    warnings: [],
    signal,
    body: () => (body ??= readBody(request)),
  }
}

/** What storages are told of who asks. */
export function requestContext({ warnings }: Exchange, user: UserInfo): RequestContext {
  return {
    user,
    warn(message) {
      if (!warnings.includes(message)) warnings.push(message)
    },
  }
}
