/** Who gets in, against a real server over TLS. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newSecureApiServer, type SecureApiServer } from '../../../tests/support/secure-api-server.ts'
import { issueCertificate, makeAuthority, type KeyPair } from '../../lab/pki/certificate.ts'

const ELEVEN_YEARS_MS = 11 * 365 * 86_400_000
const WHO_AM_I = '/apis/authentication.k8s.io/v1/selfsubjectreviews'

describe('authentication', () => {
  let server: SecureApiServer
  let proxyAuthority: KeyPair
  let admin: KeyPair
  let ada: KeyPair

  beforeAll(async () => {
    proxyAuthority = await makeAuthority('front-proxy-ca', Date.now())
    server = await newSecureApiServer((options) => ({
      ...options,
      authentication: {
        ...options.authentication,
        requestHeader: {
          authorities: proxyAuthority.certificate,
          allowedNames: ['front-proxy-client'],
          usernameHeaders: ['X-Remote-User'],
          groupHeaders: ['X-Remote-Group'],
          extraHeaderPrefixes: ['X-Remote-Extra-'],
        },
      },
    }))
    admin = await server.issueClient('kubernetes-admin', 'system:masters')
    ada = await server.issueClient('ada', 'team', 'ops')
  })
  afterAll(() => server[Symbol.asyncDispose]())

  async function whoIs(identity: KeyPair | undefined, headers: Record<string, string> = {}): Promise<unknown> {
    const { status, json } = await server.ask(identity, WHO_AM_I, {
      method: 'POST',
      body: { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' },
      headers,
    })
    expect(status).toBe(201)
    return (json?.['status'] as { userInfo: unknown }).userInfo
  }

  test('given no certificate, when health and version are asked, then they are told, and nothing else', async () => {
    expect((await server.ask(undefined, '/healthz')).status).toBe(200)
    expect((await server.ask(undefined, '/version')).status).toBe(200)
    const pods = await server.ask(undefined, '/api/v1/pods')
    expect(pods.status).toBe(403)
    expect(pods.json?.message).toBe(
      'pods is forbidden: User "system:anonymous" cannot list resource "pods" in API group "" at the cluster scope',
    )
    const root = await server.ask(undefined, '/apis')
    expect(root.json?.message).toBe('forbidden: User "system:anonymous" cannot get path "/apis"')
    expect(root.json?.['details']).toEqual({})
  })

  test('given a certificate of the cluster, when it asks who it is, then CN is the user and O are the groups', async () => {
    expect(await whoIs(ada)).toMatchObject({
      username: 'ada',
      groups: ['team', 'ops', 'system:authenticated'],
      extra: { 'authentication.kubernetes.io/credential-id': [expect.stringMatching(/^X509SHA256=[0-9a-f]{64}$/)] },
    })
  })

  test('given a certificate of another authority, an expired one or one for servers, when it is shown, then 401 and nothing is served, not even health', async () => {
    const now = Date.now()
    const subject = { commonName: 'kubernetes-admin', organizations: ['system:masters'] }
    const other = await makeAuthority('kubernetes', now)
    const strangers = [
      await issueCertificate(other, { subject, usages: ['client'], now }),
      await issueCertificate(server.authority, { subject, usages: ['client'], now: now - ELEVEN_YEARS_MS }),
      await issueCertificate(server.authority, { subject, usages: ['server'], now }),
    ]
    for (const stranger of strangers) {
      const { status, json } = await server.ask(stranger, '/healthz')
      expect(status).toBe(401)
      expect(json).toMatchObject({ kind: 'Status', message: 'Unauthorized', reason: 'Unauthorized', code: 401 })
    }
  })

  test('given headers of a proxy, when they come without its certificate, then they mean nothing', async () => {
    const headers = { 'X-Remote-User': 'root', 'X-Remote-Group': 'system:masters' }
    expect(await whoIs(ada, headers)).toMatchObject({ username: 'ada' })
    expect((await server.ask(undefined, '/api/v1/pods', { headers })).status).toBe(403)
  })

  test('given the certificate of the proxy, when it names a user, then it is that user', async () => {
    const now = Date.now()
    const issue = (commonName: string): Promise<KeyPair> =>
      issueCertificate(proxyAuthority, { subject: { commonName }, usages: ['client'], now })
    const headers = { 'X-Remote-User': 'bob', 'X-Remote-Group': 'team', 'X-Remote-Extra-Scopes%2fx': 'a' }
    expect(await whoIs(await issue('front-proxy-client'), headers)).toEqual({
      username: 'bob',
      groups: ['team', 'system:authenticated'],
      extra: { 'scopes/x': ['a'] },
    })
    expect((await server.ask(await issue('somebody'), '/healthz', { headers })).status).toBe(401)
  })

  test('given an administrator, when he acts as somebody else, then he is that one with those rights', async () => {
    const headers = { 'Impersonate-User': 'bob', 'Impersonate-Group': 'team' }
    expect(await whoIs(admin, headers)).toEqual({ username: 'bob', groups: ['team', 'system:authenticated'] })
    const { json } = await server.ask(admin, '/api/v1/pods', { headers })
    expect(json?.message).toContain('User "bob" cannot list resource "pods"')
    expect(await whoIs(admin, { 'Impersonate-User': 'system:serviceaccount:default:x' })).toMatchObject({
      groups: ['system:serviceaccounts', 'system:serviceaccounts:default', 'system:authenticated'],
    })
  })

  test('given somebody without the right, when he names another user or only a group, then he is refused', async () => {
    const asRoot = await server.ask(ada, '/version', { headers: { 'Impersonate-User': 'root' } })
    expect(asRoot.status).toBe(403)
    expect(asRoot.json?.message).toBe(
      'users "root" is forbidden: User "ada" cannot impersonate resource "users" in API group "" at the cluster scope',
    )
    const onlyGroup = await server.ask(admin, '/version', { headers: { 'Impersonate-Group': 'system:masters' } })
    expect(onlyGroup.status).toBe(500)
  })

  test('given a token for a pod, when it is used, then it is the service account, until the pod is gone', async () => {
    const pod = await server.put({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'web', namespace: 'default' },
      spec: { containers: [{ name: 'c', image: 'bb' }] },
    })
    const { json } = await server.ask(admin, '/api/v1/namespaces/default/serviceaccounts/default/token', {
      method: 'POST',
      body: {
        apiVersion: 'authentication.k8s.io/v1',
        kind: 'TokenRequest',
        spec: { boundObjectRef: { apiVersion: 'v1', kind: 'Pod', name: 'web', uid: pod.metadata.uid } },
      },
    })
    const { token } = json?.['status'] as { token: string }
    const headers = { Authorization: `Bearer ${token}` }
    expect(await whoIs(undefined, headers)).toMatchObject({
      username: 'system:serviceaccount:default:default',
      groups: ['system:serviceaccounts', 'system:serviceaccounts:default', 'system:authenticated'],
      extra: { 'authentication.kubernetes.io/pod-name': ['web'] },
    })
    const changed = { Authorization: `Bearer ${token.slice(0, -4)}AAAA` }
    expect((await server.ask(undefined, '/version', { headers: changed })).status).toBe(401)
    const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${token.split('.')[1]}.`
    const forged = { Authorization: `Bearer ${unsigned}` }
    expect((await server.ask(undefined, '/version', { headers: forged })).status).toBe(401)
    await server.ask(admin, '/api/v1/namespaces/default/pods/web?gracePeriodSeconds=0', { method: 'DELETE' })
    expect((await server.ask(undefined, '/version', { headers })).status).toBe(401)
  })

  test('given a token, when a component asks whose it is, then only the right audience gets an answer', async () => {
    const request = await server.ask(admin, '/api/v1/namespaces/default/serviceaccounts/default/token', {
      method: 'POST',
      body: { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: { audiences: ['vault'] } },
    })
    const { token } = request.json?.['status'] as { token: string }
    const review = async (audiences: string[]): Promise<unknown> => {
      const { json } = await server.ask(admin, '/apis/authentication.k8s.io/v1/tokenreviews', {
        method: 'POST',
        body: { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview', spec: { token, audiences } },
      })
      return json?.['status']
    }
    expect(await review(['vault'])).toMatchObject({
      authenticated: true,
      audiences: ['vault'],
      user: { username: 'system:serviceaccount:default:default' },
    })
    expect(await review([])).not.toHaveProperty('authenticated')
  })
})
