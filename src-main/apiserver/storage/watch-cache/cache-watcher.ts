/** One watch of the cache: picks what its client wants and hands it over as fast as the client takes it. */
import type { Clock, Timer } from '../../../base/clock.ts'
import type { ApiObject } from '../../../common/api/api-object.ts'
import type { CacheWatch, CacheWatchEnd, CacheWatchEvent, CacheWatchRequest, CacheWatchSink } from './cache-watch.ts'
import type { CacheChange } from './event-window.ts'

/** Upstream's largest buffer of a watch; a client that is further behind is ended, and begins again from where it is. */
const MAX_WAITING_EVENTS = 1000
const BOOKMARK_MS = 60_000
/** So long before its end a watch gets the last bookmark. */
const LAST_BOOKMARK_MS = 2000

export interface CacheWatcherOptions<Kind extends ApiObject> {
  request: CacheWatchRequest<Kind>
  sink: CacheWatchSink<Kind>
  /** Changes up to here are not told. */
  afterRevision: number
  /** What comes first. */
  backlog: Iterable<CacheWatchEvent<Kind>>
  clock: Clock
  /** The revision up to which the cache has told its watchers everything. */
  currentRevision: () => number
  onEnded: (watcher: CacheWatcher<Kind>) => void
}

type State = 'paused' | 'flowing' | 'ended'

export class CacheWatcher<Kind extends ApiObject> implements CacheWatch {
  readonly #options: CacheWatcherOptions<Kind>
  readonly #waiting: CacheWatchEvent<Kind>[] = []
  #backlog: Iterator<CacheWatchEvent<Kind>> | undefined
  #bookmark: Timer | undefined
  #state: State = 'paused'

  constructor(options: CacheWatcherOptions<Kind>) {
    this.#options = options
    this.#backlog = options.backlog[Symbol.iterator]()
    if (options.request.bookmarks === true) this.#scheduleBookmark()
  }

  /** The cache calls it for every change, in order. */
  push(change: CacheChange<Kind>): void {
    const { request, afterRevision } = this.#options
    if (change.revision <= afterRevision) return
    const event = toWatchEvent(change, request)
    if (event === undefined) return
    this.#waiting.push(event)
    this.#deliver()
    if (this.#waiting.length > MAX_WAITING_EVENTS) this.end('goOn')
  }

  resume(): void {
    if (this.#state !== 'paused') return
    this.#state = 'flowing'
    this.#deliver()
  }

  /** The client's own end. */
  dispose(): void {
    this.#state = 'ended'
    this.#bookmark?.cancel()
    this.#options.onEnded(this)
  }

  /** The server's end. */
  end(next: CacheWatchEnd): void {
    if (this.#state === 'ended') return
    this.dispose()
    this.#options.sink.onEnd(next)
  }

  #deliver(): void {
    while (this.#state === 'flowing') {
      const event = this.#next()
      if (event === undefined) return
      if (!this.#options.sink.onEvent(event)) this.#pause()
    }
  }

  /** Unless the receiver has ended the watch or asked for more within the call. */
  #pause(): void {
    if (this.#state === 'flowing') this.#state = 'paused'
  }

  #next(): CacheWatchEvent<Kind> | undefined {
    const next = this.#backlog?.next()
    if (next?.done === false) return next.value
    this.#backlog = undefined
    return this.#waiting.shift()
  }

  #scheduleBookmark(): void {
    const { clock, request } = this.#options
    const untilLastMs = (request.deadlineMs ?? Infinity) - LAST_BOOKMARK_MS - clock.now()
    if (untilLastMs <= 0) return
    this.#bookmark = clock.setTimer(Math.min(BOOKMARK_MS, untilLastMs), () => {
      this.#sendBookmark()
      if (this.#state !== 'ended') this.#scheduleBookmark()
    })
  }

  #sendBookmark(): void {
    const { currentRevision, afterRevision } = this.#options
    // Behind others in the line it would say nothing new by the time that it is read.
    if (this.#backlog !== undefined || this.#waiting.length > 0) return
    this.#waiting.push({
      type: 'BOOKMARK',
      revision: Math.max(currentRevision(), afterRevision),
      initialEventsEnd: false,
    })
    this.#deliver()
  }
}

/** What a change is for somebody who sees only wanted objects; `undefined`: nothing. */
export function toWatchEvent<Kind extends ApiObject>(
  { type, key, object, previous, revision }: CacheChange<Kind>,
  { prefix, select = () => true }: Pick<CacheWatchRequest<Kind>, 'prefix' | 'select'>,
): CacheWatchEvent<Kind> | undefined {
  if (!key.startsWith(prefix)) return undefined
  const isWanted = type === 'put' && select(object)
  const wasWanted = previous !== undefined && select(previous)
  if (isWanted) return { type: wasWanted ? 'MODIFIED' : 'ADDED', object }
  return wasWanted ? { type: 'DELETED', object: atRevision(previous, revision) } : undefined
}

/** The same object with another resourceVersion; what it is made of is shared. */
export function atRevision<Kind extends ApiObject>(object: Kind, revision: number): Kind {
  return { ...object, metadata: { ...object.metadata, resourceVersion: String(revision) } }
}
