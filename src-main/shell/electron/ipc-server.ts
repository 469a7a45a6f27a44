/** The IPC contract for one window: checks who speaks, and carries calls, streams and events to and from the backend. */
import { toDisposable, type Disposable } from '../../base/disposable.ts'
import { ELECTRON_CHANNELS } from '../../common/ipc/electron-channels.ts'
import type { LabErrorData } from '../../common/lab-error.ts'
import type { AppBackend } from '../app/app-backend.ts'
import { isAppUrl } from './app-protocol.ts'

/** Where a message came from; `senderFrame` is `null` when the frame has gone meanwhile. */
export interface IpcSender {
  senderFrame: { url: string; parent: unknown } | null
}

/** What the server needs of Electron's `webContents`. */
export interface WindowIpc {
  ipc: {
    handle(channel: string, listener: (event: IpcSender, ...values: unknown[]) => unknown): void
    removeHandler(channel: string): void
    on(channel: string, listener: (event: IpcSender, ...values: unknown[]) => void): unknown
    removeAllListeners(channel: string): unknown
  }
  send(channel: string, ...values: unknown[]): void
  isDestroyed(): boolean
  on(event: 'did-start-loading' | 'render-process-gone', listener: () => void): unknown
}

interface OpenStream {
  stream: Disposable
  /** Resolves what waits for the renderer to have taken the chunk on its way. */
  release: () => void
}

const FORBIDDEN: LabErrorData = { kind: 'Forbidden', message: 'Only the app itself may use this channel.' }

/** Serves the window until disposed; a page that loads anew starts without streams. */
export function serveWindow(window: WindowIpc, backend: AppBackend): Disposable {
  const streams = new Map<number, OpenStream>()

  const send = (channel: string, ...values: unknown[]): void => {
    if (!window.isDestroyed()) window.send(channel, ...values)
  }
  const closeStream = (id: number): void => {
    const open = streams.get(id)
    streams.delete(id)
    open?.release()
    void open?.stream.dispose()
  }
  const closeAll = (): void => [...streams.keys()].forEach(closeStream)

  const openStream = (id: number, name: unknown, parameters: unknown): void => {
    closeStream(id)
    const open: OpenStream = { stream: toDisposable(() => undefined), release: () => undefined }
    streams.set(id, open)
    open.stream = backend.openStream(name, parameters, {
      onChunk(chunk) {
        return new Promise((resolve) => {
          open.release = resolve
          send(ELECTRON_CHANNELS.chunk, id, chunk)
        })
      },
      onEnd(error) {
        streams.delete(id)
        send(ELECTRON_CHANNELS.end, id, error)
      },
    })
  }

  window.ipc.handle(ELECTRON_CHANNELS.call, (event, name, parameters) =>
    isTrusted(event) ? backend.call(name, parameters) : { ok: false, error: FORBIDDEN },
  )
  window.ipc.handle(ELECTRON_CHANNELS.open, (event, id, name, parameters) => {
    if (!isTrusted(event)) throw new Error(FORBIDDEN.message)
    if (!isStreamId(id)) throw new Error('A stream id is an integer from 0.')
    openStream(id, name, parameters)
  })
  window.ipc.on(ELECTRON_CHANNELS.close, (event, id) => {
    if (isTrusted(event) && isStreamId(id)) closeStream(id)
  })
  window.ipc.on(ELECTRON_CHANNELS.taken, (event, id) => {
    if (isTrusted(event) && isStreamId(id)) streams.get(id)?.release()
  })
  window.on('did-start-loading', closeAll)
  window.on('render-process-gone', closeAll)
  const events = backend.onEvent((event) => send(ELECTRON_CHANNELS.event, event.name, event.payload))

  return toDisposable(async () => {
    await events.dispose()
    closeAll()
    if (window.isDestroyed()) return
    for (const channel of [ELECTRON_CHANNELS.call, ELECTRON_CHANNELS.open]) window.ipc.removeHandler(channel)
    for (const channel of [ELECTRON_CHANNELS.close, ELECTRON_CHANNELS.taken]) window.ipc.removeAllListeners(channel)
  })
}

/** The top frame of our own page, and nothing that was embedded in it or has replaced it. */
function isTrusted(event: IpcSender): boolean {
  return event.senderFrame !== null && event.senderFrame.parent === null && isAppUrl(event.senderFrame.url)
}

function isStreamId(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}
