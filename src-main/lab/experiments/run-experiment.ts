/** An experiment from setting up to observing. Putting the lab back is its caller's part, whatever happens here. */
import { delay } from '../../base/clock.ts'
import type { Time } from '../../common/api/meta.ts'
import type { Experiment, ExperimentAction, ExperimentStep, SideName } from '../../common/experiments/experiment.ts'
import type { ExperimentResult } from '../../common/experiments/experiment-run.ts'
import type { ActionLook, SideLook, SideRecord } from '../../common/experiments/side-record.ts'
import { LabError } from '../../common/lab-error.ts'
import { actOnLab } from './act-on-lab.ts'
import { actOnSides, isSideAction } from './act-on-sides.ts'
import { FIRST_PARAMETERS } from './agent-manifests.ts'
import { computeHypothesis, computeSideResults } from './compute-observed.ts'
import { evaluateWait } from './evaluate.ts'
import type { ExperimentContext } from './experiment-context.ts'
import type { ExperimentScene, Said } from './experiment-scene.ts'
import type { Sides } from './sides-watch.ts'
import type { Undo } from './undo.ts'

/** Two pods for each worker, on two cores that have other work. */
const RUNNING_SECONDS = 180

export interface RunOptions {
  context: ExperimentContext
  lab: string
  experiment: Experiment
  sides: readonly SideName[]
  watch: Sides
  /** Worker that things are done to, until one is added. */
  target: string
  hypothesis?: string
  /** Other users of each way of making pods. */
  usedFor: Readonly<Record<SideName, string[]>>
  willUndo(undo: Undo): Promise<void>
  /** The index of the step that begins now, and the target. */
  onStep(step: number, target: string): void
  signal: AbortSignal
}

export type RunOutcome = Pick<ExperimentResult, 'sides' | 'hypothesis'>

/** What was seen of each side before, by name, and what was done to it. */
interface Notes {
  since: Time
  before: Map<SideName, SideLook>
  looks: Map<SideName, Record<string, SideLook>>
  actions: Map<SideName, ActionLook[]>
}

/** @throws LabError when a step cannot be done, Timeout when the agents never run, the signal's reason */
export async function runExperiment(options: RunOptions): Promise<RunOutcome> {
  const { experiment, sides, signal, watch, hypothesis } = options
  await awaitAgents(options)
  const notes = beginNotes(options)
  const scene = setScene(options)
  for (const [index, step] of experiment.steps.entries()) {
    signal.throwIfAborted()
    options.onStep(index, scene.target)
    await takeStep(options, { scene, step, notes })
    options.onStep(index, scene.target)
  }
  await watch.settle()
  const results = computeSideResults(
    experiment,
    sides.map((side) => recordOf(options, { side, scene, notes })),
  )
  const held = hypothesis === undefined ? undefined : computeHypothesis(experiment, hypothesis, results)
  return { sides: results, ...(held !== undefined && { hypothesis: held }) }
}

/**
 * Until each side has a pod that is ready for each worker, by the word of kubelets and API server, and all of them are alike: what an
 * experiment before has put back may still be on its way, one pod after the other. @throws Timeout
 */
export async function awaitAgents({
  context: { clock },
  sides,
  watch,
  signal,
}: Pick<RunOptions, 'context' | 'sides' | 'watch' | 'signal'>): Promise<void> {
  const isThere = (side: SideName): boolean => {
    const { pods, apiServer, definition } = watch.look(side)
    const ready = pods.filter((pod) => pod.ready && pod.running && pod.inApi && pod.inKubelet && !pod.deleting)
    const count = watch.workers().length
    const kinds = new Set(pods.map(({ image, edition }) => JSON.stringify([image, edition])))
    const isWhole = count > 0 && ready.length === count && pods.length === count && kinds.size === 1
    return apiServer === 'ready' && definition.present && isWhole
  }
  const endMs = clock.now() + RUNNING_SECONDS * 1000
  while (!sides.every(isThere)) {
    if (clock.now() >= endMs) {
      const late = sides.filter((side) => !isThere(side)).join(', ')
      throw new LabError({
        kind: 'Timeout',
        message: `the agents do not run on all workers after ${RUNNING_SECONDS} seconds: ${late}`,
        remedy: 'See that all nodes are ready and not cordoned.',
      })
    }
    await watch.changed(signal)
  }
}

function beginNotes({ sides, watch }: RunOptions): Notes {
  return {
    since: watch.now(),
    before: new Map(sides.map((side) => [side, watch.look(side)])),
    looks: new Map(sides.map((side) => [side, {}])),
    actions: new Map(sides.map((side) => [side, []])),
  }
}

function setScene({ context, lab, sides, target, watch, willUndo, signal }: RunOptions): ExperimentScene {
  return {
    ...{ context, lab, sides, target, willUndo, signal },
    nodes: watch.workers(),
    parameters: FIRST_PARAMETERS,
    filesBefore: {},
    look: (side) => watch.look(side),
  }
}

async function takeStep(
  options: RunOptions,
  { scene, step, notes }: { scene: ExperimentScene; step: ExperimentStep; notes: Notes },
): Promise<void> {
  const { context, sides, watch, signal } = options
  if ('act' in step) return act(options, { scene, action: step, notes })
  if ('pauseSeconds' in step) return delay(context.clock, step.pauseSeconds * 1000, signal)
  if ('look' in step) {
    for (const side of sides) notes.looks.set(side, { ...notes.looks.get(side), [step.look]: watch.look(side) })
    return
  }
  const endMs = context.clock.now() + step.atMostSeconds * 1000
  const holds = (side: SideName): boolean => evaluateWait(step.wait, recordOf(options, { side, scene, notes }))
  while (!sides.every(holds) && context.clock.now() < endMs) await watch.changed(signal)
  const message = `not within ${step.atMostSeconds} s: ${step.text.en}`
  for (const side of sides.filter((one) => !holds(one)))
    notes.actions.get(side)?.push({ kind: 'action', time: watch.now(), act: 'wait', ok: false, message })
}

async function act(
  { sides, watch }: RunOptions,
  { scene, action, notes }: { scene: ExperimentScene; action: ExperimentAction; notes: Notes },
): Promise<void> {
  const time = watch.now()
  const answers = isSideAction(action) ? await actOnSides(scene, action) : await actOnLab(scene, action)
  for (const side of sides) {
    const said: Said | undefined = answers[side]
    if (said !== undefined) notes.actions.get(side)?.push({ kind: 'action', time, act: action.act, ...said })
  }
}

function recordOf(
  { watch, usedFor }: RunOptions,
  { side, scene, notes }: { side: SideName; scene: ExperimentScene; notes: Notes },
): SideRecord {
  const now = watch.look(side)
  return {
    side,
    target: scene.target,
    workers: watch.workers(),
    before: notes.before.get(side) ?? now,
    now,
    looks: notes.looks.get(side) ?? {},
    ...watch.history(side, notes.since),
    actions: notes.actions.get(side) ?? [],
    usedFor: usedFor[side],
  }
}
