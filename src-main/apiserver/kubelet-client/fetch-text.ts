/** A whole answer of a kubelet as text. */
import type { Endpoint } from './kubelet-client.ts'
import { sendRequest } from './send-request.ts'

/** More than any node has to say of its pods; whoever is root on a node may answer without an end. */
const MAX_BYTES = 8 * 1024 * 1024

/** @throws DialError when nobody answers, Error for every answer but 200 and for one that is too large */
export async function fetchText(endpoint: Endpoint, path: string, signal: AbortSignal): Promise<string> {
  const { response } = await sendRequest({ endpoint, method: 'GET', path, headers: {}, signal })
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of response) {
    const bytes = Buffer.from(chunk as Uint8Array)
    length += bytes.length
    if (length > MAX_BYTES) throw new Error(`the answer of the kubelet is larger than ${MAX_BYTES} bytes`)
    chunks.push(bytes)
  }
  const body = Buffer.concat(chunks).toString()
  if (response.statusCode !== 200) throw new Error(`request failed, status: ${response.statusCode ?? 0} ${body}`)
  return body
}
