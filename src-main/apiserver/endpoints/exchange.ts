/** One request on its way through the server, and what has been found out about it. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { UserInfo } from '../authentication/user-info.ts'
import type { RequestContext } from '../registry/resource-storage.ts'
import { decodeProtobufBody, PROTOBUF_MEDIA_TYPE } from '../serialization/protobuf/decode-protobuf-body.ts'
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
  /** The whole body, a protobuf message as JSON; read once, and later the same again. Throws `StatusError` 400, 413. */
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
    body: () => (body ??= readPlainBody(request)),
  }
}

async function readPlainBody(request: IncomingMessage): Promise<Uint8Array> {
  const body = await readBody(request)
  if (body.length === 0 || mediaTypeOf(request) !== PROTOBUF_MEDIA_TYPE) return body
  return Buffer.from(JSON.stringify(decodeProtobufBody(body)))
}

/** Of the body: without parameters, in small letters; empty when the client does not say. */
export function mediaTypeOf(request: IncomingMessage): string {
  return (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? ''
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
