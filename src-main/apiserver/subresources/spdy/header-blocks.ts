/** Header blocks of SPDY/3.1: names and values, compressed over all blocks of one direction (specification 2.6.10). */
import { constants, createDeflate, createInflate, type Deflate, type Inflate } from 'node:zlib'
import { HEADER_DICTIONARY } from './header-dictionary.ts'

/** Nobody needs more to say which port he means. */
const MAX_BLOCK_BYTES = 64 * 1024

/** Blocks have to be given in the order in which they came. */
export class HeaderReader {
  readonly #inflate: Inflate = createInflate({ dictionary: HEADER_DICTIONARY })
  readonly #failed = Promise.withResolvers<never>()
  #chunks: Buffer[] = []
  #length = 0

  constructor() {
    this.#failed.promise.catch(() => undefined) // told by `read`, also when the failure comes between two blocks
    this.#inflate.on('error', this.#failed.reject)
    this.#inflate.on('data', (chunk: Buffer) => {
      this.#length += chunk.length
      if (this.#length <= MAX_BLOCK_BYTES) this.#chunks.push(chunk)
      else this.#inflate.destroy(new Error('a header block is too large'))
    })
  }

  /** By name in small letters. @throws Error for what is no header block */
  async read(block: Uint8Array): Promise<ReadonlyMap<string, string>> {
    const written = Promise.withResolvers<void>()
    this.#inflate.write(block, (error) => (error ? written.reject(error) : written.resolve()))
    await Promise.race([written.promise, this.#failed.promise])
    // A write that was broken off counts as written.
    if (this.#inflate.destroyed) await this.#failed.promise
    const bytes = Buffer.concat(this.#chunks.splice(0))
    this.#length = 0
    return parsePairs(bytes)
  }

  dispose(): void {
    this.#failed.reject(new Error('the session is over'))
    this.#inflate.destroy()
  }
}

function parsePairs(bytes: Buffer): ReadonlyMap<string, string> {
  const pairs = new Map<string, string>()
  let offset = 4
  const next = (): string => {
    const end = offset + 4 + bytes.readUInt32BE(offset)
    const text = bytes.toString('utf8', offset + 4, end)
    offset = end
    return text
  }
  for (let left = bytes.readUInt32BE(0); left > 0; left--) pairs.set(next().toLowerCase(), next())
  return pairs
}

/** Writes blocks without any pair, which is all that is answered. */
export class HeaderWriter {
  readonly #deflate: Deflate = createDeflate({ dictionary: HEADER_DICTIONARY })
  #chunks: Buffer[] = []

  constructor() {
    this.#deflate.on('data', (chunk: Buffer) => this.#chunks.push(chunk))
  }

  async writeEmpty(): Promise<Buffer> {
    await new Promise<void>((resolve) => {
      this.#deflate.write(Buffer.alloc(4))
      this.#deflate.flush(constants.Z_SYNC_FLUSH, resolve)
    })
    return Buffer.concat(this.#chunks.splice(0))
  }

  dispose(): void {
    this.#deflate.destroy()
  }
}
