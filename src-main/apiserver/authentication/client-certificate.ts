/** Client certificates: the subject's CN is the user, its O are the groups (apiserver/pkg/authentication/request/x509). */
import { createHash, X509Certificate } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { TLSSocket } from 'node:tls'
import type { Clock } from '../../base/clock.ts'
import type { Authentication, Authenticator } from './authenticator.ts'
import type { UserInfo } from './user-info.ts'
import { verifyCertificateChain } from './certificate-chain.ts'

const CREDENTIAL_ID = 'authentication.kubernetes.io/credential-id'

/**
 * The server has to ask for certificates with `authorities` among its `ca`, without refusing those that lack one.
 * @param authorities of `--client-ca-file`
 */
export function clientCertificateAuthenticator(authorities: readonly X509Certificate[], clock: Clock): Authenticator {
  return {
    authenticate(request) {
      return Promise.resolve(authenticateCertificate(request, authorities, clock.now()))
    },
  }
}

function authenticateCertificate(
  request: IncomingMessage,
  authorities: readonly X509Certificate[],
  nowMs: number,
): Authentication {
  const peer = readVerifiedPeer(request, authorities, nowMs)
  if (peer.type !== 'verified') return peer
  const user = users.get(peer.certificate) ?? readUser(peer.certificate)
  users.set(peer.certificate, user)
  // A certificate without a name says nothing about who has it.
  return user.name === '' ? { type: 'unknown' } : { type: 'authenticated', user }
}

/** Read once for each connection. */
const users = new WeakMap<X509Certificate, UserInfo>()

function readUser(certificate: X509Certificate): UserInfo {
  const { CN, O } = certificate.toLegacyObject().subject
  const fingerprint = createHash('sha256').update(certificate.raw).digest('hex')
  const extra = { [CREDENTIAL_ID]: [`X509SHA256=${fingerprint}`] }
  return { name: valuesOf(CN).at(-1) ?? '', groups: valuesOf(O), extra }
}

export type VerifiedPeer =
  | { type: 'verified'; certificate: X509Certificate }
  | { type: 'unknown' }
  | { type: 'rejected'; reason: string }

/**
 * The certificate of the connection, if one of the authorities stands for it. TLS has checked the chain when the
 * connection was made; which authority it was, and whether it still holds, is asked again for each request.
 */
export function readVerifiedPeer(
  { socket }: IncomingMessage,
  authorities: readonly X509Certificate[],
  nowMs: number,
): VerifiedPeer {
  if (!(socket instanceof TLSSocket)) return { type: 'unknown' }
  const chain = peerChain(socket)
  const [certificate] = chain
  if (certificate === undefined) return { type: 'unknown' }
  if (!socket.authorized) return { type: 'rejected', reason: String(socket.authorizationError) }
  const reason = verifyCertificateChain(chain, authorities, nowMs)
  return reason === undefined ? { type: 'verified', certificate } : { type: 'rejected', reason }
}

const chains = new WeakMap<TLSSocket, readonly X509Certificate[]>()

function peerChain(socket: TLSSocket): readonly X509Certificate[] {
  const known = chains.get(socket)
  if (known !== undefined) return known
  const chain: X509Certificate[] = []
  let peer = socket.getPeerCertificate(true)
  // The last one of a chain is its own issuer.
  while (peer?.raw !== undefined && !chain.some(({ raw }) => raw.equals(peer.raw))) {
    chain.push(new X509Certificate(peer.raw))
    peer = peer.issuerCertificate
  }
  chains.set(socket, chain)
  return chain
}

export function valuesOf(attribute: string | readonly string[] | undefined): string[] {
  if (attribute === undefined) return []
  return typeof attribute === 'string' ? [attribute] : [...attribute]
}
