/** Runs random histories; a failure names the seed and the shortest history that shows it. `NODE_LAB_SEED` replays a run. */
import fc from 'fast-check'
import { historySteps } from './history-plan.ts'
import { RandomHistory } from './random-history.ts'

const MAX_STEPS = 40

/** `seed`: always the same histories; without one they are new ones each time. */
export async function liveThrough({ histories, seed }: { histories: number; seed?: number }): Promise<void> {
  const given = process.env['NODE_LAB_SEED'] ?? seed
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 1_000_000 }),
      fc.array(historySteps(), { maxLength: MAX_STEPS, size: 'max' }),
      async (chance, steps) => {
        await using history = await RandomHistory.begin(chance)
        for (const step of steps) await history.take(step)
        await history.comeToRest()
      },
    ),
    { numRuns: histories, ...(given === undefined ? {} : { seed: Number(given) }) },
  )
}
