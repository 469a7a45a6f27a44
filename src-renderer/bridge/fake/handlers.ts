/** The handlers of the in-memory bridge, by the area that a call's name begins with. */
import type { IpcCallName, IpcCalls } from '@common/ipc/calls.ts'

export type Handlers = {
  [Name in IpcCallName]: (parameters: IpcCalls[Name]['parameters']) => Promise<IpcCalls[Name]['result']>
}

export type HandlersOf<Area extends string> = Pick<Handlers, Extract<IpcCallName, `${Area}/${string}`>>
