/**
 * The newest changes of one resource, so that watches can begin in the recent past
 * (apiserver/pkg/storage/cacher/watch_cache.go: at least 100 changes, all of the last 75 seconds, never more than 102,400).
 */
import type { Clock } from '../../../base/clock.ts'

const MIN_CHANGES = 100
const MAX_CHANGES = 100 * 1024
const FRESH_MS = 75_000

/** One change; `previous` is absent for a creation. A deletion's `object` is the last state with the deletion's resourceVersion. */
export interface CacheChange<Kind> {
  type: 'put' | 'delete'
  key: string
  object: Kind
  previous: Kind | undefined
  revision: number
}

interface TimedChange<Kind> {
  change: CacheChange<Kind>
  atMs: number
}

export class EventWindow<Kind> {
  readonly #clock: Clock
  #changes: TimedChange<Kind>[] = []
  /** Changes before this index are forgotten; the array is shortened when they are many. */
  #firstIndex = 0
  #startRevision: number

  /** @param startRevision changes after it are going to be here */
  constructor(startRevision: number, clock: Clock) {
    this.#startRevision = startRevision
    this.#clock = clock
  }

  /** All changes after this revision are here. */
  get startRevision(): number {
    return this.#startRevision
  }

  add(change: CacheChange<Kind>): void {
    const nowMs = this.#clock.now()
    this.#changes.push({ change, atMs: nowMs })
    while (this.#isDroppable(nowMs)) this.#dropFirst()
    if (this.#firstIndex <= this.#changes.length / 2) return
    this.#changes = this.#changes.slice(this.#firstIndex)
    this.#firstIndex = 0
  }

  /** Changes after `revision`, which is `startRevision` or later. */
  since(revision: number): CacheChange<Kind>[] {
    let [low, high] = [this.#firstIndex, this.#changes.length]
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#changes[middle]?.change.revision ?? 0) <= revision) low = middle + 1
      else high = middle
    }
    return this.#changes.slice(low).map(({ change }) => change)
  }

  #isDroppable(nowMs: number): boolean {
    const size = this.#changes.length - this.#firstIndex
    if (size > MAX_CHANGES) return true
    const oldest = this.#changes[this.#firstIndex]
    return size > MIN_CHANGES && oldest !== undefined && nowMs - oldest.atMs > FRESH_MS
  }

  #dropFirst(): void {
    this.#startRevision = this.#changes[this.#firstIndex]?.change.revision ?? this.#startRevision
    this.#firstIndex++
  }
}
