/**
 * The IPC contract over a WebSocket to the server that also served this page. The token comes in the URL's fragment, moves
 * to sessionStorage (so that a reload works and the address bar does not keep it) and goes out as a subprotocol. An address that is
 * opened in the same tab changes the fragment only, and loads nothing: its token is taken all the same.
 * Connects again by itself after a loss; calls and streams under way then end with an error, since their fate is unknown.
 */
import type { BridgeState, IpcReply, NodeLabBridge, StreamHandlers } from '@common/ipc/bridge.ts'
import type { IpcCallName } from '@common/ipc/calls.ts'
import {
  BRIDGE_PAGE_PARAMETER,
  BRIDGE_PATH,
  BRIDGE_PROTOCOL,
  BRIDGE_TOKEN_PARAMETER,
  BRIDGE_TOKEN_PROTOCOL_PREFIX,
  type ClientFrame,
  type ServerFrame,
} from '@common/ipc/frames.ts'
import type { LabErrorData } from '@common/lab-error.ts'

const TOKEN_KEY = 'node-lab.token'
const FIRST_RETRY_MS = 250
const LONGEST_RETRY_MS = 5_000
/** Calls wait this long for a connection before they fail. */
const CONNECT_PATIENCE_MS = 10_000

const LOST: LabErrorData = {
  kind: 'Unavailable',
  message: 'The connection to Node Lab was lost before the answer came.',
  remedy: 'The page tries again by itself; if Node Lab was started anew, open the new address that the terminal shows.',
}

/** What the bridge needs of the window. */
export interface BrowserWindow {
  location: Pick<Location, 'hash' | 'host' | 'protocol' | 'pathname' | 'search'>
  history: Pick<History, 'replaceState'>
  sessionStorage: Pick<Storage, 'getItem' | 'setItem'>
  addEventListener(type: 'popstate', listener: () => void): void
  WebSocket: new (url: string, protocols: string[]) => WebSocket
}

interface PendingCall {
  settle(reply: IpcReply<IpcCallName>): void
}

export function createBrowserBridge(browser: BrowserWindow): NodeLabBridge {
  return new BrowserBridge(browser)
}

class BrowserBridge implements NodeLabBridge {
  private readonly browser: BrowserWindow
  private token: string
  private socket: WebSocket | undefined
  private state: BridgeState = 'connecting'
  private retryMs = FIRST_RETRY_MS
  private retry: ReturnType<typeof setTimeout> | undefined
  private nextId = 0
  private readonly calls = new Map<number, PendingCall>()
  private readonly streams = new Map<number, StreamHandlers<never>>()
  private readonly listeners = new Map<string, Set<(payload: never) => void>>()
  private readonly stateListeners = new Set<(state: BridgeState) => void>()
  private readonly waiting = new Set<(isOpen: boolean) => void>()

  constructor(browser: BrowserWindow) {
    this.browser = browser
    this.token = takeToken(browser) ?? browser.sessionStorage.getItem(TOKEN_KEY) ?? ''
    // Not `hashchange`, which comes when the router has already put a page of its own in the place of the token.
    browser.addEventListener('popstate', () => this.takeNewToken())
    this.connect()
  }

  async call<Name extends IpcCallName>(name: Name, parameters: unknown): Promise<IpcReply<Name>> {
    if (!(await this.connected())) return { ok: false, error: LOST }
    const id = this.nextId++
    return new Promise((resolve) => {
      // The reply's type follows from the call's name, and ids tie the two together.
      this.calls.set(id, { settle: (reply) => resolve(reply as IpcReply<Name>) })
      this.send({ id, type: 'call', name, parameters })
    })
  }

  on: NodeLabBridge['on'] = (name, listener) => {
    const ofName = this.listeners.get(name) ?? new Set()
    this.listeners.set(name, ofName)
    ofName.add(listener)
    return () => void ofName.delete(listener)
  }

  openStream: NodeLabBridge['openStream'] = (name, parameters, handlers) => {
    const id = this.nextId++
    this.streams.set(id, handlers)
    void this.connected().then((isOpen) => {
      if (!this.streams.has(id)) return
      if (isOpen) this.send({ id, type: 'open', name, parameters })
      else this.endStream(id, LOST)
    })
    return () => {
      if (this.streams.delete(id) && this.state === 'open') this.send({ id, type: 'close' })
    }
  }

  onStateChange(listener: (state: BridgeState) => void): () => void {
    this.stateListeners.add(listener)
    listener(this.state)
    return () => void this.stateListeners.delete(listener)
  }

  pathForFile(): null {
    return null
  }

  /** The same tab was given the address of a server that was started anew. */
  private takeNewToken(): void {
    const token = takeToken(this.browser)
    if (token === undefined) return
    const isNew = token !== this.token
    this.token = token
    if (this.state === 'open' && !isNew) return
    clearTimeout(this.retry)
    this.retryMs = FIRST_RETRY_MS
    const before = this.socket
    this.drop()
    before?.close()
    this.connect()
  }

  private connect(): void {
    this.setState('connecting')
    const { location, WebSocket } = this.browser
    const scheme = location.protocol === 'https:' ? 'wss' : 'ws'
    const protocols = [BRIDGE_PROTOCOL, `${BRIDGE_TOKEN_PROTOCOL_PREFIX}${this.token}`]
    const socket = new WebSocket(`${scheme}://${location.host}${BRIDGE_PATH}`, protocols)
    this.socket = socket
    socket.addEventListener('open', () => {
      if (this.socket !== socket) return
      this.retryMs = FIRST_RETRY_MS
      this.setState('open')
    })
    socket.addEventListener('message', (event) => {
      if (this.socket === socket) this.receive(String(event.data))
    })
    // `close` follows every `error`, so one of them is enough.
    socket.addEventListener('close', () => {
      if (this.socket === socket) this.lost()
    })
  }

  private lost(): void {
    this.drop()
    this.retry = setTimeout(() => this.connect(), this.retryMs)
    this.retryMs = Math.min(this.retryMs * 2, LONGEST_RETRY_MS)
  }

  /** What was under way ends, since its fate is unknown. */
  private drop(): void {
    this.socket = undefined
    for (const { settle } of this.calls.values()) settle({ ok: false, error: LOST })
    this.calls.clear()
    for (const id of [...this.streams.keys()]) this.endStream(id, LOST)
    this.setState('closed')
  }

  private setState(state: BridgeState): void {
    this.state = state
    if (state === 'open') {
      for (const resume of this.waiting) resume(true)
      this.waiting.clear()
    }
    for (const listener of this.stateListeners) listener(state)
  }

  private connected(): Promise<boolean> {
    if (this.state === 'open') return Promise.resolve(true)
    return new Promise((resolve) => {
      const resume = (isOpen: boolean): void => {
        clearTimeout(timer)
        this.waiting.delete(resume)
        resolve(isOpen)
      }
      const timer = setTimeout(() => resume(false), CONNECT_PATIENCE_MS)
      this.waiting.add(resume)
    })
  }

  private send(frame: ClientFrame): void {
    this.socket?.send(JSON.stringify(frame))
  }

  private receive(text: string): void {
    // The server is the one that served this very page; its frames have the contract's types.
    const frame = JSON.parse(text) as ServerFrame
    switch (frame.type) {
      case 'reply': {
        const pending = this.calls.get(frame.id)
        this.calls.delete(frame.id)
        pending?.settle(frame.ok ? { ok: true, result: frame.result as never } : { ok: false, error: frame.error })
        return
      }
      case 'event':
        for (const listener of this.listeners.get(frame.name) ?? []) listener(frame.payload as never)
        return
      case 'chunk':
        void this.take(frame.id, frame.chunk)
        return
      case 'end':
        this.endStream(frame.id, frame.error)
        return
    }
  }

  private async take(id: number, chunk: unknown): Promise<void> {
    try {
      await this.streams.get(id)?.onChunk(chunk as never)
    } finally {
      // A stream that was closed meanwhile is waiting for nothing, and a connection that was lost has no streams.
      if (this.streams.has(id)) this.send({ id, type: 'taken' })
    }
  }

  private endStream(id: number, error: LabErrorData | undefined): void {
    const handlers = this.streams.get(id)
    this.streams.delete(id)
    if (error === undefined) handlers?.onEnd()
    else handlers?.onEnd(error)
  }
}

/** `undefined` when the address has none. */
function takeToken({ location, history, sessionStorage }: BrowserWindow): string | undefined {
  const fragment = new URLSearchParams(location.hash.slice(1))
  const token = fragment.get(BRIDGE_TOKEN_PARAMETER)
  if (token === null) return undefined
  sessionStorage.setItem(TOKEN_KEY, token)
  const page = fragment.get(BRIDGE_PAGE_PARAMETER)
  const hash = page?.startsWith('/') === true ? `#${page}` : ''
  history.replaceState(null, '', `${location.pathname}${location.search}${hash}`)
  return token
}
