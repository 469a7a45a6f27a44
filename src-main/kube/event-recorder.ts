/** Sends a component's events to the API server, in order, and keeps them while nobody answers (client-go's record.EventRecorder). */
import { formatTime } from '../common/api/time.ts'
import { delay, type Clock } from '../base/clock.ts'
import type { Disposable } from '../base/disposable.ts'
import type { Logger } from '../base/logger.ts'
import { ConnectionError, type ApiClient } from './api-client.ts'
import { EventCorrelator, type Correlation } from './event-correlator.ts'
import { EVENTS, type ComponentEvent, type ComponentSource } from './event.ts'
import type { ObjectReference } from '../common/api/event.ts'
import { hasReason, StatusError } from './status-error.ts'

/** What waits to be sent; more is dropped, as upstream drops it. */
const MAX_WAITING = 1000
const INITIAL_RETRY_MS = 1000
const MAX_RETRY_MS = 10_000

export interface EventRecorderOptions {
  client: ApiClient
  clock: Clock
  logger: Logger
  source: ComponentSource
}

export class EventRecorder implements Disposable {
  readonly #options: EventRecorderOptions
  readonly #correlator = new EventCorrelator()
  readonly #waiting: ComponentEvent[] = []
  readonly #end = new AbortController()
  #isSending = false
  /** Ends the present wait for a server that does not answer. */
  #wake: AbortController | undefined
  #number = 0

  constructor(options: EventRecorderOptions) {
    this.#options = options
  }

  /** Returns at once. */
  record(about: ObjectReference, type: ComponentEvent['type'], reason: string, message: string): void {
    if (this.#end.signal.aborted) return
    if (this.#waiting.length >= MAX_WAITING) {
      this.#options.logger.error('Unable to record event: too many queued events, dropped event', { reason, message })
      return
    }
    this.#waiting.push(this.#event(about, type, reason, message))
    if (!this.#isSending) void this.#send()
  }

  /** The server answers again: what waits is sent now. */
  flush(): void {
    this.#wake?.abort()
  }

  /** What waits is lost. */
  dispose(): void {
    this.#end.abort()
    this.#wake?.abort()
  }

  async #send(): Promise<void> {
    this.#isSending = true
    for (let event = this.#waiting[0]; event !== undefined; event = this.#waiting[0]) {
      await this.#sendOne(event)
      if (this.#end.signal.aborted) return
      this.#waiting.shift()
    }
    this.#isSending = false
  }

  /** Comes back when it was written or refused. */
  async #sendOne(event: ComponentEvent): Promise<void> {
    const { clock, logger } = this.#options
    const correlation = this.#correlator.correlate(event, clock.now())
    if (correlation.action === 'drop') return
    let retryMs = INITIAL_RETRY_MS
    while (!this.#end.signal.aborted) {
      try {
        return await this.#write(correlation)
      } catch (error) {
        const words = error instanceof Error ? error.message : String(error)
        if (!isTransient(error)) {
          const about = `${event.involvedObject.namespace ?? ''}/${event.involvedObject.name ?? ''}`
          logger.error('Server rejected event (will not retry!)', { err: words, event: about, reason: event.reason })
          return
        }
        logger.error('Unable to write event (retrying)', { err: words, reason: event.reason })
        await this.#pause(retryMs)
        retryMs = Math.min(retryMs * 2, MAX_RETRY_MS)
      }
    }
  }

  async #write(correlation: Exclude<Correlation, { action: 'drop' }>): Promise<void> {
    const { client } = this.#options
    const { event, key } = correlation
    const { namespace = '', name = '' } = event.metadata
    if (correlation.action === 'count')
      try {
        const type = 'application/strategic-merge-patch+json'
        this.#correlator.onWritten(key, await client.patch(EVENTS, { namespace, name }, type, correlation.patch))
        return
      } catch (error) {
        // It has been there for its hour.
        if (!hasReason(error, 'NotFound')) throw error
        this.#correlator.forget(key)
      }
    const { resourceVersion: _version, uid: _uid, creationTimestamp: _time, ...metadata } = event.metadata
    this.#correlator.onWritten(key, await client.create(EVENTS, { ...event, metadata }))
  }

  async #pause(ms: number): Promise<void> {
    this.#wake = new AbortController()
    await delay(this.#options.clock, ms, this.#wake.signal).catch(() => undefined)
  }

  #event(about: ObjectReference, type: ComponentEvent['type'], reason: string, message: string): ComponentEvent {
    const { clock, source } = this.#options
    const nowMs = clock.now()
    const time = formatTime(nowMs)
    const namespace = about.namespace === undefined || about.namespace === '' ? 'default' : about.namespace
    // Upstream's names end in nanoseconds, which tell events of one moment apart.
    const moment = BigInt(nowMs) * 1_000_000n + BigInt(this.#number++ % 1_000_000)
    return {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: `${about.name ?? ''}.${moment.toString(16)}`, namespace },
      involvedObject: about,
      reason,
      message,
      source,
      firstTimestamp: time,
      lastTimestamp: time,
      count: 1,
      type,
      eventTime: null,
      reportingComponent: source.component,
      reportingInstance: source.host ?? '',
    }
  }
}

/** Another attempt may succeed. */
function isTransient(error: unknown): boolean {
  if (error instanceof ConnectionError) return true
  return error instanceof StatusError && ((error.status.code ?? 0) >= 500 || error.status.code === 429)
}
