/** Which headers go on through a proxy, and which are about this connection or about who asks. */
import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http'

/** About one connection only (RFC 9110, 7.6.1). */
const HOP_BY_HOP: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

/** A kubelet or a pod must not get to see, or believe, any of these. */
const IDENTITY_PREFIXES = ['impersonate-', 'x-remote-']
const IDENTITY: ReadonlySet<string> = new Set(['authorization', 'host'])

/** Of the caller's request. Pseudo-headers of HTTP/2 are none. */
export function requestHeaders(headers: IncomingHttpHeaders): OutgoingHttpHeaders {
  const dropped = connectionHeaders(headers)
  return pick(
    headers,
    (name) =>
      !name.startsWith(':') &&
      !dropped.has(name) &&
      !IDENTITY.has(name) &&
      !IDENTITY_PREFIXES.some((prefix) => name.startsWith(prefix)),
  )
}

/** Of a request for another protocol: its `Upgrade` goes on, too. */
export function upgradeHeaders(headers: IncomingHttpHeaders): OutgoingHttpHeaders {
  return { ...requestHeaders(headers), connection: 'Upgrade', upgrade: headers.upgrade ?? '' }
}

/** Of an answer. */
export function responseHeaders(headers: IncomingHttpHeaders): OutgoingHttpHeaders {
  const dropped = connectionHeaders(headers)
  return pick(headers, (name) => !dropped.has(name))
}

/** Those that are about one connection, and those that `Connection` names. */
function connectionHeaders({ connection = '' }: IncomingHttpHeaders): ReadonlySet<string> {
  const named = connection.split(',').map((name) => name.trim().toLowerCase())
  return new Set([...HOP_BY_HOP, ...named])
}

function pick(headers: IncomingHttpHeaders, goesOn: (name: string) => boolean): OutgoingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => goesOn(name)))
}
