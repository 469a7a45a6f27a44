import { Command } from 'commander'
import { describe, expect, it } from 'vitest'
import { FakeClock } from '../../../base/testing/fake-clock.ts'
import type { Experiment } from '../../../common/experiments/experiment.ts'
import type { ExperimentResult, Observed } from '../../../common/experiments/experiment-run.ts'
import type { ActionLook, PodLook } from '../../../common/experiments/side-record.ts'
import type { ExperimentService, RunExperimentOptions } from '../../../lab/experiments/experiment-service.ts'
import { FakeExperiments } from '../../testing/fake-experiments.ts'
import { UsageError } from '../exit-codes.ts'
import { addExperimentCommands } from './experiment-commands.ts'

const A_TIME = '2026-01-01T10:00:00.000Z'

const experiment: Experiment = {
  name: 'delete-pod',
  title: { en: 'Delete the pod', ko: '파드 삭제' },
  question: { en: 'What becomes of both?', ko: '둘은 어떻게 될까요?' },
  explanation: { en: 'Watch the container.', ko: '컨테이너를 지켜보세요.' },
  seconds: 30,
  workers: 1,
  hypotheses: [{ name: 'one-ends', text: { en: 'Only one ends.', ko: '하나만 끝난다.' }, holds: '!static.ended' }],
  steps: [],
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
    return this.result
  }
}

async function runWords(service: ExperimentService, ...words: string[]): Promise<{ text: string; exitCode: number }> {
  const printed: string[] = []
  let exitCode = 0
  const nothing = (): void => undefined
  const program = new Command().exitOverride()
  addExperimentCommands(program, {
    terminal: { print: (line) => printed.push(line), write: nothing, note: nothing, progress: nothing, done: nothing },
    clock: new FakeClock(),
    signal: new AbortController().signal,
    labManager: () => Promise.reject(new Error('no lab manager here')),
    experiments: () => Promise.resolve(service),
    untilPutBack: (work) => work,
    exitWith: (code) => {
      exitCode = code
    },
  })
  await program.parseAsync(['experiment', ...words], { from: 'user' })
  return { text: printed.join('\n'), exitCode }
}

describe('given an experiment that goes as expected', () => {
  const service = new SettledExperiments(aResult(true))

  it('when it is run with a guess, then both answers are told with what shows them, and the exit code is 0', async () => {
    const { text, exitCode } = await runWords(service, 'run', 'delete-pod', '--guess', 'one-ends', '--deployment')
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
    const { text } = await runWords(service, 'run', 'delete-pod', '--json')
    expect(JSON.parse(text)).toEqual(service.result)
  })

  it('when a guess is none of its own, then those that are stand in the complaint, and nothing is run', async () => {
    const untouched = new SettledExperiments(aResult(true))
    const outcome = runWords(untouched, 'run', 'delete-pod', '--guess', 'luck')
    await expect(outcome).rejects.toThrow(UsageError)
    await expect(outcome).rejects.toThrow('one-ends: Only one ends.')
    expect(untouched.asked).toEqual([])
  })

  it('when its result is shown, then all evidence of each answer is there', async () => {
    const { text } = await runWords(service, 'show', 'r-1')
    expect(text.match(/delete-pod: pod deleted/g)).toHaveLength(2)
    expect(text.match(/pod agent-x7k2p/g)).toHaveLength(2)
    await expect(runWords(service, 'show', 'r-2')).rejects.toThrow('no result "r-2"')
  })

  it('when the table is asked for, then the row has the answer of each side, in each format', async () => {
    expect((await runWords(service, 'table')).text).toMatch(/Can be deleted.*\|.*no.*\|.*yes/i)
    expect((await runWords(service, 'table', '--format', 'html', '--language', 'ko')).text).toContain('삭제 가능')
    const { text } = await runWords(service, 'table', '--format', 'json')
    expect(JSON.parse(text)).toMatchObject([
      { row: { name: 'deletable' }, cells: [{ answers: [{ answer: false }] }, { answers: [{ answer: true }] }, {}] },
    ])
    await expect(runWords(service, 'table', '--format', 'png')).rejects.toThrow(/Allowed choices/)
  })
})

describe('given an experiment that goes otherwise', () => {
  it('when something is against the expectation, then it says what was expected and why, and exits with 4', async () => {
    const { text, exitCode } = await runWords(new SettledExperiments(aResult(false)), 'run', 'delete-pod')
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
    const { text, exitCode } = await runWords(service, 'run', 'delete-pod')
    expect(text).toContain(words)
    expect(exitCode).toBe(code)
  })

  it('when a question could not be answered, then the exit code is 1 and it says why', async () => {
    const unanswered: Observed = {
      ...{ observation: 'ended', verdict: 'unanswered', message: 'no such key', observedAt: A_TIME, evidence: [] },
    }
    const service = new SettledExperiments({ ...aResult(true), sides: [{ side: 'static', observed: [unanswered] }] })
    const { text, exitCode } = await runWords(service, 'run', 'delete-pod')
    expect(text).toContain('unanswered: no such key')
    expect(exitCode).toBe(1)
  })
})

describe('given no such experiment', () => {
  it('when it is run, then nothing is asked of the lab', async () => {
    const service = new SettledExperiments(aResult(true))
    await expect(runWords(service, 'run', 'luck')).rejects.toThrow('there is no experiment "luck"')
    expect(service.asked).toEqual([])
  })
})
