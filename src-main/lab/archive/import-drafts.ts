/** What a killed import left beside the labs. */
import { readdir, rm } from 'node:fs/promises'
import path from 'node:path'
import type { LabContext } from '../lab-context.ts'
import { hasCode } from '../store/error-code.ts'
import { withLabLock } from '../lifecycle/lab-lock.ts'
import { isLockHeld } from '../store/file-lock.ts'

/** Those of imports that live stay: they hold their lab's lock. One that cannot be removed is logged, and keeps nobody from his work. */
export async function removeImportDrafts({
  clock,
  logger,
  store,
}: Pick<LabContext, 'clock' | 'logger' | 'store'>): Promise<void> {
  const { labs } = store.layout
  const prefix = path.basename(store.layout.importDraft(''))
  for (const name of await listNames(labs)) {
    if (!name.startsWith(prefix)) continue
    const lab = name.slice(prefix.length)
    if (await isLockHeld(store.layout.lockFile(lab))) continue
    try {
      // An import of that name may begin at any moment.
      await withLabLock({ clock, store }, lab, {}, () => rm(path.join(labs, name), { recursive: true, force: true }))
    } catch (error) {
      logger.warn('what a killed import left could not be removed', { lab, error })
    }
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
