/** The log file of one container in the node's volume, opened for appending. */
import { constants } from 'node:fs'
import { readdir } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { countDanglingBytes, findLogPosition } from './cri-log-format.ts'
import type { LogPosition } from './cri-log-format.ts'
import { withNodeFolder } from '../node-files.ts'

/** Enough for some entries of 16 kB; more is read when these do not tell the position. */
const TAIL_BYTES = 64 * 1024
/** One line of more than this, cut by a restart, may be written twice in part. */
const MAX_TAIL_BYTES = 16 * 1024 * 1024

export class LogFile {
  readonly #root: string
  readonly #path: string
  #handle: FileHandle | undefined
  /** Appending and re-opening take turns. */
  #turn: Promise<unknown> = Promise.resolve()

  /** @param path on the node; `root` is where the node's volume is mounted. */
  constructor(root: string, path: string) {
    this.#root = root
    this.#path = path
  }

  /** Opens it (making it when it is missing), drops a half-written last line, and answers where its writer stopped. */
  open(): Promise<LogPosition | undefined> {
    return this.#takeTurn(async () => {
      await this.#closeHandle()
      return withNodeFolder({ root: this.#root, path: this.#path, create: true }, async (openFile, name, folder) => {
        const handle = await openFile(name, constants.O_RDWR | constants.O_APPEND | constants.O_CREAT)
        this.#handle = handle
        await cutDanglingLine(handle)
        const before = newestRotated(await readdir(folder), name)
        // One that is gone again, or is no file, tells nothing.
        const open = (file: string): Promise<FileHandle | undefined> =>
          openFile(file, constants.O_RDWR).catch(() => undefined)
        const rotated = before === undefined ? undefined : await open(before)
        try {
          if (rotated !== undefined) await cutDanglingLine(rotated)
          return await readPosition(rotated === undefined ? [handle] : [rotated, handle])
        } finally {
          await rotated?.close()
        }
      })
    })
  }

  append(content: Buffer): Promise<void> {
    return this.#takeTurn(async () => {
      if (this.#handle === undefined) throw new Error(`${this.#path} is not open`)
      await this.#handle.appendFile(content)
    })
  }

  /** After the file was renamed away: further lines go to a new file of the same name. */
  reopen(): Promise<void> {
    return this.#takeTurn(async () => {
      const next = await withNodeFolder({ root: this.#root, path: this.#path, create: true }, (openFile, name) =>
        openFile(name, constants.O_RDWR | constants.O_APPEND | constants.O_CREAT),
      )
      await this.#closeHandle()
      this.#handle = next
    })
  }

  close(): Promise<void> {
    return this.#takeTurn(() => this.#closeHandle())
  }

  #takeTurn<T>(act: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(act)
    // Only the caller hears of a failure; the next in line has its own turn.
    this.#turn = result.catch(() => undefined)
    return result
  }

  async #closeHandle(): Promise<void> {
    const handle = this.#handle
    this.#handle = undefined
    await handle?.close()
  }
}

async function cutDanglingLine(handle: FileHandle): Promise<void> {
  const { size } = await handle.stat()
  for (let bytes = TAIL_BYTES; ; bytes *= 4) {
    const tail = await readTail(handle, bytes)
    const dangling = countDanglingBytes(tail)
    if (dangling === tail.length && tail.length < size && bytes < MAX_TAIL_BYTES) continue
    if (dangling > 0) await handle.truncate(size - dangling)
    return
  }
}

/** @param handles of the same log, the oldest first */
async function readPosition(handles: readonly FileHandle[]): Promise<LogPosition | undefined> {
  for (let bytes = TAIL_BYTES; ; bytes *= 4) {
    const tails: Buffer[] = []
    let left = bytes
    for (const handle of handles.toReversed()) {
      const tail = await readTail(handle, left)
      tails.unshift(tail)
      left -= tail.length
    }
    const { position, isCertain } = findLogPosition(Buffer.concat(tails))
    if (isCertain || left > 0 || bytes >= MAX_TAIL_BYTES) return position
  }
}

async function readTail(handle: FileHandle, bytes: number): Promise<Buffer> {
  const { size } = await handle.stat()
  const length = Math.min(size, bytes)
  const buffer = Buffer.alloc(length)
  const { bytesRead } = await handle.read(buffer, 0, length, size - length)
  return buffer.subarray(0, bytesRead)
}

/** Kubelets rename `0.log` to `0.log.20260101-000000` and compress all rotated files but the newest. */
export function newestRotated(names: readonly string[], name: string): string | undefined {
  return names
    .filter((other) => other.startsWith(`${name}.`) && /^\d{8}-\d{6}$/.test(other.slice(name.length + 1)))
    .sort()
    .at(-1)
}
