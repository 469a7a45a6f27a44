/** One worker at a time, over processes: a lock file with the owner's pid; a dead owner's lock is taken over. */
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { type Clock, delay } from '../../base/clock.ts'

const POLL_MS = 200

/** Locks of this process: its own pid in a file that is not among them was left by another boot of the machine. */
const held = new Set<string>()
let serial = 0

/** Runs `work` while holding the lock. `onWait` is told once when somebody else holds it. */
export async function withFileLock<T>(
  clock: Clock,
  path: string,
  onWait: (ownerPid: number) => void,
  work: () => Promise<T>,
): Promise<T> {
  await mkdir(dirname(path), { recursive: true })
  let told = false
  while (!(await tryLock(path))) {
    const owner = await readOwner(path)
    if (owner === undefined) continue
    if (!isAlive(owner, path)) {
      // Two waiters may find the same dead owner; the second look keeps the slower one from removing the faster one's lock.
      if ((await readOwner(path)) === owner) await rm(path, { force: true })
      continue
    }
    if (!told) onWait(owner)
    told = true
    await delay(clock, POLL_MS)
  }
  try {
    return await work()
  } finally {
    held.delete(path)
    await rm(path, { force: true })
  }
}

/** By a link to a complete file, so that nobody ever reads a lock without its pid. */
async function tryLock(path: string): Promise<boolean> {
  const draft = `${path}.${process.pid}.${serial++}`
  await writeFile(draft, String(process.pid))
  try {
    await link(draft, path)
    held.add(path)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  } finally {
    await rm(draft, { force: true })
  }
}

/** @returns `undefined` when the lock has gone in the meantime */
async function readOwner(path: string): Promise<number | undefined> {
  try {
    return Number.parseInt(await readFile(path, 'utf8'), 10)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

function isAlive(pid: number, path: string): boolean {
  if (Number.isNaN(pid)) return false
  if (pid === process.pid) return held.has(path)
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
