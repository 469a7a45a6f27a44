/** What is at the other end of a stream, as a stream server sees it. */
import type { Disposable } from '../../base/disposable.ts'
import type { TerminalSize } from '../../kube/streaming/channels.ts'

export interface ProcessOutput {
  stream: 'stdout' | 'stderr'
  data: Uint8Array
}

/** A command or a container's main process. Disposing lets go of it; it does not end the process. */
export interface RemoteProcess extends Disposable {
  /** Ends when the process has closed its output. Read once, at the reader's pace. */
  readonly output: AsyncIterable<ProcessOutput>
  /** Resolves when more may be written. */
  write(data: Uint8Array): Promise<void>
  closeStdin(): void
  resize(size: TerminalSize): Promise<void>
  /** After `output` has ended; `undefined` for a container's main process. */
  exitCode(): Promise<number | undefined>
}

/** A connection to a port of a pod. Disposing ends it. */
export interface PortConnection extends Disposable {
  /** What the pod sends, until it ends the connection. Read once, at the reader's pace. @throws Error when there was none to be had */
  readonly received: AsyncIterable<Uint8Array>
  /** Resolves when more may be sent. */
  send(data: Uint8Array): Promise<void>
  /** Nothing more will be sent; the pod may go on sending. */
  endSending(): void
}
