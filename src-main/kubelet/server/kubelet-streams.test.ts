/** Exec, attach and port-forward through the kubelet's API, over a real stream server of a runtime. */
import { createServer } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { request } from 'node:https'
import { once } from 'node:events'
import { connect as connectTcp } from 'node:net'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { connect as connectTls } from 'node:tls'
import { describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { systemClock } from '../../base/clock.ts'
import { silentLogger } from '../../base/logger.ts'
import { CriError } from '../../container-runtime/cri.ts'
import type { PortConnection, ProcessOutput, RemoteProcess } from '../../container-runtime/streaming/remote-process.ts'
import { StreamServer } from '../../container-runtime/streaming/stream-server.ts'
import { aManifest } from '../testing/new-test-kubelet.ts'
import { newTestServer } from './testing/new-test-server.ts'
import { connectionsOf } from './testing/server-connections.ts'
import type { TestServer } from './testing/new-test-server.ts'

/** Says what it was asked, echoes its input until that ends, then exits with 3. */
function echoProcess(request: unknown): RemoteProcess {
  const input: string[] = []
  const ended = Promise.withResolvers<void>()
  async function* output(): AsyncGenerator<ProcessOutput> {
    yield { stream: 'stdout', data: Buffer.from(JSON.stringify(request)) }
    await ended.promise
    yield { stream: 'stderr', data: Buffer.from(input.join('')) }
  }
  return {
    output: output(),
    write: (data) => Promise.resolve(void input.push(Buffer.from(data).toString())),
    closeStdin: () => ended.resolve(),
    resize: () => Promise.resolve(),
    exitCode: () => Promise.resolve(3),
    dispose: () => ended.resolve(),
  }
}

function onePort(port: number): PortConnection {
  const ended = Promise.withResolvers<void>()
  async function* received(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(`port ${port}`)
    await ended.promise
  }
  return {
    received: received(),
    send: () => Promise.resolve(),
    endSending: () => ended.resolve(),
    dispose: () => ended.resolve(),
  }
}

async function newStreamingServer(): Promise<TestServer> {
  const server = await newTestServer()
  const { runtime, root } = server.node
  const socketPath = join(root, 'stream.sock')
  const streams = new StreamServer({ clock: systemClock(), logger: silentLogger, urlSocketPath: socketPath })
  await streams.listen(socketPath)
  Object.assign(runtime, {
    exec: (request: unknown) => Promise.resolve(streams.add('exec', () => Promise.resolve(echoProcess(request)))),
    attach: (request: unknown) => Promise.resolve(streams.add('attach', () => Promise.resolve(echoProcess(request)))),
    portForward: ({ port }: { port: number[] }) =>
      Promise.resolve(streams.addPorts(port, (one) => Promise.resolve(onePort(one)))),
  })
  await server.node.write('web.json', aManifest('web'))
  const { [Symbol.asyncDispose]: dispose } = server
  return Object.assign(server, {
    async [Symbol.asyncDispose]() {
      await streams.dispose()
      await dispose()
    },
  })
}

/** A client that collects what it is sent as `CHANNEL:TEXT`. */
async function connect(server: TestServer, path: string, protocols = ['v5.channel.k8s.io']) {
  const address = `wss://127.0.0.1:${server.ports.secure ?? 0}${path}`
  const webSocket = new WebSocket(address, protocols, { rejectUnauthorized: false })
  const heard: string[] = []
  webSocket.on('message', (message: Buffer) => void heard.push(`${message[0]}:${message.subarray(1).toString()}`))
  await once(webSocket, 'open')
  return { webSocket, heard }
}

/** A runtime that serves streams over HTTP, says this on each, and ends it. */
async function endAtOnce(server: TestServer, words: string): Promise<Disposable & { paths: string[] }> {
  const paths: string[] = []
  const runtimeServer = createServer().on('upgrade', (request, socket) => {
    paths.push(`${request.url} ${request.headers.authorization ?? 'nobody'}`)
    socket.end(`HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\n\r\n${words}`)
  })
  runtimeServer.listen(0, '127.0.0.1')
  await once(runtimeServer, 'listening')
  const { port } = runtimeServer.address() as AddressInfo
  Object.assign(server.node.runtime, { exec: () => Promise.resolve(`http://127.0.0.1:${port}/exec/TOKEN`) })
  return { paths, [Symbol.dispose]: () => void runtimeServer.close() }
}

/** A client that never closes its half of the connection. */
async function upgradeKeepingOpen(server: TestServer, path = EXEC) {
  const headers = { Connection: 'Upgrade', Upgrade: 'SPDY/3.1', Authorization: 'Bearer secret' }
  const secure = { host: '127.0.0.1', port: server.ports.secure ?? 0, rejectUnauthorized: false }
  const raw = connectTcp({ host: secure.host, port: secure.port, allowHalfOpen: true })
  const socket = connectTls({ socket: raw, rejectUnauthorized: false })
  socket.allowHalfOpen = true
  const outgoing = request({ ...secure, path, method: 'POST', headers, createConnection: () => socket }).end()
  const pieces: Buffer[] = []
  const heard = (): string => Buffer.concat(pieces).toString()
  const answered = Promise.withResolvers<IncomingMessage>()
  outgoing.on('error', answered.reject).on('response', answered.resolve)
  outgoing.on('upgrade', (response, _socket, head) => {
    pieces.push(head)
    socket.on('data', (data: Buffer) => void pieces.push(data))
    answered.resolve(response)
  })
  return { response: await answered.promise, socket, heard }
}

const EXEC = '/exec/default/web-node01/c?command=echo&command=a%20b&input=1&output=1&error=1'

describe('given a container', () => {
  it('when a client of v5 runs a command, then channels, the end of input, status and exit code cross', async () => {
    await using server = await newStreamingServer()
    const { webSocket, heard } = await connect(server, EXEC)
    webSocket.send(Buffer.from('\0hello'))
    webSocket.send(Buffer.of(255, 0))
    await once(webSocket, 'close')
    const said = heard.filter((message) => message !== '1:')
    const id = server.node.runtime.findContainer('c')?.id
    expect(JSON.parse(said[0]?.slice(2) ?? '')).toEqual({
      ...{ containerId: id, cmd: ['echo', 'a b'] },
      ...{ tty: false, stdin: true, stdout: true, stderr: true },
    })
    expect(said[1]).toBe('2:hello')
    expect(said[2]?.slice(0, 2)).toBe('3:')
    expect(JSON.parse(said[2]?.slice(2) ?? '')).toMatchObject({
      status: 'Failure',
      reason: 'NonZeroExitCode',
      details: { causes: [{ reason: 'ExitCode', message: '3' }] },
    })
    expect((await server.get('/metrics')).body).toContain(
      'kubelet_http_requests_total{long_running="true",method="GET",path="exec",server_type="readwrite"} 1',
    )
  })

  it('when a client of v4 attaches to a terminal, then that is what the runtime is asked for', async () => {
    await using server = await newStreamingServer()
    const path = '/attach/default/web-node01/c?output=1&error=1&tty=1'
    const { webSocket, heard } = await connect(server, path, ['v4.channel.k8s.io'])
    expect(webSocket.protocol).toBe('v4.channel.k8s.io')
    await expect.poll(() => heard.length).toBe(2)
    expect(JSON.parse(heard[1]?.slice(2) ?? '')).toMatchObject({ tty: true, stdin: false, stderr: false })
    webSocket.terminate()
  })

  it('when ports are forwarded, then each has its channels', async () => {
    await using server = await newStreamingServer()
    const { webSocket, heard } = await connect(server, '/portForward/default/web-node01?port=80&port=443')
    await expect.poll(() => heard.filter((message) => message.includes('port'))).toEqual(['0:port 80', '2:port 443'])
    webSocket.terminate()
  })

  it('when the request is wrong, then it is answered instead of upgraded', async () => {
    await using server = await newStreamingServer()
    const refused = (path: string, protocol = 'v5.channel.k8s.io') =>
      connect(server, path, [protocol]).then(
        () => 'upgraded',
        (error: unknown) => (error instanceof Error ? error.message : error),
      )
    expect(await refused('/exec/default/web-node01/c?command=ls')).toContain('400')
    expect(await refused('/exec/default/web-node01/d?output=1')).toContain('500')
    expect(await refused('/exec/default/gone/c?output=1')).toContain('404')
    expect(await refused('/portForward/default/web-node01')).toContain('400')
    expect(await refused('/portForward/default/web-node01/0?port=80')).toContain('404')
    expect(await refused('/portForward/default/web-node01?port=80', 'base64.channel.k8s.io')).toContain('400')
    expect((await server.get(EXEC)).body).toBe('Upgrade request required\n')
    Object.assign(server.node.runtime, { exec: () => Promise.reject(new CriError('ResourceExhausted', 'too many')) })
    expect(await refused(EXEC)).toContain('429')
  })

  it('when the runtime serves streams over HTTP, as containerd does, then those are joined too', async () => {
    await using server = await newStreamingServer()
    using runtime = await endAtOnce(server, 'frames')
    const { response, socket, heard } = await upgradeKeepingOpen(server)
    await expect.poll(heard).toBe('frames')
    expect(response.statusCode).toBe(101)
    expect(runtime.paths).toEqual(['/exec/TOKEN nobody'])
    socket.destroy()
  })

  it('when the runtime ends a stream, then the connection is closed, though the client keeps its half open', async () => {
    await using server = await newStreamingServer()
    // More than the system holds for a client that reads late.
    const much = 'x'.repeat(8 * 1024 * 1024)
    using _runtime = await endAtOnce(server, much)
    const { socket, heard } = await upgradeKeepingOpen(server)
    await expect.poll(() => heard().length).toBe(much.length)
    await expect.poll(() => connectionsOf(server).length).toBe(0)
    socket.destroy()
  })

  it('when a stream is refused, then the connection is closed, though the client keeps its half open', async () => {
    await using server = await newStreamingServer()
    const { socket, response } = await upgradeKeepingOpen(server, '/exec/default/web-node01/c?command=ls')
    expect(response.statusCode).toBe(400)
    await expect.poll(() => connectionsOf(server).length).toBe(0)
    socket.destroy()
  })

  it('when a client is silent, then the system asks after a while whether it is still there', async () => {
    await using server = await newStreamingServer()
    const { webSocket } = await connect(server, EXEC)
    expect(connectionsOf(server)).toEqual([{ watched: true }])
    webSocket.terminate()
  })
})
