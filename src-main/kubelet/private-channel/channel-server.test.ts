import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import http2, { type ClientHttp2Session, type ClientHttp2Stream } from 'node:http2'
import net from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DisposableStore } from '../../base/disposable.ts'
import { silentLogger } from '../../base/logger.ts'
import { FakeClock } from '../../base/testing/fake-clock.ts'
import { serveNodeChannel } from './channel-server.ts'
import { FakeChannelSource } from './testing/fake-source.ts'

let owned = new DisposableStore()
let folder = ''
let socketPath = ''
let source = new FakeChannelSource()
let clock = new FakeClock()

beforeEach(() => {
  owned = new DisposableStore()
  folder = mkdtempSync(path.join(tmpdir(), 'channel-'))
  socketPath = path.join(folder, 'k.sock')
  source = new FakeChannelSource()
  source.folder = folder
  clock = new FakeClock()
})
afterEach(async () => {
  await owned.dispose()
  rmSync(folder, { recursive: true })
})

async function start(): Promise<ClientHttp2Session> {
  owned.add(await serveNodeChannel({ source, socketPath, clock, logger: silentLogger }))
  const session = http2.connect('http://node', { createConnection: () => net.connect(socketPath) })
  session.on('error', () => undefined)
  owned.add({ dispose: () => session.destroy() })
  return session
}

async function ask(session: ClientHttp2Session, method: string, target: string, body?: Buffer) {
  const stream = session.request({ ':method': method, ':path': target }, { endStream: body === undefined })
  if (body !== undefined) stream.end(body)
  const status = await new Promise<number>((resolve, reject) => {
    stream.once('response', (headers) => resolve(Number(headers[':status'])))
    stream.once('error', reject)
  })
  let text = ''
  for await (const chunk of stream) text += String(chunk)
  return { status, text }
}

/** Resolves with each line as it is asked for. */
function lines(stream: ClientHttp2Stream): () => Promise<string> {
  const iterator = stream.setEncoding('utf8')[Symbol.asyncIterator]()
  let rest = ''
  return async () => {
    while (!rest.includes('\n')) {
      const next = await iterator.next()
      if (next.done === true) throw new Error('the stream has ended')
      rest += String(next.value)
    }
    const [line = '', ...more] = rest.split('\n')
    rest = more.join('\n')
    return line
  }
}

describe('given a served socket', () => {
  it('when it starts, then only its owner may use it, and a socket left behind is replaced', async () => {
    const dead = await serveNodeChannel({ source, socketPath, clock, logger: silentLogger })
    owned.add(dead)
    await start()
    expect(statSync(socketPath).mode & 0o777).toBe(0o600)
  })

  it('when something else has its place, then it refuses to start', async () => {
    writeFileSync(socketPath, 'precious')
    await expect(start()).rejects.toThrow('it is not a socket')
  })

  it('when the kubelet and the view are asked for, then they come as JSON', async () => {
    const session = await start()
    source.setPods('a')
    expect(JSON.parse((await ask(session, 'GET', '/v1/kubelet')).text)).toMatchObject({ nodeName: 'node01' })
    const view = await ask(session, 'GET', '/v1/view')
    expect(view.status).toBe(200)
    expect(JSON.parse(view.text)).toMatchObject({ pods: [{ metadata: { name: 'a' } }], files: [] })
  })

  it('when a request is wrong, then status and body say why and the next one is answered', async () => {
    const session = await start()
    const wrong = await ask(session, 'GET', '/v1/nothing')
    expect(wrong.status).toBe(404)
    expect(JSON.parse(wrong.text)).toMatchObject({ kind: 'NotFound' })
    expect((await ask(session, 'DELETE', '/v1/view')).status).toBe(400)
    const log = await ask(session, 'GET', '/v1/logs/default/web/c')
    expect(JSON.parse(log.text)).toEqual({ kind: 'NotFound', message: 'pod "web" does not exist' })
    expect((await ask(session, 'GET', '/v1/kubelet')).status).toBe(200)
  })

  it('when the peer speaks rubbish, then other peers are served on', async () => {
    const session = await start()
    const rubbish = net.connect(socketPath)
    rubbish.on('error', () => undefined)
    rubbish.end('GET / HTTP/1.1\r\n\r\n')
    await new Promise((resolve) => rubbish.on('close', resolve).resume())
    expect((await ask(session, 'GET', '/v1/kubelet')).status).toBe(200)
  })

  it('when manifests are written, read, listed and removed, then the folder changes', async () => {
    const session = await start()
    expect((await ask(session, 'PUT', '/v1/manifests/a%20b.yaml', Buffer.from('x: 1'))).status).toBe(204)
    expect(await ask(session, 'GET', '/v1/manifests/a%20b.yaml')).toEqual({ status: 200, text: 'x: 1' })
    expect(JSON.parse((await ask(session, 'GET', '/v1/manifests')).text)).toEqual({
      path: folder,
      names: ['a b.yaml', 'k.sock'],
    })
    expect((await ask(session, 'DELETE', '/v1/manifests/a%20b.yaml')).status).toBe(204)
    expect((await ask(session, 'DELETE', '/v1/manifests/a%20b.yaml')).status).toBe(404)
    const huge = await ask(session, 'PUT', '/v1/manifests/big.yaml', Buffer.alloc(11 * 1024 * 1024))
    expect(huge.status).toBe(400)
    expect(huge.text).toContain('larger than')
  })

  it('when a log is asked for, then it comes as text', async () => {
    const file = path.join(folder, '0.log')
    writeFileSync(file, '2026-01-01T00:00:00Z stdout F hello\n')
    source.logFiles.set('web', { path: file, isRunning: () => false })
    const session = await start()
    expect(await ask(session, 'GET', '/v1/logs/default/web/c?tailLines=1')).toEqual({ status: 200, text: 'hello\n' })
    chmodSync(file, 0o600)
  })
})

describe('given a watch of the view', () => {
  it('when much changes at once, then it is told once in 100 ms, and the last state is told', async () => {
    const session = await start()
    const next = lines(session.request({ ':path': '/v1/view?watch=1' }))
    expect(JSON.parse(await next())).toMatchObject({ pods: [] })
    for (let index = 0; index < 50; index++) source.setPods(`p${index}`)
    expect(source.reads).toBe(1)
    await clock.advance(100)
    expect(JSON.parse(await next())).toMatchObject({ pods: [{ metadata: { name: 'p49' } }] })
    expect(source.reads).toBe(2)
    await clock.advance(10_000)
    source.setPods('late')
    await clock.advance(0)
    expect(JSON.parse(await next())).toMatchObject({ pods: [{ metadata: { name: 'late' } }] })
    expect(source.reads).toBe(3)
  })

  it('when the watcher goes, then nothing listens on', async () => {
    const session = await start()
    const next = lines(session.request({ ':path': '/v1/view?watch=1' }))
    await next()
    expect(source.listeners).toBe(1)
    session.destroy()
    await expect.poll(() => source.listeners).toBe(0)
    expect(clock.pendingTimers).toBe(0)
  })

  it('when the watcher takes nothing, then nothing is queued for it and it is dropped', async () => {
    const session = await start()
    const stream = session.request({ ':path': '/v1/view?watch=1' })
    await new Promise((resolve) => stream.once('response', resolve))
    const name = 'x'.repeat(300_000)
    for (let round = 0; round < 20; round++) {
      source.setPods(name)
      await clock.advance(100)
    }
    expect(source.reads).toBeLessThan(5)
    const closed = new Promise((resolve) => stream.once('close', resolve))
    stream.on('error', () => undefined)
    await clock.advance(30_000)
    await closed
    expect(stream.rstCode).toBe(http2.constants.NGHTTP2_CANCEL)
    expect(source.listeners).toBe(0)
  })
})

describe('given a watch of the timeline', () => {
  it('when entries exist and more come, then each comes once and in order', async () => {
    const session = await start()
    source.addEntries(1200)
    const next = lines(session.request({ ':path': '/v1/timeline?watch=1&after=boot-1:3' }))
    await clock.advance(0)
    for (let sequence = 4; sequence <= 1200; sequence++) {
      if (sequence % 100 === 0) await clock.advance(0)
      expect(JSON.parse(await next())).toMatchObject({ sequence })
    }
    source.addEntries(2)
    await clock.advance(0)
    expect(JSON.parse(await next())).toMatchObject({ sequence: 1201 })
    expect(JSON.parse(await next())).toMatchObject({ sequence: 1202 })
  })

  it('when the boot is unknown or a pod is named, then all or only its entries come', async () => {
    const session = await start()
    source.addEntries(2, 'web')
    source.addEntries(1, 'db')
    const all = await ask(session, 'GET', '/v1/timeline?after=other:99')
    expect(all.text.trim().split('\n')).toHaveLength(3)
    const one = await ask(session, 'GET', '/v1/timeline?namespace=default&pod=db')
    expect(JSON.parse(one.text)).toMatchObject({ sequence: 3 })
  })
})
