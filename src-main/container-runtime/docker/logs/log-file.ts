/** The log file of one container in the node's volume, opened for appending. */
import { constants } from 'node:fs'
import { readdir } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { findLogPosition } from './cri-log-format.ts'
import type { LogPosition } from './cri-log-format.ts'
import { withNodeFolder } from './node-files.ts'

/** Enough for the last entry (16 kB of a line that goes on) and its neighbours of the same stamp. */
const TAIL_BYTES = 256 * 1024

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
        const { position, danglingBytes } = await readTail(handle)
        if (danglingBytes > 0) await handle.truncate((await handle.stat()).size - danglingBytes)
        if (position !== undefined) return position
        const rotated = newestRotated(await readdir(folder), name)
        if (rotated === undefined) return undefined
        const previous = await openFile(rotated, constants.O_RDONLY)
        try {
          return (await readTail(previous)).position
        } finally {
          await previous.close()
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

async function readTail(handle: FileHandle): Promise<ReturnType<typeof findLogPosition>> {
  const { size } = await handle.stat()
  const length = Math.min(size, TAIL_BYTES)
  const buffer = Buffer.alloc(length)
  const { bytesRead } = await handle.read(buffer, 0, length, size - length)
  return findLogPosition(buffer.subarray(0, bytesRead))
}

/** Kubelets rename `0.log` to `0.log.20260101-000000` and compress all rotated files but the newest. */
export function newestRotated(names: readonly string[], name: string): string | undefined {
  return names
    .filter((other) => other.startsWith(`${name}.`) && /^\d{8}-\d{6}$/.test(other.slice(name.length + 1)))
    .sort()
    .at(-1)
}
