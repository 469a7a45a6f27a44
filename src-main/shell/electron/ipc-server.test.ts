/** Server and preload's bridge together, joined by an Electron IPC of a few lines: what one sends the other must understand. */
import { EventEmitter } from 'node:events'
import { describe, expect, it } from 'vitest'
import { toDisposable, type Disposable } from '../../base/disposable.ts'
import { settle } from '../../base/testing/fake-clock.ts'
import type { NodeLabBridge } from '../../common/ipc/bridge.ts'
import { ELECTRON_CHANNELS } from '../../common/ipc/electron-channels.ts'
import type { LabErrorData } from '../../common/lab-error.ts'
import { createBridge } from '../../preload/create-bridge.ts'
import type { AppBackend, AppEvent, AppStreamHandlers } from '../app/app-backend.ts'
import { serveWindow, type IpcSender, type WindowIpc } from './ipc-server.ts'

type Handler = (event: IpcSender, ...values: unknown[]) => unknown

/** A window whose page sends as `sender`. */
class FakeWindow extends EventEmitter implements WindowIpc {
  sender: IpcSender = { senderFrame: { url: 'app://node-lab/', parent: null } }
  readonly handlers = new Map<string, Handler>()
  readonly fromPage = new EventEmitter()
  readonly toPage = new EventEmitter()
  readonly ipc = {
    handle: (channel: string, handler: Handler) => void this.handlers.set(channel, handler),
    removeHandler: (channel: string) => void this.handlers.delete(channel),
    on: (channel: string, listener: Handler) => this.fromPage.on(channel, listener),
    removeAllListeners: (channel: string) => this.fromPage.removeAllListeners(channel),
  }

  send(channel: string, ...values: unknown[]): void {
    this.toPage.emit(channel, {}, ...values)
  }

  isDestroyed(): boolean {
    return false
  }

  bridge(): NodeLabBridge {
    return createBridge(
      {
        invoke: async (channel, ...values) => {
          const handler = this.handlers.get(channel)
          if (handler === undefined) throw new Error(`No handler registered for '${channel}'`)
          return handler(this.sender, ...values)
        },
        send: (channel, ...values) => void this.fromPage.emit(channel, this.sender, ...values),
        on: (channel, listener) => this.toPage.on(channel, listener),
      },
      () => null,
    )
  }
}

class RecordingBackend implements AppBackend {
  readonly calls: unknown[][] = []
  readonly streams: { handlers: AppStreamHandlers; disposed: boolean }[] = []
  readonly listeners = new Set<(event: AppEvent) => void>()

  async call(name: unknown, parameters: unknown): ReturnType<AppBackend['call']> {
    this.calls.push([name, parameters])
    return { ok: true, result: null }
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

function serve(): { window: FakeWindow; backend: RecordingBackend; bridge: NodeLabBridge; served: Disposable } {
  const window = new FakeWindow()
  const backend = new RecordingBackend()
  return { window, backend, bridge: window.bridge(), served: serveWindow(window, backend) }
}

const LOGS = { lab: 'default', node: 'node01', namespace: 'default', pod: 'web-node01' }

function openLogs(bridge: NodeLabBridge): { chunks: string[]; ends: (LabErrorData | undefined)[]; close: () => void } {
  const chunks: string[] = []
  const ends: (LabErrorData | undefined)[] = []
  const close = bridge.openStream('pod/logs', LOGS, {
    onChunk: (chunk) => void chunks.push(chunk),
    onEnd: (error) => void ends.push(error),
  })
  return { chunks, ends, close }
}

describe('calls over Electron IPC', () => {
  it('given our own page, when it calls, then the backend is asked and its reply comes back', async () => {
    const { bridge, backend } = serve()
    expect(await bridge.call('lab/delete', { lab: 'a' })).toEqual({ ok: true, result: null })
    expect(backend.calls).toEqual([['lab/delete', { lab: 'a' }]])
  })

  it.each([
    ['another page', { senderFrame: { url: 'https://evil.example/', parent: null } }],
    ['another host of our scheme', { senderFrame: { url: 'app://evil/', parent: null } }],
    ['a file', { senderFrame: { url: 'file:///etc/passwd', parent: null } }],
    ['an embedded frame', { senderFrame: { url: 'app://node-lab/', parent: {} } }],
    ['a frame that has gone', { senderFrame: null }],
  ])(
    'given %s, when it calls or opens a stream, then it is refused and the backend is not asked',
    async (_who, sender) => {
      const { window, bridge, backend } = serve()
      window.sender = sender
      expect(await bridge.call('lab/delete', { lab: 'a' })).toMatchObject({ ok: false, error: { kind: 'Forbidden' } })
      const { ends } = openLogs(bridge)
      await settle()
      expect(ends).toHaveLength(1)
      expect(backend.calls).toEqual([])
      expect(backend.streams).toEqual([])
    },
  )
})

describe('events over Electron IPC', () => {
  it('given a listener, when it is removed, then it hears nothing more', () => {
    const { bridge, backend } = serve()
    const heard: unknown[] = []
    const off = bridge.on('lab/gone', (payload) => void heard.push(payload))
    const emit = (lab: string): void =>
      backend.listeners.forEach((listener) => listener({ name: 'lab/gone', payload: { lab } }))
    emit('a')
    off()
    emit('b')
    expect(heard).toEqual([{ lab: 'a' }])
  })
})

describe('streams over Electron IPC', () => {
  it('given an open stream, when chunks come and it ends, then they arrive in order, each after the one before was taken', async () => {
    const { bridge, backend } = serve()
    const { chunks, ends } = openLogs(bridge)
    await settle()
    await backend.streams[0]?.handlers.onChunk('one\n')
    await backend.streams[0]?.handlers.onChunk('two\n')
    backend.streams[0]?.handlers.onEnd({ kind: 'NotFound', message: 'gone' })
    expect(chunks).toEqual(['one\n', 'two\n'])
    expect(ends).toEqual([{ kind: 'NotFound', message: 'gone' }])
  })

  it('given a page that does not answer, when a chunk is sent, then the source waits until the stream is closed', async () => {
    const { window, bridge, backend } = serve()
    openLogs(bridge)
    await settle()
    window.toPage.removeAllListeners(ELECTRON_CHANNELS.chunk)
    let taken = false
    const sent = Promise.resolve(backend.streams[0]?.handlers.onChunk('one\n')).then(() => (taken = true))
    await settle()
    expect(taken).toBe(false)
    window.emit('render-process-gone')
    await sent
    expect(backend.streams[0]?.disposed).toBe(true)
  })

  it('given an open stream, when the page closes it, then the backend disposes it and nothing more arrives', async () => {
    const { bridge, backend } = serve()
    const { chunks, ends, close } = openLogs(bridge)
    await settle()
    close()
    close()
    expect(backend.streams[0]?.disposed).toBe(true)
    void backend.streams[0]?.handlers.onChunk('late')
    expect({ chunks, ends }).toEqual({ chunks: [], ends: [] })
  })

  it('given open streams, when the page loads anew or the server is disposed, then all are disposed', async () => {
    const { window, bridge, backend, served } = serve()
    openLogs(bridge)
    await settle()
    window.emit('did-start-loading')
    expect(backend.streams.map((stream) => stream.disposed)).toEqual([true])
    openLogs(bridge)
    await settle()
    await served.dispose()
    expect(backend.streams.map((stream) => stream.disposed)).toEqual([true, true])
    expect(backend.listeners.size).toBe(0)
    expect(window.handlers.size).toBe(0)
  })

  it.each([-1, 1.5, '1', null, {}])('given the stream id %j, when opened, then it is refused', async (id) => {
    const { window, backend } = serve()
    const handler = window.handlers.get(ELECTRON_CHANNELS.open)
    expect(() => handler?.(window.sender, id, 'pod/logs', LOGS)).toThrow('integer')
    expect(backend.streams).toEqual([])
  })
})
