import { X509Certificate } from 'node:crypto'
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getCiphers } from 'node:tls'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { silentLogger } from '../../base/logger.ts'
import { loadServingPair } from './serving-certificate.ts'
import { computeCiphers, computeMinVersion } from './tls-options.ts'

let directory = ''
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'serving-'))
})
afterEach(() => rmSync(directory, { recursive: true }))

const load = (files = { certFile: '', keyFile: '' }) =>
  loadServingPair({ ...files, directory, nodeName: 'node01', nowMs: Date.UTC(2026, 0, 1), logger: silentLogger })

describe('given no configured certificate', () => {
  it('when the kubelet starts, then it makes a pair for its name, and keeps it from then on', async () => {
    const { cert, key } = await load()
    const certificate = new X509Certificate(cert)
    expect(certificate.subject).toBe('CN=node01@1767225600')
    expect(certificate.subjectAltName).toBe('DNS:node01')
    expect(key.toString()).toContain('PRIVATE KEY')
    expect(readdirSync(directory).sort()).toEqual(['kubelet.crt', 'kubelet.key'])
    expect(statSync(join(directory, 'kubelet.key')).mode & 0o77).toBe(0)
    expect((await load()).cert.equals(cert)).toBe(true)
  })

  it('when one half is missing, then it does not start', async () => {
    await load()
    rmSync(join(directory, 'kubelet.key'))
    await expect(load()).rejects.toThrow('certificate and key must be supplied as a pair')
  })
})

describe('given a configured certificate', () => {
  it('when it can be read, then it is the one', async () => {
    const { cert } = await load()
    const files = { certFile: join(directory, 'kubelet.crt'), keyFile: join(directory, 'kubelet.key') }
    expect((await load(files)).cert.equals(cert)).toBe(true)
  })

  it('when it is missing, then the kubelet does not start', async () => {
    await expect(load({ certFile: '/no/crt', keyFile: '/no/key' })).rejects.toThrow('unable to load the serving')
  })
})

describe('given settings of TLS', () => {
  const tls = (minVersion: string, cipherSuites: string[] = []) => ({
    certFile: '',
    keyFile: '',
    minVersion,
    cipherSuites,
  })

  it('when versions and suites are named as Go names them, then OpenSSL gets its own names', () => {
    expect(computeMinVersion(tls(''))).toBe('TLSv1.2')
    expect(computeMinVersion(tls('VersionTLS13'))).toBe('TLSv1.3')
    const suites = [
      'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256',
      'TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256',
      'TLS_RSA_WITH_AES_256_CBC_SHA',
    ]
    expect(
      computeCiphers(tls('', suites), getCiphers())
        ?.split(':')
        .filter((name) => !name.startsWith('TLS_')),
    ).toEqual(['ECDHE-RSA-AES128-GCM-SHA256', 'ECDHE-ECDSA-CHACHA20-POLY1305', 'AES256-SHA'])
    expect(computeCiphers(tls(''), getCiphers())).toBeUndefined()
  })

  it('when there is no such version or suite, then the kubelet does not start', () => {
    expect(() => computeMinVersion(tls('VersionTLS9'))).toThrow('unknown tls version "VersionTLS9"')
    expect(() => computeCiphers(tls('', ['TLS_X_WITH_Y']), getCiphers())).toThrow(
      "Cipher suite TLS_X_WITH_Y not supported or doesn't exist",
    )
  })
})
