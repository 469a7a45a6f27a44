/** Whether a client's certificate comes from one of our authorities, is valid now and meant for clients. */
import { X509Certificate } from 'node:crypto'

const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2'
const ANY_USAGE = '2.5.29.37.0'
const CERTIFICATE_BLOCK = /-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----/gs

/** All certificates of a PEM file. @throws Error when one is not readable, or there is none */
export function parseCertificates(pem: string): X509Certificate[] {
  const blocks = pem.match(CERTIFICATE_BLOCK) ?? []
  if (blocks.length === 0) throw new Error('data does not contain any valid RSA or ECDSA certificates')
  return blocks.map((block) => new X509Certificate(block))
}

/**
 * Why the first certificate of the chain is not believed; undefined when it is.
 * @param chain as the client sent it: its own, then those that issued it
 */
export function verifyCertificateChain(
  chain: readonly X509Certificate[],
  authorities: readonly X509Certificate[],
  nowMs: number,
): string | undefined {
  const [leaf] = chain
  if (leaf === undefined) return 'no certificate'
  const usages = leaf.keyUsage as readonly string[] | undefined
  if (usages !== undefined && !usages.includes(CLIENT_AUTH) && !usages.includes(ANY_USAGE))
    return 'x509: certificate specifies an incompatible key usage'
  for (const [index, certificate] of chain.entries()) {
    if (!isValidAt(certificate, nowMs)) return 'x509: certificate has expired or is not yet valid'
    const root = authorities.find((authority) => isIssuedBy(certificate, authority))
    if (root !== undefined)
      return isValidAt(root, nowMs) ? undefined : "x509: the authority's certificate has expired or is not yet valid"
    const issuer = chain[index + 1]
    if (issuer === undefined || !isIssuedBy(certificate, issuer)) break
  }
  return 'x509: certificate signed by unknown authority'
}

/** What certificates say of each other and of themselves does not change; it is asked on every request of a connection. */
const issuers = new WeakMap<X509Certificate, WeakMap<X509Certificate, boolean>>()
const periods = new WeakMap<X509Certificate, { fromMs: number; toMs: number }>()

function isIssuedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  const answers = issuers.get(certificate) ?? new WeakMap<X509Certificate, boolean>()
  issuers.set(certificate, answers)
  const known = answers.get(issuer)
  if (known !== undefined) return known
  const isIssued = issuer.ca && certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey)
  answers.set(issuer, isIssued)
  return isIssued
}

function isValidAt(certificate: X509Certificate, nowMs: number): boolean {
  const period = periods.get(certificate) ?? {
    fromMs: certificate.validFromDate.getTime(),
    toMs: certificate.validToDate.getTime(),
  }
  periods.set(certificate, period)
  return period.fromMs <= nowMs && nowMs <= period.toMs
}
