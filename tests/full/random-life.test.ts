/** Lives of a node that `npm test` has no time for: thousands on the fake clock, and one of a hundred steps on the real engine. */
import fc from 'fast-check'
import { describe, it } from 'vitest'
import { lifeSteps, printStep } from '../../src-main/kubelet/testing/random-life/life-plan.ts'
import { liveRandomly, liveRandomlyAndForget } from '../../src-main/kubelet/testing/random-life/live-randomly.ts'
import { happensInLab, RandomLifeLab } from '../support/random-life-lab.ts'
import { TestLab } from '../support/test-lab.ts'

const STEPS = 100
const STEPS_BETWEEN_RESTS = 25

describe('random lives of a node', () => {
  it('given thousands of lives, then the node always comes to rest as its folder says', () =>
    liveRandomly({ lives: 4000 }))

  it('given hundreds of lives, then the kubelet remembers nothing of pods that are gone', () =>
    liveRandomlyAndForget({ lives: 400 }))

  it(
    'given a hundred steps on the real engine, then the node comes to rest as its folder says, and empty when that is emptied',
    {
      timeout: 3_600_000,
    },
    async () => {
      const given = process.env['NODE_LAB_SEED']
      const seed = given === undefined ? Math.trunc(Math.random() * 2 ** 31) : Number(given)
      console.log(`NODE_LAB_SEED=${seed} takes the same steps`)
      const lab = new TestLab('random-life')
      const told: string[] = []
      try {
        const life = await RandomLifeLab.begin(lab)
        for (const [index, step] of fc.sample(lifeSteps().filter(happensInLab), { seed, numRuns: STEPS }).entries()) {
          told.push(`${index}: ${printStep(step)}`)
          await life.take(step)
          if ((index + 1) % STEPS_BETWEEN_RESTS === 0) await life.comeToRest()
        }
        await life.emptyFolder()
      } catch (error) {
        throw new Error(`NODE_LAB_SEED=${seed}, after\n  ${told.join('\n  ')}`, { cause: error })
      } finally {
        await lab.dispose()
      }
    },
  )
})
