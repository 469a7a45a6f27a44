/**
 * Self-signed serving pairs, made by the node's `openssl`, which ends again: a library for certificates would stay in the
 * memory of every program that serves. An elliptic key: one of RSA would take a second of a busy processor.
 */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const VALID_DAYS = 365

/** Writes both as PEM. `commonName` is `NAME@SECONDS`, as upstream's. @throws Error with the words of `openssl` */
export async function makeSelfSignedPair(
  files: { cert: string; key: string },
  { commonName, names }: { commonName: string; names: readonly string[] },
): Promise<void> {
  await promisify(execFile)('openssl', [
    'req',
    '-x509',
    ...['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'],
    ...['-keyout', files.key, '-out', files.cert],
    ...['-days', String(VALID_DAYS), '-subj', `/CN=${commonName}`],
    ...['-addext', `subjectAltName=${names.map((name) => `DNS:${name}`).join(',')}`],
    ...['-addext', 'extendedKeyUsage=serverAuth'],
  ])
}
