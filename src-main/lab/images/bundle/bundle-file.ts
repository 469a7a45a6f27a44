/** A bundle on disk, open: its manifest, and each of its files as a stream, which nothing has compared yet. */
import { createHash } from 'node:crypto'
import { type FileHandle, open, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { Readable } from 'node:stream'
import { LabError } from '../../../common/lab-error.ts'
import { hasCode } from '../../store/error-code.ts'
import {
  BLOCK_BYTES,
  blobName,
  type BundleLayout,
  computeLayout,
  digestOf,
  END_BYTES,
  padded,
  type PlacedFile,
  readManifestSize,
} from './bundle-layout.ts'
import { BUNDLE_LIMITS, type BundleBlob, type BundleManifest, parseManifest } from './bundle-manifest.ts'

/** Read in such pieces. */
const CHUNK_BYTES = 1024 * 1024

export const COPY_AGAIN = 'Copy the bundle again from where it came.'

/** One open file throughout: whoever replaces it under its name meanwhile changes nothing. */
export class BundleFile {
  readonly path: string
  readonly #handle: FileHandle
  readonly sizeBytes: number
  #manifest: BundleManifest | undefined
  #layout: BundleLayout | undefined
  /** Of the manifest with its header, as they were part of what `computeSha256` read; nothing else is taken from then on. */
  #manifestSha256: string | undefined

  private constructor(path: string, handle: FileHandle, sizeBytes: number) {
    this.path = path
    this.#handle = handle
    this.sizeBytes = sizeBytes
  }

  /** Reads nothing of it yet. @throws NotFound, BadRequest when it is no file */
  static async open(path: string): Promise<BundleFile> {
    let handle: FileHandle
    try {
      // Asked first, because opening a named pipe would wait for its other end.
      if (!(await stat(path)).isFile()) throw new LabError({ kind: 'BadRequest', message: `${path} is no file` })
      handle = await open(path, 'r')
    } catch (error) {
      if (error instanceof LabError) throw error
      if (hasCode(error, 'ENOENT')) throw new LabError({ kind: 'NotFound', message: `there is no file ${path}` })
      throw new LabError(
        { kind: 'BadRequest', message: `${path} cannot be read: ${error instanceof Error ? error.message : ''}` },
        { cause: error },
      )
    }
    return new BundleFile(path, handle, (await handle.stat()).size)
  }

  /** For messages. */
  get name(): string {
    return basename(this.path)
  }

  /**
   * `sha256`, in hexadecimal digits, of the whole file. Whoever trusts it can trust the manifest that `readManifest` gives
   * afterwards: it is refused when the file was written to in between.
   * @param onProgress told the share that has been read, 0 to 1
   */
  async computeSha256(onProgress: (progress: number) => void): Promise<string> {
    const [hash, manifestHash] = [createHash('sha256'), createHash('sha256')]
    this.#manifest = undefined
    let [read, manifestEnd] = [0, BLOCK_BYTES]
    for await (const chunk of this.#pieces(0, this.sizeBytes)) {
      if (read === 0) manifestEnd += readManifestSize(chunk.subarray(0, BLOCK_BYTES)) ?? 0
      hash.update(chunk)
      manifestHash.update(chunk.subarray(0, Math.max(0, manifestEnd - read)))
      read += chunk.length
      onProgress(read / this.sizeBytes)
    }
    this.#manifestSha256 = manifestHash.digest('hex')
    return hash.digest('hex')
  }

  /**
   * Reads the manifest and compares the size of the file with what it says.
   * @throws BadRequest when it is no bundle, cut short (with the number of missing bytes), or not what the checksum was
   * computed of
   */
  async readManifest(): Promise<BundleManifest> {
    if (this.#manifest !== undefined) return this.#manifest
    const header = await this.#read(0, BLOCK_BYTES)
    const manifestBytes = readManifestSize(header)
    if (manifestBytes === undefined || manifestBytes > BUNDLE_LIMITS.manifestBytes)
      throw this.#wrong('is no bundle of Node Lab, or its first 512 bytes are damaged')
    if (this.sizeBytes < BLOCK_BYTES + manifestBytes)
      throw this.#cutShort(`at least ${BLOCK_BYTES + padded(manifestBytes) + END_BYTES - this.sizeBytes}`)
    const content = await this.#read(BLOCK_BYTES, manifestBytes)
    const sha256 = createHash('sha256').update(header).update(content).digest('hex')
    if (this.#manifestSha256 !== undefined && sha256 !== this.#manifestSha256)
      throw this.#wrong('was changed after its checksum had been computed')
    const text = content.toString('utf8')
    const manifest = parseManifest(text)
    const layout = computeLayout(manifest, text)
    if (this.sizeBytes < layout.sizeBytes) throw this.#cutShort(String(layout.sizeBytes - this.sizeBytes), layout)
    if (this.sizeBytes > layout.sizeBytes)
      throw this.#wrong(`has ${this.sizeBytes - layout.sizeBytes} bytes more than its manifest says`)
    this.#manifest = manifest
    this.#layout = layout
    return manifest
  }

  /** In order. Only after `readManifest`. */
  get files(): PlacedFile[] {
    if (this.#layout === undefined) throw new Error('the manifest has not been read')
    return this.#layout.files
  }

  /** @throws Error when the bundle has none of that name */
  find(name: string): PlacedFile {
    const file = this.files.find((candidate) => candidate.name === name)
    if (file === undefined) throw new Error(`the bundle has no file ${name}`)
    return file
  }

  /** Content of a file, as it is on the disk. */
  streamFile(file: PlacedFile): Readable {
    return this.#stream(file.offset, file.sizeBytes)
  }

  streamBlob(blob: BundleBlob): Readable {
    return this.streamFile(this.find(blobName(blob.digest)))
  }

  /** Content of a small file. @throws BadRequest when it is not what the manifest says */
  async readFile(file: PlacedFile): Promise<Buffer> {
    const content = await this.#read(file.offset, file.sizeBytes)
    if (digestOf(content) !== file.digest) throw this.#wrong(`is damaged: the checksum of ${file.name} is another`)
    return content
  }

  /** What is between the files: header before one, zeros after one, zeros at the end. */
  async readBetween(offset: number, sizeBytes: number): Promise<Buffer> {
    return this.#read(offset, sizeBytes)
  }

  async close(): Promise<void> {
    await this.#handle.close()
  }

  async #read(offset: number, sizeBytes: number): Promise<Buffer> {
    const buffer = Buffer.alloc(sizeBytes)
    let read = 0
    while (read < sizeBytes) {
      const { bytesRead } = await this.#handle.read(buffer, read, sizeBytes - read, offset + read)
      if (bytesRead === 0) break
      read += bytesRead
    }
    return buffer.subarray(0, read)
  }

  #stream(offset: number, sizeBytes: number): Readable {
    return Readable.from(this.#pieces(offset, offset + sizeBytes), { objectMode: false })
  }

  async *#pieces(offset: number, end: number): AsyncGenerator<Buffer> {
    for (let at = offset; at < end; at += CHUNK_BYTES) yield await this.#read(at, Math.min(CHUNK_BYTES, end - at))
  }

  #cutShort(missing: string, layout?: BundleLayout): LabError {
    const whole = layout === undefined ? '' : ` of ${layout.sizeBytes}`
    return this.#wrong(`is cut short: ${missing} bytes${whole} are missing`)
  }

  #wrong(what: string): LabError {
    return new LabError({ kind: 'BadRequest', message: `${this.name} ${what}`, remedy: COPY_AGAIN })
  }
}
