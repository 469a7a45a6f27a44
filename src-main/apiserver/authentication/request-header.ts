/**
 * An authenticating proxy in front names the user in headers, which are believed only beside its own client certificate
 * (apiserver/pkg/authentication/request/headerrequest).
 */
import type { X509Certificate } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Clock } from '../../base/clock.ts'
import type { Authenticator } from './authenticator.ts'
import { readVerifiedPeer, valuesOf } from './client-certificate.ts'

export interface RequestHeaderOptions {
  /** Of `--requestheader-client-ca-file`. */
  authorities: readonly X509Certificate[]
  /** `--requestheader-allowed-names`; none means every certificate of the authorities. */
  allowedNames: readonly string[]
  usernameHeaders: readonly string[]
  groupHeaders: readonly string[]
  extraHeaderPrefixes: readonly string[]
}

export function requestHeaderAuthenticator(options: RequestHeaderOptions, clock: Clock): Authenticator {
  return {
    authenticate(request) {
      const peer = readVerifiedPeer(request, options.authorities, clock.now())
      if (peer.type !== 'verified') return Promise.resolve(peer)
      const names = valuesOf(peer.certificate.toLegacyObject().subject.CN)
      if (options.allowedNames.length > 0 && !names.some((name) => options.allowedNames.includes(name)))
        return Promise.resolve({ type: 'rejected', reason: `x509: subject with cn=${names.join(',')} is not allowed` })
      const name = options.usernameHeaders.flatMap((header) => readHeader(request, header))[0] ?? ''
      if (name === '') return Promise.resolve({ type: 'unknown' })
      const groups = options.groupHeaders.flatMap((header) => readHeader(request, header))
      const extra = readExtra(request, options.extraHeaderPrefixes)
      return Promise.resolve({ type: 'authenticated', user: { name, groups, extra } })
    },
  }
}

function readHeader({ headersDistinct }: IncomingMessage, name: string): string[] {
  return headersDistinct[name.toLowerCase()] ?? []
}

/** Headers whose names begin with a prefix: the rest of the name, unescaped, is the key. */
export function readExtra(
  { headersDistinct }: IncomingMessage,
  prefixes: readonly string[],
): Record<string, readonly string[]> {
  const extra: Record<string, readonly string[]> = {}
  for (const [name, values = []] of Object.entries(headersDistinct)) {
    const prefix = prefixes.find((one) => name.startsWith(one.toLowerCase()))
    if (prefix !== undefined) extra[unescapeKey(name.slice(prefix.length))] = values
  }
  return extra
}

function unescapeKey(key: string): string {
  try {
    return decodeURIComponent(key)
  } catch {
    // Upstream keeps a key that is not escaped rightly as it stands.
    return key
  }
}
