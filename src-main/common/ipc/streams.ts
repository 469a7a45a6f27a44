/** Streams that the renderer opens: name → [parameters, chunk]. Chunks are batched by the sender; closing is by either side. */
import type { TerminalChunk } from '../lab/terminal.ts'
import type { ContainerTarget } from './calls.ts'

export interface IpcStreams {
  /** The container's log, following; `previous` shows the instance before. */
  'pod/logs': {
    parameters: ContainerTarget & { previous?: boolean; tailLines?: number; timestamps?: boolean }
    chunk: string
  }
  /** What a terminal has written and is kept, then what it writes; `from` goes on where an earlier reading ended. Ends with the shell. */
  'terminal/output': { parameters: { terminal: string; from?: number }; chunk: TerminalChunk }
}

export type IpcStreamName = keyof IpcStreams
