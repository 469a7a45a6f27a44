import { request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newTestApiServer, type TestApiServer } from '../testing/new-test-api-server.ts'
import { aPodObject } from '../testing/test-storage.ts'

let server: TestApiServer
beforeAll(async () => {
  server = await newTestApiServer()
})
afterAll(async () => {
  await server.dispose()
})

interface Answer {
  code: number
  headers: IncomingHttpHeaders
  text: string
}

interface Question {
  method?: string
  headers?: Record<string, string | number>
  body?: unknown
  /** Only the headers are sent, and the first byte of the body. */
  isCutShort?: boolean
}

function ask(path: string, { method = 'GET', headers = {}, body, isCutShort = false }: Question = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const type = body === undefined ? {} : { 'Content-Type': 'application/json' }
    const options = { host: '127.0.0.1', port: server.port, path, method, headers: { ...type, ...headers } }
    const outgoing = httpRequest(options, (incoming) => {
      let text = ''
      incoming.setEncoding('utf8')
      incoming.on('data', (chunk: string) => (text += chunk))
      incoming.once('end', () => resolve({ code: incoming.statusCode ?? 0, headers: incoming.headers, text }))
    })
    outgoing.once('error', reject)
    if (isCutShort) outgoing.write('{')
    else outgoing.end(body === undefined ? undefined : JSON.stringify(body))
  })
}

async function askJSON(path: string, question?: Question): Promise<Record<string, unknown>> {
  return JSON.parse((await ask(path, question)).text) as Record<string, unknown>
}

const PODS = '/api/v1/namespaces/default/pods'

describe('given a server that answers', () => {
  it('when a pod is created, read, patched and deleted, then the codes are upstream’s', async () => {
    const created = await ask(`${PODS}?fieldManager=me`, { method: 'POST', body: aPodObject('web') })
    expect(created).toMatchObject({ code: 201, headers: { 'content-type': 'application/json' } })
    expect(created.headers['audit-id']).toMatch(/^[\da-f-]{36}$/)
    expect(created.headers['cache-control']).toBe('no-cache, private')
    expect((await ask(`${PODS}/web`)).code).toBe(200)
    const patched = await ask(`${PODS}/web`, {
      method: 'PATCH',
      body: { metadata: { labels: { a: 'b' } } },
      headers: { 'Content-Type': 'application/merge-patch+json' },
    })
    expect(JSON.parse(patched.text)).toMatchObject({ metadata: { labels: { a: 'b' } } })
    expect((await ask(`${PODS}/web`, { method: 'DELETE' })).code).toBe(200)
    expect((await ask(`${PODS}/web`)).code).toBe(404)
  })

  it('when an object is deleted that is not given back, then a Status says that it is gone', async () => {
    const maps = '/api/v1/namespaces/default/configmaps'
    const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'm' } }
    await ask(maps, { method: 'POST', body })
    expect(await askJSON(`${maps}/m`, { method: 'DELETE' })).toMatchObject({
      kind: 'Status',
      status: 'Success',
      details: { name: 'm', kind: 'configmaps' },
    })
  })

  it('when a text has characters that mean something in HTML, then they are written as Go writes them', async () => {
    const maps = '/api/v1/namespaces/default/configmaps'
    const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'marked' }, data: { text: 'a <b> & c' } }
    const { text } = await ask(maps, { method: 'POST', body })
    expect(text).toContain(String.raw`a \u003cb\u003e \u0026 c`)
    expect(JSON.parse(text)).toMatchObject({ data: body.data })
  })

  it('when a client keeps its connection, then it may be idle for longer than a kubelet waits between renewals of its lease', async () => {
    expect((await ask('/readyz', { headers: { Connection: 'keep-alive' } })).headers['keep-alive']).toBe('timeout=90')
  })

  it('when a list is asked for as JSON, then its items do not repeat their kind', async () => {
    await ask(PODS, { method: 'POST', body: aPodObject('listed') })
    const list = await askJSON(PODS)
    expect(list).toMatchObject({ kind: 'PodList', apiVersion: 'v1' })
    expect((list['items'] as object[])[0]).not.toHaveProperty('kind')
  })

  it('when a list is large and the client takes gzip, then it is compressed', async () => {
    const filler = 'x'.repeat(200 * 1024)
    const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'large' }, data: { filler } }
    await ask('/api/v1/namespaces/default/configmaps', { method: 'POST', body })
    const { headers } = await ask('/api/v1/configmaps', { headers: { 'Accept-Encoding': 'gzip' } })
    expect(headers['content-encoding']).toBe('gzip')
    expect(Number(headers['content-length'])).toBeLessThan(10_000)
  })

  it('when a watch begins, then its headers come before any event, and it ends when its time is over', async () => {
    const answer = await ask('/api/v1/namespaces/empty/pods?watch=true&timeoutSeconds=1')
    expect(answer).toMatchObject({ code: 200, text: '', headers: { 'content-type': 'application/json' } })
    expect(answer.headers['transfer-encoding']).toBe('chunked')
  })
})

describe('given a request that cannot be served', () => {
  it.each([
    ['GET', '/nosuch', 404, '404 page not found'],
    ['GET', '/apis/nosuch/v1/things', 404, '404 page not found'],
    ['GET', '/api/v1/foos', 404, 'the server could not find the requested resource'],
    ['GET', '/api/v1/namespaces/default/nodes', 404, 'the server could not find the requested resource'],
    ['GET', `${PODS}/web/nosuch`, 404, 'the server could not find the requested resource'],
    ['POST', '/api/v1/pods', 405, 'the server does not allow this method on the requested resource'],
    ['POST', `${PODS}/web`, 405, 'the server does not allow this method on the requested resource'],
    ['GET', `${PODS}?fieldSelector=spec.foo%3Dx`, 400, 'field label not supported: spec.foo'],
    ['GET', `${PODS}?limit=x`, 400, 'strconv.ParseInt: parsing \\"x\\": invalid syntax'],
    ['GET', `${PODS}?resourceVersionMatch=Exact`, 422, 'resourceVersionMatch is forbidden unless resourceVersion'],
    ['GET', `${PODS}?sendInitialEvents=true`, 422, 'sendInitialEvents is forbidden for list'],
    ['GET', `${PODS}?watch=1&sendInitialEvents=true`, 422, 'sendInitialEvents requires setting resourceVersionMatch'],
    ['DELETE', `${PODS}/web?propagationPolicy=Never`, 422, 'Unsupported value: \\"Never\\"'],
    ['GET', '/api/v1/namespaces/default/pods/..', 400, 'may not be'],
    ['GET', '/api/v1/namespaces/%2e%2e/pods', 400, 'may not be'],
    ['GET', '/api/v1/%zz', 400, 'invalid URL escape'],
  ])('when it is %s %s, then %i says why', async (method, path, code, message) => {
    const answer = await ask(path, { method })
    expect(answer.code).toBe(code)
    expect(answer.text).toContain(message)
  })

  it.each([
    [
      'dryRun=some',
      'CreateOptions.meta.k8s.io "" is invalid: dryRun: Unsupported value: ["some"]: supported values: "All"',
    ],
    [`fieldManager=${'x'.repeat(129)}`, 'fieldManager: Too long: may not be more than 128 bytes'],
    [
      'fieldValidation=Loose',
      'fieldValidation: Unsupported value: "Loose": supported values: "", "Ignore", "Strict", "Warn"',
    ],
  ])('when a write asks with %s, then 422 says why', async (query, message) => {
    const answer = await askJSON(`${PODS}?${query}`, { method: 'POST', body: aPodObject('q') })
    expect(answer['code']).toBe(422)
    expect(answer['message']).toContain(message)
  })

  it('when the notation of the body, or of the answer, is none that we have, then 415 or 406 names those that we have', async () => {
    const body = aPodObject('x')
    const type = { 'Content-Type': 'text/csv' }
    expect(await askJSON(PODS, { method: 'POST', body, headers: type })).toMatchObject({ code: 415 })
    expect(await askJSON(PODS, { headers: { Accept: 'application/xml' } })).toMatchObject({ code: 406 })
  })

  it('when it announces a hundred megabytes, then it is refused before they are sent', async () => {
    const headers = { 'Content-Length': 100_000_000, 'Content-Type': 'application/json' }
    const answer = await ask(PODS, { method: 'POST', headers, isCutShort: true })
    expect(answer.code).toBe(413)
    expect(JSON.parse(answer.text)).toMatchObject({
      reason: 'RequestEntityTooLarge',
      message: 'Request entity too large: limit is 3145728',
    })
    expect(answer.headers.connection).toBe('close')
  })
})

describe('given discovery', () => {
  it('when a client knows the aggregated form, then it gets that, else the plain one', async () => {
    const accept = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json'
    const aggregated = await ask('/apis', { headers: { Accept: accept } })
    expect(aggregated.headers['content-type']).toBe(
      'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList',
    )
    expect(JSON.parse(aggregated.text)).toMatchObject({ kind: 'APIGroupDiscoveryList' })
    expect(await askJSON('/api')).toMatchObject({ kind: 'APIVersions', versions: ['v1'] })
    expect(await askJSON('/apis/apps')).toEqual({
      kind: 'APIGroup',
      apiVersion: 'v1',
      name: 'apps',
      versions: [{ groupVersion: 'apps/v1', version: 'v1' }],
      preferredVersion: { groupVersion: 'apps/v1', version: 'v1' },
    })
  })

  it('when the resources of a version are listed, then subresources are among them', async () => {
    const { resources } = (await askJSON('/api/v1')) as { resources: { name: string; verbs: string[] }[] }
    expect(resources).toContainEqual({
      name: 'pods',
      singularName: 'pod',
      namespaced: true,
      kind: 'Pod',
      verbs: ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'],
      shortNames: ['po'],
      categories: ['all'],
    })
    const names = resources.map(({ name }) => name)
    expect(names).toEqual(expect.arrayContaining(['pods/status', 'namespaces/finalize', 'nodes/status']))
  })
})

describe('given health and version', () => {
  it('when they are asked, then they answer in upstream’s words', async () => {
    expect((await ask('/healthz')).text).toBe('ok')
    expect((await ask('/livez/ping')).text).toBe('ok')
    expect((await ask('/readyz?verbose&exclude=etcd&exclude=nosuch')).text).toBe(
      [
        '[+]ping ok',
        '[+]log ok',
        '[+]etcd excluded: ok',
        '[+]etcd-readiness ok',
        '[+]shutdown ok',
        'warn: some health checks cannot be excluded: no matches for "nosuch"',
        'readyz check passed',
        '',
      ].join('\n'),
    )
    expect(await askJSON('/version')).toMatchObject({ major: '1', minor: '35', gitVersion: 'v1.35.0' })
    expect((await ask('/metrics')).text).toContain('apiserver_request_total{')
  })
})

describe('given a server that is full', () => {
  it('when one more request comes, then it waits for its turn', async () => {
    const begun = Promise.withResolvers<void>()
    const gate = Promise.withResolvers<void>()
    const admit = (): Promise<void> => {
      begun.resolve()
      return gate.promise
    }
    const full = await newTestApiServer({
      maxRequestsInflight: 1,
      admission: [{ name: 'slow', admit }],
      authenticate: () => Promise.resolve({ name: 'jane', groups: ['system:authenticated'] }),
    })
    const mine = server
    server = full
    try {
      const first = ask(PODS, { method: 'POST', body: aPodObject('a') })
      await begun.promise
      let isAnswered = false
      const second = ask(PODS, { method: 'POST', body: aPodObject('b') }).finally(() => (isAnswered = true))
      await ask('/livez')
      expect(isAnswered).toBe(false)
      gate.resolve()
      expect([(await first).code, (await second).code]).toEqual([201, 201])
    } finally {
      server = mine
      await full.dispose()
    }
  })
})
