/** The engine's output of a command without a terminal: frames whose byte 0 names the stream, bytes 4 to 7 the length. */
const HEADER_BYTES = 8

export interface OutputFrame {
  stream: 'stdout' | 'stderr'
  data: Buffer
}

export class FrameSplitter {
  #rest: Buffer = Buffer.alloc(0)

  /** The frames that `chunk` completes. */
  push(chunk: Buffer): OutputFrame[] {
    const frames: OutputFrame[] = []
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk])
    while (this.#rest.length >= HEADER_BYTES) {
      const end = HEADER_BYTES + this.#rest.readUInt32BE(4)
      if (this.#rest.length < end) break
      frames.push({ stream: this.#rest[0] === 2 ? 'stderr' : 'stdout', data: this.#rest.subarray(HEADER_BYTES, end) })
      this.#rest = this.#rest.subarray(end)
    }
    return frames
  }
}
