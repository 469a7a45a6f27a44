/** The comparison of the in-memory bridge: an experiment takes its steps on timers, does the simple ones, and finds what its definition expects. */
import { labStep, type LabStep } from '@common/lab/lab-texts.ts'
import type { Answer, Experiment, ExperimentStep, Observation, SideName } from '@common/experiments/experiment.ts'
import { SIDE_NAMES } from '@common/experiments/experiment.ts'
import type { ComparisonState, ExperimentResult, ExperimentRun, Observed } from '@common/experiments/experiment-run.ts'
import type { Evidence } from '@common/experiments/side-record.ts'
import { LabError } from '@common/lab-error.ts'
import { FakeAgents, NAMESPACE, STATIC_FILE, STATIC_POD, WORKLOAD } from './fake-agents.ts'
import { FAKE_EXPERIMENTS, FAKE_SURPRISES } from './fake-experiments.ts'
import type { FakeLab } from './fake-lab.ts'

const STEP_MS = 1_800
const TASK = 'experiment'

export class FakeComparison {
  readonly results: ExperimentResult[] = []
  private readonly lab: FakeLab
  private readonly agents: FakeAgents
  /** Finds what nobody expects. */
  private readonly isBroken: boolean
  private installed: SideName[] = []
  private running: ExperimentRun | undefined

  constructor(lab: FakeLab, isBroken: boolean) {
    this.lab = lab
    this.agents = new FakeAgents(lab)
    this.isBroken = isBroken
  }

  state(): ComparisonState {
    const unfinished = {
      experiment: 'delete-pod',
      message: 'The lab could not be put back yet: node02 does not answer.',
    }
    return {
      lab: 'default',
      state: this.installed.length === 0 ? 'absent' : 'installed',
      sides: [...this.agents.sides],
      ...{ namespace: NAMESPACE, staticFile: STATIC_FILE, staticPod: STATIC_POD, workload: WORKLOAD },
      ...(this.running && { run: this.running }),
      ...(this.isBroken && this.results.length === 0 && this.running === undefined && { unfinished }),
    }
  }

  setUp(deployment: boolean): ComparisonState {
    this.needCluster()
    this.installed = sidesWith(deployment)
    this.agents.remove(this.agents.sides.filter((side) => !this.installed.includes(side)))
    this.agents.setUp(this.installed)
    return this.tell()
  }

  remove(): ComparisonState {
    this.installed = []
    this.agents.remove()
    return this.tell()
  }

  start(
    name: string,
    { hypothesis, deployment = false }: { hypothesis?: string; deployment?: boolean },
  ): ExperimentRun {
    this.needCluster()
    const experiment = FAKE_EXPERIMENTS.find((one) => one.name === name)
    if (experiment === undefined) throw new LabError({ kind: 'NotFound', message: `There is no experiment "${name}".` })
    if (this.running !== undefined) throw new LabError({ kind: 'Conflict', message: 'An experiment runs already.' })
    const startedAt = new Date().toISOString()
    const run: ExperimentRun = {
      ...{ id: `${startedAt}-${name}`, lab: 'default', experiment: name, startedAt, state: 'setting-up', step: -1 },
      ...{ sides: sidesWith(deployment), target: this.agents.workers()[0] ?? '', task: this.lab.tasks.nextId(TASK) },
      stepTimes: [],
      ...(hypothesis !== undefined && { hypothesis }),
    }
    this.running = run
    void this.perform(experiment, run)
    return run
  }

  dispose(): void {
    this.agents.dispose()
  }

  private async perform(experiment: Experiment, run: ExperimentRun): Promise<void> {
    const steps = experiment.steps.map((step): LabStep =>
      'look' in step ? { message: 'Looking' } : { message: step.text.en, text: step.text },
    )
    const outcome = await this.lab.tasks
      .work(TASK, run.lab, [labStep('agents-set-up'), ...steps, labStep('undo-agents')], STEP_MS, (index) => {
        if (index === 0) this.agents.setUp(run.sides)
        else if (index <= experiment.steps.length) this.take(experiment, run, index - 1)
        else run.state = 'restoring'
        this.tell()
      })
      .then(() => 'finished' as const)
      .catch(() => 'cancelled' as const)
    const sides = outcome === 'finished' ? run.sides.map((side) => this.find(side, experiment, run)) : []
    const result: ExperimentResult = {
      ...{ id: run.id, lab: run.lab, experiment: run.experiment, startedAt: run.startedAt, outcome, sides },
      endedAt: new Date().toISOString(),
      stepTimes: run.stepTimes ?? [],
      ...(run.hypothesis !== undefined && outcome === 'finished' && { hypothesis: judge(experiment, run.hypothesis) }),
    }
    this.running = undefined
    this.results.unshift(result)
    this.agents.remove(this.agents.sides.filter((side) => !this.installed.includes(side)))
    this.tell()
    this.lab.emit('experiment/ended', result)
  }

  private take(experiment: Experiment, run: ExperimentRun, index: number): void {
    run.state = 'running'
    run.step = index
    run.stepTimes?.push(new Date().toISOString())
    const step = experiment.steps[index]
    if (step !== undefined) for (const side of run.sides) this.act(step, side, run.target)
  }

  private act(step: ExperimentStep, side: SideName, target: string): void {
    if (!('act' in step)) return
    if (step.act === 'delete-pod') this.agents.deletePod(side, target)
    else if (step.act === 'crash-container') this.agents.crash(side, target)
  }

  private find(side: SideName, experiment: Experiment, run: ExperimentRun): ExperimentResult['sides'][number] {
    return { side, observed: experiment.observations.map((one) => this.observe(side, experiment, one, run)) }
  }

  private observe(
    side: SideName,
    experiment: Experiment,
    { name, expected }: Observation,
    run: ExperimentRun,
  ): Observed {
    const observedAt = new Date().toISOString()
    const wanted = expected[side]
    const surprise = this.isBroken ? FAKE_SURPRISES[`${experiment.name}/${name}`]?.[side] : undefined
    const answer = surprise ?? wanted
    const common = { observation: name, observedAt, evidence: this.evidence(side, experiment, answer, run) }
    if (answer === undefined) return { ...common, verdict: 'unanswered', message: 'no such key: deployment' }
    const verdict = surprise === undefined ? 'as-expected' : 'against'
    return { ...common, verdict, answer, ...(wanted !== undefined && { expected: wanted }) }
  }

  private evidence(side: SideName, { name }: Experiment, answer: Answer | undefined, run: ExperimentRun): Evidence[] {
    const time = new Date().toISOString()
    const pod = side === 'static' ? `${STATIC_POD}-${run.target}` : `${WORKLOAD}-x7k2p`
    const timeline = this.lab
      .need(run.target)
      .entries.filter((entry) => entry.pod?.namespace === NAMESPACE && entry.time >= run.startedAt)
      .filter((entry) => (entry.pod?.name.startsWith(STATIC_POD) ?? false) === (side === 'static'))
      .slice(-3)
    return [
      { kind: 'action', time: run.stepTimes?.[0] ?? time, act: name, ok: true, message: `pod "${pod}" deleted` },
      {
        ...{ kind: 'event', time, type: 'Normal', reason: side === 'static' ? 'Started' : 'SuccessfulCreate' },
        ...{
          message: `Created pod: ${pod}`,
          about: `Pod/${pod}`,
          source: side === 'static' ? 'kubelet' : 'daemonset-controller',
        },
      },
      ...timeline.map((entry): Evidence => ({ ...entry, kind: 'timeline' })),
      {
        ...{ kind: 'pod', time, name: pod, namespace: NAMESPACE, node: run.target, uid: 'c0ffee', phase: 'Running' },
        ...{ status: 'Running', ready: true, running: true, restarts: 0, containerId: '5b1e7f', image: 'busybox:1.36' },
        ...{
          edition: '',
          inKubelet: true,
          inApi: true,
          mirror: side === 'static',
          apiUid: 'facade',
          resourceVersion: '812',
        },
        owner: side === 'static' ? `Node/${run.target}` : `DaemonSet/${WORKLOAD}`,
        madeBy: answer === 'kubelet' || side === 'static' ? 'kubelet' : 'kube-controller-manager',
        deleting: false,
      },
    ]
  }

  private needCluster(): void {
    if (this.lab.cluster === undefined) throw new LabError({ kind: 'Conflict', message: 'There is no control plane.' })
  }

  private tell(): ComparisonState {
    const state = this.state()
    this.lab.emit('comparison/changed', state)
    return state
  }
}

function sidesWith(deployment: boolean): SideName[] {
  return SIDE_NAMES.filter((side) => side !== 'deployment' || deployment)
}

/** Its guesses say themselves whether they hold. */
function judge({ hypotheses }: Experiment, name: string): NonNullable<ExperimentResult['hypothesis']> {
  const right = hypotheses.filter(({ holds }) => holds === 'true').map((one) => one.name)
  return right.includes(name) ? { name, held: true } : { name, held: false, heldInstead: right }
}
