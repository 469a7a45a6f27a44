import { spawnSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { systemClock } from '../../base/clock.ts'
import { DisposableStore, toDisposable } from '../../base/disposable.ts'
import { silentLogger } from '../../base/logger.ts'
import { FakeClock } from '../../base/testing/fake-clock.ts'
import { EngineClient } from './engine-client.ts'
import { followEngineEvents } from './engine-event-stream.ts'
import type { ServiceOptions } from './service-options.ts'

const service = { lab: 't', node: 'node01' } as ServiceOptions
const line = (id: string): string =>
  `{"Type":"container","Action":"die","Actor":{"ID":"${id}","Attributes":{}},"timeNano":5}\n`

describe('followEngineEvents', () => {
  let store: DisposableStore
  beforeEach(() => {
    store = new DisposableStore()
  })
  afterEach(() => store.dispose())

  it('given a stream that breaks in the middle of an event, then it is told, and events come again from a new one', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'engine-'))
    store.add(toDisposable(() => rm(folder, { recursive: true })))
    const socketPath = join(folder, 'engine.sock')
    const streams: ServerResponse[] = []
    const urls: string[] = []
    const server = createServer((request, response) => {
      if (request.url === '/version') {
        response.end(JSON.stringify({ Version: '26.1.5', ApiVersion: '1.45', Os: 'linux' }))
        return
      }
      urls.push(request.url ?? '')
      response.flushHeaders()
      streams.push(response)
    })
    await new Promise<void>((resolve) => server.listen(socketPath, resolve))
    store.add(toDisposable(() => void server.close()))
    const engine = new EngineClient(socketPath)
    store.add(toDisposable(() => engine.dispose()))
    const end = new AbortController()
    const story: string[] = []
    const following = followEngineEvents({
      ...{ engine, service, clock: systemClock(), logger: silentLogger, signal: end.signal },
      onConnected: () => story.push('connected'),
      onLost: () => story.push('lost'),
      onDeadSocket: () => story.push('dead socket'),
      onEvent: (event) => story.push(event.containerId),
    })
    await expect.poll(() => story).toEqual(['connected'])
    streams[0]?.write(line('one').slice(0, 20))
    streams[0]?.write(`${line('one').slice(20)}${line('two').slice(0, 30)}`)
    await expect.poll(() => story).toEqual(['connected', 'one'])
    streams[0]?.destroy()
    await expect.poll(() => story).toEqual(['connected', 'one', 'lost', 'connected'])
    streams[1]?.write(line('three'))
    await expect.poll(() => story.at(-1)).toBe('three')
    end.abort()
    await following
    expect(story).toEqual(['connected', 'one', 'lost', 'connected', 'three'])
    expect(decodeURIComponent(urls[0] ?? '')).toContain('"io.node-lab.lab=t","io.node-lab.node=node01"')
  })

  it('given a socket on which nobody listens any more, then it is called dead after three seconds and not before', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'engine-'))
    store.add(toDisposable(() => rm(folder, { recursive: true })))
    const socketPath = join(folder, 'engine.sock')
    // As a bind mount keeps it: the file of a server that was killed.
    const script = `require('net').createServer().listen(${JSON.stringify(socketPath)}, () => process.kill(process.pid, 'SIGKILL'))`
    spawnSync(process.execPath, ['-e', script])
    const engine = new EngineClient(socketPath)
    store.add(toDisposable(() => engine.dispose()))
    const end = new AbortController()
    const clock = new FakeClock()
    const deadAtMs: number[] = []
    const startMs = clock.now()
    let refusals = 0
    const following = followEngineEvents({
      ...{ engine, service, clock, logger: silentLogger, signal: end.signal },
      onConnected: () => undefined,
      onLost: () => refusals++,
      onDeadSocket: () => {
        deadAtMs.push(clock.now() - startMs)
        end.abort()
      },
      onEvent: () => undefined,
    })
    for (let attempt = 0; !end.signal.aborted; attempt++) {
      await expect.poll(() => refusals).toBe(attempt + 1)
      await clock.advance(100 * 2 ** attempt)
    }
    await following
    expect(deadAtMs).toEqual([3100])
  })
})
