/** Exits, restarts and back-off (REPORT.md §2). */
import { exitsWith } from '../../workloads.ts'
import type { Workload } from '../../workloads.ts'
import { defineKubeletCases } from '../kubelet-case.ts'
import type { Difference, KubeletCase } from '../kubelet-case.ts'
import type { KubeletWorld } from '../kubelet-world.ts'
import { onePod } from '../pod-plan.ts'
import type { PodPlan } from '../pod-plan.ts'
import { crashLadder, nominally, shortRun, starting } from './steps.ts'

const LADDER = ['10s', '20s', '40s', '1m20s', '2m40s', '5m0s', '5m0s', '5m0s']
const NOMINAL_SECONDS = [0, 10, 20, 40, 80, 160, 300, 300]
const RUNGS_OF_400 = [0, 10, 20, 40]
const RUNGS_OF_660 = [0, 10, 20, 0, 10, 20]

const WAITS = 'seconds from each exit to the next start'

function runsFor(seconds: number, exitCode: number): Workload {
  return { script: `exit ${exitCode}`, behaviour: { exitAfterMs: seconds * 1000, exitCode } }
}

const CRASH = runsFor(0.1, 1)

/** Crashes at once, except in its fourth run; a real one counts its runs in a volume. */
function runsLongTheFourthTime(seconds: number): PodPlan {
  const script = `echo >> /v/runs; [ $(wc -l < /v/runs) -ne 4 ] || sleep ${seconds}; exit 1`
  const crash = { script, behaviour: CRASH.behaviour }
  return onePod(
    [crash, crash, crash, runsFor(seconds, 1), crash],
    { volumes: [{ name: 'v', emptyDir: {} }] },
    { volumeMounts: [{ name: 'v', mountPath: '/v' }] },
  )
}

/** The waits in whole seconds; those of a real node that are as long as these or a bit longer count as these. */
function waitsLike(world: KubeletWorld, nominal: readonly number[]): number[] {
  return world.trace.restartWaits('c').map((wait, index) => nominally(world, wait, nominal[index] ?? Number.NaN))
}

function attemptsOf(count: number, exitCode: number): string[] {
  return Array.from({ length: count }, (_, attempt) => [
    `c ${attempt} started`,
    `c ${attempt} exited ${exitCode}`,
  ]).flat()
}

async function climb(world: KubeletWorld, waiting: string, attempt: number): Promise<void> {
  await world.until(`attempt ${attempt} to wait`, () => {
    const last = world.trace.lines('states').at(-1) ?? ''
    return last.includes(waiting) && last.endsWith(`restarts ${attempt}`)
  })
}

const LOOKS_WHEN_IT_IS_OVER: Difference = {
  reason: 'The kubelet looks again when the back-off is over, not at the next of its looks 10 to 15 s apart.',
  because: { facts: '2.1, 2.2.1' },
  instead: { findings: { [WAITS]: NOMINAL_SECONDS } },
}

function ladderCase(
  words: Pick<KubeletCase, 'given' | 'then'>,
  file: string,
  run: { exitCode: number; ended: string; restartPolicy: 'Always' | 'OnFailure'; recordedWaits: number[] },
  worlds: KubeletCase['worlds'] = ['clock'],
): KubeletCase {
  const { exitCode, ended, restartPolicy, recordedWaits } = run
  return {
    ...words,
    source: { section: '2', recordings: [file, '02-restart-waits.json', '02-status-sequences.json'] },
    worlds,
    async steps(world) {
      await world.start(onePod(runsFor(0.1, exitCode), { restartPolicy }))
      await climb(world, LADDER.at(-1) ?? '', LADDER.length)
      return { [WAITS]: waitsLike(world, NOMINAL_SECONDS) }
    },
    recorded: {
      states: [...starting('c'), ...crashLadder(ended, LADDER)],
      runtime: ['sandbox 0 started', ...attemptsOf(LADDER.length + 1, exitCode)],
      findings: { [WAITS]: recordedWaits },
    },
    differs: [LOOKS_WHEN_IT_IS_OVER],
  }
}

function endsFor(
  words: Pick<KubeletCase, 'given' | 'when' | 'then'>,
  file: string,
  run: { exitCode: number; restartPolicy: 'Never' | 'OnFailure'; recorded: string; ours: string; because: string },
): KubeletCase {
  return {
    ...words,
    source: { section: '2', recordings: [file, '02-status-sequences.json'] },
    worlds: ['clock', 'engine'],
    async steps(world) {
      await world.start(onePod(exitsWith(run.exitCode), { restartPolicy: run.restartPolicy }))
      await world.sees('runtime', 'sandbox 0 stopped')
      await world.pass(world.isReal ? 1 : 900)
      return { 'what is left': await world.leftovers() }
    },
    recorded: {
      states: [...starting('c'), shortRun(0, ''), run.recorded],
      runtime: ['sandbox 0 started', 'c 0 started', `c 0 exited ${run.exitCode}`, 'sandbox 0 stopped'],
      findings: { 'what is left': ['c 0 exited', 'sandbox 0 stopped'] },
    },
    differs: [{ reason: run.because, because: { facts: '2.7.2' }, lines: { [run.recorded]: run.ours } }],
  }
}

const COMPLETED = {
  recorded: 'Succeeded, unready [c]; c exited 0 Completed',
  ours: 'Succeeded, not ready (PodCompleted); c exited 0 Completed',
  because: 'The conditions of a pod that has done its work say so as their reason.',
} as const

export const CRASH_CASES = defineKubeletCases({
  'crash-a': ladderCase(
    {
      given: 'a container that exits with 1 at once',
      then: 'it is restarted after 0, 10, 20, 40, 80, 160, 300, 300 seconds, and says so while it waits',
    },
    '02-crash-a.txt',
    {
      exitCode: 1,
      ended: 'exited 1 Error',
      restartPolicy: 'Always',
      recordedWaits: [2, 16, 27, 49, 82, 164, 303, 309],
    },
    ['clock', 'full'],
  ),
  'done-always': ladderCase(
    {
      given: 'a container that exits with 0 at once, and restartPolicy Always',
      then: 'the back-off is that of a crash',
    },
    '02-done-always.txt',
    {
      exitCode: 0,
      ended: 'exited 0 Completed',
      restartPolicy: 'Always',
      recordedWaits: [3, 17, 25, 55, 83, 164, 303, 312],
    },
  ),
  'fail-onfail': ladderCase(
    {
      given: 'a container that exits with 3 at once, and restartPolicy OnFailure',
      then: 'the back-off is that of a crash',
    },
    '02-fail-onfail.txt',
    {
      exitCode: 3,
      ended: 'exited 3 Error',
      restartPolicy: 'OnFailure',
      recordedWaits: [2, 17, 26, 41, 94, 161, 303, 311],
    },
  ),
  'done-onfail': endsFor(
    {
      given: 'a pod with restartPolicy OnFailure',
      when: 'its container exits with 0',
      then: 'the pod has Succeeded, its sandbox is stopped and nothing is started again',
    },
    '02-done-onfail.txt',
    { exitCode: 0, restartPolicy: 'OnFailure', ...COMPLETED },
  ),
  'done-never': endsFor(
    {
      given: 'a pod with restartPolicy Never',
      when: 'its container exits with 0',
      then: 'the pod has Succeeded, its sandbox is stopped and nothing is started again',
    },
    '02-done-never.txt',
    { exitCode: 0, restartPolicy: 'Never', ...COMPLETED },
  ),
  'fail-never': endsFor(
    {
      given: 'a pod with restartPolicy Never',
      when: 'its container exits with 3',
      then: 'the pod is Failed, its sandbox is stopped and nothing is started again',
    },
    '02-fail-never.txt',
    {
      exitCode: 3,
      restartPolicy: 'Never',
      recorded: 'Failed, unready [c]; c exited 3 Error',
      ours: 'Failed, not ready (PodFailed); c exited 3 Error',
      because: 'The conditions of a pod that has failed say so as their reason.',
    },
  ),
  'crash-loop': {
    given: 'a container that exits with 1 at once, on a real node',
    then: 'it is restarted at once, then waits 10 seconds, is restarted, and waits 20; only the newest dead one is kept',
    source: { section: '2', recordings: ['02-crash-a.txt'] },
    worlds: ['clock', 'engine'],
    async steps(world) {
      await world.start(onePod(exitsWith(1)))
      await climb(world, '20s', 2)
      const waits = world.trace.restartWaits('c')
      return {
        'waits shorter than 0 and 10 seconds': waits.filter((wait, index) => wait < (NOMINAL_SECONDS[index] ?? 0)),
        'what is left': await world.leftovers(),
      }
    },
    recorded: {
      states: [...starting('c'), ...crashLadder('exited 1 Error', ['10s', '20s'])],
      runtime: ['sandbox 0 started', ...attemptsOf(3, 1)],
      findings: { 'waits shorter than 0 and 10 seconds': [], 'what is left': ['c 2 exited', 'sandbox 0 ready'] },
    },
  },
  'reset-400': {
    given: 'a container that has crashed three times',
    when: 'it runs for 400 seconds and crashes',
    then: 'it waits the next time of the ladder, 40 seconds',
    source: { section: '2', recordings: ['02-reset-400.txt', '02-restart-waits.json'] },
    worlds: ['clock', 'full'],
    async steps(world) {
      await world.start(runsLongTheFourthTime(400))
      await climb(world, '1m20s', 4)
      return { [WAITS]: waitsLike(world, RUNGS_OF_400) }
    },
    recorded: {
      findings: { [WAITS]: [2, 14, 27, 48] },
    },
    differs: [
      {
        ...LOOKS_WHEN_IT_IS_OVER,
        instead: { findings: { [WAITS]: RUNGS_OF_400 } },
      },
    ],
  },
  'reset-660': {
    given: 'a container that has crashed three times',
    when: 'it runs for 660 seconds and crashes',
    then: 'it is restarted at once, and the ladder begins anew with 10 seconds',
    source: { section: '2', recordings: ['02-reset-660.txt', '02-restart-waits.json'] },
    worlds: ['clock', 'full'],
    async steps(world) {
      await world.start(runsLongTheFourthTime(660))
      await climb(world, '40s', 6)
      return { [WAITS]: waitsLike(world, RUNGS_OF_660) }
    },
    recorded: {
      findings: { [WAITS]: [1, 15, 26, 0, 14, 26] },
    },
    differs: [
      {
        ...LOOKS_WHEN_IT_IS_OVER,
        instead: { findings: { [WAITS]: RUNGS_OF_660 } },
      },
    ],
  },
})
