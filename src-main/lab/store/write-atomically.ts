/** Replaces a small file as a whole. */
import { open, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { newDraftName } from './drafts.ts'
import { hasCode } from './error-code.ts'

/** After a power cut there is the old content or the new one, never half of one. The folder has to exist. */
export async function writeAtomically(file: string, content: string | Uint8Array, mode = 0o644): Promise<void> {
  const folder = path.dirname(file)
  const draft = path.join(folder, await newDraftName())
  try {
    const handle = await open(draft, 'wx', mode)
    try {
      await handle.writeFile(content)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(draft, file)
  } finally {
    await rm(draft, { force: true })
  }
  await syncFolder(folder)
}

/** Makes a rename in the folder durable, where the platform can do that. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } catch (error) {
    // Some shared folders know no fsync of folders; the file itself has been synced.
    if (!hasCode(error, 'EINVAL', 'ENOTSUP', 'EPERM')) throw error
  } finally {
    await handle.close()
  }
}
