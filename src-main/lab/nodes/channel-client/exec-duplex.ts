/** The stdio of an exec as one byte stream. Its end and its destruction close the exec. */
import { Duplex } from 'node:stream'
import type { EngineExec } from '../../engine/engine.ts'

export class ExecDuplex extends Duplex {
  readonly #exec: EngineExec

  constructor(exec: EngineExec) {
    super({ allowHalfOpen: false })
    this.#exec = exec
    exec.stdout.on('data', (chunk: Buffer) => {
      if (!this.push(chunk)) exec.stdout.pause()
    })
    exec.stdout.on('end', () => this.push(null))
    exec.stdout.on('error', (error) => this.destroy(error))
    exec.stdin.on('error', (error) => this.destroy(error))
    exec.stdin.on('close', () => this.destroy())
  }

  override _read(): void {
    this.#exec.stdout.resume()
  }

  override _write(chunk: Buffer, encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#exec.stdin.write(chunk, encoding, done)
  }

  override _final(done: () => void): void {
    this.#exec.stdin.end()
    done()
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#exec.close()
    done(error)
  }
}
