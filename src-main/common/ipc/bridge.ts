/**
 * What the renderer sees of the outside, whatever carries it: `window.nodeLab` made by the preload (Electron), or by
 * the browser bridge (WebSocket). Promises reject with `LabErrorData`, since only plain data survives the way.
 */
import type { LabErrorData } from '../lab-error.ts'
import type { IpcCallName, IpcCalls } from './calls.ts'
import type { IpcEventName, IpcEvents } from './events.ts'
import type { IpcStreamName, IpcStreams } from './streams.ts'

/** Answer to a call on the wire. */
export type IpcReply<Name extends IpcCallName> =
  | { ok: true; result: IpcCalls[Name]['result'] }
  | { ok: false; error: LabErrorData }

export interface StreamHandlers<Chunk> {
  /** The next chunk comes when this one was taken, which is when the promise resolves: a slow reader slows the source down. */
  onChunk(chunk: Chunk): void | Promise<void>
  /** Called once; `error` is absent at a normal end. */
  onEnd(error?: LabErrorData): void
}

/** Connection to the main process; in Electron it is always `open`. */
export type BridgeState = 'connecting' | 'open' | 'closed'

export interface NodeLabBridge {
  call<Name extends IpcCallName>(name: Name, parameters: IpcCalls[Name]['parameters']): Promise<IpcReply<Name>>
  /** Returns the function that ends the subscription. */
  on<Name extends IpcEventName>(name: Name, listener: (payload: IpcEvents[Name]) => void): () => void
  /** Returns the function that closes the stream. */
  openStream<Name extends IpcStreamName>(
    name: Name,
    parameters: IpcStreams[Name]['parameters'],
    handlers: StreamHandlers<IpcStreams[Name]['chunk']>,
  ): () => void
  /** Tells at once, then at every change. A browser re-connects by itself; the renderer then fetches everything anew. */
  onStateChange(listener: (state: BridgeState) => void): () => void
  /** Path on disk of a dropped file; `null` in a browser, which reads the content instead. */
  pathForFile(file: unknown): string | null
}
