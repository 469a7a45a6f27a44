/** Thousands of random calls on the simulated runtime: what it tells is always true of itself. */
import fc from 'fast-check'
import { describe, it } from 'vitest'
import { plannedSteps } from '../testing/random-calls/call-plan.ts'
import { runRandomCalls } from '../testing/random-calls/run-random-calls.ts'
import { SimulatedWorld } from '../testing/random-calls/simulated-world.ts'

describe('random calls on the simulated runtime', () => {
  it('given any calls and disasters, then what is acknowledged is so, and after removing all nothing is left', async () => {
    const steps = fc.array(plannedSteps({ oneDisasterIn: 6 }), { minLength: 1, maxLength: 60, size: 'max' })
    await fc.assert(
      fc.asyncProperty(steps, async (planned) => void (await runRandomCalls(new SimulatedWorld(), planned))),
      { numRuns: 300 },
    )
  })
})
