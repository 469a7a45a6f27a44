/** Experiments of a home: puts their parts together. */
import type { Clock } from '../../base/clock.ts'
import { toDisposable, type Disposable } from '../../base/disposable.ts'
import type { Logger } from '../../base/logger.ts'
import type { ComparisonRow, Experiment, SideName } from '../../common/experiments/experiment.ts'
import type { ComparisonState, ExperimentResult, ExperimentRun } from '../../common/experiments/experiment-run.ts'
import { LabError } from '../../common/lab-error.ts'
import { openClusterClient } from '../cluster/cluster-client.ts'
import type { OpenCluster } from '../lab-context.ts'
import { requireLab } from '../lab-context.ts'
import { labStep, type LabTextName } from '../../common/lab/lab-texts.ts'
import type { LabManager, OnProgress } from '../lab-manager.ts'
import { HomeLayout } from '../store/home.ts'
import { LabStore } from '../store/lab-store.ts'
import { defineAgents } from './agent-stage.ts'
import { ComparisonStates } from './comparison-states.ts'
import type { ExperimentContext } from './experiment-context.ts'
import type { ExperimentService, ExperimentServiceEvents, RunExperimentOptions } from './experiment-service.ts'
import { recoverLab, runSession } from './experiment-session.ts'
import { removeAgents, removeDeployment } from './remove-agents.ts'
import { readExperiments } from './read-experiments.ts'
import { readJournal, withExperimentLock } from './restore-journal.ts'
import { ResultStore } from './result-store.ts'
import { awaitAgents } from './run-experiment.ts'
import { SidesWatch, type Sides } from './sides-watch.ts'
import { requireWorkers } from './survey-lab.ts'

export interface ExperimentServiceOptions {
  /** Stays the caller's. */
  labManager: LabManager
  clock: Clock
  logger: Logger
  /** Definitions: `resources/experiments` of the product. */
  folder: string
  openCluster?: OpenCluster
  openSides?: (context: ExperimentContext, lab: string) => Sides
}

/** A window that closes waits no longer for a lab to be put back: the next process does it. */
const PATIENCE_MS = 30_000

interface TaskWishes extends Pick<RunExperimentOptions, 'onProgress' | 'signal'> {
  /** Default: yes. */
  isCancellable?: boolean
}

export function createExperimentService(options: ExperimentServiceOptions): ExperimentService {
  return new LabExperiments(options)
}

class LabExperiments implements ExperimentService {
  readonly #context: ExperimentContext
  readonly #folder: string
  readonly #results: ResultStore
  readonly #states: ComparisonStates
  readonly #openSides: (lab: string) => Sides
  readonly #subscribers = new Set<ExperimentServiceEvents>()
  /** Aborted when nobody wants anything any more. */
  readonly #end = new AbortController()
  /** What has to be over before this is. */
  readonly #work = new Set<Promise<unknown>>()
  /** Labs whose recovery was tried by itself: again only when something is asked of them. */
  readonly #tried = new Set<string>()

  constructor({ labManager, clock, logger, folder, openCluster, openSides }: ExperimentServiceOptions) {
    const store = new LabStore(new HomeLayout(labManager.home))
    this.#context = { labManager, clock, logger, store, openCluster: openCluster ?? openClusterClient }
    this.#folder = folder
    this.#results = new ResultStore({ layout: store.layout, logger })
    const open = openSides ?? ((context, lab) => new SidesWatch(context, lab))
    this.#openSides = (lab) => open(this.#context, lab)
    this.#states = new ComparisonStates(this.#context, (state) =>
      this.#tell((events) => events.onComparisonChanged?.(state)),
    )
  }

  list(): Promise<{ experiments: Experiment[]; rows: ComparisonRow[] }> {
    return readExperiments(this.#folder)
  }

  run(lab: string, experiment: string, options: RunExperimentOptions = {}): Promise<ExperimentResult> {
    return this.#own(this.#run(lab, experiment, options, () => undefined))
  }

  start(
    lab: string,
    experiment: string,
    options: Pick<RunExperimentOptions, 'hypothesis' | 'deployment'> = {},
  ): Promise<ExperimentRun> {
    return new Promise((resolve, reject) => {
      void this.#own(this.#run(lab, experiment, options, resolve)).catch(reject)
    })
  }

  async results(lab: string): Promise<ExperimentResult[]> {
    await requireLab(this.#context, lab)
    return this.#results.list(lab)
  }

  async forget(lab: string): Promise<void> {
    await requireLab(this.#context, lab)
    await this.#results.forget(lab)
  }

  async state(lab: string): Promise<ComparisonState> {
    await requireLab(this.#context, lab)
    const state = await this.#states.read(lab)
    if (state.unfinished !== undefined && !this.#tried.has(lab)) {
      this.#tried.add(lab)
      void this.#own(this.#recoverByItself(lab))
    }
    return state
  }

  async unfinished(lab: string): Promise<ComparisonState['unfinished']> {
    await requireLab(this.#context, lab)
    return this.#states.readUnfinished(lab)
  }

  async restore(lab: string): Promise<ExperimentResult | undefined> {
    await requireLab(this.#context, lab)
    if ((await readJournal(this.#context.store.layout, lab)) === undefined) return undefined
    this.#tried.add(lab)
    return this.#own(this.#recover(lab))
  }

  setUp(lab: string, { deployment }: { deployment: boolean }): Promise<ComparisonState> {
    return this.#change(lab, 'agents-set-up', async (signal) => {
      const context = this.#context
      await requireWorkers(context, lab, 1)
      const sides = sidesOf(deployment)
      await defineAgents(context, lab, sides)
      if (!deployment) await removeDeployment(context, lab)
      const watch = this.#openSides(lab)
      try {
        await awaitAgents({ context, sides, watch, signal })
      } finally {
        await watch.dispose()
      }
    })
  }

  remove(lab: string): Promise<ComparisonState> {
    return this.#change(lab, 'agents-take-away', () => removeAgents(this.#context, lab))
  }

  subscribe(events: ExperimentServiceEvents): Disposable {
    this.#subscribers.add(events)
    return toDisposable(() => void this.#subscribers.delete(events))
  }

  /** What runs is cancelled, and puts back what it has changed; what takes too long is left to the journal. */
  async dispose(): Promise<void> {
    this.#end.abort(new LabError({ kind: 'Cancelled', message: 'the program ends' }))
    const { clock } = this.#context
    await new Promise<void>((resolve) => {
      const limit = clock.setTimer(PATIENCE_MS, resolve)
      void Promise.allSettled(this.#work).then(() => {
        limit.cancel()
        resolve()
      })
    })
    this.#subscribers.clear()
  }

  async #run(
    lab: string,
    name: string,
    options: RunExperimentOptions,
    onBegun: (run: ExperimentRun) => void,
  ): Promise<ExperimentResult> {
    await requireLab(this.#context, lab)
    const experiment = await this.#requireExperiment(name, options.hypothesis)
    const { hypothesis, deployment = false } = options
    let ended: ExperimentResult | undefined
    const run = async (report: OnProgress, signal: AbortSignal, task: string): Promise<void> => {
      const context = this.#context
      await this.#recoverFirst(lab, report)
      ended = await runSession({
        ...{ context, results: this.#results, openSides: this.#openSides, lab, experiment, task, report, signal },
        sides: sidesOf(deployment),
        ...(hypothesis !== undefined && { hypothesis }),
        onRun: (now) => {
          onBegun(now)
          this.#states.running(now)
        },
      })
      if (ended.outcome === 'cancelled') throw new LabError({ kind: 'Cancelled', message: 'cancelled' })
      if (ended.outcome === 'failed') throw new LabError({ kind: 'Conflict', message: ended.message ?? 'it failed' })
    }
    try {
      await this.#asTask(lab, options, run)
    } catch (error) {
      if (ended === undefined) throw error
    }
    if (ended === undefined) throw new LabError({ kind: 'Internal', message: 'an experiment without a result' })
    const result = ended
    this.#tell((events) => events.onExperimentEnded?.(result))
    return result
  }

  /** One at a time in a lab, which can be cancelled, and is when the lab goes. @throws Conflict while another one runs */
  async #asTask(
    lab: string,
    { onProgress, signal, isCancellable = true }: TaskWishes,
    work: (report: OnProgress, signal: AbortSignal, task: string) => Promise<void>,
  ): Promise<void> {
    const { labManager, clock, store } = this.#context
    const gone = new AbortController()
    const watch = labManager.subscribe({
      onLabGone: (name) => {
        if (name === lab) gone.abort(new LabError({ kind: 'Cancelled', message: `the lab "${lab}" was deleted` }))
      },
    })
    const ends = AbortSignal.any([this.#end.signal, gone.signal, ...(signal === undefined ? [] : [signal])])
    let isOurs = false
    try {
      return await withExperimentLock({ clock, layout: store.layout }, lab, async () => {
        isOurs = true
        try {
          return await labManager.runTask('experiment', lab, { onProgress, isCancellable, signal: ends }, work)
        } finally {
          this.#states.ended(lab)
        }
      })
    } finally {
      await watch.dispose()
      // What is left in the journal is nobody's only now.
      if (isOurs) await this.#tellState(lab)
    }
  }

  async #change(
    lab: string,
    step: LabTextName,
    work: (signal: AbortSignal) => Promise<void>,
  ): Promise<ComparisonState> {
    await requireLab(this.#context, lab)
    await this.#own(
      this.#asTask(lab, {}, async (report, signal) => {
        await this.#recoverFirst(lab, report)
        report(labStep(step))
        await work(signal)
      }),
    )
    return this.#states.read(lab)
  }

  /** @throws Conflict when something of an earlier experiment cannot be put back: what comes next would take it for the lab as it was */
  async #recoverFirst(lab: string, report: OnProgress): Promise<void> {
    const result = await recoverLab({ context: this.#context, results: this.#results, report }, lab)
    if (result === undefined) return
    this.#tell((events) => events.onExperimentEnded?.(result))
    if (result.notRestored === undefined) return
    throw new LabError({
      kind: 'Conflict',
      message: `the experiment "${result.experiment}" has left something that cannot be put back: ${result.notRestored}`,
      remedy: 'Mend that, and try again.',
    })
  }

  async #recoverByItself(lab: string): Promise<void> {
    try {
      await this.#recover(lab)
    } catch (error) {
      this.#context.logger.warn('what an experiment has left cannot be put back', { lab, error })
    }
  }

  async #recover(lab: string): Promise<ExperimentResult | undefined> {
    let result: ExperimentResult | undefined
    await this.#asTask(lab, { isCancellable: false }, async (report) => {
      result = await recoverLab({ context: this.#context, results: this.#results, report }, lab)
    })
    const restored = result
    if (restored !== undefined) this.#tell((events) => events.onExperimentEnded?.(restored))
    return restored
  }

  async #tellState(lab: string): Promise<void> {
    try {
      const state = await this.#states.read(lab)
      this.#tell((events) => events.onComparisonChanged?.(state))
    } catch (error) {
      // The lab may be gone.
      this.#context.logger.info('how the comparison stands cannot be told', { lab, error })
    }
  }

  async #requireExperiment(name: string, hypothesis: string | undefined): Promise<Experiment> {
    const { experiments } = await this.list()
    const experiment = experiments.find((one) => one.name === name)
    if (experiment === undefined)
      throw new LabError({
        kind: 'NotFound',
        message: `there is no experiment "${name}"`,
        remedy: `There is ${experiments.map((one) => one.name).join(', ')}.`,
      })
    if (hypothesis === undefined || experiment.hypotheses.some((one) => one.name === hypothesis)) return experiment
    throw new LabError({
      kind: 'BadRequest',
      message: `"${hypothesis}" is no hypothesis of the experiment "${name}"`,
      remedy: `Its hypotheses are ${experiment.hypotheses.map((one) => one.name).join(', ')}.`,
    })
  }

  #own<T>(work: Promise<T>): Promise<T> {
    this.#work.add(work)
    const over = (): void => void this.#work.delete(work)
    work.then(over, over)
    return work
  }

  #tell(how: (events: ExperimentServiceEvents) => void): void {
    for (const events of [...this.#subscribers])
      try {
        how(events)
      } catch (error) {
        // Nobody who listens may keep a lab from being put back.
        this.#context.logger.error('a listener of experiments failed', { error })
      }
  }
}

function sidesOf(deployment: boolean): SideName[] {
  return deployment ? ['static', 'daemonSet', 'deployment'] : ['static', 'daemonSet']
}
