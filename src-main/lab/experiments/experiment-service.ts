/** Comparison by experiment (design §3, `lab/experiments`): what the command line, the Electron shell and the browser bridge speak to. Methods reject with `LabError`. */
import type { Disposable } from '../../base/disposable.ts'
import type { ComparisonRow, Experiment } from '../../common/experiments/experiment.ts'
import type { ComparisonState, ExperimentResult, ExperimentRun } from '../../common/experiments/experiment-run.ts'
import type { OnProgress } from '../lab-manager.ts'

export interface ExperimentServiceEvents {
  onComparisonChanged?(state: ComparisonState): void
  onExperimentEnded?(result: ExperimentResult): void
}

export interface RunExperimentOptions {
  /** Name of one of the experiment's hypotheses. */
  hypothesis?: string
  /** With a third side, a Deployment. */
  deployment?: boolean
  onProgress?: OnProgress
  /** Ends it early; the lab is restored all the same. */
  signal?: AbortSignal
}

export interface ExperimentService extends Disposable {
  list(): Promise<{ experiments: Experiment[]; rows: ComparisonRow[] }>
  /** Runs it from setting up to restoring, and answers with what came of it. @throws NotFound; Conflict while another one runs in the lab, or without what it needs */
  run(lab: string, experiment: string, options?: RunExperimentOptions): Promise<ExperimentResult>
  /** The same as a task, which can be cancelled; resolves when it has begun. */
  start(
    lab: string,
    experiment: string,
    options?: Pick<RunExperimentOptions, 'hypothesis' | 'deployment'>,
  ): Promise<ExperimentRun>
  /** The newest first. */
  results(lab: string): Promise<ExperimentResult[]>
  forget(lab: string): Promise<void>
  state(lab: string): Promise<ComparisonState>
  /** What a run has left that died, or could not put everything back; nothing is begun, and a run that is alive is none. */
  unfinished(lab: string): Promise<ComparisonState['unfinished']>
  /** Puts back what a program has left that died in an experiment, or could not put back: `undefined` when nothing is left. @throws Conflict while an experiment runs in the lab */
  restore(lab: string): Promise<ExperimentResult | undefined>
  /** Puts the agents on all nodes, to stay. @throws Conflict without a control plane */
  setUp(lab: string, options: { deployment: boolean }): Promise<ComparisonState>
  remove(lab: string): Promise<ComparisonState>
  subscribe(events: ExperimentServiceEvents): Disposable
}
