import { writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { silentLogger } from '../../base/logger.ts'
import { KubeletExit } from '../options/kubelet-options.ts'
import type { Credentials, Reviewers } from './access-control.ts'
import { createAccessControl } from './access-control.ts'
import { computeRequestAttributes } from './request-attributes.ts'
import type { AccessSettings } from './server-settings.ts'
import { newTestAuthority } from './testing/certificates.ts'
import type { TestPair } from './testing/certificates.ts'

const CLOSED: AccessSettings = {
  anonymous: false,
  tokenWebhook: false,
  clientCAFile: '',
  authorizationMode: 'AlwaysAllow',
}
const NOBODY: Credentials = { certificate: 'none', token: undefined }
const ADA: Credentials = { certificate: { commonName: 'ada', organizations: ['team', 'lab'] }, token: undefined }

/** Knows one token, and lets ada read metrics. */
const reviewers: Reviewers = {
  tokens: {
    review: (token) =>
      token === 'broken'
        ? Promise.reject(new Error('no answer'))
        : Promise.resolve(token === 'good' ? { name: 'robot', groups: ['robots'] } : undefined),
  },
  access: {
    isAllowed: (user, { subresource }) =>
      subresource === 'stats'
        ? Promise.reject(new Error('no answer'))
        : Promise.resolve(user.name === 'ada' && subresource === 'metrics'),
  },
}

async function ask(settings: Partial<AccessSettings>, credentials: Credentials, root = 'pods', withServer = true) {
  const access = createAccessControl({ ...CLOSED, ...settings }, withServer ? reviewers : undefined, silentLogger)
  try {
    const { name, groups } = await access.check(credentials, computeRequestAttributes('GET', root, 'node01'))
    return [name, ...groups].join(' ')
  } catch (error) {
    return error instanceof Error ? error.message : error
  }
}

describe('given a caller', () => {
  it('when he shows nothing, then he is anonymous where that is allowed and refused elsewhere', async () => {
    expect(await ask({}, NOBODY)).toBe('Unauthorized')
    expect(await ask({ anonymous: true }, NOBODY)).toBe('system:anonymous system:unauthenticated')
  })

  it('when he has a certificate of the CA, then he is its CN in the groups of its O', async () => {
    expect(await ask({}, ADA)).toBe('ada team lab system:authenticated')
  })

  it('when his certificate is of another CA, then he is refused even where nobody needs one', async () => {
    expect(await ask({ anonymous: true }, { certificate: 'untrusted', token: undefined })).toBe('Unauthorized')
  })

  it('when his certificate has no name, then it counts for nothing', async () => {
    const nameless: Credentials = { certificate: { commonName: '', organizations: ['team'] }, token: undefined }
    expect(await ask({}, nameless)).toBe('Unauthorized')
    expect(await ask({ anonymous: true }, nameless)).toBe('system:anonymous system:unauthenticated')
  })

  it('when he has a token, then the reviewer says who he is, and a wrong one is not an anonymous caller', async () => {
    const settings = { tokenWebhook: true, anonymous: true }
    const withToken = (token: string): Credentials => ({ certificate: 'none', token })
    expect(await ask(settings, withToken('good'))).toBe('robot robots system:authenticated')
    expect(await ask(settings, withToken('bad'))).toBe('Unauthorized')
    expect(await ask(settings, withToken('broken'))).toBe('Unauthorized')
    expect(await ask({ anonymous: true }, withToken('bad'))).toBe('system:anonymous system:unauthenticated')
  })

  it('when the reviewer decides, then one allowed subresource is enough, and the refusal names all', async () => {
    const settings = { authorizationMode: 'Webhook' }
    expect(await ask(settings, ADA, 'metrics')).toContain('ada')
    expect(await ask(settings, ADA, 'pods')).toBe(
      'Forbidden (user=ada, verb=get, resource=nodes, subresource(s)=[pods proxy])\n',
    )
    expect(await ask(settings, ADA, 'stats')).toBe(
      'Authorization error (user=ada, verb=get, resource=nodes, subresource=stats)',
    )
  })
})

describe('given settings that cannot be followed', () => {
  it.each([
    [{ tokenWebhook: true }, 'no client provided, cannot use webhook authentication'],
    [{ authorizationMode: 'Webhook' }, 'no client provided, cannot use webhook authorization'],
    [{ authorizationMode: 'Sometimes' }, 'unknown authorization mode Sometimes'],
    [{ clientCAFile: '/no/ca' }, 'unable to load client CA file /no/ca: open /no/ca: no such file or directory'],
  ])('when they are %j, then the kubelet does not start', (settings, message) => {
    expect(startOf(settings)).toThrow(KubeletExit)
    expect(startOf(settings)).toThrow(`failed to run Kubelet: ${message}`)
  })

  const NONE = 'data does not contain any valid RSA or ECDSA certificates'

  it.each([
    ['is empty', () => '', NONE],
    ['holds a key', ({ key }: TestPair) => key, NONE],
    ['holds a certificate cut short', ({ cert }: TestPair) => cert.slice(0, cert.length / 2), NONE],
    ['holds a good certificate and rubbish', ({ cert }: TestPair) => `${cert}${RUBBISH}`, 'error:'],
  ])('when the client CA file %s, then the kubelet does not start', (_what, content, reason) => {
    using authority = newTestAuthority()
    writeFileSync(authority.caFile, content(authority.issue('/CN=ada')))
    const refused = `unable to load client CA file ${authority.caFile}: error creating pool from ${authority.caFile}: `
    expect(startOf({ clientCAFile: authority.caFile })).toThrow(KubeletExit)
    expect(startOf({ clientCAFile: authority.caFile })).toThrow(`${refused}${reason}`)
  })

  it('when the client CA file holds a key beside its certificate, then only the certificate is read', () => {
    using authority = newTestAuthority()
    const { cert, key } = authority.issue('/CN=ada')
    writeFileSync(authority.caFile, `${key}\n${cert}`)
    expect(startOf({ clientCAFile: authority.caFile })().clientCA).toBe(cert.trimEnd())
  })
})

const RUBBISH = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'

function startOf(settings: Partial<AccessSettings>) {
  return () => createAccessControl({ ...CLOSED, ...settings }, undefined, silentLogger)
}
