/** `window.nodeLab` over Electron's IPC. It carries the contract and knows nothing of it: what is allowed, the main process decides. */
import type { BridgeState, IpcReply, NodeLabBridge } from '../common/ipc/bridge.ts'
import type { IpcCallName } from '../common/ipc/calls.ts'
import { ELECTRON_CHANNELS } from '../common/ipc/electron-channels.ts'
import type { LabErrorData } from '../common/lab-error.ts'

/** What the bridge needs of Electron's `ipcRenderer`. */
export interface RendererIpc {
  invoke(channel: string, ...values: unknown[]): Promise<unknown>
  send(channel: string, ...values: unknown[]): void
  on(channel: string, listener: (event: unknown, ...values: unknown[]) => void): unknown
}

/** Chunks and errors pass as they are: the main process is trusted, and checks types at its own end. */
interface OpenStream {
  onChunk(chunk: unknown): void | Promise<void>
  onEnd(error?: LabErrorData): void
}

export function createBridge(ipc: RendererIpc, pathForFile: (file: unknown) => string | null): NodeLabBridge {
  const listeners = new Map<string, Set<(payload: unknown) => void>>()
  const streams = new Map<number, OpenStream>()
  let nextStreamId = 0

  ipc.on(ELECTRON_CHANNELS.event, (_event, name, payload) => {
    for (const listener of listeners.get(String(name)) ?? []) listener(payload)
  })
  ipc.on(ELECTRON_CHANNELS.chunk, (_event, id, chunk) => {
    void Promise.resolve(streams.get(Number(id))?.onChunk(chunk)).finally(() => ipc.send(ELECTRON_CHANNELS.taken, id))
  })
  ipc.on(ELECTRON_CHANNELS.end, (_event, id, error) => {
    const stream = streams.get(Number(id))
    streams.delete(Number(id))
    stream?.onEnd(error as LabErrorData | undefined)
  })

  return {
    call: <Name extends IpcCallName>(name: Name, parameters: unknown) =>
      ipc.invoke(ELECTRON_CHANNELS.call, name, parameters) as Promise<IpcReply<Name>>,

    on(name, listener) {
      const ofName = listeners.get(name) ?? new Set()
      listeners.set(name, ofName)
      // The contract ties the payload's type to the name, and the set holds listeners of one name only.
      const untyped = (payload: unknown): void => listener(payload as Parameters<typeof listener>[0])
      ofName.add(untyped)
      return () => void ofName.delete(untyped)
    },

    openStream(name, parameters, handlers) {
      const id = nextStreamId++
      streams.set(id, {
        onChunk: (chunk) => handlers.onChunk(chunk as Parameters<typeof handlers.onChunk>[0]),
        onEnd: (error) => handlers.onEnd(error),
      })
      ipc.invoke(ELECTRON_CHANNELS.open, id, name, parameters).catch((error: unknown) => {
        streams.delete(id)
        handlers.onEnd({ kind: 'Internal', message: error instanceof Error ? error.message : String(error) })
      })
      return () => {
        if (streams.delete(id)) ipc.send(ELECTRON_CHANNELS.close, id)
      }
    },

    onStateChange(listener) {
      // The main process lives as long as its windows do: there is nothing to lose and to find again.
      listener('open' satisfies BridgeState)
      return () => undefined
    },

    pathForFile,
  }
}
