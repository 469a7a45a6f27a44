/** Runs random histories; a failure names the seed and the shortest history that shows it. `NODE_LAB_SEED` replays a run. */
import fc from 'fast-check'
import { historySteps } from './history-plan.ts'
import { RandomHistory } from './random-history.ts'

const MAX_STEPS = 40

export async function liveThrough({ histories }: { histories: number }): Promise<void> {
  const given = process.env['NODE_LAB_SEED']
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 1_000_000 }),
      fc.array(historySteps(), { maxLength: MAX_STEPS, size: 'max' }),
      async (seed, steps) => {
        await using history = await RandomHistory.begin(seed)
        for (const step of steps) await history.take(step)
        await history.comeToRest()
      },
    ),
    { numRuns: histories, ...(given === undefined ? {} : { seed: Number(given) }) },
  )
}
