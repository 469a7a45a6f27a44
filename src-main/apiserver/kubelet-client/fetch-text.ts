/** A whole answer of a kubelet as text. */
import { text } from 'node:stream/consumers'
import type { Endpoint } from './kubelet-client.ts'
import { sendRequest } from './send-request.ts'

/** @throws DialError when nobody answers, Error for every answer but 200 */
export async function fetchText(endpoint: Endpoint, path: string, signal: AbortSignal): Promise<string> {
  const { response } = await sendRequest({ endpoint, method: 'GET', path, headers: {}, signal })
  const body = await text(response)
  if (response.statusCode !== 200) throw new Error(`request failed, status: ${response.statusCode ?? 0} ${body}`)
  return body
}
