/**
 * Keeps up with a resource: lists it, watches on from there, and lists again when the server has forgotten that moment
 * (client-go's Reflector; facts 8.4). Nothing is lost and nothing told twice, whoever restarts.
 */
import { delay, type Clock } from '../base/clock.ts'
import type { Disposable } from '../base/disposable.ts'
import type { Logger } from '../base/logger.ts'
import { groupResource, type ApiObject, type GroupVersionResource } from '../common/api/api-object.ts'
import type { Status } from '../common/api/status.ts'
import type { ApiClient, Selection, WatchStream } from './api-client.ts'
import { hasReason, StatusError } from './status-error.ts'

/** Shorter than client-go's 30 s: who waits for the server to come back sees it, and one refused connection costs nothing. */
const MAX_BACKOFF_MS = 5000
const INITIAL_BACKOFF_MS = 800
/** Watches end by themselves after this and up to twice as long. */
const WATCH_SECONDS = 300
/** An end that the server owes is waited for so long. */
const OVERDUE_MS = 30_000
const PAGE_SIZE = 500

/** Gets every change in order. */
export interface ReflectorSink<Kind extends ApiObject> {
  /** All objects that there are: whatever else was known is gone. */
  onList(objects: Kind[]): void
  onChange(type: 'ADDED' | 'MODIFIED' | 'DELETED', object: Kind): void
  /** The server answers: at first, and again after it had not. */
  onConnected?(): void
  /** It does not, in the words of the last attempt. */
  onFailed?(message: string): void
}

export interface ReflectorOptions<Kind extends ApiObject> {
  client: ApiClient
  clock: Clock
  logger: Logger
  /** 0 to 1, for jitter. */
  random: () => number
  resource: GroupVersionResource
  selection?: Selection
  sink: ReflectorSink<Kind>
}

export class Reflector<Kind extends ApiObject> implements Disposable {
  readonly #options: ReflectorOptions<Kind>
  readonly #end = new AbortController()
  #stream: WatchStream<Kind> | undefined
  /** Up to here everything was told; absent: a list is due. */
  #resourceVersion: string | undefined
  /** What the next list asks for: `0`, any state that the server has at hand, until that was too old. */
  #listVersion: '0' | '' = '0'
  #backoffMs = INITIAL_BACKOFF_MS
  #isConnected = false

  constructor(options: ReflectorOptions<Kind>) {
    this.#options = options
  }

  start(): void {
    void this.#run()
  }

  dispose(): void {
    this.#end.abort()
    void this.#stream?.dispose()
  }

  async #run(): Promise<void> {
    const { clock, random } = this.#options
    const { signal } = this.#end
    while (!signal.aborted) {
      const startedMs = clock.now()
      const failed = await this.#attempt()
      if (signal.aborted) return
      if (failed) this.#isConnected = false
      const lasted = clock.now() - startedMs
      if (!failed && lasted >= INITIAL_BACKOFF_MS) continue
      const waitMs = this.#backoffMs * (1 + random())
      this.#backoffMs = Math.min(this.#backoffMs * 2, MAX_BACKOFF_MS)
      await delay(clock, waitMs, signal).catch(() => undefined)
    }
  }

  /** Lists if that is due, and watches until the watch ends. Answers whether something failed. */
  async #attempt(): Promise<boolean> {
    try {
      if (this.#resourceVersion === undefined) await this.#list()
      if (!this.#end.signal.aborted) await this.#watch(this.#resourceVersion ?? '')
      return false
    } catch (error) {
      if (this.#end.signal.aborted) return false
      return this.#onFailure(error)
    }
  }

  /** That the moment is forgotten is no failure: a list puts it right at once. */
  #onFailure(error: unknown): boolean {
    const { logger, resource } = this.#options
    const words = error instanceof Error ? error.message : String(error)
    if (hasReason(error, 'Expired') || hasReason(error, 'Gone') || isTooLarge(error)) {
      logger.info('watch ended: the list is read again', { resource: groupResource(resource), err: words })
      this.#resourceVersion = undefined
      const hadListed = this.#listVersion === ''
      this.#listVersion = ''
      return hadListed
    }
    logger.error('Failed to watch', { resource: groupResource(resource), err: words })
    // Who answers next may have an older state, restored meanwhile, and its revisions may have passed ours since: only a list
    // shows what is gone. Upstream watches on from where it was, and has its components restarted after a restore.
    this.#resourceVersion = undefined
    this.#options.sink.onFailed?.(words)
    return true
  }

  async #list(): Promise<void> {
    const { client, resource, selection, sink } = this.#options
    const objects: Kind[] = []
    let next: string | undefined
    let resourceVersion: string
    do {
      const page = await client.list<Kind>(resource, {
        ...selection,
        ...(next === undefined ? { resourceVersion: this.#listVersion } : { continue: next }),
        ...(this.#listVersion === '' ? { limit: PAGE_SIZE } : {}),
      })
      if (this.#end.signal.aborted) return
      objects.push(...page.items)
      resourceVersion = page.metadata.resourceVersion ?? ''
      next = page.metadata.continue === '' ? undefined : page.metadata.continue
    } while (next !== undefined)
    this.#resourceVersion = resourceVersion
    sink.onList(objects)
    this.#onAnswer()
  }

  async #watch(resourceVersion: string): Promise<void> {
    const { client, clock, random, resource, selection } = this.#options
    const timeoutSeconds = Math.round(WATCH_SECONDS * (1 + random()))
    const options = { ...selection, resourceVersion, allowWatchBookmarks: true, timeoutSeconds }
    const stream = await client.watch<Kind>(resource, options)
    this.#stream = stream
    if (this.#end.signal.aborted) return void stream.dispose()
    this.#onAnswer()
    const overdue = clock.setTimer(timeoutSeconds * 1000 + OVERDUE_MS, () => void stream.dispose())
    try {
      for await (const event of stream) {
        if (this.#end.signal.aborted) return
        if (event.type === 'ERROR') throw new StatusError(withReason(event.object))
        const version = event.object.metadata.resourceVersion
        if (event.type !== 'BOOKMARK') this.#options.sink.onChange(event.type, event.object)
        this.#resourceVersion = version ?? this.#resourceVersion
      }
    } finally {
      overdue.cancel()
      this.#stream = undefined
    }
  }

  #onAnswer(): void {
    this.#backoffMs = INITIAL_BACKOFF_MS
    this.#listVersion = '0'
    if (this.#isConnected) return
    this.#isConnected = true
    this.#options.sink.onConnected?.()
  }
}

/** Some servers say it by the code alone. */
function withReason(status: Status): Status {
  return status.code === 410 && (status.reason ?? '') === '' ? { ...status, reason: 'Expired' } : status
}

/** The server's state is older than what was seen before: as after a restore of its store. */
function isTooLarge(error: unknown): boolean {
  return error instanceof StatusError && error.message.includes('Too large resource version')
}
