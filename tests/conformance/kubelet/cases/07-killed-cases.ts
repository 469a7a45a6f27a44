/** Containers and sandboxes that are killed or removed behind the kubelet's back (REPORT.md §2, §7). */
import { obeysTerm } from '../../workloads.ts'
import { brief, passing } from '../../recorded/recorded-case.ts'
import { defineKubeletCases } from '../kubelet-case.ts'
import type { Step } from '../../recorded/recorded-case.ts'
import type { KubeletWorld } from '../kubelet-world.ts'
import { onePod } from '../pod-plan.ts'

const C = { container: 'c' } as const

function ready(last: string, restarts: number): string {
  return `Running, ready; c running, last ${last}, restarts ${restarts}`
}

function backingOff(wait: string, last: string, restarts: number): string {
  return `Running, unready [c]; c waiting CrashLoopBackOff "back-off ${wait} restarting failed container=c pod=POD", last ${last}, restarts ${restarts}`
}

function isReady({ trace }: KubeletWorld): boolean {
  return trace.lines('states').at(-1)?.startsWith('Running, ready') === true
}

const VANISHED =
  'Running, unready [c]; c waiting ContainerCreating, last exited 137 ContainerStatusUnknown "The container could not be located when the pod was deleted.  The container used to be Running", restarts 1'

const NEW_SANDBOX = 'the new sandbox'
const ANEW = 'attempt 0, without SandboxChanged'
const CHANGED = 'attempt 1, with SandboxChanged'

/** Which of the two it is depends on whether somebody looked before the old one had gone. */
function describeNewSandbox({ trace }: KubeletWorld): string {
  const started = trace.lines('runtime').filter((line) => /^sandbox \d+ started$/.test(line))
  const isChange = trace.lines('events').some((line) => line.startsWith('SandboxChanged'))
  const attempts = started.map((line) => line.replace(/^sandbox (\d+) started$/, 'attempt $1')).join(', ')
  const seen = `${attempts}, ${isChange ? 'with' : 'without'} SandboxChanged`
  return seen === ANEW || seen === CHANGED ? `${ANEW}, or ${CHANGED}` : seen
}

/** What a listing each second may have missed. */
const MADE_ANEW: readonly Step[] = [
  brief('Running, unready [c]; c exited 0 Completed'),
  brief('Pending, unready [c]; c waiting ContainerCreating, last exited 0 Completed'),
]

export const KILLED_CASES = defineKubeletCases({
  kill9: {
    given: 'a running container',
    when: 'it is killed three times, some seconds after each start',
    then: 'it is restarted at once, after 10 s, and waits 20 s then',
    source: { section: '2', recordings: ['07-container-kill9-repeated.txt'] },
    worlds: ['clock', 'engine'],
    async steps(world) {
      await world.running(onePod(obeysTerm(0)))
      for (const restarts of [1, 2]) {
        await world.kill(C)
        await world.sees('states', ready('exited 137 Error', restarts))
        await world.pass(2)
      }
      await world.kill(C)
      await world.sees('states', backingOff('20s', 'exited 137 Error', 2))
    },
    recorded: {
      states: [
        passing('Running, unready [c]; c exited 137 Error'),
        ready('exited 137 Error', 1),
        passing('Running, unready [c]; c exited 137 Error, last exited 137 Error, restarts 1'),
        backingOff('10s', 'exited 137 Error', 1),
        ready('exited 137 Error', 2),
        passing('Running, unready [c]; c exited 137 Error, last exited 137 Error, restarts 2'),
        backingOff('20s', 'exited 137 Error', 2),
      ],
      runtime: [
        ...['c 0 SIGKILL', 'c 0 exited 137', 'c 1 started'],
        ...['c 1 SIGKILL', 'c 1 exited 137', 'c 2 started'],
        ...['c 2 SIGKILL', 'c 2 exited 137'],
      ],
      timings: [{ kind: 'runtime', to: 'c 1 started', seconds: 1.139 }],
    },
  },
  'docker-stop': {
    given: 'a running container that exits on SIGTERM',
    when: 'it is stopped through the engine',
    then: 'it is restarted at once',
    source: { section: '2', recordings: ['07-container-stopped-by-docker-stop.txt'] },
    worlds: ['clock', 'engine'],
    async steps(world) {
      await world.running(onePod(obeysTerm(0)))
      await world.stop(C)
      await world.sees('states', ready('exited 0 Completed', 1))
    },
    recorded: {
      states: [passing('Running, unready [c]; c exited 0 Completed'), ready('exited 0 Completed', 1)],
      runtime: ['c 0 SIGTERM', 'c 0 exited 0', 'c 1 started'],
      events: ['Pulled c', 'Created c', 'Started c'],
      timings: [{ kind: 'runtime', to: 'c 1 started', seconds: 1.114 }],
    },
  },
  'docker-rm': {
    given: 'a running container',
    when: 'it is removed through the engine',
    then: 'it is made anew at once',
    source: { section: '2', recordings: ['07-container-removed-rm-f.txt'] },
    worlds: ['engine'],
    async steps(world) {
      await world.running(onePod(obeysTerm(0)))
      await world.vanish(C)
      await world.sees('runtime', 'c 1 started')
      await world.until('the container to be back', () => isReady(world))
    },
    recorded: {
      states: [passing('Pending, unready [c]; c waiting ContainerCreating'), 'Running, ready; c running'],
      runtime: ['c 0 SIGKILL', 'c 0 exited 137', 'c 0 started'],
    },
    differs: [
      {
        reason: 'The logs that are left say that there was a container before, so it counts as a restart.',
        because: { facts: '2.5.1' },
        lines: {
          'Running, ready; c running': 'Running, ready; c running, restarts 1',
          'c 0 started': 'c 1 started',
        },
      },
      {
        reason: 'Until it is back, it is shown as dead or as vanished, as it happens to be found.',
        because: { facts: '2.3.2' },
        instead: {
          states: [
            brief('Running, unready [c]; c exited 137 Error'),
            brief('Pending, unready [c]; c waiting ContainerCreating'),
            brief(VANISHED),
            'Running, ready; c running, restarts 1',
          ],
        },
      },
    ],
  },
  'sandbox-kill': {
    given: 'a running pod',
    when: 'its sandbox is killed',
    then: 'its container is stopped, and both are made anew as their next attempts, without back-off',
    source: { section: '7', recordings: ['07-sandbox-killed-SIGKILL.txt'] },
    worlds: ['engine'],
    alone: true,
    async steps(world) {
      await world.running(onePod(obeysTerm(0)))
      await world.kill({ sandbox: true })
      await world.sees('states', ready('exited 0 Completed', 1))
    },
    recorded: {
      states: [...MADE_ANEW, ready('exited 0 Completed', 1)],
      runtime: ['sandbox 0 stopped', 'c 0 SIGTERM', 'c 0 exited 0', 'sandbox 1 started', 'c 1 started'],
      events: [
        'SandboxChanged: Pod sandbox changed, it will be killed and re-created.',
        'Killing c: Stopping container c',
        ...['Pulled c', 'Created c', 'Started c'],
      ],
      timings: [{ kind: 'runtime', to: 'c 1 started', seconds: 1.674 }],
    },
  },
  'sandbox-rm': {
    given: 'a running pod',
    when: 'its sandbox is removed through the engine',
    then: 'its container ends, and both are made anew',
    source: { section: '7', recordings: [] },
    worlds: ['engine'],
    async steps(world) {
      await world.running(onePod(obeysTerm(0)))
      await world.vanish({ sandbox: true })
      await world.sees('runtime', 'c 1 started')
      await world.until('the pod to be back', () => isReady(world))
      const runtime = world.trace.lines('runtime')
      const ended = runtime.findIndex((line) => line.startsWith('c 0 exited'))
      return {
        'its container ends before the next one starts': ended !== -1 && ended < runtime.indexOf('c 1 started'),
        [NEW_SANDBOX]: describeNewSandbox(world),
        'what is started in it': runtime.filter((line) => line.startsWith('c ') && line.endsWith(' started')),
        restarts: (await world.pod())?.status?.containerStatuses?.[0]?.restartCount,
      }
    },
    recorded: {
      states: [...MADE_ANEW, ready('exited 0 Completed', 1)],
      runtime: ['sandbox 0 stopped', 'c 0 SIGTERM', 'c 0 exited 0', 'sandbox 0 started', 'c 1 started'],
      events: ['Killing c: Stopping container c', 'Pulled c', 'Created c', 'Started c'],
      findings: {
        'its container ends before the next one starts': true,
        [NEW_SANDBOX]: ANEW,
        'what is started in it': ['c 1 started'],
        restarts: 1,
      },
    },
    differs: [
      {
        reason:
          'It is left open who ends the container, the kubelet or the runtime service, and so is what that shows.',
        because: { decision: 'end of a container whose sandbox was removed' },
        uncompared: ['states', 'runtime', 'events'],
      },
      {
        reason:
          'The engine kills a sandbox before it removes it: a kubelet that hears of its end looks in between, finds it dead, and makes the next attempt.',
        because: { facts: '2.1.4, 2.1.5' },
        instead: {
          findings: {
            'its container ends before the next one starts': true,
            [NEW_SANDBOX]: `${ANEW}, or ${CHANGED}`,
            'what is started in it': ['c 1 started'],
            restarts: 1,
          },
        },
      },
    ],
  },
  'sandbox-never': {
    given: 'a running pod with restartPolicy Never',
    when: 'its sandbox is killed',
    then: 'its container is stopped, nothing is made anew, and the pod has Succeeded',
    source: { section: '7', recordings: ['07-sandbox-killed-restartPolicy-Never.txt'] },
    worlds: ['engine'],
    async steps(world) {
      await world.running(onePod(obeysTerm(0), { restartPolicy: 'Never' }))
      await world.kill({ sandbox: true })
      await world.until(
        'the pod to be over',
        () => world.trace.lines('states').at(-1)?.startsWith('Succeeded') === true,
      )
      await world.pass(2)
      return { 'what is left': await world.leftovers() }
    },
    recorded: {
      states: ['Succeeded, unready [c]; c exited 0 Completed'],
      runtime: ['sandbox 0 stopped', 'c 0 SIGTERM', 'c 0 exited 0'],
      events: ['Killing c: Stopping container c'],
      findings: { 'what is left': ['c 0 exited', 'sandbox 0 stopped'] },
    },
    differs: [
      {
        reason: 'The conditions of a pod that has done its work say so as their reason.',
        because: { facts: '2.7.2' },
        lines: {
          'Succeeded, unready [c]; c exited 0 Completed': 'Succeeded, not ready (PodCompleted); c exited 0 Completed',
        },
      },
    ],
  },
})
