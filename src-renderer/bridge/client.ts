/**
 * Typed access to the outside for everything in the renderer. Rejections are `LabError` again, rebuilt from the plain data
 * that came over the wire; nothing else in `src-renderer` knows what carries it.
 */
import type { BridgeState, NodeLabBridge, StreamHandlers } from '@common/ipc/bridge.ts'
import type { IpcCallName, IpcCalls } from '@common/ipc/calls.ts'
import type { IpcEventName, IpcEvents } from '@common/ipc/events.ts'
import type { IpcStreamName, IpcStreams } from '@common/ipc/streams.ts'
import { LabError, toLabErrorData } from '@common/lab-error.ts'

let installed: NodeLabBridge | undefined

/** Makes `bridge` the one that all calls go to: once at the start, and in each test. */
export function installBridge(bridge: NodeLabBridge): void {
  installed = bridge
}

function bridge(): NodeLabBridge {
  if (installed === undefined) throw new Error('No bridge is installed: installBridge() comes before the first call.')
  return installed
}

/** @throws LabError */
export async function call<Name extends IpcCallName>(
  name: Name,
  parameters: IpcCalls[Name]['parameters'],
): Promise<IpcCalls[Name]['result']> {
  let reply
  try {
    reply = await bridge().call(name, parameters)
  } catch (error) {
    throw new LabError(isErrorData(error) ? error : toLabErrorData(error), { cause: error })
  }
  if (reply.ok) return reply.result
  throw new LabError(reply.error)
}

/** Returns the function that ends the subscription. */
export function on<Name extends IpcEventName>(name: Name, listener: (payload: IpcEvents[Name]) => void): () => void {
  return bridge().on(name, listener)
}

/** Returns the function that closes the stream; nothing is told after that. */
export function openStream<Name extends IpcStreamName>(
  name: Name,
  parameters: IpcStreams[Name]['parameters'],
  handlers: StreamHandlers<IpcStreams[Name]['chunk']>,
): () => void {
  return bridge().openStream(name, parameters, handlers)
}

/** Tells the present state at once, then every change. */
export function onStateChange(listener: (state: BridgeState) => void): () => void {
  return bridge().onStateChange(listener)
}

function isErrorData(value: unknown): value is ConstructorParameters<typeof LabError>[0] {
  return typeof value === 'object' && value !== null && 'kind' in value && 'message' in value
}
