/** Random clusters: whatever happens, no binding is wrong, and nobody is left behind. `NODE_LAB_SEED` replays a run. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { clusterSteps, RandomCluster } from './testing/random-cluster.ts'

const CLUSTERS = 300
const given = process.env['NODE_LAB_SEED']

describe('scheduler', () => {
  it(
    'given random nodes, pods, outages and failed bindings, then no node is over-committed or not tolerated, and all that fit are placed in the end',
    { timeout: 300_000 },
    async () => {
      await fc.assert(
        fc.asyncProperty(clusterSteps, async (steps) => {
          await using cluster = await RandomCluster.begin()
          for (const step of steps) await cluster.take(step)
          await cluster.comeToRest()
          expect(cluster.faults).toEqual([])
          expect(await cluster.leftBehind()).toEqual([])
        }),
        { numRuns: CLUSTERS, ...(given === undefined ? {} : { seed: Number(given) }) },
      )
    },
  )
})
