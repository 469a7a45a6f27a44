import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { fetchManifest } from './fetch-manifest.ts'

const servers: Server[] = []

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

function get(url: string, header: Record<string, string[]> = {}, signal = new AbortController().signal) {
  return fetchManifest(url, header, signal)
}

describe('given a server', () => {
  it('when it answers, then status and body are handed on, and it got the headers, each value of a name', async () => {
    let lines: string[] = []
    const url = await serve((request, response) => {
      lines = request.rawHeaders
      response.end('kind: Pod')
    })
    const answer = await get(`${url}/pods`, { 'X-Token': ['a', 'b'] })
    expect(answer).toMatchObject({ status: 200, statusText: 'OK' })
    expect(answer.body.toString()).toBe('kind: Pod')
    expect(lines.join(' ')).toContain('X-Token a X-Token b')
  })

  it('when it answers 404, then that is an answer', async () => {
    const url = await serve((_, response) => response.writeHead(404).end())
    expect(await get(url)).toMatchObject({ status: 404, statusText: 'Not Found' })
  })

  it('when it wants to speak another protocol, then that is an answer without a manifest', async () => {
    const url = await serve(() => undefined)
    const [server] = servers
    server?.on('connection', (socket) =>
      socket.once('data', () =>
        socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n'),
      ),
    )
    expect(await get(url)).toMatchObject({ status: 101, body: Buffer.alloc(0) })
  })

  it('when it sends on to another server, then that one answers and does not get the headers', async () => {
    let token: unknown = 'none was asked'
    const other = await serve((request, response) => {
      token = request.headers['x-token']
      response.end('there')
    })
    const url = await serve((_, response) => response.writeHead(302, { Location: `${other}/x` }).end())
    expect((await get(url, { 'X-Token': ['secret'] })).body.toString()).toBe('there')
    expect(token).toBeUndefined()
  })

  it('when it sends in a circle, then that ends', async () => {
    const url = await serve((_, response) => response.writeHead(302, { Location: '/again' }).end())
    await expect(get(url)).rejects.toThrow('stopped after 10 redirects')
  })

  it('when it sends on to a file, then that is refused', async () => {
    const url = await serve((_, response) => response.writeHead(302, { Location: 'file:///etc/shadow' }).end())
    await expect(get(url)).rejects.toThrow('unsupported protocol scheme "file"')
  })

  it('when its answer never ends, then the limit of a manifest ends it', async () => {
    const url = await serve((_, response) => {
      const more = (): void => {
        if (!response.destroyed) response.write(Buffer.alloc(1024 * 1024), () => setImmediate(more))
      }
      more()
    })
    await expect(get(url)).rejects.toThrow('the read limit is reached')
  })

  it('when it says nothing or stops in the middle, then the time limit ends it in Go’s words', async () => {
    const silent = await serve(() => undefined)
    const limit = new AbortController()
    const waiting = get(silent, {}, limit.signal)
    limit.abort()
    await expect(waiting).rejects.toThrow('context deadline exceeded (Client.Timeout exceeded while awaiting headers)')
    const halting = await serve((_, response) => response.write('kind:'))
    const second = new AbortController()
    const reading = get(halting, {}, second.signal)
    setTimeout(() => second.abort(), 200)
    await expect(reading).rejects.toThrow('context deadline exceeded')
  })
})

it('given no server, then the words are Go’s', async () => {
  const url = await serve(() => undefined)
  const [server] = servers.splice(0)
  await new Promise((resolve) => server?.close(resolve))
  const port = new URL(url).port
  await expect(get(`${url}/pods`)).rejects.toThrow(
    `Get "${url}/pods": dial tcp 127.0.0.1:${port}: connect: connection refused`,
  )
})

it.each([
  ['not an address', 'no such address can be'],
  ['file:///etc/passwd', 'unsupported protocol scheme "file"'],
])('given the address %j, then it is refused: %s', async (url, words) => {
  await expect(get(url)).rejects.toThrow(words)
})
