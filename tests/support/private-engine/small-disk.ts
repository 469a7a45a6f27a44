/** A disk that is soon full: a file with a file system of its own, mounted at a folder. Linux and root only. */
import { execFile } from 'node:child_process'
import { open, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const MEBIBYTE = 1024 * 1024
const FILLER = 'filler'

export class SmallDisk {
  readonly #folder: string

  private constructor(folder: string) {
    this.#folder = folder
  }

  /** The folder has to exist; what lies in it is hidden. */
  static async make(folder: string, megabytes: number): Promise<SmallDisk> {
    const image = `${folder}.disk`
    await writeFile(image, '')
    await truncate(image, megabytes * MEBIBYTE)
    // No blocks are kept for root: full is full.
    await run('mkfs.ext4', ['-q', '-F', '-m', '0', image])
    await run('mount', ['-o', 'loop', image, folder])
    return new SmallDisk(folder)
  }

  /** Writes until nothing more can be written by anybody. */
  async fill(): Promise<void> {
    const file = await open(join(this.#folder, FILLER), 'a')
    try {
      for (const bytes of [MEBIBYTE, 4096]) await appendUntilFull(file, Buffer.alloc(bytes))
      await file.sync()
    } finally {
      await file.close()
    }
  }

  async free(): Promise<void> {
    await rm(join(this.#folder, FILLER), { force: true })
  }
}

async function appendUntilFull(file: { write(bytes: Buffer): Promise<unknown> }, bytes: Buffer): Promise<void> {
  for (;;) {
    try {
      await file.write(bytes)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOSPC') return
      throw error
    }
  }
}

/** Unmounts every disk below a folder; their files stay. */
export async function unmountDisks(folder: string): Promise<void> {
  const mounts = (await readFile('/proc/mounts', 'utf8')).split('\n').map((line) => line.split(' ')[1] ?? '')
  for (const mount of mounts.filter((path) => path.startsWith(`${folder}/`)).toReversed()) await run('umount', [mount])
}
