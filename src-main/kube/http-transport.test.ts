/** TLS of the client: whom it believes, and who it says it is. */
import type { TLSSocket } from 'node:tls'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { newTestApiServer, type TestApiServer } from '../apiserver/testing/new-test-api-server.ts'
import { systemClock } from '../base/clock.ts'
import { newTestAuthority, type TestAuthority } from '../kubelet/server/testing/certificates.ts'
import { RestClient } from './rest-client.ts'
import { PODS } from './resources.ts'

/** A server that believes clients of the authority, and remembers who asked. */
async function serve(authority: TestAuthority, asked: string[]): Promise<TestApiServer> {
  const { cert, key } = authority.issue('/CN=apiserver')
  return newTestApiServer({
    tls: { certificate: cert, key, clientAuthorities: [readFileSync(authority.caFile, 'utf8')] },
    authenticate: (request) => {
      const { subject } = (request.socket as TLSSocket).getPeerCertificate() as {
        subject?: { CN?: string; O?: string }
      }
      asked.push(`${subject?.O ?? ''}/${subject?.CN ?? ''}`)
      return Promise.resolve({ name: subject?.CN ?? '', groups: ['system:masters'] })
    },
  })
}

function connect(server: TestApiServer, believed: TestAuthority, own: TestAuthority): RestClient {
  const { cert, key } = own.issue('/O=system:nodes/CN=system:node:node01')
  const access = {
    server: server.url,
    certificateAuthority: readFileSync(believed.caFile, 'utf8'),
    clientCertificate: cert,
    clientKey: key,
    tlsServerName: 'apiserver',
    insecureSkipTLSVerify: false,
    namespace: 'default',
  }
  return new RestClient({ access, userAgent: 'test/1.0', clock: systemClock({ keepAlive: false }), timeoutMs: 20_000 })
}

describe('a client with certificates', () => {
  it('given a certificate of the cluster, when it asks, the server knows who it is', async () => {
    using authority = newTestAuthority()
    const asked: string[] = []
    const server = await serve(authority, asked)
    const client = connect(server, authority, authority)
    expect((await client.list(PODS)).items).toEqual([])
    expect(asked).toEqual(['system:nodes/system:node:node01'])
    client.dispose()
    await server.dispose()
  })

  it('given a server of another authority, when it asks, nothing is sent, and the words are Go’s', async () => {
    using authority = newTestAuthority()
    using other = newTestAuthority()
    const asked: string[] = []
    const server = await serve(authority, asked)
    const client = connect(server, other, other)
    await expect(client.list(PODS)).rejects.toThrow(
      'tls: failed to verify certificate: x509: certificate signed by unknown authority',
    )
    expect(asked).toEqual([])
    client.dispose()
    await server.dispose()
  })
})
