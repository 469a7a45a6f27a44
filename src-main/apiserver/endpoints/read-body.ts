/** Request bodies, up to upstream's limit. */
import type { IncomingMessage } from 'node:http'
import { badRequest, requestEntityTooLarge } from '../../kube/status-error.ts'

/** As `MaxRequestBodyBytes` of upstream's generic server. */
export const MAX_BODY_BYTES = 3 * 1024 * 1024

/** What announces itself as too large is refused before a byte of it is read. Throws `StatusError`. */
export async function readBody(request: IncomingMessage): Promise<Uint8Array> {
  if (Number(request.headers['content-length'] ?? 0) > MAX_BODY_BYTES) throw tooLarge()
  const chunks: Buffer[] = []
  let length = 0
  try {
    for await (const chunk of request) {
      const bytes = Buffer.from(chunk as Uint8Array)
      length += bytes.length
      if (length > MAX_BODY_BYTES) throw tooLarge()
      chunks.push(bytes)
    }
  } catch (error) {
    // Whatever breaks a body off is the client's doing; the answer will hardly reach it.
    throw error instanceof Error && error.name === 'StatusError' ? error : badRequest('unexpected EOF')
  }
  return Buffer.concat(chunks)
}

function tooLarge(): Error {
  return requestEntityTooLarge(`Request entity too large: limit is ${MAX_BODY_BYTES}`)
}
