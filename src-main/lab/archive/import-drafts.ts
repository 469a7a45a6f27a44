/** What a killed import left beside the labs. */
import { readdir, rm } from 'node:fs/promises'
import path from 'node:path'
import type { LabContext } from '../lab-context.ts'
import { hasCode } from '../store/error-code.ts'
import { isLockHeld } from '../store/file-lock.ts'

/** Those of imports that live stay: they hold their lab's lock. */
export async function removeImportDrafts({ store }: Pick<LabContext, 'store'>): Promise<void> {
  const { labs } = store.layout
  const prefix = path.basename(store.layout.importDraft(''))
  for (const name of await listNames(labs)) {
    if (!name.startsWith(prefix)) continue
    if (await isLockHeld(store.layout.lockFile(name.slice(prefix.length)))) continue
    await rm(path.join(labs, name), { recursive: true, force: true })
  }
}

async function listNames(folder: string): Promise<string[]> {
  try {
    return await readdir(folder)
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return []
    throw error
  }
}
