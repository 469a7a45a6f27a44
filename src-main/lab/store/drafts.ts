/**
 * Drafts: a file is written beside the one whose place it takes, and renamed. A draft names the process that writes it, so that
 * one which was left by a process that died is told from one that is being written.
 */
import { randomUUID } from 'node:crypto'
import type { Dirent } from 'node:fs'
import { lstat, opendir, unlink } from 'node:fs/promises'
import path from 'node:path'
import type { Clock } from '../../base/clock.ts'
import type { Logger } from '../../base/logger.ts'
import { hasCode } from './error-code.ts'
import { formatIdentity, lookForProcess, ownIdentity, parseIdentity } from './process-identity.ts'

const DRAFT_NAME = /^\.node-lab-[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}(?:\.(.+))?$/
/** Where nobody can tell whether the writer lives, on another machine perhaps. A write takes moments, and one that lost its draft fails. */
const SURE_AFTER_MS = 10 * 60_000
/** A pod may make millions of entries in a manifest folder; nobody looks through more than these. */
const MAX_LOOKED_AT = 10_000

export interface SweepParts {
  clock: Clock
  logger: Logger
}

/** A dot name, which no kubelet reads, and not longer when the file's own is. */
export async function newDraftName(): Promise<string> {
  return `.node-lab-${randomUUID()}.${formatIdentity(await ownIdentity())}`
}

/**
 * Removes the drafts in the folder whose writer is surely gone, and in the folders in it that `goesInto` names. Regular files only,
 * no link is followed. What cannot be looked at or removed is logged, and keeps nobody from his work.
 */
export async function sweepDrafts(
  parts: SweepParts,
  folder: string,
  goesInto: (folder: string) => boolean = () => false,
): Promise<void> {
  let lookedAt = 0
  try {
    for await (const entry of await opendir(folder)) {
      const place = path.join(folder, entry.name)
      if (entry.isDirectory() && goesInto(place)) await sweepDrafts(parts, place, goesInto)
      else if (await isLeftDraft(parts.clock, place, entry)) await remove(place)
      lookedAt += 1
      if (lookedAt >= MAX_LOOKED_AT) break
    }
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) parts.logger.info('drafts that were left may not be removed', { folder, error })
  }
}

async function isLeftDraft(clock: Clock, place: string, entry: Dirent): Promise<boolean> {
  const match = DRAFT_NAME.exec(entry.name)
  if (match === null || !entry.isFile()) return false
  const [, writerText] = match
  if (writerText !== undefined) {
    const writer = parseIdentity(writerText)
    if (writer === undefined) return false
    const found = await lookForProcess(writer)
    if (found === 'alive') return false
    // Without its namespace, it may live in another one.
    if (found === 'dead' && writer.namespace !== '') return true
  }
  return clock.now() - (await lstat(place)).mtimeMs > SURE_AFTER_MS
}

/** Its writer, or another sweep, may be quicker. */
async function remove(place: string): Promise<void> {
  try {
    await unlink(place)
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error
  }
}
