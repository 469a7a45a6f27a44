/** A file of this machine that is to be a lab. */
import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import path from 'node:path'
import { MAX_ARCHIVE_BYTES } from '../../common/lab/lab-archive.ts'
import { LabError } from '../../common/lab-error.ts'

/** A pipe that nobody writes to is not waited for. */
const READ_FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)

/** Not more than can be a lab, whatever the file is. @throws LabError NotFound, BadRequest for a path that is not absolute or is no regular file */
export async function readArchiveFile(file: string): Promise<Buffer> {
  if (!path.isAbsolute(file)) throw new LabError({ kind: 'BadRequest', message: `${file} is no absolute path` })
  const handle = await open(file, READ_FLAGS).catch((cause: unknown) => {
    throw new LabError({ kind: 'NotFound', message: `there is no file ${file} that can be read` }, { cause })
  })
  try {
    if (!(await handle.stat()).isFile())
      throw new LabError({ kind: 'BadRequest', message: `${file} is no regular file` })
    const bytes = Buffer.alloc(MAX_ARCHIVE_BYTES + 1)
    let length = 0
    for (;;) {
      const { bytesRead } = await handle.read(bytes, length, bytes.length - length)
      if (bytesRead === 0) return bytes.subarray(0, length)
      length += bytesRead
    }
  } finally {
    await handle.close()
  }
}
