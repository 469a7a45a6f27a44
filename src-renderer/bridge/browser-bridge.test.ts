import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { NodeLabBridge } from '@common/ipc/bridge.ts'
import { createBrowserBridge, type BrowserWindow } from './browser-bridge.ts'

class FakeSocket extends EventTarget {
  readonly sent: unknown[] = []
  readonly url: string
  readonly protocols: string[]

  constructor(url: string, protocols: string[]) {
    super()
    this.url = url
    this.protocols = protocols
  }

  send(text: string): void {
    this.sent.push(JSON.parse(text))
  }

  open(): void {
    this.dispatchEvent(new Event('open'))
  }

  receive(frame: unknown): void {
    this.dispatchEvent(new MessageEvent('message', { data: JSON.stringify(frame) }))
  }

  close(): void {
    this.dispatchEvent(new Event('close'))
  }
}

let sockets: FakeSocket[]
let storage: Map<string, string>
let replaced: string[]
/** Puts another fragment into the address of the same tab. */
let enterHash: (hash: string) => void

function connect(hash = '#token=secret'): NodeLabBridge {
  const location = { hash, host: '127.0.0.1:7474', protocol: 'http:', pathname: '/', search: '' }
  const browser = {
    location,
    addEventListener: (_type: string, listener: () => void) => {
      enterHash = (next) => {
        location.hash = next
        listener()
      }
    },
    history: { replaceState: (_data: unknown, _unused: string, url: string) => void replaced.push(url) },
    sessionStorage: {
      getItem: (key: string) => storage.get(key) ?? null,
      setItem: (key: string, value: string) => void storage.set(key, value),
    },
    WebSocket: function (url: string, protocols: string[]) {
      const socket = new FakeSocket(url, protocols)
      sockets.push(socket)
      return socket
    },
  }
  return createBrowserBridge(browser as unknown as BrowserWindow)
}

function socket(index = 0): FakeSocket {
  const found = sockets[index]
  if (found === undefined) throw new Error(`There is no socket ${index}.`)
  return found
}

beforeEach(() => {
  vi.useFakeTimers()
  sockets = []
  storage = new Map()
  replaced = []
})
afterEach(() => void vi.useRealTimers())

describe('the token', () => {
  it('given one in the fragment, goes out as a subprotocol and leaves the address bar', () => {
    connect()
    expect(socket().url).toBe('ws://127.0.0.1:7474/bridge')
    expect(socket().protocols).toEqual(['node-lab.v1', 'node-lab.token.secret'])
    expect(replaced).toEqual(['/'])
  })

  it('given a page beside it, the page stays in the address', () => {
    connect('#token=secret&open=/lab/default/pod/default/web-node01')
    connect('#token=secret&open=https://elsewhere.example')
    expect(replaced).toEqual(['/#/lab/default/pod/default/web-node01', '/'])
  })

  it('given a reload without it, comes from the session', () => {
    connect()
    connect('')
    expect(socket(1).protocols).toContain('node-lab.token.secret')
  })
})

describe('a new address in the same tab', () => {
  it('given a server that was started anew, when its token comes, then it is kept and the connection is there at once', async () => {
    const bridge = connect('#token=old')
    const states: string[] = []
    bridge.onStateChange((state) => states.push(state))
    socket().open()
    socket().close()
    await vi.advanceTimersByTimeAsync(20_000)
    const tried = sockets.length
    socket(tried - 1).close()
    enterHash('#token=new')
    expect(socket(tried).protocols).toEqual(['node-lab.v1', 'node-lab.token.new'])
    expect([replaced.at(-1), storage.get('node-lab.token')]).toEqual(['/', 'new'])
    socket(tried).open()
    expect(states.at(-1)).toBe('open')
    await vi.advanceTimersByTimeAsync(20_000)
    expect(sockets).toHaveLength(tried + 1)
  })

  it('given a connection to another server, when a token comes, then calls under way end and the old socket says no more', async () => {
    const bridge = connect('#token=old')
    socket().open()
    const answer = bridge.call('lab/list', {})
    await vi.advanceTimersByTimeAsync(0)
    enterHash('#token=new')
    await expect(answer).resolves.toMatchObject({ ok: false, error: { kind: 'Unavailable' } })
    socket(1).open()
    socket().close()
    let state = ''
    bridge.onStateChange((now) => (state = now))
    expect([state, sockets.length]).toEqual(['open', 2])
  })

  it.each(['#/timeline', '#token=secret'])('given %s while all is well, then the connection stays', (hash) => {
    connect()
    socket().open()
    enterHash(hash)
    expect(sockets).toHaveLength(1)
  })
})

describe('calls', () => {
  it('given answers in another order, each call gets its own', async () => {
    const bridge = connect()
    socket().open()
    const labs = bridge.call('lab/list', {})
    const tasks = bridge.call('task/list', {})
    await vi.advanceTimersByTimeAsync(0)
    expect(socket().sent).toEqual([
      { id: 0, type: 'call', name: 'lab/list', parameters: {} },
      { id: 1, type: 'call', name: 'task/list', parameters: {} },
    ])
    socket().receive({ id: 1, type: 'reply', ok: true, result: ['task'] })
    socket().receive({ id: 0, type: 'reply', ok: false, error: { kind: 'NoEngine', message: 'none' } })
    await expect(tasks).resolves.toEqual({ ok: true, result: ['task'] })
    await expect(labs).resolves.toEqual({ ok: false, error: { kind: 'NoEngine', message: 'none' } })
  })

  it('given a call before the connection, it waits for it', async () => {
    const bridge = connect()
    void bridge.call('lab/list', {})
    await vi.advanceTimersByTimeAsync(500)
    expect(socket().sent).toEqual([])
    socket().open()
    await vi.advanceTimersByTimeAsync(0)
    expect(socket().sent).toHaveLength(1)
  })

  it('given that the connection is lost, a call under way ends with an error', async () => {
    const bridge = connect()
    socket().open()
    const labs = bridge.call('lab/list', {})
    await vi.advanceTimersByTimeAsync(0)
    socket().close()
    await expect(labs).resolves.toMatchObject({ ok: false, error: { kind: 'Unavailable' } })
  })

  it('given no connection for ten seconds, a call ends with an error', async () => {
    const bridge = connect()
    const labs = bridge.call('lab/list', {})
    await vi.advanceTimersByTimeAsync(10_000)
    await expect(labs).resolves.toMatchObject({ ok: false, error: { kind: 'Unavailable' } })
  })
})

describe('the connection', () => {
  it('given losses, connects again after waits that grow to five seconds, and tells each change', async () => {
    const states: string[] = []
    connect().onStateChange((state) => states.push(state))
    for (const wait of [250, 500, 1000, 2000, 4000, 5000, 5000]) {
      const count = sockets.length
      socket(count - 1).close()
      await vi.advanceTimersByTimeAsync(wait - 1)
      expect(sockets).toHaveLength(count)
      await vi.advanceTimersByTimeAsync(1)
      expect(sockets).toHaveLength(count + 1)
    }
    socket(sockets.length - 1).open()
    expect(states.slice(0, 3)).toEqual(['connecting', 'closed', 'connecting'])
    expect(states.at(-1)).toBe('open')
  })

  it('given a connection that came back, the next loss is answered at once again', async () => {
    connect()
    socket().close()
    await vi.advanceTimersByTimeAsync(250)
    socket(1).open()
    socket(1).close()
    await vi.advanceTimersByTimeAsync(250)
    expect(sockets).toHaveLength(3)
  })
})

describe('events and streams', () => {
  it('given an event, tells its listeners until they end', () => {
    const bridge = connect()
    const seen: unknown[] = []
    const end = bridge.on('lab/gone', (payload) => seen.push(payload))
    socket().receive({ type: 'event', name: 'lab/gone', payload: { lab: 'a' } })
    end()
    socket().receive({ type: 'event', name: 'lab/gone', payload: { lab: 'b' } })
    expect(seen).toEqual([{ lab: 'a' }])
  })

  it('given a log, passes chunks on and closes it when asked to', async () => {
    const bridge = connect()
    socket().open()
    const chunks: string[] = []
    const target = { lab: 'default', node: 'node01', namespace: 'default', pod: 'web-node01' }
    const close = bridge.openStream('pod/logs', target, {
      onChunk: (chunk) => void chunks.push(chunk),
      onEnd: () => undefined,
    })
    await vi.advanceTimersByTimeAsync(0)
    socket().receive({ id: 0, type: 'chunk', chunk: 'one\n' })
    close()
    socket().receive({ id: 0, type: 'chunk', chunk: 'two\n' })
    expect(chunks).toEqual(['one\n'])
    expect(socket().sent.at(-1)).toEqual({ id: 0, type: 'close' })
  })

  it('given a lost connection, tells the stream that it ended, and why', async () => {
    const bridge = connect()
    socket().open()
    const ends: unknown[] = []
    const target = { lab: 'default', node: 'node01', namespace: 'default', pod: 'web-node01' }
    bridge.openStream('pod/logs', target, { onChunk: () => undefined, onEnd: (error) => ends.push(error?.kind) })
    await vi.advanceTimersByTimeAsync(0)
    socket().close()
    expect(ends).toEqual(['Unavailable'])
  })
})
