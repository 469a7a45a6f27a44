/** Calls of the in-memory bridge about the comparison and its experiments. */
import type { FakeComparison } from './fake-comparison.ts'
import { FAKE_EXPERIMENTS, FAKE_ROWS } from './fake-experiments.ts'
import type { HandlersOf } from './handlers.ts'

export function comparisonHandlers(fake: FakeComparison): HandlersOf<'comparison' | 'experiment'> {
  return {
    'experiment/list': async () => ({ experiments: FAKE_EXPERIMENTS, rows: FAKE_ROWS }),
    'experiment/run': async ({ lab: _lab, experiment, ...options }) => fake.start(experiment, options),
    'experiment/results': async () => fake.results,
    'experiment/forget': async () => {
      fake.results.length = 0
      return null
    },
    'comparison/state': async () => fake.state(),
    'comparison/set-up': async ({ deployment }) => fake.setUp(deployment),
    'comparison/remove': async () => fake.remove(),
  }
}
