/** A folder within one that has to be there. */
import { mkdir } from 'node:fs/promises'
import { hasCode } from './error-code.ts'

/** Fine when it is there already; the folder that it is in is never made. @throws ENOENT without that one */
export async function makeFolder(folder: string, mode?: number): Promise<void> {
  try {
    await mkdir(folder, { ...(mode !== undefined && { mode }) })
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error
  }
}
