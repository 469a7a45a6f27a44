/** Who may speak to the bridge: decided from the request's headers alone, before anything else is done for it. */
import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { BRIDGE_PROTOCOL, BRIDGE_TOKEN_PROTOCOL_PREFIX } from '../../common/ipc/frames.ts'

export interface Refusal {
  statusCode: 400 | 401 | 403 | 421
  message: string
}

/**
 * A request must name this server as its Host: a page elsewhere whose name was made to resolve to 127.0.0.1 (DNS rebinding)
 * names itself. An Origin, where there is one, must be this server's too.
 */
export function checkRequest(headers: IncomingHttpHeaders, port: number): Refusal | undefined {
  const hosts = allowedHosts(port)
  if (headers.host === undefined || !hosts.includes(headers.host.toLowerCase())) {
    return { statusCode: 421, message: `This server answers to ${hosts.join(' and ')} only.` }
  }
  if (headers.origin !== undefined && !hosts.map((host) => `http://${host}`).includes(headers.origin)) {
    return { statusCode: 403, message: 'Requests of other pages are refused.' }
  }
  return undefined
}

/** A WebSocket must also have an Origin (every browser sends one), our subprotocol, and the token as a second one. */
export function checkUpgrade(headers: IncomingHttpHeaders, port: number, token: string): Refusal | undefined {
  const refusal = checkRequest(headers, port)
  if (refusal !== undefined) return refusal
  if (headers.origin === undefined) return { statusCode: 403, message: 'A WebSocket without an Origin is refused.' }
  const offered = (headers['sec-websocket-protocol'] ?? '').split(',').map((protocol) => protocol.trim())
  if (!offered.includes(BRIDGE_PROTOCOL)) {
    return { statusCode: 400, message: `The subprotocol ${BRIDGE_PROTOCOL} must be offered.` }
  }
  const given = offered.find((protocol) => protocol.startsWith(BRIDGE_TOKEN_PROTOCOL_PREFIX))
  if (given === undefined || !isSameSecret(given.slice(BRIDGE_TOKEN_PROTOCOL_PREFIX.length), token)) {
    return { statusCode: 401, message: 'The token is missing or wrong. Open the whole URL that the terminal shows.' }
  }
  return undefined
}

function allowedHosts(port: number): string[] {
  return [`127.0.0.1:${port}`, `localhost:${port}`]
}

/** Compares digests, so that neither content nor length shows in the time it takes. */
function isSameSecret(given: string, expected: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given), digest(expected))
}
