/**
 * Static pods from a folder, or from one file (facts 1.2): listed at the start and every `checkFrequencyMs`, and re-read
 * as soon as the system announces a change. Until the first announcement has shown that changes are announced here at
 * all (they may not cross a virtual machine's mount), the folder is also compared every second.
 */
import { readdirSync, statSync } from 'node:fs'
import type { Stats } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { Clock, Timer } from '../../base/clock.ts'
import { DisposableStore, toDisposable } from '../../base/disposable.ts'
import type { Disposable } from '../../base/disposable.ts'
import { decodeFileName } from '../../base/file-name-bytes.ts'
import type { Logger } from '../../base/logger.ts'
import type { Pod } from '../../common/api/core.ts'
import type { StaticPodAllowances } from '../../common/manifest/read-static-pod.ts'
import type { FileVerdict } from '../../common/lab/file-verdict.ts'
import type { WatchedPath } from '../private-channel/channel-source.ts'
import type { TimelineRecorder } from '../timeline/timeline.ts'
import { watchFolder } from './folder-watch.ts'
import type { WatchFolder } from './folder-watch.ts'
import { ManifestSet } from './manifest-set.ts'
import type { ManifestReading, ReadingOccasion } from './manifest-set.ts'
import { inspectEntry } from './read-entry.ts'
import { readManifest } from './read-manifest.ts'
import { VerdictNews } from './verdict-news.ts'

const POLL_MS = 1000
/** A change is read when its file has been quiet for so long: a write is rarely one system call. */
const SETTLE_MS = 5
/** Up to here a file is read as soon as it is announced, and taken after its quiet time if it is the same still. */
const SMALL_FILE_BYTES = 64 * 1024
/** Quiet time before a file counts as gone: editors and `sed -i` put another one in its place at once. */
const GONE_MS = 20
/** Quiet time before a file that cannot be processed, or that takes another file's pod over, is taken for final. */
const DOUBTFUL_MS = 250

export interface FileSourceOptions {
  /** A folder or one file; without a trailing slash. */
  path: string
  nodeName: string
  checkFrequencyMs: number
  allowances: StaticPodAllowances
  clock: Clock
  logger: Logger
  timeline: TimelineRecorder
  watch?: WatchFolder
  /** The whole set of pods, after the first listing and after every change. */
  onPods: (pods: Pod[]) => void
  onVerdicts: () => void
}

interface AnnouncedChange {
  /** How often it came or went since it was last read. */
  arrivals: number
  /** Whether it was seen absent, or written where it lies: what is only renamed over another file is never either. */
  isNew: boolean
}

interface PendingChange extends AnnouncedChange {
  noticedMs: number
  timer: Timer
  /** What was read at its first announcement; the second one makes it worthless. */
  early?: ManifestReading | undefined
}

export class FileSource implements Disposable {
  readonly #options: FileSourceOptions
  readonly #set = new ManifestSet()
  readonly #pending = new Map<string, PendingChange>()
  readonly #news: VerdictNews
  readonly #owned = new DisposableStore()
  /** First sight of each pod (facts 1.4.5). */
  #seen = new Map<string, string>()
  #watch: Disposable | undefined
  #watchedIdentity = ''
  #announced: 'unknown' | 'yes' | 'no' = 'unknown'
  /** How the path was found at the last look. */
  #path: 'read' | 'missing' | 'unreadable' = 'read'
  /** Whether the path was one file when it was last there. */
  #wasFile = false
  /** On the path itself, while there is nothing to read. */
  #pathVerdict: FileVerdict | undefined

  constructor(options: FileSourceOptions) {
    this.#options = { ...options, path: options.path.length > 1 ? options.path.replace(/\/+$/, '') : options.path }
    this.#news = new VerdictNews(options.timeline)
  }

  start(): void {
    const { clock, logger, path, checkFrequencyMs } = this.#options
    logger.info('Watching path', { path })
    this.#owned.add(
      toDisposable(async () => {
        for (const change of this.#pending.values()) change.timer.cancel()
        this.#pending.clear()
        await this.#watch?.dispose()
      }),
    )
    this.#owned.add(every(clock, checkFrequencyMs, () => this.#list()))
    this.#owned.add(every(clock, POLL_MS, () => this.#poll()))
    this.#list()
  }

  /** Stops watching; pods are left as they are. */
  async dispose(): Promise<void> {
    await this.#owned.dispose()
  }

  verdicts(): FileVerdict[] {
    return [...(this.#pathVerdict === undefined ? [] : [this.#pathVerdict]), ...this.#set.verdicts()]
  }

  fileOf(uid: string): string | undefined {
    return this.#set.fileOf(uid)
  }

  /** A path that is not there any more is what it was when it was there; one that never was is taken for a folder. */
  watchedPath(): WatchedPath {
    return { kind: this.#wasFile ? 'file' : 'folder', path: this.#options.path }
  }

  #folderPath(): string {
    const { path } = this.#options
    return this.#onlyName() === undefined ? path : dirname(path)
  }

  /** When the path is one file, only that entry of its folder counts. */
  #onlyName(): string | undefined {
    const { path } = this.#options
    const stats = statOf(path)
    if (stats !== undefined) this.#wasFile = stats.isFile()
    return stats?.isFile() === true ? basename(path) : undefined
  }

  /**
   * What is in the folder; a path that is not there counts as empty (facts 1.2.6). `unreadable`: nobody knows, so
   * everything stays as it is, as upstream does when a listing fails.
   */
  #readNames(): string[] | 'missing' | 'unreadable' {
    const only = this.#onlyName()
    if (only !== undefined) return [only]
    try {
      return readdirSync(this.#options.path, 'buffer').map(decodeFileName)
    } catch (error) {
      const absent = error instanceof Error && 'code' in error && error.code === 'ENOENT'
      const state = absent ? 'missing' : 'unreadable'
      const err = absent ? 'path does not exist, ignoring' : String(error)
      if (this.#path !== state) {
        this.#options.logger.error('Unable to read config path', { path: this.#options.path, err })
        this.#pathVerdict = pathVerdict(this.#options, absent ? 'PathMissing' : 'Unreadable', err)
      }
      return state
    }
  }

  #setPath(read: string[] | 'missing' | 'unreadable'): void {
    const now = typeof read === 'string' ? read : 'read'
    if (now === this.#path) return
    this.#path = now
    if (now === 'read') this.#pathVerdict = undefined
    this.#options.onVerdicts()
  }

  /** The truth: what is not in it has no pod. Files that are still being written are left to their own timers. */
  #list(): void {
    this.#ensureWatch()
    const read = this.#readNames()
    this.#setPath(read)
    if (read === 'unreadable') return
    this.#set.beginListing()
    const names = read === 'missing' ? [] : read
    for (const name of this.#set.names()) if (!names.includes(name)) this.#set.remove(name)
    for (const name of names) {
      if (this.#pending.has(name)) continue
      const facts = inspectEntry(join(this.#folderPath(), name))
      if (facts?.signature !== this.#set.factsOf(name)?.signature || this.#set.isStale(name))
        this.#take(name, this.#readManifest(name), 'listing')
    }
    this.#publish()
  }

  /** Compares without reading, for folders whose changes are not announced. */
  #poll(): void {
    this.#ensureWatch()
    if (this.#announced === 'yes' && this.#watch !== undefined) return
    const read = this.#readNames()
    const wasMissing = this.#path === 'missing'
    this.#setPath(read)
    if (read === 'unreadable') return
    if (read === 'missing' && !wasMissing) this.#list()
    for (const name of new Set([...(read === 'missing' ? [] : read), ...this.#set.names()])) {
      if (this.#pending.has(name)) continue
      const facts = inspectEntry(join(this.#folderPath(), name))
      if (facts?.signature === this.#set.factsOf(name)?.signature) continue
      if (this.#watch !== undefined && facts?.isLink !== true && !wasMissing) this.#noteSilence()
      this.#notice(name)
    }
  }

  #noteSilence(): void {
    if (this.#announced === 'no') return
    this.#announced = 'no'
    this.#options.logger.warn('Changes are not announced in this folder, comparing it every second', {
      path: this.#options.path,
    })
  }

  /** Watches the folder that is there now; a folder that was replaced by another one is watched anew. */
  #ensureWatch(): void {
    const folder = this.#folderPath()
    const stats = statOf(folder)
    const identity = stats?.isDirectory() === true ? `${stats.dev}:${stats.ino}` : ''
    if (identity === this.#watchedIdentity) return
    void this.#watch?.dispose()
    this.#watch = undefined
    this.#watchedIdentity = identity
    if (identity === '') return
    try {
      this.#watch = (this.#options.watch ?? watchFolder)(folder, {
        onChange: (name, comesOrGoes) => this.#onAnnounced(name, comesOrGoes),
        onEnd: (error) => this.#onWatchEnd(error),
      })
    } catch (error) {
      this.#onWatchEnd(error instanceof Error ? error : new Error(String(error)))
    }
  }

  #onAnnounced(name: string | undefined, comesOrGoes: boolean): void {
    this.#announced = 'yes'
    this.#ensureWatch()
    const only = this.#onlyName()
    if (name === undefined) this.#list()
    else if (only === undefined || only === name) {
      const isNew = !comesOrGoes || inspectEntry(join(this.#folderPath(), name)) === undefined
      this.#notice(name, { arrivals: comesOrGoes ? 1 : 0, isNew })
    }
  }

  #onWatchEnd(error: Error | undefined): void {
    this.#watch = undefined
    this.#watchedIdentity = ''
    this.#options.logger.error('Unable to read manifest path', {
      path: this.#options.path,
      err: error?.message ?? 'the watch ended',
    })
  }

  /** (Re-)starts the quiet time of one entry. */
  #notice(name: string, announced: AnnouncedChange = { arrivals: 0, isNew: false }): void {
    const before = this.#pending.get(name)
    before?.timer.cancel()
    const arrivals = (before?.arrivals ?? 0) + announced.arrivals
    const isNew = before?.isNew === true || announced.isNew
    this.#consider(name, { noticedMs: this.#options.clock.now(), arrivals, isNew }, SETTLE_MS)
    const change = this.#pending.get(name)
    // The timer runs meanwhile: reading and judging a manifest takes about as long as a file has to be quiet.
    if (before === undefined && change !== undefined) change.early = this.#readEarly(name)
  }

  #consider(name: string, change: Omit<PendingChange, 'timer' | 'early'>, delayMs: number): void {
    const timer = this.#options.clock.setTimer(delayMs, () => {
      const reading = this.#readSettled(name)
      const quietMs = this.#options.clock.now() - change.noticedMs
      const missingMs = this.#quietTimeFor(name, reading) - quietMs
      if (missingMs > 0) {
        this.#consider(name, change, missingMs)
        return
      }
      this.#pending.delete(name)
      const uidBefore = this.#set.podOf(name)?.metadata.uid
      this.#take(name, reading, 'event')
      if (change.arrivals > 1 && change.isNew && reading?.pod !== undefined && uidBefore !== undefined)
        this.#endRecreated(name, uidBefore)
      this.#publish()
    })
    this.#pending.set(name, { ...change, timer })
  }

  /** The file was gone and is back with the same pod, which has to end before it begins again (facts 1.5.7). */
  #endRecreated(name: string, uidBefore: string): void {
    if (this.#set.podOf(name)?.metadata.uid !== uidBefore) return
    this.#options.onPods(this.#set.pods().filter(({ metadata }) => metadata.uid !== uidBefore))
  }

  #readEarly(name: string): ManifestReading | undefined {
    const facts = inspectEntry(join(this.#folderPath(), name))
    return facts === undefined || facts.sizeBytes > SMALL_FILE_BYTES ? undefined : this.#readManifest(name)
  }

  #readSettled(name: string): ManifestReading | undefined {
    const early = this.#pending.get(name)?.early
    const isSame = early?.facts.signature === inspectEntry(join(this.#folderPath(), name))?.signature
    return early !== undefined && isSame ? early : this.#readManifest(name)
  }

  /** How long the entry, as it was just read, has to be quiet before it is believed. */
  #quietTimeFor(name: string, reading: ManifestReading | undefined): number {
    if (reading === undefined) return GONE_MS
    if (name.startsWith('.')) return SETTLE_MS
    if (reading.pod === undefined) return DOUBTFUL_MS
    return this.#set.hasOtherFileFor(reading.pod, name) ? DOUBTFUL_MS : SETTLE_MS
  }

  #readManifest(name: string): ManifestReading | undefined {
    const { nodeName, clock, allowances } = this.#options
    const seenAt = (uid: string): string | undefined => this.#seen.get(uid)
    return readManifest({ folder: this.#folderPath(), name, nodeName, nowMs: clock.now(), allowances, seenAt })
  }

  #take(name: string, reading: ManifestReading | undefined, occasion: ReadingOccasion): void {
    if (reading === undefined) {
      this.#set.remove(name)
      return
    }
    this.#set.put(name, reading, occasion)
    const { message, path } = reading.verdict
    if (message === '') return
    const { logger } = this.#options
    const err = `can't process config file ${JSON.stringify(path)}: ${message}`
    if (occasion === 'event') logger.error('Unable to process watch event', { err })
    else logger.error('Could not process manifest file', { path, err })
  }

  #publish(): void {
    const pods = this.#set.pods()
    this.#seen = new Map(
      pods.map((pod) => [pod.metadata.uid ?? '', pod.metadata.annotations?.['kubernetes.io/config.seen'] ?? '']),
    )
    this.#news.update(this.#set.verdicts())
    this.#options.onVerdicts()
    this.#options.onPods(pods)
  }
}

/** Facts 1.2.6. */
function pathVerdict(
  { path, clock }: FileSourceOptions,
  reason: 'PathMissing' | 'Unreadable',
  err: string,
): FileVerdict {
  const now = new Date(clock.now()).toISOString()
  const explanation =
    reason === 'PathMissing'
      ? `The kubelet reads its manifests from ${path} (staticPodPath or --pod-manifest-path), which is not there, so it runs none. Make that folder: the kubelet notices. Or mend the setting and restart the kubelet.`
      : `The kubelet may not read ${path} (staticPodPath or --pod-manifest-path): its pods stay as they are. Look at what that path is.`
  return {
    name: path,
    path,
    state: 'rejected',
    reason,
    message: `Unable to read config path: ${err}`,
    explanation,
    warnings: [],
    sizeBytes: 0,
    modifiedAt: now,
    observedAt: now,
  }
}

/** `undefined` also when it cannot be looked at: what follows then fails by itself and says why. */
function statOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false })
  } catch {
    // The folder's listing fails for the same reason and reports it.
    return undefined
  }
}

function every(clock: Clock, periodMs: number, action: () => void): Disposable {
  let timer: Timer
  const arm = (): void => {
    timer = clock.setTimer(periodMs, () => {
      arm()
      action()
    })
  }
  arm()
  return toDisposable(() => timer.cancel())
}
