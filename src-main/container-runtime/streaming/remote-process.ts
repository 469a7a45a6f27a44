/** A command or a container's main process as a stream server sees it. */
import type { Disposable } from '../../base/disposable.ts'
import type { TerminalSize } from './channels.ts'

export interface ProcessOutput {
  stream: 'stdout' | 'stderr'
  data: Uint8Array
}

/** Disposing lets go of it; it does not end the process. */
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
