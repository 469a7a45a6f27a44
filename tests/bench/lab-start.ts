/** How long a new lab takes until its nodes are ready, with the images in the engine. */
import { TestLab } from '../support/test-lab.ts'
import { median, milliseconds, type Row } from './measure.ts'

const ROUNDS = 3
/** A beginner's first command should answer before the eye wanders off. */
const BUDGET_MS = 4_000

/** The whole command, as a user would wait for it. */
export async function measureLabStart(progress: (message: string) => void): Promise<Row> {
  const took: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    progress(`a new lab of two nodes, ${round + 1} of ${ROUNDS}`)
    const lab = new TestLab('bench-start')
    try {
      const beganMs = performance.now()
      await lab.ok('up', '--nodes', '2')
      took.push(performance.now() - beganMs)
    } finally {
      await lab.dispose()
    }
  }
  const value = median(took)
  return {
    what: 'lab start, two nodes',
    value: milliseconds(value),
    budget: `≤ ${BUDGET_MS / 1000} s`,
    withinBudget: value <= BUDGET_MS,
  }
}
