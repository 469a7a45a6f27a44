/** What the bridge refuses, tried on the command that users run: `node-lab serve`. */
import { request } from 'node:http'
import { WebSocket } from 'ws'
import { expect, test } from '../../support/app-fixture.ts'

interface Bridge {
  port: number
  token: string
}

function bridgeOf(url: string | undefined): Bridge {
  if (url === undefined) throw new Error('These specs need the browser bridge')
  const parsed = new URL(url)
  return { port: Number(parsed.port), token: parsed.hash.slice('#token='.length) }
}

/** Status of a request whose path and headers are sent as they are. */
function ask(bridge: Bridge, path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<number> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ host: '127.0.0.1', port: bridge.port, path, method, headers }, (response) => {
      response.resume()
      resolve(response.statusCode ?? 0)
    })
    outgoing.on('error', reject)
    outgoing.end()
  })
}

interface Attempt {
  token?: string
  origin?: string
  host?: string
}

/** An open socket, or the status that refused it. */
function connect(bridge: Bridge, attempt: Attempt): Promise<WebSocket | number> {
  const protocols = ['node-lab.v1', `node-lab.token.${attempt.token ?? bridge.token}`]
  const socket = new WebSocket(`ws://127.0.0.1:${bridge.port}/bridge`, protocols, {
    origin: attempt.origin ?? `http://127.0.0.1:${bridge.port}`,
    headers: { Host: attempt.host ?? `127.0.0.1:${bridge.port}` },
  })
  return new Promise((resolve, reject) => {
    socket.on('open', () => resolve(socket))
    socket.on('unexpected-response', (_request, response) => {
      resolve(response.statusCode ?? 0)
      socket.terminate()
    })
    socket.on('error', reject)
  })
}

test('given a wrong token, another page or another host name, when connecting, then the bridge refuses', async ({
  app,
}) => {
  const bridge = bridgeOf(app.url)
  expect(await connect(bridge, { token: 'wrong' })).toBe(401)
  expect(await connect(bridge, { token: bridge.token.slice(0, -1) })).toBe(401)
  expect(await connect(bridge, { origin: 'http://evil.example' })).toBe(403)
  expect(await connect(bridge, { origin: `http://127.0.0.1:${bridge.port + 1}` })).toBe(403)
  expect(await connect(bridge, { host: 'evil.example' })).toBe(421)
})

test('given another host name or page, when a file is asked for, then it is refused', async ({ app }) => {
  const bridge = bridgeOf(app.url)
  expect(await ask(bridge, '/')).toBe(200)
  expect(await ask(bridge, '/', { Host: 'evil.example' })).toBe(421)
  expect(await ask(bridge, '/', { Origin: 'http://evil.example' })).toBe(403)
  expect(await ask(bridge, '/', {}, 'POST')).toBe(405)
})

for (const path of [
  '/../package.json',
  '/%2e%2e/%2e%2e/package.json',
  '/assets/../../../package.json',
  '//etc/passwd',
]) {
  test(`given the path ${path}, when asked for, then there is no such file`, async ({ app }) => {
    expect(await ask(bridgeOf(app.url), path)).toBe(404)
  })
}

for (const frame of ['no json', '[]', '{"type":"call"}', '{"id":1,"type":"shout"}']) {
  test(`given the frame ${frame}, when sent, then the connection is closed with 1008 and the app works on`, async ({
    app,
    board,
  }) => {
    const socket = await connect(bridgeOf(app.url), {})
    if (typeof socket === 'number') throw new Error(`refused with ${socket}`)
    const closed = new Promise<number>((resolve) => socket.on('close', resolve))
    socket.send(frame)
    expect(await closed).toBe(1008)
    await expect(board.node('node01')).toHaveAttribute('data-state', 'running')
  })
}

test('given a call with wrong parameters, when sent, then the answer is a BadRequest and nothing changes', async ({
  app,
  lab,
}) => {
  const socket = await connect(bridgeOf(app.url), {})
  if (typeof socket === 'number') throw new Error(`refused with ${socket}`)
  const parameters = { lab: lab.name, node: 'node01', name: '../../escape.yaml', content: 'x' }
  const calls = [
    { id: 1, type: 'call', name: 'manifest/apply', parameters },
    { id: 2, type: 'call', name: 'constructor', parameters: {} },
    { id: 3, type: 'call', name: 'lab/delete', parameters: { lab: 42 } },
  ]
  for (const call of calls) socket.send(JSON.stringify(call))
  const replies = new Map<number, { ok: boolean; error?: { kind: string } }>()
  socket.on('message', (data) => {
    const frame = JSON.parse(String(data)) as { id?: number; type: string; ok: boolean; error?: { kind: string } }
    if (frame.type === 'reply' && frame.id !== undefined) replies.set(frame.id, frame)
  })
  await expect.poll(() => [...replies.keys()].toSorted()).toEqual([1, 2, 3])
  for (const reply of replies.values()) expect(reply).toMatchObject({ ok: false, error: { kind: 'BadRequest' } })
  expect(await lab.files('node01')).toEqual([])
  socket.close()
})
