/** A manifest is removed (REPORT.md §3). */
import { IGNORES_TERM, obeysTerm } from '../../workloads.ts'
import type { Workload } from '../../workloads.ts'
import { brief } from '../../recorded/recorded-case.ts'
import { defineKubeletCases } from '../kubelet-case.ts'
import type { KubeletCase } from '../kubelet-case.ts'
import type { KubeletWorld } from '../kubelet-world.ts'
import { onePod } from '../pod-plan.ts'
import { nominally, starting } from './steps.ts'

const CUT_OFF =
  'A pod is given its grace period, whether it has volumes or not; then its containers are killed, and its sandbox after them.'
const ORPHANED = { anomaly: '3' } as const
/** The clean-up killed all processes in whatever order. */
const SANDBOX_FIRST = ['sandbox 0 stopped', 'c 0 exited 137']
const CONTAINER_FIRST = SANDBOX_FIRST.toReversed()
const SECONDS_TO_THE_END = 'seconds from SIGTERM to the end'

/** A hook that takes so long. */
function obeysTermWithHook(seconds: number): Workload {
  const { script, behaviour } = obeysTerm(0)
  return { script, behaviour: { ...behaviour, exec: () => ({ afterMs: seconds * 1000 }) } }
}

async function untilNothingIsLeft(world: KubeletWorld): Promise<string[]> {
  await world.sees('runtime', 'sandbox 0 stopped')
  // The recorded collector went round once a minute.
  await world.pass(world.isReal ? 2 : 60)
  return world.leftovers()
}

/** Ignores SIGTERM and has no volume: the recorded one was killed by the clean-up of its cgroup. */
function ignoresTerm(
  graceSeconds: number,
  end: { recordedSeconds: number; recordedEnd: readonly string[]; ourSeconds: number },
  worlds: KubeletCase['worlds'],
): KubeletCase {
  const { recordedSeconds, recordedEnd, ourSeconds } = end
  return {
    given: `a container that ignores SIGTERM, with a grace period of ${graceSeconds} s and no volumes`,
    when: 'its manifest is removed',
    then: 'it is given its grace period',
    source: { section: '3', recordings: [`03-remove-ignores-sigterm-grace${graceSeconds}.txt`] },
    worlds,
    async steps(world) {
      await world.running(onePod(IGNORES_TERM, { terminationGracePeriodSeconds: graceSeconds }))
      await world.remove()
      await untilNothingIsLeft(world)
      const termSeconds = world.trace.secondsTo('runtime', 'c 0 SIGTERM') ?? Number.NaN
      const endSeconds = world.trace.secondsTo('runtime', 'c 0 exited 137') ?? Number.NaN
      const seconds = Math.round((endSeconds - termSeconds) * 1000) / 1000
      return { [SECONDS_TO_THE_END]: nominally(world, seconds, ourSeconds) }
    },
    recorded: {
      states: ['gone'],
      runtime: ['c 0 SIGTERM', ...recordedEnd],
      events: ['Killing c: Stopping container c'],
      findings: { [SECONDS_TO_THE_END]: recordedSeconds },
    },
    differs: [
      {
        reason: CUT_OFF,
        because: ORPHANED,
        instead: {
          runtime: ['c 0 SIGTERM', 'c 0 SIGKILL', 'c 0 exited 137', 'sandbox 0 stopped'],
          findings: { [SECONDS_TO_THE_END]: ourSeconds },
        },
      },
    ],
  }
}

export const REMOVE_CASES = defineKubeletCases({
  remove: {
    given: 'a running pod whose container exits on SIGTERM',
    when: 'its manifest is removed',
    then: 'the pod is not listed any more, its container is stopped, then its sandbox, and nothing is left of it',
    source: { section: '3', recordings: ['03-remove-timeline-sigterm-handled.txt', '01-latency.json'] },
    worlds: ['clock', 'engine'],
    alone: true,
    async steps(world) {
      await world.running(onePod(obeysTerm(0)))
      await world.remove()
      return { 'what is left after the next collection': await untilNothingIsLeft(world) }
    },
    recorded: {
      states: ['gone'],
      runtime: ['c 0 SIGTERM', 'c 0 exited 0', 'sandbox 0 stopped'],
      events: ['Killing c: Stopping container c'],
      findings: { 'what is left after the next collection': [] },
      timings: [
        { kind: 'states', to: 'gone', seconds: 0.045 },
        { kind: 'runtime', to: 'c 0 SIGTERM', seconds: 0.025 },
        { kind: 'runtime', to: 'sandbox 0 stopped', seconds: 0.16 },
      ],
    },
  },
  'ignores-grace0': ignoresTerm(0, { recordedSeconds: 0.982, recordedEnd: SANDBOX_FIRST, ourSeconds: 2 }, ['clock']),
  'ignores-grace1': ignoresTerm(1, { recordedSeconds: 0.707, recordedEnd: SANDBOX_FIRST, ourSeconds: 2 }, ['clock']),
  'ignores-grace5': ignoresTerm(5, { recordedSeconds: 1.02, recordedEnd: CONTAINER_FIRST, ourSeconds: 5 }, [
    'clock',
    'engine',
  ]),
  'ignores-grace30': ignoresTerm(30, { recordedSeconds: 1.271, recordedEnd: SANDBOX_FIRST, ourSeconds: 30 }, ['clock']),
  'ignores-volume': {
    given: 'a container that ignores SIGTERM, with a grace period of 8 s and an emptyDir volume',
    when: 'its manifest is removed',
    then: 'it gets SIGTERM at once and SIGKILL after 8 s, and its sandbox is stopped when it is dead',
    source: { section: '3', recordings: ['03-remove-ignores-sigterm-grace8-with-emptyDir.txt'] },
    worlds: ['clock', 'engine'],
    async steps(world) {
      const volumes = [{ name: 'v', emptyDir: {} }]
      await world.running(
        onePod(
          IGNORES_TERM,
          { terminationGracePeriodSeconds: 8, volumes },
          { volumeMounts: [{ name: 'v', mountPath: '/v' }] },
        ),
      )
      await world.remove()
      await untilNothingIsLeft(world)
    },
    recorded: {
      states: ['gone'],
      runtime: ['c 0 SIGTERM', 'c 0 SIGKILL', 'c 0 exited 137', 'sandbox 0 stopped'],
      timings: [
        { kind: 'states', to: 'gone', seconds: 0.045 },
        { kind: 'runtime', to: 'c 0 SIGKILL', seconds: 8.084 },
      ],
    },
  },
  'two-containers': {
    given: 'a pod with two containers, of which one ignores SIGTERM, and a grace period of 6 s',
    when: 'its manifest is removed',
    then: 'both get SIGTERM at once, the one is killed after its grace, and the sandbox is stopped after both',
    source: { section: '3', recordings: ['03-remove-two-containers-grace6.txt'] },
    worlds: ['clock', 'engine'],
    async steps(world) {
      await world.running({
        containers: [
          { name: 'a', runs: IGNORES_TERM },
          { name: 'b', runs: obeysTerm(0) },
        ],
        spec: { terminationGracePeriodSeconds: 6 },
      })
      await world.remove()
      await untilNothingIsLeft(world)
    },
    recorded: {
      states: ['gone'],
      runtime: [['a 0 SIGTERM', 'b 0 SIGTERM'], 'b 0 exited 0', 'a 0 exited 137', 'sandbox 0 stopped'],
      events: [['Killing a: Stopping container a', 'Killing b: Stopping container b']],
    },
    differs: [
      {
        reason: CUT_OFF,
        because: ORPHANED,
        instead: {
          runtime: [
            ['a 0 SIGTERM', 'b 0 SIGTERM'],
            'b 0 exited 0',
            'a 0 SIGKILL',
            'a 0 exited 137',
            'sandbox 0 stopped',
          ],
        },
      },
    ],
  },
  'prestop-sleep4': {
    given: 'a container with a preStop hook that takes 4 s',
    when: 'its manifest is removed',
    then: 'the hook runs to its end, then comes SIGTERM',
    source: { section: '3', recordings: ['03-remove-prestop-sleep4.txt'] },
    worlds: ['clock', 'engine'],
    async steps(world) {
      const preStop = { exec: { command: ['sh', '-c', 'echo prestop > /tmp/x; sleep 4'] } }
      await world.running(onePod(obeysTermWithHook(4), {}, { lifecycle: { preStop } }))
      await world.remove()
      await untilNothingIsLeft(world)
      const seconds = world.trace.secondsTo('runtime', 'c 0 SIGTERM') ?? Number.NaN
      return { 'SIGTERM comes before the hook has ended': seconds < 4 }
    },
    recorded: {
      states: ['gone'],
      runtime: ['c 0 exec sh -c echo prestop > /tmp/x; sleep 4', 'c 0 SIGTERM', 'sandbox 0 stopped', 'c 0 exited 137'],
      findings: { 'SIGTERM comes before the hook has ended': true },
    },
    differs: [
      {
        reason: CUT_OFF,
        because: ORPHANED,
        instead: {
          runtime: [
            'c 0 exec sh -c echo prestop > /tmp/x; sleep 4',
            'c 0 SIGTERM',
            'c 0 exited 0',
            'sandbox 0 stopped',
          ],
          findings: { 'SIGTERM comes before the hook has ended': false },
        },
      },
    ],
  },
  'prestop-sleep60': {
    given: 'a container with a preStop hook that takes 60 s, and a grace period of 3 s',
    when: 'its manifest is removed',
    then: 'the hook is given up at the end of the grace, then comes SIGTERM',
    source: { section: '3', recordings: ['03-remove-prestop-sleep60-grace3.txt'] },
    worlds: ['clock', 'engine'],
    async steps(world) {
      const preStop = { exec: { command: ['sh', '-c', 'sleep 60'] } }
      await world.running(
        onePod(obeysTermWithHook(60), { terminationGracePeriodSeconds: 3 }, { lifecycle: { preStop } }),
      )
      await world.remove()
      await untilNothingIsLeft(world)
      const seconds = world.trace.secondsTo('runtime', 'c 0 SIGTERM') ?? Number.NaN
      return { 'SIGTERM comes before the grace is over': seconds < 3 }
    },
    recorded: {
      states: ['gone'],
      runtime: ['c 0 exec sh -c sleep 60', 'c 0 SIGTERM', 'sandbox 0 stopped', 'c 0 exited 137'],
      findings: { 'SIGTERM comes before the grace is over': true },
    },
    differs: [
      {
        reason: CUT_OFF,
        because: ORPHANED,
        instead: {
          runtime: ['c 0 exec sh -c sleep 60', 'c 0 SIGTERM', 'c 0 exited 0', 'sandbox 0 stopped'],
          findings: { 'SIGTERM comes before the grace is over': false },
        },
      },
    ],
  },
  readd: {
    given: 'a removed pod whose container still ends, with a grace period of 6 s and a volume',
    when: 'the same manifest is back in the folder',
    then: 'the end is not called off; then the pod is made anew, as the second attempt of the same pod',
    source: { section: '3', recordings: [] },
    worlds: ['clock', 'engine'],
    async steps(world) {
      const plan = onePod(IGNORES_TERM, { terminationGracePeriodSeconds: 6, volumes: [{ name: 'v', emptyDir: {} }] })
      await world.running(plan)
      await world.remove()
      // The view of a real node is some tenths of a second behind its engine.
      await world.sees('runtime', 'c 0 SIGTERM')
      await world.sees('states', 'gone')
      await world.start(plan)
      await world.sees('runtime', 'c 1 started')
      await world.sees('states', 'Running, ready; c running, last exited 137 Error, restarts 1')
    },
    recorded: {
      runtime: [
        'c 0 SIGTERM',
        'c 0 SIGKILL',
        'c 0 exited 137',
        'sandbox 0 stopped',
        'sandbox 1 started',
        'c 1 started',
      ],
      states: [
        'gone',
        'Running, ready; c running',
        brief('Running, unready [c]; c exited 137 Error'),
        'Running, ready; c running, last exited 137 Error, restarts 1',
      ],
    },
  },
  'removed-at-once': {
    given: 'a pod that has just become ready',
    when: 'its manifest is removed',
    then: 'it ends, and is not started again',
    source: { section: '3', recordings: ['03-removed-pod-comes-back-briefly.json'] },
    worlds: ['clock', 'engine'],
    async steps(world) {
      await world.start(onePod(obeysTerm(0)))
      await world.sees('states', 'Running, ready; c running')
      await world.remove()
      await world.sees('states', 'gone')
      await world.sees('runtime', 'sandbox 0 stopped')
      await world.pass(3)
      const starts = world.trace.lines('runtime').filter((line) => line.endsWith(' started'))
      return { starts }
    },
    recorded: {
      states: [...starting('c'), 'Running, ready; c running', 'gone'],
      findings: { starts: ['sandbox 0 started', 'c 0 started', 'sandbox 1 started', 'c 1 started'] },
    },
    differs: [
      {
        reason: 'What has been removed starts nothing any more.',
        because: ORPHANED,
        instead: { findings: { starts: ['sandbox 0 started', 'c 0 started'] } },
      },
    ],
  },
})
