/** What is served by way of kubelets and pods, against a real server and a stand-in for a kubelet. */
import { connect as connectTLS } from 'node:tls'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newSecureApiServer, type Answer, type SecureApiServer } from '../../../tests/support/secure-api-server.ts'
import type { KeyPair } from '../../lab/pki/certificate.ts'
import { freePort } from '../../../tests/support/free-port.ts'
import { newKubeletStandIn, type KubeletStandIn } from '../../../tests/support/kubelet-stand-in.ts'
import { waitUntil } from '../../../tests/support/wait-until.ts'

const PODS = '/api/v1/namespaces/default/pods'
const WEBSOCKET = { Connection: 'Upgrade', Upgrade: 'websocket', 'Sec-WebSocket-Protocol': 'v5.channel.k8s.io' }

describe('subresources', () => {
  let server: SecureApiServer
  let admin: KeyPair
  let kubelet: KubeletStandIn

  beforeAll(async () => {
    server = await newSecureApiServer()
    admin = await server.issueClient('kubernetes-admin', 'system:masters')
    kubelet = await newKubeletStandIn(server.authority)
    await server.putNode('node01', kubelet.port)
    await server.putNode('node02', await freePort())
    await putPod('web', { nodeName: 'node01', containers: [{ name: 'c', image: 'bb' }] })
    await putPod('two', {
      nodeName: 'node01',
      containers: [
        { name: 'a', image: 'bb' },
        { name: 'b', image: 'bb' },
      ],
      initContainers: [{ name: 'i', image: 'bb' }],
    })
    await putPod('away', { nodeName: 'node02', containers: [{ name: 'c', image: 'bb' }] })
    await putPod('unscheduled', { containers: [{ name: 'c', image: 'bb' }] })
  })
  afterAll(async () => {
    await kubelet[Symbol.asyncDispose]()
    await server[Symbol.asyncDispose]()
  })

  async function putPod(name: string, spec: object): Promise<void> {
    await server.put({ apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'default' }, spec })
  }

  async function setPodStatus(name: string, status: object): Promise<void> {
    await server.ask(admin, `${PODS}/${name}/status`, {
      method: 'PATCH',
      body: { status },
      contentType: 'application/merge-patch+json',
    })
  }

  describe('log', () => {
    test('given a running pod, when its log is read with options, then the kubelet is asked with its own words and our certificate', async () => {
      const query = '?container=c&follow=false&tailLines=5&timestamps=true&sinceSeconds=3&pretty=true'
      const { status, text, headers } = await server.ask(admin, `${PODS}/web/log${query}`)
      expect([status, text, headers['content-type']]).toEqual([200, 'hello\n', 'text/plain'])
      expect(kubelet.seen.at(-1)).toMatchObject({
        url: '/containerLogs/default/web/c?timestamps=true&sinceSeconds=3&tailLines=5',
        user: 'kube-apiserver-kubelet-client',
      })
    })

    test('given containers to choose from or wrong ones, when a log is read, then upstream’s words say so', async () => {
      const messageOf = async (path: string): Promise<string | undefined> =>
        (await server.ask(admin, `${PODS}/${path}`)).json?.message
      expect(await messageOf('two/log')).toBe(
        'a container name must be specified for pod two, choose one of: [a b] or one of the init containers: [i]',
      )
      expect(await messageOf('web/log?container=zzz')).toBe('container zzz is not valid for pod web')
      expect(await messageOf('web/log?tailLines=-1')).toBe(
        'PodLogOptions "web" is invalid: tailLines: Invalid value: -1: must be greater than or equal to 0',
      )
      expect(await messageOf('nosuch/log')).toBe('pods "nosuch" not found')
      const { status, text } = await server.ask(admin, `${PODS}/unscheduled/log`)
      expect([status, text]).toEqual([200, ''])
    })

    test('given a kubelet that refuses or is away, when a log is read, then its words, or Go’s, come back', async () => {
      const waiting = await server.ask(admin, `${PODS}/web/log?previous=true`)
      expect(waiting.json).toMatchObject({
        code: 400,
        reason: 'BadRequest',
        message: 'previous terminated container "c" in pod "web" not found',
      })
      const { status, json } = await server.ask(admin, `${PODS}/away/log`)
      expect(status).toBe(500)
      expect(json?.message).toMatch(
        /^Get "https:\/\/127\.0\.0\.1:\d+\/containerLogs\/default\/away\/c": dial tcp 127\.0\.0\.1:\d+: connect: connection refused$/,
      )
    })
  })

  describe('streams', () => {
    test('given exec over WebSocket, when it is upgraded, then bytes go both ways untouched', async () => {
      const path = `${PODS}/web/exec?command=echo&command=a%20b&stdin=true&stdout=true&stderr=true`
      const talk = await upgrade(path, WEBSOCKET)
      expect(talk.head).toMatch(/^HTTP\/1\.1 101 /)
      talk.socket.write('ping')
      await waitUntil({ what: 'the echo', intervalMs: 5 }, () => talk.received().includes('echo:ping') || undefined)
      talk.socket.destroy()
      expect(kubelet.seen.at(-1)?.url).toBe('/exec/default/web/c?input=1&output=1&error=1&command=echo&command=a+b')
      expect(kubelet.seen.at(-1)?.headers).not.toHaveProperty('authorization')
    })

    test('given port-forward, when it is upgraded, then the kubelet is asked for the pod', async () => {
      const talk = await upgrade(`${PODS}/web/portforward`, WEBSOCKET)
      expect(talk.head).toMatch(/^HTTP\/1\.1 101 /)
      talk.socket.destroy()
      expect(kubelet.seen.at(-1)?.url).toBe('/portForward/default/web')
    })

    test('given a kubelet that is away or an unscheduled pod, when exec is tried, then a Status says why', async () => {
      const away = await upgrade(`${PODS}/away/exec?command=true&stdout=true`, WEBSOCKET)
      expect(away.head).toMatch(/^HTTP\/1\.1 500 /)
      expect(away.received()).toMatch(
        /"message":"error dialing backend: dial tcp 127\.0\.0\.1:\d+: connect: connection refused"/,
      )
      const unscheduled = await upgrade(`${PODS}/unscheduled/exec?command=true&stdout=true`, WEBSOCKET)
      expect(unscheduled.received()).toContain('pod unscheduled does not have a host assigned')
      const plain = await server.ask(admin, `${PODS}/web/exec?command=true&stdout=true`, { method: 'POST' })
      expect(plain.json).toMatchObject({ code: 400, message: 'Upgrade request required' })
    })

    test('given somebody who may only get streams, when he opens one by WebSocket, then creating it is asked of him', async () => {
      const bob = await server.issueClient('bob')
      await server.put({
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'Role',
        metadata: { name: 'half', namespace: 'default' },
        rules: [{ verbs: ['get'], apiGroups: [''], resources: ['pods/exec', 'pods'] }],
      })
      await server.put({
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'RoleBinding',
        metadata: { name: 'half', namespace: 'default' },
        subjects: [{ kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: 'bob' }],
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'half' },
      })
      await waitUntil({ what: 'the role counts' }, async () =>
        (await server.ask(bob, `${PODS}/web`)).status === 200 ? true : undefined,
      )
      const { head, received } = await upgrade(`${PODS}/web/exec?command=id&stdout=true`, WEBSOCKET, bob)
      expect(head).toMatch(/^HTTP\/1\.1 403 /)
      expect(received()).toContain('cannot create resource \\"pods/exec\\"')
      const byHead = await upgrade(`${PODS}/web/exec?command=id&stdout=true`, WEBSOCKET, bob, 'HEAD')
      expect(byHead.head).toMatch(/^HTTP\/1\.1 405 /)
    })
  })

  describe('proxy', () => {
    test('given a node, when its kubelet is asked through the server, then path and query arrive, and identities do not', async () => {
      const headers = { Authorization: 'Bearer x', 'X-Remote-User': 'root', Connection: 'X-Secret', 'X-Secret': '1' }
      const { status, text } = await server.ask(admin, '/api/v1/nodes/node01/proxy/metrics/resource?a=b', { headers })
      expect([status, text]).toEqual([200, 'proxied /metrics/resource?a=b'])
      for (const name of ['authorization', 'x-remote-user', 'x-secret'])
        expect(kubelet.seen.at(-1)?.headers).not.toHaveProperty(name)
      expect((await server.ask(admin, '/api/v1/nodes/node01/proxy/logs/')).text).toBe('proxied /logs/')
    })

    test('given tricks in the path, when a proxy is asked, then nothing but the proxied path changes', async () => {
      const stepUp = await server.ask(admin, '/api/v1/nodes/node01/proxy/a/%2e%2e/%2e%2e/%2e%2e/pods')
      expect(stepUp.text).toBe('proxied /pods')
      const node01 = await server.issueClient('system:node:node01', 'system:nodes')
      for (const path of [
        '/api/v1/nodes/node01/proxy/pods',
        '/api/v1/nodes/node01/../node02/proxy/pods',
        '/api/v1/nodes/node01%2F..%2Fnode02/proxy/pods',
        `https://127.0.0.1:${server.port}/api/v1/nodes/node02`,
        '//api/v1/secrets',
        '/api/v1/namespaces/default/pods/../../../secrets',
      ])
        expect([403, 404, 400], path).toContain((await server.ask(node01, path)).status)
    })

    test('given a pod, when a port of it is asked, then the answer is the pod’s, but never from loopback', async () => {
      await setPodStatus('web', { phase: 'Running', podIP: '127.0.0.1', podIPs: [{ ip: '127.0.0.1' }] })
      const { json } = await server.ask(admin, `${PODS}/web:${kubelet.port}/proxy/x`)
      expect(json).toMatchObject({ code: 400, message: 'address not allowed' })
    })

    test('given a node on loopback, when another port of it is asked, then the API server does not talk to itself', async () => {
      const { json } = await server.ask(admin, `/api/v1/nodes/node01:${server.port}/proxy/`)
      expect(json).toMatchObject({ code: 400, message: 'address not allowed' })
    })

    test('given a kubelet that changes the protocol unasked, when it is asked through the server, then 503 says so', async () => {
      const { json } = await server.ask(admin, '/api/v1/nodes/node01/proxy/unasked-upgrade')
      expect(json).toMatchObject({ code: 503, reason: 'ServiceUnavailable' })
    })

    test('given a node where nobody listens, when it is asked, then 503 says so', async () => {
      const { json } = await server.ask(admin, '/api/v1/nodes/node02/proxy/')
      expect(json).toMatchObject({ code: 503, reason: 'ServiceUnavailable' })
      expect(json?.message).toContain('connect: connection refused')
    })
  })

  describe('binding and eviction', () => {
    test('given a pod without a node, when it is bound, then it has one, once', async () => {
      await putPod('bindme', { containers: [{ name: 'c', image: 'bb' }] })
      const bind = (): Promise<Answer> =>
        server.ask(admin, `${PODS}/bindme/binding`, {
          method: 'POST',
          body: {
            apiVersion: 'v1',
            kind: 'Binding',
            metadata: { name: 'bindme' },
            target: { apiVersion: 'v1', kind: 'Node', name: 'node01' },
          },
        })
      const bound = await bind()
      expect([bound.status, bound.json?.['status']]).toEqual([201, 'Success'])
      const { json } = await server.ask(admin, `${PODS}/bindme`)
      expect(json).toMatchObject({
        spec: { nodeName: 'node01' },
        status: { conditions: [{ type: 'PodScheduled', status: 'True' }] },
      })
      expect((await bind()).json?.message).toBe(
        'Operation cannot be fulfilled on pods "bindme": pod bindme is already assigned to node "node01"',
      )
    })

    test('given a disruption budget, when pods are evicted, then as many go as it allows', async () => {
      for (const name of ['e1', 'e2']) {
        await server.put({
          apiVersion: 'v1',
          kind: 'Pod',
          metadata: { name, namespace: 'default', labels: { app: 'e' } },
          spec: { nodeName: 'node01', containers: [{ name: 'c', image: 'bb' }], terminationGracePeriodSeconds: 0 },
        })
        await setPodStatus(name, { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] })
      }
      await server.put({
        apiVersion: 'policy/v1',
        kind: 'PodDisruptionBudget',
        metadata: { name: 'e', namespace: 'default' },
        spec: { minAvailable: 1, selector: { matchLabels: { app: 'e' } } },
      })
      const evict = (name: string, deleteOptions = {}): Promise<Answer> =>
        server.ask(admin, `${PODS}/${name}/eviction`, {
          method: 'POST',
          body: { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace: 'default' }, deleteOptions },
        })
      expect((await evict('e1')).json).toMatchObject({
        code: 429,
        details: { causes: [{ reason: 'DisruptionBudget' }], retryAfterSeconds: 10 },
      })
      await server.ask(admin, '/apis/policy/v1/namespaces/default/poddisruptionbudgets/e/status', {
        method: 'PATCH',
        body: {
          status: {
            observedGeneration: 1,
            disruptionsAllowed: 1,
            currentHealthy: 2,
            desiredHealthy: 1,
            expectedPods: 2,
          },
        },
        contentType: 'application/merge-patch+json',
      })
      expect((await evict('e1', { dryRun: ['All'] })).status).toBe(201)
      expect((await server.ask(admin, `${PODS}/e1`)).status).toBe(200)
      expect((await evict('e1')).status).toBe(201)
      expect((await server.ask(admin, `${PODS}/e1`)).status).toBe(404)
      expect((await evict('e2')).json?.message).toBe(
        "Cannot evict pod as it would violate the pod's disruption budget.",
      )
    })
  })

  interface Talk {
    head: string
    socket: ReturnType<typeof connectTLS>
    received(): string
  }

  /** Speaks HTTP by hand: what comes after the head is nobody's business. Resolves once the head is there. */
  async function upgrade(
    path: string,
    headers: Record<string, string>,
    identity = admin,
    method = 'GET',
  ): Promise<Talk> {
    const socket = connectTLS({
      host: '127.0.0.1',
      port: server.port,
      ca: server.authority.certificate,
      cert: identity.certificate,
      key: identity.key,
    })
    let received = ''
    socket.on('data', (chunk: Buffer) => (received += chunk.toString()))
    const lines = Object.entries({ Host: '127.0.0.1', ...headers }).map(([name, value]) => `${name}: ${value}\r\n`)
    socket.write(`${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n`)
    await waitUntil({ what: 'a whole head', intervalMs: 5 }, () => {
      const isWhole =
        received.includes('\r\n\r\n') &&
        (received.startsWith('HTTP/1.1 101') || method === 'HEAD' || received.includes('}'))
      return isWhole || undefined
    })
    return { head: received.split('\r\n\r\n')[0] ?? '', socket, received: () => received }
  }
})
