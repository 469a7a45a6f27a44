/** Which images of ours are still worth keeping in the engine: every change of a program's source makes a new node image. */
import { writeFile } from 'node:fs/promises'
import { isLabError } from '../../common/lab-error.ts'
import type { Engine } from '../engine/engine.ts'
import { readTextIfThere } from '../store/read-if-there.ts'

/** Images of one name that stay: several checkouts and running labs may be using older ones. */
const KEPT_IMAGES = 8

/** Puts `made` at the end. @returns the history, oldest first, and what of it may go */
export function computeHistory(
  history: string[],
  made: string,
  kept = KEPT_IMAGES,
): { history: string[]; stale: string[] } {
  const repository = made.slice(0, made.lastIndexOf(':') + 1)
  const next = [...history.filter((reference) => reference !== made), made]
  const same = next.filter((reference) => reference.startsWith(repository))
  return { history: next, stale: same.slice(0, Math.max(0, same.length - kept)) }
}

/** Records a new image and removes the oldest ones, unless a container uses them. Call it while holding the images' lock. */
export async function retireOldImages(engine: Engine, path: string, made: string): Promise<void> {
  const text = (await readTextIfThere(path)) ?? ''
  const { history, stale } = computeHistory(
    text.split('\n').filter((line) => line !== ''),
    made,
  )
  const removed = new Set<string>()
  for (const reference of stale) {
    try {
      await engine.removeImage(reference)
      removed.add(reference)
    } catch (error) {
      // A container uses it: it stays in the history and is tried again next time.
      if (!isLabError(error) || error.kind !== 'Conflict') throw error
    }
  }
  await writeFile(path, `${history.filter((reference) => !removed.has(reference)).join('\n')}\n`)
}
