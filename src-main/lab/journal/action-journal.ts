/**
 * What people did to a lab, on this machine's disk: one JSON document per line, append-only, two files that take turns.
 * Several processes write at once: each line is one write at the file's end, and the turn is taken under a lock.
 */
import { randomBytes } from 'node:crypto'
import { open, rename, stat, type FileHandle } from 'node:fs/promises'
import type { Clock } from '../../base/clock.ts'
import type { Disposable } from '../../base/disposable.ts'
import type { Logger } from '../../base/logger.ts'
import type { UserAction } from '../../common/lab/user-action.ts'
import { hasCode } from '../store/error-code.ts'
import { withFileLock } from '../store/file-lock.ts'
import type { HomeLayout } from '../store/home.ts'
import { makeFolder } from '../store/make-folder.ts'
import { readTextIfThere } from '../store/read-if-there.ts'
import { readAction } from './read-action.ts'

/** Some 2,500 actions; with the file before it, weeks of a busy course. */
const MAX_FILE_BYTES = 512 * 1024

export type ActionDraft = Omit<UserAction, 'id' | 'time' | 'failed'>

export interface ActionJournalOptions {
  clock: Clock
  logger: Logger
  layout: HomeLayout
  maxFileBytes?: number
}

export class ActionJournal implements Disposable {
  readonly #options: ActionJournalOptions
  readonly #syncs = new Set<Promise<void>>()
  readonly #known = new Map<string, { mark: string; actions: readonly UserAction[] }>()
  #lastMs = 0
  #sequence = 0

  constructor(options: ActionJournalOptions) {
    this.#options = options
  }

  /** An action that is asked for now; not yet written. */
  begin(draft: ActionDraft): UserAction {
    const nowMs = this.#options.clock.now()
    this.#sequence = nowMs === this.#lastMs ? this.#sequence + 1 : 0
    this.#lastMs = nowMs
    const order = `${String(nowMs).padStart(14, '0')}-${String(this.#sequence).padStart(4, '0')}`
    const id = `${order}-${randomBytes(4).toString('hex')}`
    return { id, time: new Date(nowMs).toISOString(), ...draft }
  }

  /**
   * Resolves when the line is with the system, where the end of this process cannot take it back; the disk gets it beside the
   * action, which need not wait: in a power cut its containers die, too. The same id once more: the later line counts. Never
   * fails an action: what cannot be written is a warning.
   */
  async write(action: UserAction): Promise<void> {
    const { layout, logger } = this.#options
    const file = layout.actions(action.lab)
    try {
      // The lab's own folder is not made: a lab that has gone in this moment stays gone.
      await makeFolder(layout.journal(action.lab))
      await this.#takeTurn(action.lab, file)
      const handle = await appendLine(file, JSON.stringify(action))
      const synced = handle
        .datasync()
        .finally(() => handle.close())
        .catch((error: unknown) => logger.warn('the journal of actions may not be on the disk', { file, error }))
        .finally(() => this.#syncs.delete(synced))
      this.#syncs.add(synced)
    } catch (error) {
      logger.warn('what was done cannot be recorded', { file, error })
    }
  }

  /** Those of a lab, the oldest first. Lines that are damaged are left out. Files that are as they were are not read again. */
  async list(lab: string): Promise<UserAction[]> {
    const { layout } = this.#options
    const files = [layout.olderActions(lab), layout.actions(lab)]
    // Before they are read: what is written meanwhile makes the next mark another one.
    const mark = (await Promise.all(files.map(markOf))).join()
    const known = this.#known.get(lab)
    if (known?.mark === mark) return [...known.actions]
    const actions = await readActions(files, lab)
    this.#known.set(lab, { mark, actions })
    return [...actions]
  }

  /** What has been written is on the disk. */
  async dispose(): Promise<void> {
    await Promise.all(this.#syncs)
  }

  /** Two processes may find the file full: the second looks again once it has the lock. */
  async #takeTurn(lab: string, file: string): Promise<void> {
    const { clock, layout, maxFileBytes = MAX_FILE_BYTES } = this.#options
    if ((await sizeOf(file)) < maxFileBytes) return
    await withFileLock({ clock, file: layout.journalLock(lab), onWait: () => undefined }, async () => {
      if ((await sizeOf(file)) >= maxFileBytes) await rename(file, layout.olderActions(lab))
    })
  }
}

/** Answers the handle, still open. @throws when the line is not written as a whole */
async function appendLine(file: string, line: string): Promise<FileHandle> {
  // The line break comes first as well: what a killed process left of a line damages nothing but itself.
  const bytes = Buffer.from(`\n${line}\n`)
  const handle = await open(file, 'a')
  try {
    const { bytesWritten } = await handle.write(bytes)
    if (bytesWritten < bytes.length) throw new Error(`${bytesWritten} of ${bytes.length} bytes were written`)
    return handle
  } catch (error) {
    await handle.close()
    throw error
  }
}

async function sizeOf(file: string): Promise<number> {
  try {
    return (await stat(file)).size
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return 0
    throw error
  }
}

/** Files only grow, or give way to another one. */
async function markOf(file: string): Promise<string> {
  try {
    const { ino, size, mtimeNs } = await stat(file, { bigint: true })
    return `${ino} ${size} ${mtimeNs}`
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return 'none'
    throw error
  }
}

async function readActions(files: readonly string[], lab: string): Promise<UserAction[]> {
  const actions = new Map<string, UserAction>()
  for (const file of files) {
    for (const line of ((await readTextIfThere(file)) ?? '').split('\n')) {
      const action = line === '' ? undefined : readAction(line, lab)
      if (action !== undefined) actions.set(action.id, action)
    }
  }
  return [...actions.values()].sort((one, other) => (one.id < other.id ? -1 : 1))
}
