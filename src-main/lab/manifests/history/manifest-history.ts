/**
 * Every version of every manifest that Node Lab has seen in the mounted folders of a lab, in `labs/<lab>/history`: contents under
 * their SHA-256, and one index. Both are written by rename; an index that a power cut has spoilt is begun anew. Changes are
 * serialised over processes by a lock file. Nodes cannot reach that folder; names and contents may be anything all the same.
 */
import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Clock } from '../../../base/clock.ts'
import type { Logger } from '../../../base/logger.ts'
import type { NodeTarget } from '../../../common/ipc/calls.ts'
import { isLabError, LabError } from '../../../common/lab-error.ts'
import type { ManifestAuthor, ManifestVersion } from '../../../common/lab/manifest-version.ts'
import { hasCode } from '../../store/error-code.ts'
import { withFileLock } from '../../store/file-lock.ts'
import type { HomeLayout } from '../../store/home.ts'
import type { ManifestFolder } from '../manifest-folder.ts'
import {
  addEntry,
  contentsOf,
  entriesOf,
  listVersions,
  parseIndex,
  pruneIndex,
  stringifyIndex,
  type HistoryEntry,
  type HistoryIndex,
  type HistoryLimits,
} from './history-index.ts'

const MEBIBYTE = 1024 * 1024
const LIMITS: HistoryLimits = { versionsPerFile: 50, versionsPerLab: 2000, bytesPerLab: 32 * MEBIBYTE }
/** What a kubelet takes apart at most without comments: larger files are no manifests, and are not kept. */
const MAX_CONTENT_BYTES = MEBIBYTE

export interface ManifestHistoryOptions {
  layout: HomeLayout
  clock: Clock
  logger: Logger
  limits?: HistoryLimits
}

export class ManifestHistory {
  readonly #options: ManifestHistoryOptions
  /** The last change of each lab's history in this process. */
  readonly #last = new Map<string, Promise<unknown>>()

  constructor(options: ManifestHistoryOptions) {
    this.#options = options
  }

  /** The newest first; of one file or all of the node's. */
  async list({ lab, node }: NodeTarget, name?: string): Promise<ManifestVersion[]> {
    return listVersions(await this.#readIndex(lab), node, name)
  }

  /** @throws NotFound for a version that there is not, that has no content, or whose content was spoilt */
  async content({ lab, node }: NodeTarget, name: string, version: string): Promise<Buffer> {
    const entry = entriesOf(await this.#readIndex(lab), node, name).find((one) => one.version === version)
    if (entry === undefined) {
      const message = `there is no version ${version} of ${name} on ${node}`
      throw new LabError({ kind: 'NotFound', message, remedy: 'The oldest versions are forgotten; list them anew.' })
    }
    if (entry.content === undefined)
      throw new LabError({ kind: 'NotFound', message: `${name} was removed then, so that version has no content` })
    const bytes = await readIfThere(path.join(this.#contents(lab), entry.content))
    if (bytes !== undefined && digest(bytes) === entry.content) return bytes
    throw new LabError({ kind: 'NotFound', message: `the content of version ${version} of ${name} is lost` })
  }

  /**
   * Does `work`, which changes the file, and records what it was before and what it is then. What cannot be recorded is logged:
   * a full disk is no reason not to remove a manifest.
   */
  async during<T>(
    target: NodeTarget & { name: string; by: ManifestAuthor },
    folder: ManifestFolder,
    work: () => Promise<T>,
  ): Promise<T> {
    const { name, by } = target
    return this.#serialised(target.lab, async () => {
      await this.#recordFile(target, name, folder, 'outside')
      const result = await work()
      await this.#recordFile(target, name, folder, by)
      return result
    })
  }

  /** Records what files are now, as somebody else made them. A name without a file counts as removed. */
  async look(target: NodeTarget, names: readonly string[], folder: ManifestFolder): Promise<void> {
    if (names.length === 0) return
    await this.#serialised(target.lab, async () => {
      for (const name of names) await this.#recordFile(target, name, folder, 'outside')
    })
  }

  async #recordFile(target: NodeTarget, name: string, folder: ManifestFolder, by: ManifestAuthor): Promise<void> {
    try {
      const bytes = await readManifestIfThere(folder, name)
      if (bytes === undefined || bytes.length <= MAX_CONTENT_BYTES) await this.#record(target, name, bytes, by)
    } catch (error) {
      this.#options.logger.info('a version of a manifest is not kept', { ...target, name, error })
    }
  }

  async #record({ lab, node }: NodeTarget, name: string, bytes: Buffer | undefined, by: ManifestAuthor): Promise<void> {
    const index = await this.#readIndex(lab)
    const content = bytes === undefined ? undefined : digest(bytes)
    const nowMs = this.#options.clock.now()
    const entry: HistoryEntry = {
      version: newVersion(nowMs),
      by,
      timeMs: nowMs,
      bytes: bytes?.length ?? 0,
      ...(content !== undefined && { content }),
    }
    const added = addEntry(index, node, name, entry)
    if (added === index) return
    const pruned = pruneIndex(added, this.#options.limits ?? LIMITS)
    await mkdir(this.#contents(lab), { recursive: true, mode: 0o700 })
    const present = await readdir(this.#contents(lab))
    if (bytes !== undefined && content !== undefined && !present.includes(content))
      await writeByRename(path.join(this.#contents(lab), content), bytes)
    await writeByRename(this.#indexFile(lab), Buffer.from(stringifyIndex(pruned)))
    const needed = contentsOf(pruned)
    const unneeded = present.filter((file) => !needed.has(file))
    await Promise.all(unneeded.map((file) => rm(path.join(this.#contents(lab), file), { force: true })))
  }

  /** One change of a lab's history at a time, in this process and over all. */
  async #serialised<T>(lab: string, work: () => Promise<T>): Promise<T> {
    const { clock, layout, logger } = this.#options
    const file = `${layout.lockFile(lab)}.history`
    const onWait = (pid: number): void => logger.info('waiting for the history of manifests', { lab, pid })
    const before = this.#last.get(lab) ?? Promise.resolve()
    const run = before.then(() => withFileLock({ clock, file, onWait }, work))
    this.#last.set(
      lab,
      run.catch(() => undefined),
    )
    return run
  }

  async #readIndex(lab: string): Promise<HistoryIndex> {
    const text = (await readIfThere(this.#indexFile(lab)))?.toString('utf8')
    if (text === undefined) return new Map()
    const index = parseIndex(text)
    if (index === undefined)
      this.#options.logger.warn('the history of manifests is unreadable and begins anew', { lab })
    return index ?? new Map()
  }

  #contents(lab: string): string {
    return path.join(this.#options.layout.history(lab), 'contents')
  }

  #indexFile(lab: string): string {
    return path.join(this.#options.layout.history(lab), 'index.json')
  }
}

/** The time, and what tells versions of one millisecond apart. */
function newVersion(nowMs: number): string {
  return `${new Date(nowMs).toISOString().replaceAll(/[-:.]/g, '')}-${randomBytes(4).toString('hex')}`
}

function digest(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}

async function readManifestIfThere(folder: ManifestFolder, name: string): Promise<Buffer | undefined> {
  try {
    return await folder.read(name)
  } catch (error) {
    if (isLabError(error) && error.kind === 'NotFound') return undefined
    throw error
  }
}

async function readIfThere(file: string): Promise<Buffer | undefined> {
  try {
    return await readFile(file)
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined
    throw error
  }
}

async function writeByRename(file: string, bytes: Buffer): Promise<void> {
  const temporary = path.join(path.dirname(file), `.${randomUUID()}`)
  try {
    await writeFile(temporary, bytes, { flag: 'wx', mode: 0o600 })
    await rename(temporary, file)
  } finally {
    await rm(temporary, { force: true })
  }
}
