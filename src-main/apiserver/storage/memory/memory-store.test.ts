/** The twin of etcd passes what etcd passes. */
import { describe } from 'vitest'
import { FakeClock } from '../../../base/testing/fake-clock.ts'
import { runStoreConformance } from '../testing/store-conformance.ts'
import { MemoryStore } from './memory-store.ts'

describe('the store in memory', () => {
  runStoreConformance(async () => {
    const clock = new FakeClock()
    const store = new MemoryStore({ clock })
    return { store, passTime: (milliseconds) => clock.advance(milliseconds), dispose: () => store.dispose() }
  })
})
