import { describe, expect, it } from 'vitest'
import { silentLogger } from '../../base/logger.ts'
import { FakeClock } from '../../base/testing/fake-clock.ts'
import { MemoryStore } from './memory/memory-store.ts'
import { startCompactor } from './start-compactor.ts'
import { StoreError, type Store } from './store.ts'

const MINUTE_MS = 60_000

async function isKept(store: Store, revision: number): Promise<boolean> {
  try {
    await store.list('/registry/', { revision })
    return true
  } catch (error) {
    if (error instanceof StoreError && error.fault.kind === 'compacted') return false
    throw error
  }
}

describe('the compactor', () => {
  it('given writes, when five to ten minutes have passed since, then their past is gone and the present is not', async () => {
    const clock = new FakeClock()
    const store = new MemoryStore({ clock })
    const compactor = startCompactor({ store, clock, logger: silentLogger })
    const first = await store.create('/registry/a', '1')
    await clock.advance(4 * MINUTE_MS)
    const second = await store.update('/registry/a', '2', first.modRevision)
    await clock.advance(5 * MINUTE_MS)
    expect(await isKept(store, first.modRevision)).toBe(true)
    await clock.advance(2 * MINUTE_MS)
    expect(await isKept(store, first.modRevision)).toBe(false)
    expect((await store.list('/registry/')).entries).toEqual([second])
    await compactor.dispose()
    store.dispose()
    expect(clock.pendingTimers).toBe(0)
  })

  it('given a store that is away for a while, when it is back, then compaction goes on', async () => {
    const clock = new FakeClock()
    const store = new MemoryStore({ clock })
    let isAway = true
    const currentRevision = (): Promise<number> =>
      isAway ? Promise.reject(new StoreError({ kind: 'unavailable', message: 'away' })) : Promise.resolve(3)
    const compacted: number[] = []
    const compact = (revision: number): Promise<void> => Promise.resolve(void compacted.push(revision))
    const flaky: Store = Object.assign(Object.create(store) as Store, { currentRevision, compact })
    const compactor = startCompactor({ store: flaky, clock, logger: silentLogger })
    await clock.advance(6 * MINUTE_MS)
    isAway = false
    await clock.advance(5 * MINUTE_MS)
    expect(compacted).toEqual([])
    await clock.advance(5 * MINUTE_MS)
    expect(compacted).toEqual([3])
    await compactor.dispose()
  })
})
