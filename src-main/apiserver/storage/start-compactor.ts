/** Forgets the store's past (apiserver/pkg/storage/etcd3/compact.go): what is older than one interval, once an interval. */
import type { Clock, Timer } from '../../base/clock.ts'
import type { Disposable } from '../../base/disposable.ts'
import type { Logger } from '../../base/logger.ts'
import type { Store } from './store.ts'

/** Upstream's `--etcd-compaction-interval`; readers of pages and watches that begin anew have at least so long. */
const INTERVAL_MS = 5 * 60_000

/** A store that does not answer is asked again an interval later. */
export function startCompactor({ store, clock, logger }: { store: Store; clock: Clock; logger: Logger }): Disposable {
  /** The store's revision an interval ago. */
  let revision: number | undefined
  let timer: Timer
  let ended = false
  const compact = async (): Promise<void> => {
    try {
      const current = await store.currentRevision()
      if (revision !== undefined) await store.compact(revision)
      revision = current
    } catch (error) {
      // As after a restore of an older state, which is shorter than we remember.
      revision = undefined
      logger.warn('The store was not compacted', { error })
    }
    if (!ended) schedule(INTERVAL_MS)
  }
  const schedule = (delayMs: number): void => {
    timer = clock.setTimer(delayMs, () => void compact())
  }
  schedule(0)
  return {
    dispose() {
      ended = true
      timer.cancel()
    },
  }
}
