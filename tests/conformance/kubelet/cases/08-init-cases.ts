/** Init containers (REPORT.md §8). */
import { exitsWith, obeysTerm } from '../../workloads.ts'
import type { Workload } from '../../workloads.ts'
import { brief, passing } from '../../recorded/recorded-case.ts'
import { defineKubeletCases } from '../kubelet-case.ts'
import type { Step } from '../../recorded/recorded-case.ts'
import type { ContainerPlan, PodPlan } from '../pod-plan.ts'

function takes(seconds: number): Workload {
  return { script: `sleep ${seconds}`, behaviour: { exitAfterMs: seconds * 1000 } }
}

function initPlan(initContainers: ContainerPlan[], spec: PodPlan['spec'] = {}): PodPlan {
  return { initContainers, containers: [{ name: 'c', runs: obeysTerm(0) }], spec }
}

const WAITING = 'waiting PodInitializing'

/** The pod until its first init container runs. */
const BEGINNING: readonly Step[] = [
  brief('Pending, no conditions'),
  `Pending, uninitialized [i1 i2], unready [c]; i1 ${WAITING}; i2 ${WAITING}; c ${WAITING}`,
]

function failing(i1: string): string {
  return `Pending, uninitialized [i1 i2], unready [c]; i1 ${i1}; i2 ${WAITING}; c ${WAITING}`
}

function failures(waits: readonly string[]): Step[] {
  return waits.flatMap((wait, index) => {
    const tail = `last exited 7 Error, restarts ${index + 1}`
    return [
      brief(failing(`running, not started, not ready, ${tail}`)),
      passing(failing(`exited 7 Error, ${tail}`)),
      failing(`waiting CrashLoopBackOff "back-off ${wait} restarting failed container=i1 pod=POD", ${tail}`),
    ]
  })
}

export const INIT_CASES = defineKubeletCases({
  'i-ok': {
    given: 'a pod with two init containers that succeed',
    then: 'they run one after another, and the app container after both',
    source: { section: '8', recordings: ['08-init-success.txt', '08-init-success.status.json'] },
    worlds: ['clock', 'engine'],
    async steps(world) {
      await world.start(
        initPlan([
          { name: 'i1', runs: takes(2) },
          { name: 'i2', runs: takes(1) },
        ]),
      )
      await world.sees(
        'states',
        'Running, ready; i1 exited 0 Completed, ready; i2 exited 0 Completed, ready; c running',
      )
      await world.sees('events', 'Started c')
    },
    recorded: {
      states: [
        ...BEGINNING,
        passing(
          `Pending, uninitialized [i1 i2], unready [c]; i1 running, not started, not ready; i2 ${WAITING}; c ${WAITING}`,
        ),
        passing(`Pending, uninitialized [i2], unready [c]; i1 exited 0 Completed, ready; i2 ${WAITING}; c ${WAITING}`),
        passing(
          `Pending, uninitialized [i2], unready [c]; i1 exited 0 Completed, ready; i2 running, not started, not ready; c ${WAITING}`,
        ),
        passing(`Pending, unready [c]; i1 exited 0 Completed, ready; i2 exited 0 Completed, ready; c ${WAITING}`),
        'Running, ready; i1 exited 0 Completed, ready; i2 exited 0 Completed, ready; c running',
      ],
      runtime: [
        'sandbox 0 started',
        ...['i1 0 started', 'i1 0 exited 0'],
        ...['i2 0 started', 'i2 0 exited 0'],
        'c 0 started',
      ],
      events: ['i1', 'i2', 'c'].flatMap((name) => [`Pulled ${name}`, `Created ${name}`, `Started ${name}`]),
      timings: [{ kind: 'runtime', to: 'c 0 started', seconds: 6.946 }],
    },
  },
  'i-bad': {
    given: 'a pod with restartPolicy Always and an init container that fails each time',
    then: 'the init container is restarted with back-off, nothing else is started, and the pod stays Pending',
    source: { section: '8', recordings: ['08-init-fail-always.txt', '08-init-fail-always.status.json'] },
    worlds: ['clock', 'engine'],
    async steps(world) {
      const fails: ContainerPlan = {
        name: 'i1',
        runs: { ...exitsWith(7), behaviour: { exitAfterMs: 50, exitCode: 7 } },
      }
      await world.start(initPlan([fails, { name: 'i2', runs: exitsWith(0) }]))
      await world.until('the back-off', () => world.trace.lines('states').at(-1)?.includes('back-off 10s') === true)
    },
    recorded: {
      states: [
        ...BEGINNING,
        brief(failing('running, not started, not ready')),
        passing(failing('exited 7 Error')),
        ...failures(['10s']),
      ],
      runtime: [
        'sandbox 0 started',
        ...[0, 1].flatMap((attempt) => [`i1 ${attempt} started`, `i1 ${attempt} exited 7`]),
      ],
    },
  },
  'i-never': {
    given: 'a pod with restartPolicy Never',
    when: 'its init container fails',
    then: 'the pod has Failed, its sandbox is stopped, and nothing else was started',
    source: { section: '8', recordings: ['08-init-fail-never.txt', '08-init-fail-never.status.json'] },
    worlds: ['clock', 'engine'],
    async steps(world) {
      await world.start(initPlan([{ name: 'i1', runs: exitsWith(7) }], { restartPolicy: 'Never' }))
      await world.sees('runtime', 'sandbox 0 stopped')
      await world.pass(world.isReal ? 1 : 300)
    },
    recorded: {
      states: [
        brief('Pending, no conditions'),
        `Pending, uninitialized [i1], unready [c]; i1 ${WAITING}; c ${WAITING}`,
        brief(`Pending, uninitialized [i1], unready [c]; i1 running, not started, not ready; c ${WAITING}`),
        `Failed, uninitialized [i1], unready [c]; i1 exited 7 Error; c ${WAITING}`,
      ],
      runtime: ['sandbox 0 started', 'i1 0 started', 'i1 0 exited 7', 'sandbox 0 stopped'],
      events: ['Pulled i1', 'Created i1', 'Started i1'],
    },
    differs: [
      {
        reason: 'The conditions of a pod that has failed say so as their reason.',
        because: { facts: '2.7.2' },
        lines: {
          [`Failed, uninitialized [i1], unready [c]; i1 exited 7 Error; c ${WAITING}`]: `Failed, uninitialized [i1], not ready (PodFailed); i1 exited 7 Error; c ${WAITING}`,
        },
      },
    ],
  },
})
