/** Histories of a cluster that `npm test` has no time for: thousands on the fake clock. */
import { describe, it } from 'vitest'
import { liveThrough } from '../random-histories/live-through.ts'

describe('random histories of a cluster', () => {
  it('given thousands of histories, then each comes to rest as its objects ask for, and nothing was ever that must not be', async () => {
    await liveThrough({ histories: 4000 })
  }, 7_200_000)
})
