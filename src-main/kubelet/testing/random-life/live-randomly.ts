/** Runs random lives; a failure names the seed and the shortest life that shows it. `NODE_LAB_SEED` replays a run. */
import fc from 'fast-check'
import { expect } from 'vitest'
import { lifeSteps } from './life-plan.ts'
import type { LifeStep } from './life-plan.ts'
import { SimulatedLife } from './simulated-life.ts'

const MAX_STEPS = 30

export interface RandomLives {
  lives: number
}

/** Each life ends at rest, first with what its folder holds, then with an empty one. */
export function liveRandomly({ lives }: RandomLives): Promise<void> {
  return assertOfLives(lives, async () => undefined)
}

/** Besides, nothing of any pod is remembered when it has gone. */
export async function liveRandomlyAndForget({ lives }: RandomLives): Promise<void> {
  await using idle = await SimulatedLife.begin()
  await idle.comeToRest()
  const remembered = await idle.countRemembered()
  const timers = idle.pendingTimers
  await assertOfLives(lives, async (life) => {
    expect(await life.countRemembered()).toEqual(remembered)
    expect(life.pendingTimers).toBe(timers)
  })
}

async function assertOfLives(numRuns: number, atEnd: (life: SimulatedLife) => Promise<void>): Promise<void> {
  const given = process.env['NODE_LAB_SEED']
  const steps: fc.Arbitrary<LifeStep[]> = fc.array(lifeSteps(), { maxLength: MAX_STEPS, size: 'max' })
  await fc.assert(
    fc.asyncProperty(steps, async (taken) => {
      await using life = await SimulatedLife.begin()
      for (const step of taken) await life.take(step)
      await life.comeToRest()
      await life.emptyFolder()
      await atEnd(life)
    }),
    { numRuns, ...(given === undefined ? {} : { seed: Number(given) }) },
  )
}
