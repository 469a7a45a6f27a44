/** Reads files whose absence means something, such as that nothing has been written yet. */
import { readFile } from 'node:fs/promises'
import { hasCode } from './error-code.ts'

/** `undefined` when there is no such file; whatever else hinders reading it is thrown. */
export async function readIfThere(file: string): Promise<Buffer | undefined> {
  try {
    return await readFile(file)
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined
    throw error
  }
}

/** Likewise as UTF-8. */
export async function readTextIfThere(file: string): Promise<string | undefined> {
  return (await readIfThere(file))?.toString('utf8')
}
