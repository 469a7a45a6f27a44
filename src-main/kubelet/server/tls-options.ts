/** `tlsMinVersion` and `tlsCipherSuites` as Node.js wants them. */
import type { SecureVersion } from 'node:tls'
import { KubeletExit } from '../options/kubelet-options.ts'
import type { TlsSettings } from './server-settings.ts'

const VERSIONS: Readonly<Record<string, SecureVersion>> = {
  VersionTLS10: 'TLSv1',
  VersionTLS11: 'TLSv1.1',
  VersionTLS12: 'TLSv1.2',
  VersionTLS13: 'TLSv1.3',
}

/** @throws KubeletExit for a version that there is not */
export function computeMinVersion({ minVersion }: TlsSettings): SecureVersion {
  if (minVersion === '') return 'TLSv1.2'
  const version = Object.hasOwn(VERSIONS, minVersion) ? VERSIONS[minVersion] : undefined
  if (version === undefined)
    throw new KubeletExit(1, `failed to run Kubelet: unknown tls version ${JSON.stringify(minVersion)}`)
  return version
}

/**
 * OpenSSL's list of ciphers; `undefined`: its defaults. Those of TLS 1.3 cannot be chosen, as in Go.
 * @throws KubeletExit for a suite that there is not
 */
export function computeCiphers({ cipherSuites }: TlsSettings, known: readonly string[]): string | undefined {
  if (cipherSuites.length === 0) return undefined
  const always = known.filter((name) => name.startsWith('tls_')).map((name) => name.toUpperCase())
  const chosen = cipherSuites.map((name) => {
    const cipher = toOpenSslName(name)
    if (!known.includes(cipher.toLowerCase()))
      throw new KubeletExit(1, `failed to run Kubelet: Cipher suite ${name} not supported or doesn't exist`)
    return cipher
  })
  return [...new Set([...always, ...chosen])].join(':')
}

/** `TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256` is `ECDHE-RSA-AES128-GCM-SHA256`, and with TLS 1.3 the names are the same. */
function toOpenSslName(name: string): string {
  const match = /^TLS_(.+)_WITH_(.+)$/.exec(name)
  if (match === null) return name
  const [, exchange = '', cipher = ''] = match
  const words = cipher
    .replace(/^AES_(\d+)_CBC/, 'AES$1')
    .replace(/^AES_(\d+)/, 'AES$1')
    .replace(/^CHACHA20_POLY1305_SHA256$/, 'CHACHA20-POLY1305')
    .replace(/^3DES_EDE_CBC/, 'DES-CBC3')
  return [...(exchange === 'RSA' ? [] : [exchange]), words].join('-').replaceAll('_', '-')
}
