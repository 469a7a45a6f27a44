/** Clients that begin a body over HTTP/2 and never end it. */
import { connect, type ClientHttp2Session, type ClientHttp2Stream } from 'node:http2'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { FakeClock } from '../../base/testing/fake-clock.ts'
import { issueCertificate, makeAuthority } from '../../lab/pki/certificate.ts'
import { newTestApiServer, type TestApiServer } from '../testing/new-test-api-server.ts'
import { waitUntil } from '../../../tests/support/wait-until.ts'

const MAPS = '/api/v1/namespaces/default/configmaps'

describe('given a server with room for one write, and a client whose body does not end', () => {
  const clock = new FakeClock()
  const begun = Promise.withResolvers<void>()
  let server: TestApiServer
  let session: ClientHttp2Session

  beforeAll(async () => {
    const now = Date.now()
    const authority = await makeAuthority('kubernetes', now)
    const serving = await issueCertificate(authority, {
      subject: { commonName: 'kube-apiserver' },
      usages: ['server'],
      addresses: ['127.0.0.1'],
      now,
    })
    server = await newTestApiServer({
      clock,
      maxRequestsInflight: 1,
      authenticate() {
        begun.resolve()
        return Promise.resolve({ name: 'kubernetes-admin', groups: [] })
      },
      tls: { certificate: serving.certificate, key: serving.key, clientAuthorities: [] },
    })
    session = connect(server.url, { ca: authority.certificate })
  })
  afterAll(async () => {
    session.destroy()
    await server.dispose()
  })

  function post(body: string): ClientHttp2Stream {
    const stream = session.request({ ':method': 'POST', ':path': MAPS, 'content-type': 'application/json' })
    stream.write(body)
    return stream
  }

  const statusOf = (stream: ClientHttp2Stream): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      stream.once('response', (headers) => resolve(headers[':status']))
      stream.once('error', reject)
      stream.resume()
    })

  test('when its time is over, then it is answered and the next one has its place', async () => {
    const endless = post('{')
    const late = statusOf(endless)
    await begun.promise
    const status = await waitUntil({ what: 'the endless body is answered' }, async () => {
      await clock.advance(60_000)
      return await Promise.race([late, undefined])
    })
    expect(status).toBe(504)
    const body = JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'm' } })
    await waitUntil({ what: 'the place is free' }, async () => {
      const next = post(body)
      next.end()
      return (await statusOf(next)) === 201 || undefined
    })
  })
})
