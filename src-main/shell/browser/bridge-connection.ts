/** One browser tab on the bridge: its calls, its streams, the events it gets; all of it ends with the connection. */
import type { WebSocket } from 'ws'
import { toDisposable, type Disposable } from '../../base/disposable.ts'
import type { ClientFrame, ServerFrame } from '../../common/ipc/frames.ts'
import type { LabErrorData } from '../../common/lab-error.ts'
import type { AppBackend } from '../app/app-backend.ts'
import { parseClientFrame } from './client-frame.ts'

/** A tab that lets more than this pile up is dropped: it connects again and fetches the present instead of the past. */
const MAXIMUM_UNSENT_BYTES = 8 * 1024 * 1024
const MAXIMUM_OPEN_STREAMS = 64
const MAXIMUM_PENDING_CALLS = 256

/** WebSocket close codes (RFC 6455, 7.4.1). */
const CLOSE_POLICY_VIOLATION = 1008
const CLOSE_GOING_AWAY = 1001

interface OpenStream {
  stream: Disposable
  /** Resolves what waits for the page to have taken the chunk on its way. */
  release: () => void
}

/** Serves the connection until it closes or is disposed. */
export function serveConnection(socket: WebSocket, backend: AppBackend): Disposable {
  const streams = new Map<number, OpenStream>()
  let pendingCalls = 0

  const send = (frame: ServerFrame): Promise<void> =>
    new Promise((resolve) => {
      if (socket.readyState !== socket.OPEN) return resolve()
      if (socket.bufferedAmount > MAXIMUM_UNSENT_BYTES) {
        // A close frame would queue behind all that it does not read.
        socket.terminate()
        return resolve()
      }
      // A failed send is followed by the socket's own `close`, which ends everything of this connection.
      socket.send(JSON.stringify(frame), () => resolve())
    })

  const refuse = (reason: string): void => socket.close(CLOSE_POLICY_VIOLATION, reason)

  const call = async ({ id, name, parameters }: ClientFrame & { type: 'call' }): Promise<void> => {
    if (pendingCalls >= MAXIMUM_PENDING_CALLS) {
      await send({ id, type: 'reply', ok: false, error: tooMany('calls') })
      return
    }
    pendingCalls += 1
    const reply = await backend.call(name, parameters)
    pendingCalls -= 1
    await send({ id, type: 'reply', ...reply })
  }

  const openStream = ({ id, name, parameters }: ClientFrame & { type: 'open' }): void => {
    if (streams.has(id)) return refuse('Malformed: a stream of this id is open.')
    if (streams.size >= MAXIMUM_OPEN_STREAMS) {
      void send({ id, type: 'end', error: tooMany('streams') })
      return
    }
    const open: OpenStream = { stream: toDisposable(() => undefined), release: () => undefined }
    streams.set(id, open)
    open.stream = backend.openStream(name, parameters, {
      onChunk: (chunk) =>
        new Promise((resolve) => {
          open.release = resolve
          void send({ id, type: 'chunk', chunk })
        }),
      onEnd: (error) => {
        streams.delete(id)
        void send(error === undefined ? { id, type: 'end' } : { id, type: 'end', error })
      },
    })
  }

  const closeStream = (id: number): void | Promise<void> => {
    // It may just have ended by itself, its `end` frame still on the way: nothing to do then.
    const open = streams.get(id)
    streams.delete(id)
    open?.release()
    return open?.stream.dispose()
  }

  const receive = (frame: ClientFrame): void => {
    switch (frame.type) {
      case 'call':
        void call(frame)
        return
      case 'open':
        openStream(frame)
        return
      case 'taken':
        streams.get(frame.id)?.release()
        return
      case 'close':
        void closeStream(frame.id)
        return
    }
  }

  const events = backend.onEvent((event) => void send({ type: 'event', ...event }))
  const end = toDisposable(async () => {
    await events.dispose()
    for (const id of [...streams.keys()]) await closeStream(id)
  })

  socket.on('message', (data, isBinary) => {
    if (isBinary) return refuse('Malformed: frames are text.')
    const parsed = parseClientFrame(String(data))
    if (parsed.ok) receive(parsed.frame)
    else refuse(parsed.reason)
  })
  socket.on('close', () => void end.dispose())
  // An oversized or broken frame: `ws` itself closes with the right code, and `close` follows.
  socket.on('error', () => undefined)

  return toDisposable(async () => {
    socket.close(CLOSE_GOING_AWAY, 'Node Lab is closing.')
    await end.dispose()
  })
}

function tooMany(what: string): LabErrorData {
  return {
    kind: 'Conflict',
    message: `Too many ${what} are open on this connection.`,
    remedy: 'Close some, then try again.',
  }
}
