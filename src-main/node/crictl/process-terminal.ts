/** The terminal that this process was started in, or the pipe. */
import { toDisposable, type Disposable } from '../../base/disposable.ts'
import type { Terminal } from './streams.ts'

export class ProcessTerminal implements Terminal, Disposable {
  #used = false

  get isTerminal(): boolean {
    return process.stdin.isTTY && process.stdout.isTTY
  }

  readonly input: AsyncIterable<Uint8Array> = {
    [Symbol.asyncIterator]: () => {
      this.#used = true
      return process.stdin[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>
    },
  }

  makeRaw(): Disposable {
    process.stdin.setRawMode(true)
    return toDisposable(() => void process.stdin.setRawMode(false))
  }

  watchSize(onSize: (size: { width: number; height: number }) => void, signal: AbortSignal): void {
    const tell = (): void => onSize({ width: process.stdout.columns, height: process.stdout.rows })
    tell()
    process.stdout.on('resize', tell)
    signal.addEventListener('abort', () => process.stdout.off('resize', tell), { once: true })
  }

  /** Input that nobody wants any more must not keep the process. */
  dispose(): void {
    if (this.#used) process.stdin.destroy()
  }
}
