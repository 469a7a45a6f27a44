import { describe, expect, it } from 'vitest'
import type { Experiment } from '../../../common/experiments/experiment.ts'
import type { ExperimentResult, ExperimentRun, Observed } from '../../../common/experiments/experiment-run.ts'
import type { ActionLook, PodLook } from '../../../common/experiments/side-record.ts'
import type { ExperimentService, RunExperimentOptions } from '../../../lab/experiments/experiment-service.ts'
import { FakeExperiments } from '../../testing/fake-experiments.ts'
import { UsageError } from '../exit-codes.ts'
import { runWords } from '../testing/run-words.ts'

const A_TIME = '2026-01-01T10:00:00.000Z'

const experiment: Experiment = {
  name: 'delete-pod',
  title: { en: 'Delete the pod', ko: '파드 삭제' },
  question: { en: 'What becomes of both?', ko: '둘은 어떻게 될까요?' },
  explanation: { en: 'Watch the container.', ko: '컨테이너를 지켜보세요.' },
  seconds: 30,
  workers: 1,
  hypotheses: [
    { name: 'one-ends', text: { en: 'Only one ends.', ko: '하나만 끝난다.' }, holds: '!static.ended' },
    { name: 'both-end', text: { en: 'Both end.', ko: '둘 다 끝난다.' }, holds: 'static.ended && daemonSet.ended' },
  ],
  steps: [{ act: 'delete-pod', text: { en: 'delete it', ko: '삭제' } }],
  observations: [
    {
      name: 'ended',
      text: { en: 'Did a container end?', ko: '컨테이너가 끝났나요?' },
      value: 'size(now.pods) == 0',
      evidence: 'now.pods',
      expected: { static: false, daemonSet: true },
      source: 'facts 4',
      row: 'deletable',
    },
  ],
}

const deletion: ActionLook = { kind: 'action', time: A_TIME, act: 'delete-pod', ok: true, message: 'pod deleted' }
const pod: PodLook = {
  ...{
    kind: 'pod',
    time: A_TIME,
    name: 'agent-x7k2p',
    namespace: 'compare',
    node: 'node01',
    uid: 'u',
    phase: 'Running',
  },
  ...{ status: 'Running', ready: true, running: true, restarts: 0, containerId: '0123456789abcdef', image: 'busybox' },
  ...{ edition: '', inKubelet: true, inApi: true, mirror: false, apiUid: 'fedcba98-7654', resourceVersion: '7' },
  ...{ owner: 'DaemonSet/agent', madeBy: 'kube-controller-manager', deleting: false },
}

function observed(answer: boolean, expected: boolean): Observed {
  const verdict = answer === expected ? 'as-expected' : 'against'
  return { observation: 'ended', verdict, answer, expected, observedAt: A_TIME, evidence: [deletion, pod] }
}

function aResult(daemonSetEnded: boolean): ExperimentResult {
  return {
    id: 'r-1',
    lab: 'default',
    experiment: 'delete-pod',
    startedAt: A_TIME,
    endedAt: A_TIME,
    outcome: 'finished',
    hypothesis: { name: 'one-ends', held: true },
    sides: [
      { side: 'static', observed: [observed(false, false)] },
      { side: 'daemonSet', observed: [observed(daemonSetEnded, true)] },
    ],
  }
}

/** Experiments whose every run comes to the same result. */
class SettledExperiments extends FakeExperiments {
  readonly asked: RunExperimentOptions[] = []
  readonly result: ExperimentResult
  onBegun = (): void => undefined

  constructor(result: ExperimentResult) {
    super()
    this.result = result
    this.kept = [result]
  }

  override async list(): ReturnType<ExperimentService['list']> {
    return {
      experiments: [experiment],
      rows: [{ name: 'deletable', title: { en: 'Can be deleted', ko: '삭제 가능' } }],
    }
  }

  override async run(_lab: string, _name: string, options: RunExperimentOptions = {}): Promise<ExperimentResult> {
    this.asked.push(options)
    await this.#begin()
    this.onBegun()
    return this.result
  }

  async #begin(): Promise<void> {
    const { id, lab, experiment: name, startedAt } = this.result
    const begun = {
      state: 'setting-up',
      sides: [],
      step: -1,
      target: 'node02',
      task: '1-1',
    } satisfies Partial<ExperimentRun>
    const run = { id, lab, experiment: name, startedAt, ...begun }
    for (const listener of this.listeners) listener.onComparisonChanged?.({ ...(await this.state(lab)), run })
  }
}

interface Outcome {
  text: string
  notes: string
  exitCode: number
}

function run(service: ExperimentService, ...words: string[]): Promise<Outcome> {
  return runUntil(new AbortController().signal, service, words)
}

async function runUntil(signal: AbortSignal, service: ExperimentService, words: readonly string[]): Promise<Outcome> {
  const { printed, exitCode } = await runWords(['experiment', ...words], {}, service, signal)
  const notes = printed.filter((line) => line.startsWith('note: '))
  return {
    text: printed.filter((line) => !notes.includes(line)).join('\n'),
    notes: notes.map((line) => line.slice('note: '.length)).join('\n'),
    exitCode,
  }
}

describe('given an experiment that goes as expected', () => {
  const service = new SettledExperiments(aResult(true))

  it('when it is run with a guess, then both answers are told with what shows them, and the exit code is 0', async () => {
    const { text, exitCode } = await run(service, 'run', 'delete-pod', '--guess', 'one-ends', '--deployment')
    expect(service.asked).toMatchObject([{ hypothesis: 'one-ends', deployment: true }])
    expect(text).toMatch(/Did a container end\?\n +static pod +no\n/)
    expect(text).toMatch(
      /DaemonSet +yes\n +10:00:00\.000 +pod agent-x7k2p on node01: Running, restarts 0, container 0123456789ab/,
    )
    expect(text).toContain('2 as expected')
    expect(text).toContain('The guess was right: Only one ends.')
    expect(exitCode).toBe(0)
  })

  it('when it is run with --json, then the result is printed and nothing else', async () => {
    const { text } = await run(service, 'run', 'delete-pod', '--json')
    expect(JSON.parse(text)).toEqual(service.result)
  })

  it('when a guess is none of its own, then those that are stand in the complaint, and nothing is run', async () => {
    const untouched = new SettledExperiments(aResult(true))
    const outcome = run(untouched, 'run', 'delete-pod', '--guess', 'luck')
    await expect(outcome).rejects.toThrow(UsageError)
    await expect(outcome).rejects.toThrow('one-ends: Only one ends.')
    expect(untouched.asked).toEqual([])
  })

  it('when its result is shown, then all evidence of each answer is there', async () => {
    const { text } = await run(service, 'show', 'r-1')
    expect(text.match(/delete-pod: pod deleted/g)).toHaveLength(2)
    expect(text.match(/pod agent-x7k2p.*object fedcba98-7654$/gm)).toHaveLength(2)
    await expect(run(service, 'show', 'r-2')).rejects.toThrow('no result "r-2"')
  })

  it('when the table is asked for, then the row has the answer of each side, in each format', async () => {
    expect((await run(service, 'table')).text).toMatch(
      /^DIFFERENCE +STATIC POD +DAEMONSET .*\nCan be deleted +no +yes$/,
    )
    expect((await run(service, 'table', '--format', 'markdown')).text).toMatch(/Can be deleted.*\|.*no.*\|.*yes/i)
    expect((await run(service, 'table', '--format', 'html', '--language', 'ko')).text).toContain('삭제 가능')
    const { text } = await run(service, 'table', '--format', 'json')
    expect(JSON.parse(text)).toMatchObject([
      { row: { name: 'deletable' }, cells: [{ answers: [{ answer: false }] }, { answers: [{ answer: true }] }, {}] },
    ])
    await expect(run(service, 'table', '--format', 'png')).rejects.toThrow(/Allowed choices/)
  })
})

describe('given an experiment that goes otherwise', () => {
  it('when something is against the expectation, then it says what was expected and why, and exits with 4', async () => {
    const { text, exitCode } = await run(new SettledExperiments(aResult(false)), 'run', 'delete-pod')
    expect(text).toMatch(/DaemonSet +no +AGAINST THE EXPECTATION: yes \(facts 4\)/)
    expect(text).toContain('1 as expected, 1 AGAINST THE EXPECTATION')
    expect(exitCode).toBe(4)
  })

  it.each([
    ['cancelled', {}, 130, 'Cancelled'],
    ['failed', { message: 'node01 is off' }, 1, 'Failed: node01 is off'],
    ['cancelled', { notRestored: 'the taint of node01' }, 1, 'NOT PUT BACK: the taint of node01'],
  ] as const)('when it is %s %j, then the exit code is %i and it is said', async (outcome, more, code, words) => {
    const service = new SettledExperiments({ ...aResult(true), outcome, sides: [], ...more })
    const { text, exitCode } = await run(service, 'run', 'delete-pod')
    expect(text).toContain(words)
    expect(exitCode).toBe(code)
  })

  it('when a question could not be answered, then the exit code is 1 and it says why', async () => {
    const unanswered: Observed = {
      ...{ observation: 'ended', verdict: 'unanswered', message: 'no such key', observedAt: A_TIME, evidence: [] },
    }
    const service = new SettledExperiments({ ...aResult(true), sides: [{ side: 'static', observed: [unanswered] }] })
    const { text, exitCode } = await run(service, 'run', 'delete-pod')
    expect(text).toContain('unanswered: no such key')
    expect(exitCode).toBe(1)
  })
})

describe('given no such experiment', () => {
  it('when its name is nearly right, then it is wrong usage, and the right one is named', async () => {
    const outcome = run(new SettledExperiments(aResult(true)), 'run', 'delete-pot')
    await expect(outcome).rejects.toThrow(UsageError)
    await expect(outcome).rejects.toThrow('Did you mean delete-pod?')
  })

  it('when it is run, then nothing is asked of the lab', async () => {
    const service = new SettledExperiments(aResult(true))
    await expect(run(service, 'run', 'luck')).rejects.toThrow('There is no experiment "luck". See')
    expect(service.asked).toEqual([])
  })
})

describe('given somebody who guesses', () => {
  it('when it is run, then question, guesses and node stand before, the explanation only in the result', async () => {
    const { text, notes } = await run(new SettledExperiments(aResult(true)), 'run', 'delete-pod')
    expect(notes).toMatch(/^Delete the pod, on node02\nWhat becomes of both\?\n\n.*\n {2}one-ends +Only one ends\./)
    expect(notes).not.toContain('Watch the container.')
    expect(text).toMatch(/Why it is worth seeing\n +Watch the container\.\n\nThe lab is as it was before\.$/)
  })

  it('when one experiment is listed, then its guesses are there, and not its explanation', async () => {
    const { text } = await run(new SettledExperiments(aResult(true)), 'list', 'delete-pod')
    expect(text).toMatch(/about 30 s[^]*both-end +Both end\.$/)
    expect(text).not.toContain('Watch the container.')
  })

  it('when the guess was wrong, then it says which one held', async () => {
    const result = { ...aResult(true), hypothesis: { name: 'both-end', held: false } }
    const { text } = await run(new SettledExperiments(result), 'run', 'delete-pod', '--guess', 'both-end')
    expect(text).toContain('The guess was wrong: Both end.\nThis one held: Only one ends. (one-ends)')
  })

  it('when it is cancelled, then that is said at once, and at the end that the lab is as before', async () => {
    const interruption = new AbortController()
    const service = new SettledExperiments({ ...aResult(true), outcome: 'cancelled', sides: [] })
    service.onBegun = () => interruption.abort()
    const { text, notes } = await runUntil(interruption.signal, service, ['run', 'delete-pod'])
    expect(notes).toMatch(/Cancelled: putting the lab back \.\.\.$/)
    expect(text).toMatch(/^Cancelled\n[^]*\nThe lab is as it was before\.$/)
  })
})

describe('given a run that was killed', () => {
  const left = { experiment: 'taint', message: '2 changes are left' }

  it.each([['results'], ['table'], ['show', 'r-1']])('when `%s` is asked for, then it warns', async (...words) => {
    const service = new SettledExperiments(aResult(true))
    service.left = left
    const { notes } = await run(service, ...words, '--lab', 't')
    expect(notes).toBe(
      'An experiment (taint) was cut short: 2 changes are left. Run: node-lab experiment restore --lab t',
    )
  })

  it('when the state is asked for, then the lab is put back first', async () => {
    const service = new SettledExperiments(aResult(true))
    service.left = left
    const { notes, text } = await run(service, 'state')
    expect(notes).toBe(
      'An experiment (taint) was cut short: putting back what it changed\nThe lab is as it was before.',
    )
    expect(text).toBe('There are no agents in the lab "default".')
    expect(service.left).toBeUndefined()
  })
})

describe('given a lab in which nothing was run', () => {
  it('when the table is asked for, then it has a dash, and the experiment that fills it', async () => {
    const service = new SettledExperiments(aResult(true))
    service.kept = []
    expect((await run(service, 'table')).text).toMatch(/Can be deleted +- +- +delete-pod$/)
  })
})
