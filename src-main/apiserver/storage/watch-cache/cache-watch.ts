/** What a watch of the cache is asked for and what it tells. */
import type { Disposable } from '../../../base/disposable.ts'

/** How new an answer has to be (facts 8.3.5). */
export type Freshness =
  /** `resourceVersion=0`: whatever is there. */
  | { kind: 'any' }
  /** `resourceVersion=N`: waits for that revision. */
  | { kind: 'notOlderThan'; revision: number }
  /** No resourceVersion: as the store is now. */
  | { kind: 'mostRecent' }

export type CacheWatchStart =
  /** Changes after that revision. */
  | { kind: 'after'; revision: number }
  /** Changes from now on, and nothing of what is there (`sendInitialEvents=false` without a revision). */
  | { kind: 'now'; freshness: Freshness }
  /** First an ADDED for all that is there; `announceEnd` (`sendInitialEvents=true`): then a bookmark that says so. */
  | { kind: 'initialEvents'; freshness: Freshness; announceEnd: boolean }

export interface CacheWatchRequest<Kind> {
  /** Keys begin with it: the resource's prefix, or a namespace's below it. */
  prefix: string
  start: CacheWatchStart
  /** Objects that the watch wants; one that begins or ceases to be wanted appears as ADDED or DELETED. Absent: all. */
  select?: (object: Kind) => boolean
  /** A bookmark about every minute, and shortly before `deadlineMs`. */
  bookmarks?: boolean
  /** When the caller is going to end the watch; milliseconds since the epoch. */
  deadlineMs?: number
}

export type CacheWatchEvent<Kind> =
  /** DELETED has the last state (the last wanted one), with the resourceVersion of the change. */
  | { type: 'ADDED' | 'MODIFIED' | 'DELETED'; object: Kind }
  /** Everything up to `revision` has been told. */
  | { type: 'BOOKMARK'; revision: number; initialEventsEnd: boolean }

/**
 * What the client does next. `goOn`: it watches again from where it was (it was too slow, or the cache had to begin anew).
 * `listAgain`: the store was restored to an older state, so where it was means something else now.
 */
export type CacheWatchEnd = 'goOn' | 'listAgain'

export interface CacheWatchSink<Kind> {
  /** False: it has enough for now, and nothing more comes until `resume`. */
  onEvent(event: CacheWatchEvent<Kind>): boolean
  /** Nothing follows. */
  onEnd(next: CacheWatchEnd): void
}

/** Nothing is told before the first `resume`. */
export interface CacheWatch extends Disposable {
  /** Begins; goes on after `onEvent` answered false. */
  resume(): void
}
