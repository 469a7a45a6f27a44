/** Experiments that end as soon as they begin, on no lab. For tests of the shells. */
import { toDisposable, type Disposable } from '../../base/disposable.ts'
import type { ComparisonRow, Experiment } from '../../common/experiments/experiment.ts'
import type { ComparisonState, ExperimentResult, ExperimentRun } from '../../common/experiments/experiment-run.ts'
import type { ExperimentService, ExperimentServiceEvents } from '../../lab/experiments/experiment-service.ts'

const A_TIME = '2026-01-01T00:00:00.000Z'

export class FakeExperiments implements ExperimentService {
  readonly listeners = new Set<ExperimentServiceEvents>()
  kept: ExperimentResult[] = []
  /** What a run that died has left. */
  left: ComparisonState['unfinished']
  #sides: ComparisonState['sides'] = []

  async list(): Promise<{ experiments: Experiment[]; rows: ComparisonRow[] }> {
    return { experiments: [], rows: [] }
  }

  async run(lab: string, experiment: string): Promise<ExperimentResult> {
    const result: ExperimentResult = {
      id: `run-${this.kept.length + 1}`,
      lab,
      experiment,
      startedAt: A_TIME,
      endedAt: A_TIME,
      outcome: 'finished',
      sides: [],
    }
    this.kept.unshift(result)
    for (const listener of this.listeners) {
      listener.onComparisonChanged?.(await this.state(lab))
      listener.onExperimentEnded?.(result)
    }
    return result
  }

  async start(lab: string, experiment: string): Promise<ExperimentRun> {
    const { id, startedAt } = await this.run(lab, experiment)
    const nothingYet = { step: -1, target: 'node01', task: '1-1' }
    return { id, lab, experiment, startedAt, state: 'setting-up', sides: ['static', 'daemonSet'], ...nothingYet }
  }

  async results(): Promise<ExperimentResult[]> {
    return this.kept
  }

  async forget(): Promise<void> {
    this.kept = []
  }

  async state(lab: string): Promise<ComparisonState> {
    return {
      lab,
      state: this.#sides.length > 0 ? 'installed' : 'absent',
      sides: this.#sides,
      namespace: 'compare',
      staticFile: 'compare-agent.yaml',
      staticPod: 'agent-static',
      workload: 'agent',
    }
  }

  async unfinished(): Promise<ComparisonState['unfinished']> {
    return this.left
  }

  async restore(): Promise<ExperimentResult | undefined> {
    const { left } = this
    if (left === undefined) return undefined
    this.left = undefined
    const { experiment } = left
    const times = { startedAt: A_TIME, endedAt: A_TIME }
    return { id: 'run-0', lab: 'default', experiment, ...times, outcome: 'restored-later', sides: [] }
  }

  setUp(lab: string, { deployment }: { deployment: boolean }): Promise<ComparisonState> {
    this.#sides = deployment ? ['static', 'daemonSet', 'deployment'] : ['static', 'daemonSet']
    return this.state(lab)
  }

  remove(lab: string): Promise<ComparisonState> {
    this.#sides = []
    return this.state(lab)
  }

  subscribe(events: ExperimentServiceEvents): Disposable {
    this.listeners.add(events)
    return toDisposable(() => void this.listeners.delete(events))
  }

  dispose(): void {
    this.listeners.clear()
  }
}
