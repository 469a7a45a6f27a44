/** Requests of HTTP/2 with what those of HTTP/1.1 have, so that nobody behind needs to know which it was. */
import type { IncomingMessage } from 'node:http'
import { Http2ServerRequest } from 'node:http2'

/** Its socket is the session's, the same for all requests of a connection; headers are also given apart. */
export function asIncomingMessage(request: IncomingMessage | Http2ServerRequest): IncomingMessage {
  if (!(request instanceof Http2ServerRequest)) return request
  const { headers } = request
  const headersDistinct: NodeJS.Dict<string[]> = {}
  for (const [name, value] of Object.entries(headers))
    if (value !== undefined && !name.startsWith(':')) headersDistinct[name] = [value].flat()
  Object.defineProperties(request, {
    headersDistinct: { value: headersDistinct },
    socket: { value: request.stream.session?.socket },
  })
  // What is missing yet, such as `rawTrailers` of chunks, is of HTTP/1.1 alone.
  return request as unknown as IncomingMessage
}
