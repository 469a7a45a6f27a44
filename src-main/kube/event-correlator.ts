/**
 * Keeps repeated events few: equal ones are counted, similar ones become one, and an object that never stops is cut short
 * (facts 3.5; client-go/tools/record/events_cache.go). No I/O.
 */
import type { ComponentEvent } from './event.ts'

/** More events than this that differ in their message only become one. */
const MAX_SIMILAR = 10
const SIMILAR_MS = 600_000
const COMBINED = '(combined from similar events): '
/** An object's events in one go, and how soon there is room for the next. */
const BURST = 25
const REFILL_MS = 300_000
const MAX_REMEMBERED = 1000

export type Correlation =
  | { action: 'drop' }
  | { action: 'create'; event: ComponentEvent; key: string }
  /** Written to the event of that name, which stands there already. */
  | { action: 'count'; event: ComponentEvent; key: string; patch: Partial<ComponentEvent> }

interface Similar {
  messages: Set<string>
  lastMs: number
}

export class EventCorrelator {
  readonly #tokens = new RecentMap<{ left: number; atMs: number }>(MAX_REMEMBERED)
  readonly #similar = new RecentMap<Similar>(MAX_REMEMBERED)
  readonly #written = new RecentMap<ComponentEvent>(MAX_REMEMBERED)

  /** What to do about an event that has just happened, at `nowMs`. */
  correlate(happened: ComponentEvent, nowMs: number): Correlation {
    const { event, key } = this.#combine(happened, nowMs)
    if (!this.#takeToken(sourceKey(event), nowMs)) return { action: 'drop' }
    const before = this.#written.get(key)
    if (before === undefined) return { action: 'create', event, key }
    const { firstTimestamp, metadata } = before
    const counted = { ...event, metadata, firstTimestamp, count: before.count + 1 }
    const { count, message, lastTimestamp } = counted
    const patch = { count, lastTimestamp, ...(message === before.message ? {} : { message }) }
    return { action: 'count', event: counted, key, patch }
  }

  /** The event stands on the server so. */
  onWritten(key: string, event: ComponentEvent): void {
    this.#written.set(key, event)
  }

  /** It stands there no more. */
  forget(key: string): void {
    this.#written.delete(key)
  }

  #combine(event: ComponentEvent, nowMs: number): { event: ComponentEvent; key: string } {
    const group = JSON.stringify([sourceKey(event), event.type, event.reason])
    const known = this.#similar.get(group)
    const similar =
      known === undefined || nowMs - known.lastMs > SIMILAR_MS ? { messages: new Set<string>(), lastMs: nowMs } : known
    similar.messages.add(event.message)
    similar.lastMs = nowMs
    this.#similar.set(group, similar)
    const field = event.involvedObject.fieldPath ?? ''
    if (similar.messages.size < MAX_SIMILAR) return { event, key: JSON.stringify([group, field, event.message]) }
    const [oldest = ''] = similar.messages
    similar.messages.delete(oldest)
    return { event: { ...event, message: `${COMBINED}${event.message}` }, key: group }
  }

  #takeToken(key: string, nowMs: number): boolean {
    const bucket = this.#tokens.get(key) ?? { left: BURST, atMs: nowMs }
    bucket.left = Math.min(BURST, bucket.left + (nowMs - bucket.atMs) / REFILL_MS)
    bucket.atMs = nowMs
    this.#tokens.set(key, bucket)
    if (bucket.left < 1) return false
    bucket.left -= 1
    return true
  }
}

function sourceKey({ source, involvedObject }: ComponentEvent): string {
  const { kind, namespace, name, uid, apiVersion } = involvedObject
  return JSON.stringify([source.component, source.host, kind, namespace, name, uid, apiVersion])
}

/** Forgets what was not set for the longest. */
class RecentMap<Value> {
  readonly #limit: number
  readonly #values = new Map<string, Value>()

  constructor(limit: number) {
    this.#limit = limit
  }

  get(key: string): Value | undefined {
    return this.#values.get(key)
  }

  set(key: string, value: Value): void {
    this.#values.delete(key)
    this.#values.set(key, value)
    const [oldest] = this.#values.keys()
    if (this.#values.size > this.#limit && oldest !== undefined) this.#values.delete(oldest)
  }

  delete(key: string): void {
    this.#values.delete(key)
  }
}
