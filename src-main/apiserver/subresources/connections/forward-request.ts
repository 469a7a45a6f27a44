/** A request passed on to a kubelet or a pod, and its answer back as it comes. */
import type { ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'
import { serviceUnavailable } from '../../../kube/status-error.ts'
import type { SubresourceAnswer, SubresourceRequest } from '../../endpoints/subresource.ts'
import type { Endpoint } from '../../kubelet-client/kubelet-client.ts'
import { DialError, sendRequest, type Answer } from '../../kubelet-client/send-request.ts'
import { requestHeaders, responseHeaders } from './forwarded-headers.ts'

/** @throws StatusError 503 when nobody answers */
export async function forwardRequest(
  endpoint: Endpoint,
  path: string,
  { method, incoming, signal }: SubresourceRequest,
): Promise<SubresourceAnswer> {
  const hasBody =
    incoming.headers['content-length'] !== undefined || incoming.headers['transfer-encoding'] !== undefined
  const { response } = await dial({
    endpoint,
    method,
    path,
    headers: requestHeaders(incoming.headers),
    ...(hasBody ? { body: incoming } : {}),
    signal,
  })
  return {
    type: 'raw',
    async write(answer: ServerResponse): Promise<void> {
      answer.writeHead(response.statusCode ?? 502, responseHeaders(response.headers))
      answer.flushHeaders()
      try {
        await pipeline(response, answer)
      } catch {
        // Whichever side went, the other one sees the connection end.
        answer.destroy()
      }
    },
  }
}

async function dial(outgoing: Parameters<typeof sendRequest>[0]): Promise<Answer> {
  try {
    return await sendRequest(outgoing)
  } catch (error) {
    if (error instanceof DialError) throw serviceUnavailable(`error trying to reach service: ${error.message}`)
    throw error
  }
}
