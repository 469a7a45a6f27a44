/** The API server's published port as strangers and too curious nodes find it: every one is refused, and it goes on. */
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { request, type RequestOptions } from 'node:https'
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readKubeconfig, type ClusterAccess } from '../../../src-main/kube/kubeconfig.ts'
import { issueCertificate, makeAuthority } from '../../../src-main/lab/pki/certificate.ts'
import { ControlPlaneLab } from '../../support/control-plane-lab.ts'
import { RUN_FOREVER, shellManifest } from '../../support/manifests.ts'

const LARGE_BODY_BYTES = 100 * 1024 * 1024
/** Upstream's and ours give up after 32 s. */
const SLOW_HEADERS_SECONDS = 60

const lab = new ControlPlaneLab('strangers')
let admin: ClusterAccess
let node01: string

beforeAll(async () => {
  await lab.up('--nodes', '2')
  await lab.drop('web.json', shellManifest('web', RUN_FOREVER), 'node02')
  await lab.waitForApiRunning('web-node02')
  admin = readKubeconfig(lab.kubeconfig, (path) => readFileSync(path, 'utf8'))
  node01 = await lab.nodeKubeconfig('node01')
})

afterAll(async () => {
  try {
    // Whatever was tried: the lab's own clients are served, by the same API server.
    const { status } = await lab.apiPod('kube-apiserver-controlplane', 'kube-system')
    expect(status?.containerStatuses?.[0]?.restartCount).toBe(0)
  } finally {
    await lab.dispose()
  }
})

describe('somebody without a certificate', () => {
  it.each(['/version', '/healthz', '/livez', '/readyz'])(
    'given nothing, when %s is asked for, then it is told',
    async (path) => {
      expect(await ask({ path })).toMatchObject({ status: 200 })
    },
  )

  it.each([
    '/',
    '/api/v1/pods',
    '/api/v1/namespaces/default/secrets',
    '/api/v1/nodes/node01/proxy/pods',
    '/apis/apps/v1/deployments',
    '/metrics',
    '/openapi/v2',
    '/healthz/../api/v1/pods',
    '/healthz/%2e%2e/api/v1/pods',
    '//api/v1/pods',
    '/api/v1/namespaces/default/pods/..%2f..%2fsecrets',
    '/version/../api/v1/secrets?watch=true',
  ])('given nothing, when %s is asked for, then it is forbidden to the anonymous', async (path) => {
    const { status, text } = await ask({ path })
    expect(status).toBe(403)
    expect(JSON.parse(text)).toMatchObject({ kind: 'Status', reason: 'Forbidden', code: 403 })
    expect(text).toContain('User \\"system:anonymous\\"')
  })
})

describe('somebody with what was not given by this cluster', () => {
  it("given another authority's certificate for an administrator, when it is shown, then it is worth nothing", async () => {
    const authority = await makeAuthority('kubernetes', Date.now())
    const { certificate, key } = await issueCertificate(authority, {
      subject: { commonName: 'kubernetes-admin', organizations: ['system:masters'] },
      usages: ['client'],
      now: Date.now(),
    })
    const answer = await ask({ path: '/api/v1/pods', cert: certificate, key }).catch((error: unknown) => String(error))
    if (typeof answer === 'string') expect(answer).toMatch(/alert|ECONNRESET|EPIPE|socket hang up/)
    else expect(answer.status).toBe(401)
  })

  it('given a made-up token, when it is shown, then that is unauthorized, not anonymous', async () => {
    const answer = await ask({
      path: '/version',
      headers: { authorization: `Bearer ${randomBytes(32).toString('hex')}` },
    })
    expect(answer.status).toBe(401)
    expect(JSON.parse(answer.text)).toMatchObject({ kind: 'Status', message: 'Unauthorized', reason: 'Unauthorized' })
  })

  it('given headers of a front proxy without its certificate, when they name an administrator, then nobody believes them', async () => {
    const headers = { 'x-remote-user': 'kubernetes-admin', 'x-remote-group': 'system:masters' }
    expect((await ask({ path: '/api/v1/pods', headers })).status).toBe(403)
  })
})

describe('the certificate of node01', () => {
  it.each([
    { what: 'another Node', words: ['label', 'node', 'node02', 'a=b'], says: 'nodes "node02" is forbidden' },
    {
      what: 'its own taints',
      words: ['taint', 'node', 'node01', 'a=b:NoSchedule'],
      says: 'node "node01" is not allowed to modify taints',
    },
    {
      what: 'its own role',
      words: ['label', 'node', 'node01', 'node-role.kubernetes.io/x=y'],
      says: 'is not allowed to modify labels: node-role.kubernetes.io/x',
    },
    { what: 'the pod of another node', words: ['delete', 'pod', 'web-node02', '--wait=false'], says: 'forbidden' },
    {
      what: 'the lease of another node',
      words: ['patch', 'lease', 'node02', '-n', 'kube-node-lease', '-p', '{"spec":{"holderIdentity":"node01"}}'],
      says: 'can only access node lease with the same name as the requesting node',
    },
    { what: 'the secrets of all', words: ['get', 'secrets', '-A'], says: 'forbidden' },
    { what: 'the roles of all', words: ['get', 'clusterroles'], says: 'forbidden' },
  ])('given it, when it touches $what, then that is refused', async ({ words, says }) => {
    const { exitCode, stderr } = await lab.kubectl(words, { kubeconfig: node01 })
    expect({ exitCode, isForbidden: /forbidden/i.test(stderr) }).toEqual({ exitCode: 1, isForbidden: true })
    expect(stderr).toContain(says)
  })

  it('given it, when it changes another Node without having read it, then that is refused as recorded', async () => {
    const answer = await ask({
      path: '/api/v1/nodes/node02',
      method: 'PATCH',
      headers: { 'content-type': 'application/merge-patch+json' },
      body: Buffer.from('{"metadata":{"labels":{"a":"b"}}}'),
      ...credentials(readKubeconfig(node01, (path) => readFileSync(path, 'utf8'))),
    })
    expect(answer.status).toBe(403)
    expect(JSON.parse(answer.text)).toMatchObject({
      message: 'nodes "node02" is forbidden: node "node01" is not allowed to modify node "node02"',
    })
  })

  it("given it, when it reads its own Node, then that is there, and another's pods are untouched", async () => {
    expect(await lab.kubectlOk(['get', 'node', 'node01', '-o', 'name'], { kubeconfig: node01 })).toBe('node/node01\n')
    expect((await lab.apiPod('web-node02')).metadata.deletionTimestamp).toBeUndefined()
  })
})

describe('somebody who sends too much, or too slowly', () => {
  it('given an administrator, when 100 MB come as an object, then that is too large, and others are served meanwhile', async () => {
    const sent = ask({
      path: '/api/v1/namespaces/default/configmaps',
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-length': LARGE_BODY_BYTES },
      body: Buffer.alloc(LARGE_BODY_BYTES, 'a'),
      ...credentials(admin),
    }).catch((error: unknown) => String(error))
    expect((await ask({ path: '/readyz' })).status).toBe(200)
    const answer = await sent
    if (typeof answer === 'string') expect(answer).toMatch(/ECONNRESET|EPIPE|socket hang up/)
    else expect(answer.status).toBe(413)
  })

  it('given somebody who sends one header and no more, when time passes, then the connection is closed', async () => {
    const socket = await open()
    const closed = new Promise<string>((resolve) => {
      let said = ''
      socket.on('data', (chunk: Buffer) => (said += chunk.toString()))
      socket.on('error', () => undefined)
      socket.on('close', () => resolve(said))
    })
    socket.write('GET /version HTTP/1.1\r\nHost: a\r\nX-Slow: ')
    const limit = new Promise<'still open'>((resolve) =>
      setTimeout(() => resolve('still open'), SLOW_HEADERS_SECONDS * 1000).unref(),
    )
    expect(await Promise.race([closed, limit])).not.toBe('still open')
    expect((await ask({ path: '/readyz' })).status).toBe(200)
  })
})

interface Answer {
  status: number
  text: string
}

function credentials({ clientCertificate, clientKey }: ClusterAccess): Pick<RequestOptions, 'cert' | 'key'> {
  return { ...(clientCertificate && { cert: clientCertificate }), ...(clientKey && { key: clientKey }) }
}

function address(): ConnectionOptions & { host: string; port: number } {
  const { hostname, port } = new URL(admin.server)
  return { host: hostname, port: Number(port), ...(admin.certificateAuthority && { ca: admin.certificateAuthority }) }
}

/** The path goes as it is: nothing tidies it up. */
function ask({ body, ...options }: RequestOptions & { body?: Buffer }): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ ...address(), agent: false, ...options }, (incoming) => {
      let text = ''
      incoming.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
      incoming.on('error', reject)
      incoming.on('end', () => resolve({ status: incoming.statusCode ?? 0, text }))
    })
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}

function open(): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const socket = connect(address(), () => resolve(socket))
    socket.once('error', reject)
  })
}
