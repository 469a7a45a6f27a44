/** A thousand random calls and many kills on the real engine; NODE_LAB_SEED replays a run. Part of `npm run test:full`. */
import { describe, it } from 'vitest'
import { runOnEngine } from '../../src-main/container-runtime/testing/random-calls/run-on-engine.ts'

describe('random calls on the Docker runtime service', () => {
  it('given 1,000 calls with kills in between, then no orphan and no lie, and nothing is left', () =>
    runOnEngine({ calls: 1000, oneDisasterIn: 6 }))
})
