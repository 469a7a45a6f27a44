/** A short run of random calls and kills on the real engine, the same ones each time; tests/full has long ones that differ. */
import { describe, it } from 'vitest'
import { runOnEngine } from '../testing/random-calls/run-on-engine.ts'

describe('random calls on the Docker runtime service', () => {
  it('given 150 calls with kills in between, then no orphan and no lie, and nothing is left', () =>
    runOnEngine({ calls: 150, oneDisasterIn: 8, seed: 2 }))
})
