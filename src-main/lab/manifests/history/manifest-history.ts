/**
 * Every version of every manifest that Node Lab has seen in the folders that the kubelets of a lab read, in `labs/<lab>/history`: contents under
 * their SHA-256, and one index. Both are written by rename; an index that is spoilt is put aside, and another begun. Changes are
 * serialised over processes by a lock file. Nodes cannot reach that folder; names and contents may be anything all the same.
 */
import { createHash, randomBytes } from 'node:crypto'
import { access, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import type { Clock } from '../../../base/clock.ts'
import type { Logger } from '../../../base/logger.ts'
import { isLabError, LabError } from '../../../common/lab-error.ts'
import type { ManifestAuthor, ManifestVersion } from '../../../common/lab/manifest-version.ts'
import { withFileLock } from '../../store/file-lock.ts'
import type { HomeLayout } from '../../store/home.ts'
import { makeFolder } from '../../store/make-folder.ts'
import { readIfThere } from '../../store/read-if-there.ts'
import { writeAtomically } from '../../store/write-atomically.ts'
import type { HistoryTarget, ManifestReader } from '../manifest-place.ts'
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
const CONTENTS = 'contents'
/** Old versions may hold what was taken out of the present ones for good reasons. */
const FILE_MODE = 0o600
const FOLDER_MODE = 0o700

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
  async list(target: HistoryTarget, name?: string): Promise<ManifestVersion[]> {
    return listVersions(await this.#readIndex(target.lab), keyOf(target), name)
  }

  /** @throws NotFound for a version that there is not, that has no content, or whose content was spoilt */
  async content(target: HistoryTarget, name: string, version: string): Promise<Buffer> {
    const { lab, node } = target
    const entry = entriesOf(await this.#readIndex(lab), keyOf(target), name).find((one) => one.version === version)
    if (entry === undefined) {
      const message = `there is no version ${version} of ${name} on ${node}`
      throw new LabError({ kind: 'NotFound', message, remedy: 'The oldest versions are forgotten; list them anew.' })
    }
    if (entry.content === undefined)
      throw new LabError({ kind: 'NotFound', message: `${name} was removed then, so that version has no content` })
    const bytes = await readIfThere(this.#content(lab, entry.content))
    if (bytes !== undefined && digest(bytes) === entry.content) return bytes
    throw new LabError({ kind: 'NotFound', message: `the content of version ${version} of ${name} is lost` })
  }

  /**
   * Does `work`, which changes the file, and records what it was before and what it is then. What cannot be recorded is logged:
   * a full disk, on which not even the lock can be made, is no reason not to remove a manifest.
   */
  async during<T>(
    target: HistoryTarget & { name: string; by: ManifestAuthor },
    folder: ManifestReader,
    work: () => Promise<T>,
  ): Promise<T> {
    const { lab, node, name, by } = target
    let working: Promise<T> | undefined
    const workOnce = (): Promise<T> => (working ??= work())
    const record = (author: ManifestAuthor): Promise<void> =>
      this.#record(target, [name], folder, author).catch((error: unknown) => this.#warn({ lab, node, name }, error))
    try {
      await this.#serialised(lab, async () => {
        await record('outside')
        await workOnce()
        await record(by)
      })
    } catch (error) {
      const isOfWork = await working?.then(
        () => false,
        () => true,
      )
      if (isOfWork !== true) this.#warn({ lab, node, name }, error)
    }
    return workOnce()
  }

  /**
   * Records what files are now, as somebody else made them: all or none. A name without a file counts as removed; what is no
   * manifest, such as a link, is passed over. Rejects when the history cannot be written.
   */
  async look(target: HistoryTarget, names: readonly string[], folder: ManifestReader): Promise<void> {
    if (names.length === 0) return
    await this.#serialised(target.lab, () => this.#record(target, names, folder, 'outside'))
  }

  async #record(
    target: HistoryTarget,
    names: readonly string[],
    folder: ManifestReader,
    by: ManifestAuthor,
  ): Promise<void> {
    const { lab, node } = target
    const before = await this.#takeIndex(lab)
    const written: string[] = []
    let index = before
    for (const name of names) {
      const bytes = await this.#readToKeep({ lab, node }, name, folder)
      if (bytes === 'nothing to keep') continue
      const entry = this.#newEntry(bytes, by)
      const added = addEntry(index, keyOf(target), name, entry)
      if (added === index) continue
      index = added
      await this.#makeFolders(lab)
      const { content } = entry
      if (bytes === undefined || content === undefined || (await isThere(this.#content(lab, content)))) continue
      await writeAtomically(this.#content(lab, content), bytes, FILE_MODE)
      written.push(content)
    }
    if (index === before) return
    const pruned = pruneIndex(index, this.#options.limits ?? LIMITS)
    await writeAtomically(this.#indexFile(lab), stringifyIndex(pruned), FILE_MODE)
    const needed = contentsOf(pruned)
    // Of an index that was spoilt nobody knows what it needed: what it alone named stays.
    const unneeded = [...contentsOf(before), ...written].filter((content) => !needed.has(content))
    await Promise.all(unneeded.map((content) => rm(this.#content(lab, content), { force: true })))
  }

  #newEntry(bytes: Buffer | undefined, by: ManifestAuthor): HistoryEntry {
    const timeMs = this.#options.clock.now()
    const entry = { version: newVersion(timeMs), by, timeMs, bytes: bytes?.length ?? 0 }
    return bytes === undefined ? entry : { ...entry, content: digest(bytes) }
  }

  /** `undefined`: there is no such file. */
  async #readToKeep(
    target: HistoryTarget,
    name: string,
    folder: ManifestReader,
  ): Promise<Buffer | undefined | 'nothing to keep'> {
    try {
      const bytes = await folder.read(name)
      return bytes.length <= MAX_CONTENT_BYTES ? bytes : 'nothing to keep'
    } catch (error) {
      if (isLabError(error) && error.kind === 'NotFound') return undefined
      this.#options.logger.info('no version of a file is kept', { ...target, name, error })
      return 'nothing to keep'
    }
  }

  /** The lab's own folder is not made: a lab that has gone in this moment stays gone. */
  async #makeFolders(lab: string): Promise<void> {
    await makeFolder(this.#options.layout.history(lab), FOLDER_MODE)
    await makeFolder(path.join(this.#options.layout.history(lab), CONTENTS), FOLDER_MODE)
  }

  #warn(of: HistoryTarget & { name: string }, error: unknown): void {
    this.#options.logger.warn('a version of a manifest is not kept', { ...of, error })
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
    const text = await this.#readIndexText(lab)
    const index: HistoryIndex | undefined = text === undefined ? new Map() : parseIndex(text)
    if (index === undefined) this.#options.logger.warn('the history of manifests is unreadable', { lab })
    return index ?? new Map()
  }

  /** Only while holding the lock: an index that is spoilt is put aside, so that nothing is written over it. */
  async #takeIndex(lab: string): Promise<HistoryIndex> {
    const text = await this.#readIndexText(lab)
    if (text === undefined) return new Map()
    const index = parseIndex(text)
    if (index !== undefined) return index
    const aside = `${this.#indexFile(lab)}.broken-${this.#options.clock.now()}`
    await rename(this.#indexFile(lab), aside)
    this.#options.logger.warn('the history of manifests is unreadable and begins anew', { lab, aside })
    return new Map()
  }

  async #readIndexText(lab: string): Promise<string | undefined> {
    return (await readIfThere(this.#indexFile(lab)))?.toString('utf8')
  }

  #content(lab: string, content: string): string {
    return path.join(this.#options.layout.history(lab), CONTENTS, content)
  }

  #indexFile(lab: string): string {
    return path.join(this.#options.layout.history(lab), 'index.json')
  }
}

/** In the index: no name of a node has a colon. */
function keyOf({ node, folder }: HistoryTarget): string {
  return folder === undefined ? node : `${node}:${folder}`
}

/** The time, and what tells versions of one millisecond apart. */
function newVersion(nowMs: number): string {
  return `${new Date(nowMs).toISOString().replaceAll(/[-:.]/g, '')}-${randomBytes(4).toString('hex')}`
}

function digest(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}

async function isThere(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  )
}
