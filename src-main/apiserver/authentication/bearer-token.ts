/** `Authorization: Bearer`, and for WebSocket clients in browsers a subprotocol (authentication/request/{bearertoken,websocket}). */
import type { IncomingMessage } from 'node:http'
import type { Authenticator } from './authenticator.ts'
import type { UserInfo } from './user-info.ts'

/** Resolves with undefined for a token that is nobody's; `reason` of a throw is for the log. */
export interface TokenAuthenticator {
  /** @param audiences for whom the token should be; undefined for the API server itself */
  authenticateToken(token: string, audiences?: readonly string[]): Promise<AuthenticatedToken | undefined>
}

export interface AuthenticatedToken {
  user: UserInfo
  /** Those of the asked audiences that the token is for. */
  audiences: readonly string[]
}

const PROTOCOL_PREFIX = 'base64url.bearer.authorization.k8s.io.'

/** @param tokens undefined: every token is wrong */
export function bearerTokenAuthenticator(tokens: TokenAuthenticator | undefined): Authenticator {
  return {
    async authenticate(request) {
      const token = readBearerToken(request) ?? readProtocolToken(request)
      if (token === undefined) return { type: 'unknown' }
      const authenticated = await tokens?.authenticateToken(token)
      if (authenticated === undefined) return { type: 'rejected', reason: 'invalid bearer token' }
      return { type: 'authenticated', user: authenticated.user }
    },
  }
}

function readBearerToken({ headers }: IncomingMessage): string | undefined {
  return /^bearer +(\S+)/i.exec(headers.authorization?.trim() ?? '')?.[1]
}

/** A browser cannot set headers of a WebSocket; the token's protocol is not one to choose, so it is taken out. */
function readProtocolToken(request: IncomingMessage): string | undefined {
  const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((protocol) => protocol.trim())
  const encoded = offered.find((protocol) => protocol.startsWith(PROTOCOL_PREFIX))
  if (encoded === undefined || request.headers.upgrade?.toLowerCase() !== 'websocket') return undefined
  request.headers['sec-websocket-protocol'] = offered.filter((protocol) => protocol !== encoded).join(', ')
  return Buffer.from(encoded.slice(PROTOCOL_PREFIX.length), 'base64url').toString()
}
