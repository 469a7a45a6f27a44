import { describe, it } from 'vitest'
import { liveThrough } from './live-through.ts'

describe('random histories of a cluster', () => {
  it('given hundreds of histories, then each comes to rest as its objects ask for, and nothing was ever that must not be', async () => {
    // New ones each time are for test:full: whoever changes something else should not meet them.
    await liveThrough({ histories: 200, seed: 20 })
  }, 900_000)
})
