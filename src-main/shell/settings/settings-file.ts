/**
 * `settings.json` in the home folder: read, watched, and written by rename. A person may edit it; what is in it that we do
 * not know stays, and a file that is broken is never written over unasked.
 */
import { watch, type FSWatcher } from 'node:fs'
import { mkdir, realpath, rename } from 'node:fs/promises'
import path from 'node:path'
import type { Clock, Timer } from '../../base/clock.ts'
import { toDisposable, type Disposable } from '../../base/disposable.ts'
import type { Logger } from '../../base/logger.ts'
import { LabError } from '../../common/lab-error.ts'
import { changeSettingsText, parseSettings } from '../../common/settings/parse-settings.ts'
import {
  defaultSettings,
  isBroken,
  SETTING_NAMES,
  type SettingsChange,
  type SettingsState,
} from '../../common/settings/settings.ts'
import { hasCode } from '../../lab/store/error-code.ts'
import { withFileLock } from '../../lab/store/file-lock.ts'
import { HomeLayout } from '../../lab/store/home.ts'
import { readTextIfThere } from '../../lab/store/read-if-there.ts'
import { writeAtomically } from '../../lab/store/write-atomically.ts'
import { describeProblem } from './describe-problem.ts'
import type { SettingsStore } from './settings-store.ts'

/** An editor makes several changes of one save. */
const SETTLE_MS = 40
const LOCK_MINUTES = 1

export interface SettingsFileOptions {
  /** Made if need be by the first write. */
  home: string
  clock: Clock
  logger: Logger
  platform?: string
}

/** Never rejects: a file that cannot be read is a problem of the state. */
export async function openSettingsFile(options: SettingsFileOptions): Promise<SettingsFile> {
  const file = new SettingsFile(options)
  await file.read()
  return file
}

export class SettingsFile implements SettingsStore, Disposable {
  readonly #options: SettingsFileOptions
  readonly #layout: HomeLayout
  readonly #listeners = new Set<(state: SettingsState) => void>()
  #state: SettingsState
  #watcher: FSWatcher | undefined
  #timer: Timer | undefined
  /** Of the reads that were begun, and of the newest one that has ended. */
  #begun = 0
  #ended = 0

  constructor(options: SettingsFileOptions) {
    this.#options = options
    this.#layout = new HomeLayout(options.home)
    const settings = defaultSettings(options.platform ?? process.platform)
    this.#state = { settings, chosen: [], file: this.#layout.settingsFile, problems: [] }
  }

  get state(): SettingsState {
    return this.#state
  }

  async read(): Promise<SettingsState> {
    this.#begun += 1
    const turn = this.#begun
    const text = await readTextIfThere(this.#layout.settingsFile).catch((error: unknown) =>
      error instanceof Error ? error : new Error(String(error)),
    )
    // One that was overtaken has seen an older file.
    if (turn < this.#ended) return this.#state
    this.#ended = turn
    if (text instanceof Error)
      return this.#become({ ...this.#state, problems: [{ kind: 'unreadable', message: text.message }] })
    return this.#become(this.#stateOf(text ?? ''))
  }

  async write(change: SettingsChange, replaceBroken = false): Promise<SettingsState> {
    try {
      await mkdir(this.#options.home, { recursive: true })
      await withFileLock(
        {
          clock: this.#options.clock,
          file: this.#layout.settingsLock,
          giveUp: { doing: 'writing the settings', afterMinutes: LOCK_MINUTES },
          onWait: () => undefined,
        },
        () => this.#writeLocked(change, replaceBroken),
      )
    } catch (error) {
      throw hasCode(error, 'EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'EISDIR') ? this.#notWritten(error) : error
    }
    return this.read()
  }

  onChange(listener: (state: SettingsState) => void): Disposable {
    this.#listeners.add(listener)
    this.#watcher ??= this.#watch()
    return toDisposable(() => {
      this.#listeners.delete(listener)
      if (this.#listeners.size === 0) this.dispose()
    })
  }

  /** Ends the watch; the file can still be read and written. */
  dispose(): void {
    this.#timer?.cancel()
    this.#timer = undefined
    this.#watcher?.close()
    this.#watcher = undefined
  }

  /** What counted before a broken edit goes on counting: half a line in an editor must not change the window. */
  #stateOf(text: string): SettingsState {
    const { values, problems } = parseSettings(text)
    const { file } = this.#state
    if (isBroken({ problems })) return { ...this.#state, problems }
    return {
      settings: { ...defaultSettings(this.#options.platform ?? process.platform), ...values },
      chosen: SETTING_NAMES.filter((name) => values[name] !== undefined),
      file,
      problems,
    }
  }

  #become(next: SettingsState): SettingsState {
    if (JSON.stringify(next) === JSON.stringify(this.#state)) return this.#state
    this.#state = next
    for (const problem of next.problems)
      this.#options.logger.warn('Something in the settings has no effect', {
        problem: describeProblem(next.file, problem),
      })
    for (const listener of [...this.#listeners]) listener(next)
    return next
  }

  async #writeLocked(change: SettingsChange, replaceBroken: boolean): Promise<void> {
    const file = await followLink(this.#layout.settingsFile)
    const before = await this.read()
    const broken = before.problems.find(({ kind }) => kind === 'unreadable' || kind === 'syntax')
    if (broken !== undefined) {
      if (!replaceBroken)
        throw new LabError({
          kind: 'Conflict',
          message: describeProblem(before.file, broken),
          remedy: 'Mend the file in an editor, or have it set aside and begin a new one.',
        })
      await rename(file, `${file}.broken-${new Date(this.#options.clock.now()).toISOString().replaceAll(/[:.]/g, '-')}`)
    }
    const text = changeSettingsText((await readTextIfThere(file)) ?? '', change)
    // It has been read a moment ago, and whoever else of us writes holds the lock.
    if (text === undefined) throw new LabError({ kind: 'Conflict', message: `${file} was changed meanwhile` })
    await writeAtomically(file, text)
  }

  #notWritten(error: unknown): LabError {
    return new LabError(
      {
        kind: 'Forbidden',
        message: `the settings cannot be written: ${error instanceof Error ? error.message : String(error)}`,
        remedy: `Look at the owner of ${this.#layout.settingsFile}, and at the free space there.`,
      },
      { cause: error },
    )
  }

  /** The folder, not the file: editors replace it, and it may not be there yet. */
  #watch(): FSWatcher | undefined {
    const { logger, clock, home } = this.#options
    const name = path.basename(this.#layout.settingsFile)
    const onEvent = (_event: string, changed: string | null): void => {
      if (changed !== null && changed !== name) return
      this.#timer ??= clock.setTimer(SETTLE_MS, () => {
        this.#timer = undefined
        void this.read()
      })
    }
    try {
      const watcher = watch(home, { persistent: false }, onEvent)
      watcher.on('error', (error) => logger.warn('The settings file is not watched any more', { error }))
      return watcher
    } catch (error) {
      // Changes of other programs are seen by the next read.
      logger.warn('The settings file cannot be watched', { error })
      return undefined
    }
  }
}

/** A link to a file elsewhere, as people keep their dot files, stays a link. */
async function followLink(file: string): Promise<string> {
  try {
    return await realpath(file)
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return file
    throw error
  }
}
