import { X509Certificate, createPrivateKey, createPublicKey, sign, verify } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { issueCertificate, makeAuthority } from './certificate.ts'
import { ensureAuthorities } from './cluster-authorities.ts'

const NOW = Date.UTC(2026, 0, 1)
const YEAR_MS = 365 * 24 * 3_600_000

let parent = ''
beforeEach(() => {
  parent = mkdtempSync(path.join(tmpdir(), 'pki-'))
})
afterEach(() => rmSync(parent, { recursive: true, force: true }))

describe('certificate authorities of a lab', () => {
  it('given no folder, when they are asked for, they are made, for their owner only, and are the same ever after', async () => {
    const folder = path.join(parent, 'pki')
    const made = await ensureAuthorities(folder, NOW)
    expect(readdirSync(parent)).toEqual(['pki'])
    expect(statSync(folder).mode & 0o777).toBe(0o700)
    for (const name of ['ca.key', 'etcd/ca.key', 'front-proxy-ca.key', 'sa.key'])
      expect(statSync(path.join(folder, name)).mode & 0o777, name).toBe(0o600)
    expect(await ensureAuthorities(folder, NOW + YEAR_MS)).toEqual(made)
  })

  it('given a folder that lacks a key, when they are asked for, that is said and nothing is made anew', async () => {
    const folder = path.join(parent, 'pki')
    await ensureAuthorities(folder, NOW)
    const before = readFileSync(path.join(folder, 'ca.crt'), 'utf8')
    rmSync(path.join(folder, 'ca.key'))
    await expect(ensureAuthorities(folder, NOW)).rejects.toMatchObject({ kind: 'Conflict' })
    expect(existsSync(path.join(folder, 'ca.key'))).toBe(false)
    expect(readFileSync(path.join(folder, 'ca.crt'), 'utf8')).toBe(before)
  })

  it('given the pair for service accounts, when one half signs, the other knows it', async () => {
    const { serviceAccount } = await ensureAuthorities(path.join(parent, 'pki'), NOW)
    const text = Buffer.from('token')
    const signature = sign('sha256', text, createPrivateKey(serviceAccount.privateKey))
    expect(verify('sha256', text, createPublicKey(serviceAccount.publicKey), signature)).toBe(true)
  })
})

describe('certificates', () => {
  it('given an authority, when it issues one, that is for its subject, names and uses, and of this authority only', async () => {
    const [authority, other] = await Promise.all([makeAuthority('kubernetes', NOW), makeAuthority('kubernetes', NOW)])
    const subject = { commonName: 'system:node:node01', organizations: ['system:nodes'] }
    const issued = await issueCertificate(authority, {
      subject,
      usages: ['server', 'client'],
      dnsNames: ['node01'],
      addresses: ['172.30.0.11', '::1'],
      now: NOW,
    })
    const leaf = new X509Certificate(issued.certificate)
    expect(leaf.subject.split('\n').toSorted()).toEqual(['CN=system:node:node01', 'O=system:nodes'])
    expect(leaf.subjectAltName).toBe('DNS:node01, IP Address:172.30.0.11, IP Address:0:0:0:0:0:0:0:1')
    expect(leaf.keyUsage?.toSorted()).toEqual(['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2'])
    expect(leaf.ca).toBe(false)
    expect(leaf.checkPrivateKey(createPrivateKey(issued.key))).toBe(true)
    const issuer = new X509Certificate(authority.certificate)
    expect(issuer.ca).toBe(true)
    expect(leaf.checkIssued(issuer) && leaf.verify(issuer.publicKey)).toBe(true)
    expect(leaf.verify(new X509Certificate(other.certificate).publicKey)).toBe(false)
  })

  it('given a clock that is some hours behind, when it looks at one, it is valid, and for ten years', async () => {
    const { validFrom, validTo } = new X509Certificate((await makeAuthority('kubernetes', NOW)).certificate)
    expect(Date.parse(validFrom)).toBeLessThanOrEqual(NOW - 12 * 3_600_000)
    expect(Date.parse(validTo)).toBeGreaterThan(NOW + 9.9 * YEAR_MS)
  })
})
