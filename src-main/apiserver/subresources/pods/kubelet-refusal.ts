/** What a kubelet's refusal is to the API's client (registry/generic/rest/response_checker.go). */
import type { IncomingMessage } from 'node:http'
import { groupResource } from '../../../common/api/api-object.ts'
import type { StatusReason } from '../../../common/api/status.ts'
import { badRequest, internalError, StatusError, type ResourceName } from '../../../kube/status-error.ts'

const MAX_MESSAGE_BYTES = 2048

/** Those codes whose text is not the kubelet's. */
const OTHERS: Readonly<Record<number, { reason: StatusReason; message: string }>> = {
  401: { reason: 'Unauthorized', message: 'the server has asked for the client to provide credentials' },
  404: { reason: 'NotFound', message: 'the server could not find the requested resource' },
  405: { reason: 'MethodNotAllowed', message: 'the server does not allow this method on the requested resource' },
  429: {
    reason: 'TooManyRequests',
    message: 'the server has received too many requests and has asked us to try again later',
  },
  503: { reason: 'ServiceUnavailable', message: 'the server is currently unable to handle the request' },
}

export async function interpretRefusal(
  response: IncomingMessage,
  of: ResourceName,
  name: string,
): Promise<StatusError> {
  const text = await readText(response)
  const { statusCode: code = 500 } = response
  if (code === 400) return badRequest(text)
  if (code === 500) return internalError(text)
  const { reason, message }: { reason: StatusReason; message: string } =
    code === 403
      ? { reason: 'Forbidden', message: text }
      : (OTHERS[code] ?? {
          reason: code > 500 ? 'InternalError' : '',
          message:
            code > 500
              ? `an error on the server (${JSON.stringify(text)}) has prevented the request from succeeding`
              : `the server responded with the status code ${code} but did not return more information`,
        })
  return new StatusError({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    // The verb in front is missing upstream, too.
    message: `${message} ( ${groupResource(of)} ${name})`,
    reason,
    details: { name, kind: of.resource },
    code,
  })
}

async function readText(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of response) {
    const bytes = Buffer.from(chunk as Uint8Array)
    chunks.push(bytes)
    length += bytes.length
    if (length >= MAX_MESSAGE_BYTES) break
  }
  response.destroy()
  return Buffer.concat(chunks).subarray(0, MAX_MESSAGE_BYTES).toString()
}
