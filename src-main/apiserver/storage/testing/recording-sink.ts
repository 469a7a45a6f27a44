/** A watch's sink that remembers, for tests. */
import type { StoreError, StoreEvent, WatchSink } from '../store.ts'

export class RecordingSink implements WatchSink {
  readonly events: StoreEvent[] = []
  /** How many events each delivery had. */
  readonly deliveries: StoreEvent[][] = []
  readonly progress: number[] = []
  readonly ends: StoreError[] = []

  onEvents(events: readonly StoreEvent[]): void {
    this.events.push(...events)
    this.deliveries.push([...events])
  }

  onProgress(revision: number): void {
    this.progress.push(revision)
  }

  onEnd(error: StoreError): void {
    this.ends.push(error)
  }

  /** `put web=1`, `delete web=2`: keys without the prefix. */
  story(prefix: string): string[] {
    return this.events.map(({ type, key, value }) => `${type} ${key.slice(prefix.length)}=${value}`)
  }
}
