/** What the main process knows of a lab's comparison, kept while the page is open: agents, the run under way, experiments and their results. */
import { onScopeDispose, ref, shallowRef, watch, type Ref, type ShallowRef } from 'vue'
import type { ComparisonRow, Experiment } from '@common/experiments/experiment.ts'
import type { ComparisonState, ExperimentResult } from '@common/experiments/experiment-run.ts'
import { call, on, onStateChange } from '../../bridge/client.ts'

export interface Comparison {
  /** Absent until it was read. */
  state: Readonly<ShallowRef<ComparisonState | undefined>>
  experiments: Readonly<ShallowRef<readonly Experiment[]>>
  rows: Readonly<ShallowRef<readonly ComparisonRow[]>>
  /** The newest first. */
  results: Readonly<ShallowRef<readonly ExperimentResult[]>>
  /** The one that ended last while the page is open. */
  ended: Readonly<ShallowRef<ExperimentResult | undefined>>
  /** Why it could not be read; a re-connect tries again. */
  fault: Readonly<Ref<string>>
  setState(state: ComparisonState): void
  forgetResults(): Promise<void>
  reload(): void
}

/** To be called in a component's setup: its end ends the subscriptions. */
export function useComparison(lab: Readonly<Ref<string>>): Comparison {
  const state = shallowRef<ComparisonState>()
  const experiments = shallowRef<readonly Experiment[]>([])
  const rows = shallowRef<readonly ComparisonRow[]>([])
  const results = shallowRef<readonly ExperimentResult[]>([])
  const ended = shallowRef<ExperimentResult>()
  const fault = ref('')

  function clear(): void {
    state.value = undefined
    results.value = []
    ended.value = undefined
    fault.value = ''
  }

  async function read(): Promise<void> {
    const name = lab.value
    try {
      const [list, now, past] = await Promise.all([
        call('experiment/list', {}),
        name === '' ? undefined : call('comparison/state', { lab: name }),
        name === '' ? [] : call('experiment/results', { lab: name }),
      ])
      experiments.value = list.experiments
      rows.value = list.rows
      if (name !== lab.value) return
      state.value = now
      // One that ended while they were read may not be among them.
      results.value = mergeResults(ended.value === undefined ? [] : [ended.value], past)
      fault.value = ''
    } catch (error) {
      if (name === lab.value) fault.value = error instanceof Error ? error.message : String(error)
    }
  }

  function take(result: ExperimentResult): void {
    results.value = mergeResults([result], results.value)
    ended.value = result
  }

  const subscriptions = [
    on('comparison/changed', (changed) => {
      if (changed.lab === lab.value) state.value = changed
    }),
    on('experiment/ended', (result) => {
      if (result.lab === lab.value) take(result)
    }),
    onStateChange((connection) => {
      if (connection === 'open') void read()
    }),
  ]
  onScopeDispose(() => {
    for (const end of subscriptions) end()
  })
  watch(lab, () => {
    clear()
    void read()
  })

  return {
    ...{ state, experiments, rows, results, ended, fault },
    setState: (next) => (state.value = next),
    async forgetResults() {
      await call('experiment/forget', { lab: lab.value })
      results.value = []
      ended.value = undefined
    },
    reload: () => void read(),
  }
}

/** The newer ones first; what is told twice is there once. */
function mergeResults(newer: readonly ExperimentResult[], older: readonly ExperimentResult[]): ExperimentResult[] {
  return [...newer, ...older.filter(({ id }) => !newer.some((one) => one.id === id))]
}
