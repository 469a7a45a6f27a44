/** One experiment from its journal's first line to its last: sets up, runs, restores, and keeps what came of it. */
import { labStep } from '../../common/lab/lab-texts.ts'
import type { Time } from '../../common/api/meta.ts'
import type { Experiment, SideName } from '../../common/experiments/experiment.ts'
import type { ExperimentResult, ExperimentRun } from '../../common/experiments/experiment-run.ts'
import { isLabError, toLabErrorData } from '../../common/lab-error.ts'
import type { OnProgress } from '../lab-manager.ts'
import { defineAgents } from './agent-stage.ts'
import type { ExperimentContext } from './experiment-context.ts'
import { readAgents } from './read-agents.ts'
import { readJournal, writeJournal, type RestoreJournal } from './restore-journal.ts'
import { restoreLab } from './restore-lab.ts'
import { resultId, type ResultStore } from './result-store.ts'
import { runExperiment, type RunOptions, type RunOutcome } from './run-experiment.ts'
import type { Sides } from './sides-watch.ts'
import { chooseTarget, readUsedFor, requireWorkers } from './survey-lab.ts'
import type { Undo } from './undo.ts'

export interface SessionOptions {
  context: ExperimentContext
  results: ResultStore
  openSides(lab: string): Sides
  lab: string
  experiment: Experiment
  sides: readonly SideName[]
  hypothesis?: string
  /** Of the task. */
  task: string
  report: OnProgress
  signal: AbortSignal
  /** The run as it is now, told at every change. */
  onRun(run: ExperimentRun): void
}

/**
 * Whoever calls holds the lab's experiment lock, and no journal of before is left. Resolves with the result, however it ended.
 * @throws LabError when it could not begin: nothing was changed then
 */
export async function runSession(options: SessionOptions): Promise<ExperimentResult> {
  const { context, lab, experiment, results } = options
  const { layout } = context.store
  const workers = await requireWorkers(context, lab, experiment.workers)
  const before = await readAgents(context, lab)
  const progress = new SessionProgress(options, await chooseTarget(context, lab, workers))
  const { id, startedAt } = progress.run
  let journal: RestoreJournal = { id, experiment: experiment.name, startedAt, undos: [{ undo: 'agents', before }] }
  await writeJournal(layout, lab, journal)
  const willUndo = async (undo: Undo): Promise<void> => {
    const longer = { ...journal, undos: [...journal.undos, undo] }
    await writeJournal(layout, lab, longer)
    journal = longer
  }
  const outcome = await outcomeOf(options, () => perform(options, { progress, willUndo }))
  progress.change({ state: 'restoring' })
  const result: ExperimentResult = {
    ...{ id, lab, experiment: experiment.name, startedAt, endedAt: progress.now() },
    ...outcome,
    stepTimes: progress.run.stepTimes ?? [],
  }
  journal = { ...journal, result }
  const notRestored = await restoreLab(context, lab, { journal, report: options.report })
  const final = { ...result, endedAt: progress.now(), ...(notRestored !== undefined && { notRestored }) }
  await results.save(final)
  return final
}

/**
 * Puts back what a process has left that died in an experiment, or could not put back at its end. Whoever calls holds the lab's
 * experiment lock. `undefined`: nothing was left. @throws Conflict for a journal that is damaged
 */
export async function recoverLab(
  { context, results, report }: Pick<SessionOptions, 'context' | 'results' | 'report'>,
  lab: string,
): Promise<ExperimentResult | undefined> {
  const journal = await readJournal(context.store.layout, lab)
  if (journal === undefined) return undefined
  const notRestored = await restoreLab(context, lab, { journal, report })
  const endedAt = new Date(context.clock.now()).toISOString()
  const { id, experiment, startedAt } = journal
  const died: ExperimentResult = {
    ...{ id, lab, experiment, startedAt, endedAt, sides: [] },
    outcome: 'restored-later',
    message: 'the program that ran it ended in the middle',
  }
  const result = { ...(journal.result ?? died), ...(notRestored !== undefined && { notRestored }) }
  await results.save(result)
  return result
}

async function perform(
  options: SessionOptions,
  { progress, willUndo }: { progress: SessionProgress } & Pick<RunOptions, 'willUndo'>,
): Promise<RunOutcome> {
  const { context, lab, sides, experiment, hypothesis, signal, report } = options
  const watch = options.openSides(lab)
  try {
    report(labStep('agents-set-up'))
    await defineAgents(context, lab, sides)
    const usedFor = await readUsedFor(context, lab)
    return await runExperiment({
      ...{ context, lab, experiment, sides, watch, usedFor, willUndo, signal },
      target: progress.run.target,
      ...(hypothesis !== undefined && { hypothesis }),
      onStep: (step, target) => progress.step(step, target),
    })
  } finally {
    await watch.dispose()
  }
}

async function outcomeOf(
  { signal, context, lab }: SessionOptions,
  perform: () => Promise<RunOutcome>,
): Promise<Pick<ExperimentResult, 'outcome' | 'message' | 'sides' | 'hypothesis'>> {
  try {
    return { outcome: 'finished', ...(await perform()) }
  } catch (error) {
    if (signal.aborted) return { outcome: 'cancelled', sides: [] }
    const { message } = toLabErrorData(error)
    if (!isLabError(error)) context.logger.error('an experiment failed', { lab, error })
    return { outcome: 'failed', message, sides: [] }
  }
}

/** The run as others see it. */
class SessionProgress {
  run: ExperimentRun
  readonly #options: SessionOptions

  constructor(options: SessionOptions, target: string) {
    this.#options = options
    const { lab, experiment, sides, task, hypothesis } = options
    const startedAt = this.now()
    this.run = {
      ...{ id: resultId(startedAt, experiment.name), lab, experiment: experiment.name, startedAt, task, target },
      ...{ state: 'setting-up', sides: [...sides], step: -1, stepTimes: [] },
      ...(hypothesis !== undefined && { hypothesis }),
    }
    options.onRun(this.run)
  }

  now(): Time {
    return new Date(this.#options.context.clock.now()).toISOString()
  }

  change(change: Partial<ExperimentRun>): void {
    this.run = { ...this.run, ...change }
    this.#options.onRun(this.run)
  }

  step(step: number, target: string): void {
    const { stepTimes = [] } = this.run
    const isNew = stepTimes.length <= step
    if (!isNew && target === this.run.target) return
    this.change({ state: 'running', step, target, ...(isNew && { stepTimes: [...stepTimes, this.now()] }) })
    const { steps } = this.#options.experiment
    const taken = steps[step]
    if (isNew && taken !== undefined && 'text' in taken)
      this.#options.report({ message: taken.text.en, text: taken.text, progress: step / steps.length })
  }
}
