/** Clients that ask for much and never read it: what they cost, and when they are let go. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { connect as connectTls } from 'node:tls'
import type { TLSSocket } from 'node:tls'
import { expect, it } from 'vitest'
import type { KubeletConfiguration } from '../options/kubelet-configuration.ts'
import { aManifest } from '../testing/new-test-kubelet.ts'
import { computeServerSettings } from './server-settings.ts'
import { newTestServer } from './testing/new-test-server.ts'
import type { TestServer } from './testing/new-test-server.ts'
import { connectionsOf } from './testing/server-connections.ts'

const CHUNK = Buffer.alloc(64 * 1024, 'x')
/** What the system holds on both sides of two connections, and some for the process itself. */
const HELD_BYTES = 32 * 1024 * 1024
const IDLE_MS = 500

/** Asks, and looks at no byte of the answer. */
async function askAndNeverRead(server: TestServer, head: string): Promise<TLSSocket> {
  const socket = connectTls({ host: '127.0.0.1', port: server.ports.secure ?? 0, rejectUnauthorized: false })
  await once(socket, 'secureConnect')
  socket.pause()
  socket.on('error', () => undefined)
  socket.write(`${head}\r\nHost: localhost\r\n\r\n`)
  return socket
}

/** A runtime whose stream never ends and has always more to say. */
async function talkForEver(
  server: TestServer,
): Promise<Disposable & { saidBytes: () => number; hasEnded: () => boolean }> {
  let saidBytes = 0
  let hasEnded = false
  const say = (socket: Duplex): void => {
    do saidBytes += CHUNK.length
    while (socket.write(CHUNK))
  }
  const runtimeServer = createServer().on('upgrade', (_request, socket) => {
    socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\n\r\n')
    socket.on('drain', () => say(socket)).on('error', () => undefined)
    socket.once('close', () => (hasEnded = true))
    say(socket)
  })
  runtimeServer.listen(0, '127.0.0.1')
  await once(runtimeServer, 'listening')
  const { port } = runtimeServer.address() as AddressInfo
  Object.assign(server.node.runtime, { exec: () => Promise.resolve(`http://127.0.0.1:${port}/exec/TOKEN`) })
  return {
    saidBytes: () => saidBytes,
    hasEnded: () => hasEnded,
    [Symbol.dispose]: () => void runtimeServer.close(),
  }
}

it('given a stream whose client never reads, then little is held for it, and after the idle time both ends are closed', async () => {
  await using server = await newTestServer({ configuration: { streamingConnectionIdleTimeout: `${IDLE_MS}ms` } })
  await server.node.write('web.json', aManifest('web'))
  using runtime = await talkForEver(server)
  const head =
    'POST /exec/default/web-node01/c?command=yes&output=1 HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1'
  const client = await askAndNeverRead(server, head)
  await expect.poll(runtime.saidBytes).toBeGreaterThan(0)
  await expect.poll(() => connectionsOf(server).length).toBe(0)
  await expect.poll(runtime.hasEnded).toBe(true)
  expect(runtime.saidBytes()).toBeLessThan(HELD_BYTES)
  client.destroy()
})

it('given a follower of a log that never reads, when the time for an answer is over, then its connection is closed', async () => {
  const answerMs = 60_000
  await using server = await newTestServer({ timeouts: { answerMs } })
  await server.node.write('web.json', aManifest('web'))
  server.log('web-node01', 'x'.repeat(HELD_BYTES))
  const client = await askAndNeverRead(server, 'GET /containerLogs/default/web-node01/c?follow=true HTTP/1.1')
  await expect.poll(() => client.bytesRead).toBeGreaterThan(0)
  await server.node.clock.advance(answerMs - 1)
  expect(connectionsOf(server)).toHaveLength(1)
  await server.node.clock.advance(1)
  await expect.poll(() => connectionsOf(server).length).toBe(0)
  client.destroy()
})

it('given no idle time, or none that is said, then streams are kept for ever, or for upstream’s four hours', () => {
  const base: KubeletConfiguration = { apiVersion: 'kubelet.config.k8s.io/v1beta1', kind: 'KubeletConfiguration' }
  const fourHours = 4 * 3_600_000
  expect(computeServerSettings(base).timeouts).toEqual({ answerMs: fourHours, streamIdleMs: fourHours })
  expect(computeServerSettings({ ...base, streamingConnectionIdleTimeout: '0s' }).timeouts.streamIdleMs).toBe(0)
})
