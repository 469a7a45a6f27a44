/**
 * One at a time, over processes: a lock file that names its owner by pid and start time. The lock of a process that has
 * died, or whose pid belongs to another process by now (after a reboot, say), is broken.
 */
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { randomUUID } from 'node:crypto'
import path from 'node:path'
import { delay, type Clock } from '../../base/clock.ts'
import { LabError } from '../../common/lab-error.ts'
import { hasCode } from './error-code.ts'
import { lookForProcess, ownIdentity } from './process-identity.ts'
import { readTextIfThere } from './read-if-there.ts'

const POLL_MS = 100

export interface LockOptions {
  clock: Clock
  file: string
  /** What the owner does, such as "changing this lab", and how long it is waited for; absent: as long as it lives. */
  giveUp?: { doing: string; afterMinutes: number }
  /** One word for whoever asks what the lock is held for (`readLockPurpose`). */
  purpose?: string
  /** Told once, when somebody else holds the lock. */
  onWait(ownerPid: number): void
  signal?: AbortSignal
}

/** Runs `work` while holding the lock. @throws Timeout when another process does not let go, Cancelled at the signal */
export async function withFileLock<T>(options: LockOptions, work: () => Promise<T>): Promise<T> {
  const content = await acquire(options)
  try {
    return await work()
  } finally {
    // Somebody who took us for dead may hold it now: only our own is removed.
    if ((await readOwner(options.file))?.text === content) await rm(options.file, { force: true })
  }
}

/** Whether a process that lives holds it; it is not touched. */
export async function isLockHeld(file: string): Promise<boolean> {
  const owner = await readOwner(file)
  return owner !== undefined && (await isAlive(owner))
}

/** What a process that lives holds it for; `undefined`: nobody does, or does not say. */
export async function readLockPurpose(file: string): Promise<string | undefined> {
  const owner = await readOwner(file)
  return owner?.purpose !== undefined && (await isAlive(owner)) ? owner.purpose : undefined
}

async function acquire({ clock, file, giveUp, onWait, purpose, signal }: LockOptions): Promise<string> {
  await mkdir(path.dirname(file), { recursive: true })
  const content = JSON.stringify({
    ...(await ownIdentity()),
    id: randomUUID(),
    ...(purpose !== undefined && { purpose }),
  })
  const deadlineMs = giveUp === undefined ? Number.POSITIVE_INFINITY : clock.now() + giveUp.afterMinutes * 60_000
  let told = false
  for (;;) {
    throwIfCancelled(signal)
    if (await tryCreate(file, content)) return content
    const owner = await readOwner(file)
    if (owner === undefined) continue
    if (!(await isAlive(owner))) {
      await breakLock(file, owner.text)
      continue
    }
    if (!told) onWait(owner.pid)
    told = true
    if (giveUp !== undefined && clock.now() > deadlineMs) {
      throw new LabError({
        kind: 'Timeout',
        message: `process ${owner.pid} has been ${giveUp.doing} for ${giveUp.afterMinutes} minutes`,
        remedy: `Wait for process ${owner.pid} or end it; a lock whose process is gone is taken over.`,
      })
    }
    await delay(clock, POLL_MS, signal).catch(() => throwIfCancelled(signal))
  }
}

function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new LabError({ kind: 'Cancelled', message: 'cancelled while waiting for another process' })
}

/** By a link to a complete file: whoever sees the lock sees its owner. */
async function tryCreate(file: string, content: string): Promise<boolean> {
  const draft = `${file}.${randomUUID()}`
  await writeFile(draft, content, { flag: 'wx' })
  try {
    await link(draft, file)
    return true
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false
    throw error
  } finally {
    await rm(draft, { force: true })
  }
}

interface Owner {
  text: string
  /** NaN when the file is rubbish. */
  pid: number
  started: string
  /** Empty in locks of earlier versions. */
  namespace: string
  purpose?: string
}

async function readOwner(file: string): Promise<Owner | undefined> {
  const text = await readTextIfThere(file)
  if (text === undefined) return undefined
  try {
    const value = JSON.parse(text) as { pid?: unknown; started?: unknown; namespace?: unknown; purpose?: unknown }
    const { purpose } = value
    return {
      text,
      pid: typeof value.pid === 'number' ? value.pid : Number.NaN,
      started: String(value.started ?? ''),
      namespace: String(value.namespace ?? ''),
      ...(typeof purpose === 'string' && { purpose }),
    }
  } catch {
    // No lock of ours looks like this: nobody owns it.
    return { text, pid: Number.NaN, started: '', namespace: '' }
  }
}

/** A lock from before the present boot has no owner any more. */
async function isAlive(owner: Owner): Promise<boolean> {
  return (await lookForProcess(owner)) === 'alive'
}

/** Two waiters may find the same dead owner; what was taken away is looked at, and put back when it was another's. */
async function breakLock(file: string, deadText: string): Promise<void> {
  const aside = `${file}.${randomUUID()}`
  try {
    await rename(file, aside)
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return
    throw error
  }
  try {
    if ((await readFile(aside, 'utf8')) !== deadText) await link(aside, file)
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error
  } finally {
    await rm(aside, { force: true })
  }
}
