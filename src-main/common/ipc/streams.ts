/** Streams that the renderer opens: name → [parameters, chunk]. Chunks are batched by the sender; closing is by either side. */
import type { ContainerTarget } from './calls.ts'

export interface IpcStreams {
  /** The container's log, following; `previous` shows the instance before. */
  'pod/logs': {
    parameters: ContainerTarget & { previous?: boolean; tailLines?: number; timestamps?: boolean }
    chunk: string
  }
}

export type IpcStreamName = keyof IpcStreams
