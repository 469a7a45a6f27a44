import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { toDisposable, type Disposable } from '../../base/disposable.ts'
import { MAXIMUM_FRAME_BYTES, type ServerFrame } from '../../common/ipc/frames.ts'
import type { AppBackend, AppEvent, AppStreamHandlers } from '../app/app-backend.ts'
import { serveBrowser, type BrowserServer } from './serve-browser.ts'

const folder = mkdtempSync(join(tmpdir(), 'node-lab-bridge-'))
const staticFolder = join(folder, 'renderer')
mkdirSync(join(staticFolder, 'assets'), { recursive: true })
writeFileSync(join(staticFolder, 'index.html'), '<!doctype html>')
writeFileSync(join(staticFolder, 'assets/app.js'), 'export {}')
writeFileSync(join(folder, 'secret.txt'), 'secret')
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** A backend that answers every call with what it was asked, and whose streams a test feeds by hand. */
class EchoBackend implements AppBackend {
  readonly streams: { handlers: AppStreamHandlers; disposed: boolean }[] = []
  readonly listeners = new Set<(event: AppEvent) => void>()

  async call(name: unknown, parameters: unknown): ReturnType<AppBackend['call']> {
    if (name === 'sample/list') return { ok: true, result: [{ name: 'web.yaml', id: 'web', content: '' }] }
    return { ok: false, error: { kind: 'BadRequest', message: `${String(name)} ${JSON.stringify(parameters)}` } }
  }

  openStream(_name: unknown, _parameters: unknown, handlers: AppStreamHandlers): Disposable {
    const stream = { handlers, disposed: false }
    this.streams.push(stream)
    return toDisposable(() => void (stream.disposed = true))
  }

  onEvent(listener: (event: AppEvent) => void): Disposable {
    this.listeners.add(listener)
    return toDisposable(() => void this.listeners.delete(listener))
  }

  dispose(): void {
    this.listeners.clear()
  }
}

let backend: EchoBackend
let server: BrowserServer

beforeEach(async () => {
  backend = new EchoBackend()
  server = await serveBrowser({ backend, staticFolder, port: 0 })
})
afterEach(() => server.dispose())

interface Answer {
  statusCode: number
  headers: NodeJS.Dict<string | string[]>
  body: string
}

/** A request with full say over path and headers, which `fetch` would tidy up. */
function ask(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ host: '127.0.0.1', port: server.port, path, method, headers }, (response) => {
      let body = ''
      response.on('data', (data: Buffer) => (body += data.toString()))
      response.on('end', () => resolve({ statusCode: response.statusCode ?? 0, headers: response.headers, body }))
    })
    outgoing.on('error', reject)
    outgoing.end()
  })
}

interface Client {
  socket: WebSocket
  /** Next frame that arrives. */
  next(): Promise<ServerFrame>
  closed: Promise<{ code: number; reason: string }>
}

function aClient(): Promise<Client> {
  return connectClient({
    origin: `http://127.0.0.1:${server.port}`,
    protocols: ['node-lab.v1', `node-lab.token.${server.token}`],
  })
}

/** Rejects with the status code of a refused upgrade. */
function connectClient(options: {
  origin?: string
  protocols: string[]
  host?: string
  path?: string
}): Promise<Client> {
  const socket = new WebSocket(`ws://127.0.0.1:${server.port}${options.path ?? '/bridge'}`, options.protocols, {
    ...(options.origin !== undefined && { origin: options.origin }),
    ...(options.host !== undefined && { headers: { Host: options.host } }),
  })
  const frames: ServerFrame[] = []
  const waiting: ((frame: ServerFrame) => void)[] = []
  socket.on('message', (data) => {
    const frame = JSON.parse(String(data)) as ServerFrame
    const take = waiting.shift()
    if (take === undefined) frames.push(frame)
    else take(frame)
  })
  const closed = new Promise<{ code: number; reason: string }>((resolve) =>
    socket.on('close', (code, reason) => resolve({ code, reason: reason.toString() })),
  )
  const next = (): Promise<ServerFrame> => {
    const frame = frames.shift()
    return frame === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(frame)
  }
  return new Promise((resolve, reject) => {
    socket.on('open', () => resolve({ socket, next, closed }))
    socket.on('unexpected-response', (_request, response) => {
      socket.terminate()
      reject(new Error(`refused with ${response.statusCode}`))
    })
    socket.on('error', reject)
  })
}

describe('files of the browser bridge', () => {
  it('given the page, when asked for, then it comes with a policy that allows its own files only', async () => {
    const answer = await ask('/')
    expect(answer).toMatchObject({ statusCode: 200, body: '<!doctype html>' })
    const policy = String(answer.headers['content-security-policy'])
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("script-src 'self'")
    expect(policy.match(/[\w-]+ [^;]*unsafe[^;]*/g)).toEqual(["style-src-attr 'unsafe-inline'"])
    expect(answer.headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'x-frame-options': 'DENY',
      'content-type': 'text/html; charset=utf-8',
    })
    expect(answer.headers['set-cookie']).toBeUndefined()
    expect(answer.headers['access-control-allow-origin']).toBeUndefined()
  })

  it('given a script, when asked for by HEAD, then only its headers come, and a browser may keep it, unlike the page', async () => {
    const answer = await ask('/assets/app.js', {}, 'HEAD')
    expect(answer).toMatchObject({ statusCode: 200, body: '' })
    expect(answer.headers['cache-control']).toContain('immutable')
    expect((await ask('/')).headers['cache-control']).toBe('no-store')
  })

  it.each([
    '/../secret.txt',
    '/assets/../../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '//secret.txt',
    '/\\..\\secret.txt',
    '/assets',
    '/index.html/',
  ])('given the path %s, when asked for, then there is no such file', async (path) => {
    expect(await ask(path)).toMatchObject({ statusCode: 404 })
  })

  it.each(['POST', 'PUT', 'DELETE', 'OPTIONS'])(
    'given the method %s, when asked, then it is refused',
    async (method) => {
      expect(await ask('/', {}, method)).toMatchObject({ statusCode: 405, headers: { allow: 'GET, HEAD' } })
    },
  )

  it('given a foreign Host, when asked, then it is refused (DNS rebinding)', async () => {
    expect(await ask('/', { Host: `evil.example:${server.port}` })).toMatchObject({ statusCode: 421 })
    expect(await ask('/', { Host: '127.0.0.1' })).toMatchObject({ statusCode: 421 })
    expect(await ask('/', { Host: `LOCALHOST:${server.port}` })).toMatchObject({ statusCode: 200 })
  })

  it('given a foreign Origin, when asked, then it is refused', async () => {
    expect(await ask('/', { Origin: 'http://evil.example' })).toMatchObject({ statusCode: 403 })
    expect(await ask('/', { Origin: 'null' })).toMatchObject({ statusCode: 403 })
  })

  it('given the server, when it listens, then the token is 256 bits in the fragment of its URL', () => {
    const url = new URL(server.url)
    expect(url.hostname).toBe('127.0.0.1')
    expect(url.search).toBe('')
    expect(url.hash).toBe(`#token=${server.token}`)
    expect(Buffer.from(server.token, 'base64url')).toHaveLength(32)
  })
})

describe('who may open the bridge', () => {
  const origin = (): string => `http://127.0.0.1:${server.port}`
  const right = (): string[] => ['node-lab.v1', `node-lab.token.${server.token}`]

  it('given the right token, when connected, then the protocol is node-lab.v1 and the token is not echoed', async () => {
    const client = await aClient()
    expect(client.socket.protocol).toBe('node-lab.v1')
  })

  it('given a wrong or missing token, when connecting, then it is refused with 401', async () => {
    const wrong = connectClient({ origin: origin(), protocols: ['node-lab.v1', 'node-lab.token.wrong'] })
    await expect(wrong).rejects.toThrow('refused with 401')
    await expect(connectClient({ origin: origin(), protocols: ['node-lab.v1'] })).rejects.toThrow('refused with 401')
  })

  it('given a token in the query, when connecting, then it does not count', async () => {
    const path = `/bridge?token=${server.token}`
    await expect(connectClient({ origin: origin(), protocols: ['node-lab.v1'], path })).rejects.toThrow(
      'refused with 401',
    )
  })

  it('given the right token from another page, when connecting, then it is refused with 403', async () => {
    await expect(connectClient({ origin: 'http://evil.example', protocols: right() })).rejects.toThrow(
      'refused with 403',
    )
    await expect(connectClient({ protocols: right() })).rejects.toThrow('refused with 403')
  })

  it('given a foreign Host, when connecting, then it is refused with 421', async () => {
    const host = `evil.example:${server.port}`
    await expect(connectClient({ origin: origin(), protocols: right(), host })).rejects.toThrow('refused with 421')
  })

  it('given another subprotocol or path, when connecting, then it is refused', async () => {
    const token = `node-lab.token.${server.token}`
    await expect(connectClient({ origin: origin(), protocols: ['v2', token] })).rejects.toThrow('refused with 400')
    await expect(connectClient({ origin: origin(), protocols: right(), path: '/' })).rejects.toThrow('refused with 404')
  })
})

describe('frames of the bridge', () => {
  it('given a call, when it is answered, then the reply bears its id', async () => {
    const client = await aClient()
    client.socket.send(JSON.stringify({ id: 7, type: 'call', name: 'sample/list', parameters: {} }))
    expect(await client.next()).toEqual({
      id: 7,
      type: 'reply',
      ok: true,
      result: [{ name: 'web.yaml', id: 'web', content: '' }],
    })
    client.socket.send(JSON.stringify({ id: 8, type: 'call', name: 'nonsense' }))
    expect(await client.next()).toMatchObject({ id: 8, type: 'reply', ok: false, error: { kind: 'BadRequest' } })
  })

  it.each([
    ['no JSON', '{'],
    ['an array', '[]'],
    ['null', 'null'],
    ['no id', '{"type":"call","name":"app/info"}'],
    ['a text id', '{"id":"1","type":"call","name":"app/info"}'],
    ['no type', '{"id":1}'],
    ['an unknown type', '{"id":1,"type":"shout"}'],
    ['no name', '{"id":1,"type":"call"}'],
  ])(
    'given a frame that is %s, when received, then the connection is closed with 1008 and a reason',
    async (_what, frame) => {
      const client = await aClient()
      client.socket.send(frame)
      const { code, reason } = await client.closed
      expect(code).toBe(1008)
      expect(reason).toMatch(/^Malformed: /)
      await expect.poll(() => backend.listeners.size).toBe(0)
    },
  )

  it('given a binary frame, when received, then the connection is closed with 1008', async () => {
    const client = await aClient()
    client.socket.send(Buffer.from([1, 2, 3]))
    expect((await client.closed).code).toBe(1008)
  })

  it('given a frame beyond the limit, when received, then the connection is closed with 1009 and others live on', async () => {
    const [client, other] = [await aClient(), await aClient()]
    client.socket.send('x'.repeat(MAXIMUM_FRAME_BYTES + 1))
    expect((await client.closed).code).toBe(1009)
    other.socket.send(JSON.stringify({ id: 1, type: 'call', name: 'sample/list', parameters: {} }))
    expect(await other.next()).toMatchObject({ id: 1, ok: true })
  })

  it('given two tabs, when something changes, then both are told; when one closes, then only the other', async () => {
    const [first, second] = [await aClient(), await aClient()]
    const emit = (lab: string): void =>
      backend.listeners.forEach((listener) => listener({ name: 'lab/gone', payload: { lab } }))
    emit('a')
    expect(await first.next()).toEqual({ type: 'event', name: 'lab/gone', payload: { lab: 'a' } })
    expect(await second.next()).toEqual({ type: 'event', name: 'lab/gone', payload: { lab: 'a' } })
    first.socket.close()
    await first.closed
    await expect.poll(() => backend.listeners.size).toBe(1)
    emit('b')
    expect(await second.next()).toMatchObject({ payload: { lab: 'b' } })
  })
})

describe('streams of the bridge', () => {
  it('given an open stream, when chunks come and it ends, then they arrive in order under its id', async () => {
    const client = await aClient()
    client.socket.send(JSON.stringify({ id: 3, type: 'open', name: 'pod/logs', parameters: {} }))
    await expect.poll(() => backend.streams.length).toBe(1)
    const stream = backend.streams[0]
    let taken = 0
    const send = async (chunk: string): Promise<void> => {
      await stream?.handlers.onChunk(chunk)
      taken += 1
    }
    for (const [index, chunk] of ['one\n', 'two\n'].entries()) {
      const sent = send(chunk)
      expect(await client.next()).toEqual({ id: 3, type: 'chunk', chunk })
      // On the wire is not taken: the source waits for the page.
      expect(taken).toBe(index)
      client.socket.send(JSON.stringify({ id: 3, type: 'taken' }))
      await sent
    }
    stream?.handlers.onEnd({ kind: 'NotFound', message: 'gone' })
    expect(await client.next()).toEqual({ id: 3, type: 'end', error: { kind: 'NotFound', message: 'gone' } })
  })

  it('given open streams, when one is closed and then the tab, then both are disposed', async () => {
    const client = await aClient()
    for (const id of [1, 2]) client.socket.send(JSON.stringify({ id, type: 'open', name: 'pod/logs', parameters: {} }))
    client.socket.send(JSON.stringify({ id: 1, type: 'close' }))
    await expect.poll(() => backend.streams.map((stream) => stream.disposed)).toEqual([true, false])
    client.socket.terminate()
    await expect.poll(() => backend.streams.map((stream) => stream.disposed)).toEqual([true, true])
  })

  it('given an id that is open, when opened again, then the connection is closed with 1008', async () => {
    const client = await aClient()
    for (const id of [1, 1]) client.socket.send(JSON.stringify({ id, type: 'open', name: 'pod/logs', parameters: {} }))
    expect((await client.closed).code).toBe(1008)
  })

  it('given 64 open streams, when one more is opened, then it ends at once with an error', async () => {
    const client = await aClient()
    for (let id = 0; id <= 64; id++)
      client.socket.send(JSON.stringify({ id, type: 'open', name: 'pod/logs', parameters: {} }))
    expect(await client.next()).toMatchObject({ id: 64, type: 'end', error: { kind: 'Conflict' } })
  })

  it('given a tab that reads nothing, when too much piles up, then it is dropped and its resources go', async () => {
    const client = await aClient()
    client.socket.pause()
    const payload = { lab: 'x'.repeat(1024 * 1024) }
    await expect
      .poll(() => {
        backend.listeners.forEach((listener) => listener({ name: 'lab/gone', payload }))
        return backend.listeners.size
      })
      .toBe(0)
    client.socket.terminate()
  })
})

describe('life of the server', () => {
  it('given a port that is taken, when asked for it, then the error says so and how to go on', async () => {
    const second = serveBrowser({ backend, staticFolder, port: server.port })
    await expect(second).rejects.toMatchObject({
      kind: 'Conflict',
      remedy: expect.stringContaining('--port') as string,
    })
  })

  it('given a folder without a build, when served, then the error names the remedy', async () => {
    const second = serveBrowser({ backend, staticFolder: join(folder, 'none'), port: 0 })
    await expect(second).rejects.toMatchObject({ kind: 'Unavailable', remedy: 'Run `npm run build`.' })
  })

  it('given open tabs, when disposed, then they are closed and the port is free', async () => {
    const client = await aClient()
    await server.dispose()
    expect((await client.closed).code).toBe(1001)
    const refused = new Promise((resolve) => connect(server.port, '127.0.0.1').on('error', resolve))
    await expect(refused).resolves.toMatchObject({ code: 'ECONNREFUSED' })
    expect(backend.listeners.size).toBe(0)
  })
})
