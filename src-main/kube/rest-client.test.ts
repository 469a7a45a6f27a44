/** The client and an informer against an API server of ours, over HTTP (facts 8.3 to 8.6). */
import { createServer, type Server } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { newTestApiServer, type TestApiServer } from '../apiserver/testing/new-test-api-server.ts'
import { systemClock } from '../base/clock.ts'
import { silentLogger } from '../base/logger.ts'
import type { ConfigMap } from '../common/api/config-map.ts'
import { ConnectionError } from './api-client.ts'
import { Informer } from './informer.ts'
import { RestClient } from './rest-client.ts'
import { hasReason } from './status-error.ts'
import { CONFIG_MAPS } from './resources.ts'

const SETTINGS = { namespace: 'default', name: 'settings' }
const clock = systemClock({ keepAlive: false })

function clientOf(server: string): RestClient {
  const access = { server, insecureSkipTLSVerify: false, namespace: 'default' }
  return new RestClient({ access, userAgent: 'test/1.0', clock, timeoutMs: 20_000 })
}

function aConfigMap(data: Record<string, string> = { mode: 'quiet' }): ConfigMap {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { ...SETTINGS }, data }
}

describe('a client of an API server', () => {
  let server: TestApiServer
  let client: RestClient
  beforeEach(async () => {
    server = await newTestApiServer()
    client = clientOf(server.url)
  })
  afterEach(async () => {
    client.dispose()
    await server.dispose()
  })

  it('given an object, when it is created, changed and deleted, each answer is what stands there', async () => {
    const created = await client.create<ConfigMap>(CONFIG_MAPS, aConfigMap())
    expect(created.metadata.uid).toMatch(/^[0-9a-f-]{36}$/)
    const updated = await client.update<ConfigMap>(CONFIG_MAPS, { ...created, data: { mode: 'loud' } })
    expect(updated.data).toEqual({ mode: 'loud' })
    const type = 'application/merge-patch+json'
    const patched = await client.patch<ConfigMap>(CONFIG_MAPS, SETTINGS, type, { data: { more: 'yes' } })
    expect(patched.data).toEqual({ mode: 'loud', more: 'yes' })
    expect(await client.get<ConfigMap>(CONFIG_MAPS, SETTINGS)).toEqual(patched)
    await client.delete(CONFIG_MAPS, SETTINGS, { preconditions: { uid: created.metadata.uid ?? '' } })
    await expect(client.get(CONFIG_MAPS, SETTINGS)).rejects.toThrow('configmaps "settings" not found')
  })

  it('given an outdated object, when it is written, the failure is a conflict', async () => {
    const created = await client.create<ConfigMap>(CONFIG_MAPS, aConfigMap())
    await client.update(CONFIG_MAPS, { ...created, data: {} })
    const failure: unknown = await client.update(CONFIG_MAPS, created).catch((error: unknown) => error)
    expect(hasReason(failure, 'Conflict')).toBe(true)
  })

  it('given 7 objects, when they are listed by pages of 3, each has its kind, and none is missing', async () => {
    for (let index = 0; index < 7; index++)
      await client.create(CONFIG_MAPS, { ...aConfigMap(), metadata: { namespace: 'default', name: `map-${index}` } })
    const names: string[] = []
    let next: string | undefined
    do {
      const page = await client.list<ConfigMap>(CONFIG_MAPS, {
        limit: 3,
        ...(next === undefined ? {} : { continue: next }),
      })
      expect(page.items.every(({ apiVersion, kind }) => apiVersion === 'v1' && kind === 'ConfigMap')).toBe(true)
      names.push(...page.items.map(({ metadata }) => metadata.name ?? ''))
      next = page.metadata.continue
    } while (next !== undefined && next !== '')
    expect(names).toEqual(['map-0', 'map-1', 'map-2', 'map-3', 'map-4', 'map-5', 'map-6'])
  })

  it('given an informer, when objects come, change and go, it hears of each', async () => {
    const told: string[] = []
    const informer = new Informer<ConfigMap>({
      client,
      clock,
      logger: silentLogger,
      random: () => 0,
      resource: CONFIG_MAPS,
      selection: { fieldSelector: 'metadata.name=settings' },
    })
    informer.follow({
      onAdd: ({ data }) => told.push(`add ${data?.['mode'] ?? ''}`),
      onUpdate: ({ data }) => told.push(`update ${data?.['mode'] ?? ''}`),
      onDelete: () => told.push('delete'),
    })
    informer.start()
    await expect.poll(() => informer.hasSynced).toBe(true)
    await client.create(CONFIG_MAPS, { ...aConfigMap(), metadata: { namespace: 'default', name: 'other' } })
    const created = await client.create<ConfigMap>(CONFIG_MAPS, aConfigMap())
    await client.update<ConfigMap>(CONFIG_MAPS, { ...created, data: { mode: 'loud' } })
    await client.delete(CONFIG_MAPS, SETTINGS)
    await expect.poll(() => told).toEqual(['add quiet', 'update loud', 'delete'])
    informer.dispose()
  })

  it('given a watch, when it is disposed of, it ends without an error', async () => {
    const stream = await client.watch<ConfigMap>(CONFIG_MAPS, { resourceVersion: '0' })
    setImmediate(() => void stream.dispose())
    const events: unknown[] = []
    for await (const event of stream) events.push(event)
    expect(events).toEqual([])
  })
})

describe('a server that does not answer as it should', () => {
  let server: Server
  let client: RestClient
  const listen = async (handler: Parameters<typeof createServer>[1]): Promise<void> => {
    server = createServer(handler)
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    client = clientOf(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  }
  afterEach(() => {
    client.dispose()
    server.closeAllConnections()
    server.close()
  })

  it('given nobody at the address, the failure is said as Go says it', async () => {
    await listen(() => undefined)
    const { port } = server.address() as AddressInfo
    server.close()
    const failure: unknown = await client.create(CONFIG_MAPS, aConfigMap()).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(ConnectionError)
    expect((failure as Error).message).toBe(
      `Post "http://127.0.0.1:${port}/api/v1/namespaces/default/configmaps": dial tcp 127.0.0.1:${port}: connect: connection refused`,
    )
  })

  it('given a busy server that names a time, the request is made again after it', async () => {
    let asked = 0
    await listen((_request, response) => {
      asked++
      if (asked === 1) response.writeHead(429, { 'Retry-After': '0.05' }).end('{}')
      else response.end(JSON.stringify(aConfigMap()))
    })
    expect(await client.get(CONFIG_MAPS, SETTINGS)).toEqual(aConfigMap())
    expect(asked).toBe(2)
  })

  it('given an answer that is no Status, its text and code are the failure', async () => {
    await listen((_request, response) => void response.writeHead(502).end('bad gateway\n'))
    await expect(client.get(CONFIG_MAPS, SETTINGS)).rejects.toMatchObject({
      message: 'bad gateway',
      status: { code: 502 },
    })
  })

  it('given a connection that was kept and closed by the server meanwhile, the request goes over another', async () => {
    await listen((_request, response) => void response.end(JSON.stringify(aConfigMap())))
    await client.get(CONFIG_MAPS, SETTINGS)
    server.closeAllConnections()
    expect(await client.get(CONFIG_MAPS, SETTINGS)).toEqual(aConfigMap())
  })

  it('given an answer whose body never ends, the request fails when its time is over', async () => {
    await listen((_request, response) => void response.write('{'))
    const { port } = server.address() as AddressInfo
    const access = { server: `http://127.0.0.1:${port}`, insecureSkipTLSVerify: false, namespace: 'default' }
    const hasty = new RestClient({ access, userAgent: 'test/1.0', clock, timeoutMs: 50 })
    await expect(hasty.get(CONFIG_MAPS, SETTINGS)).rejects.toThrow('context deadline exceeded')
    hasty.dispose()
  })

  it('given events that come in pieces, each is told whole', async () => {
    await listen((_request, response) => {
      const line = JSON.stringify({ type: 'ADDED', object: aConfigMap({ text: 'ä'.repeat(100) }) })
      const bytes = Buffer.from(`${line}\n${line}\n`)
      for (let at = 0; at < bytes.length; at += 37) response.write(bytes.subarray(at, at + 37))
      response.end()
    })
    const stream = await client.watch<ConfigMap>(CONFIG_MAPS, { resourceVersion: '1' })
    const texts: (string | undefined)[] = []
    for await (const event of stream) if (event.type === 'ADDED') texts.push(event.object.data?.['text'])
    expect(texts).toEqual(['ä'.repeat(100), 'ä'.repeat(100)])
  })
})
