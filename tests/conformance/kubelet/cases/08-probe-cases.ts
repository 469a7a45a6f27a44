/** Probes (REPORT.md §8). */
import type { ContainerBehaviour } from '../../../../src-main/container-runtime/simulated/behaviour.ts'
import type { Workload } from '../../workloads.ts'
import { brief } from '../../recorded/recorded-case.ts'
import { defineKubeletCases } from '../kubelet-case.ts'
import type { Step } from '../../recorded/recorded-case.ts'
import type { Expectation, KubeletCase } from '../kubelet-case.ts'
import type { KubeletWorld } from '../kubelet-world.ts'
import { onePod } from '../pod-plan.ts'
import type { PodPlan } from '../pod-plan.ts'
import { eventsOnce, starting } from './steps.ts'

const FIRST_EVENTS = ['Pulled c', 'Created c', 'Started c']
const RUNNING = 'Running, ready; c running'
const LIVENESS_KILL = 'Killing c: Container c failed liveness probe, will be restarted'

/**
 * A container whose probe looks for a file: the script makes and removes it by time, the simulated one answers its probes one
 * after another, `times[0]` with success, the next `times[1]` with failure and so on; the last answer stays.
 */
function probed(
  script: string,
  file: string,
  times: readonly [number, ...number[]],
  first: 'well' | 'ill' = 'well',
): Workload {
  let asked = 0
  const isWell = (): boolean => {
    let turn = 0
    for (let until = times[0]; asked > until && turn < times.length; until += times[turn] ?? Infinity) turn++
    return (turn % 2 === 0) === (first === 'well')
  }
  const exec: ContainerBehaviour['exec'] = ([program]) => {
    if (program === 'true') return {}
    asked++
    return isWell()
      ? {}
      : { exitCode: 1, stderr: Buffer.from(`cat: can't open '${file}': No such file or directory\n`) }
  }
  return { script, behaviour: { onTerm: 'ignore', exec } }
}

/** Runs and is killed, since a shell as the first process takes no notice of SIGTERM. */
function killedRun(attempt: number): string[] {
  return [`c ${attempt} started`, `c ${attempt} SIGTERM`, `c ${attempt} SIGKILL`, `c ${attempt} exited 137`]
}

function running(restarts: number): string {
  return restarts === 0 ? RUNNING : `${RUNNING}, last exited 137 Error, restarts ${restarts}`
}

/** Between its end and its next start, which follows in the same moment. */
function ended(restarts: number): Step {
  return brief(
    `Running, unready [c]; c exited 137 Error${restarts === 0 ? '' : `, last exited 137 Error, restarts ${restarts}`}`,
  )
}

function backingOff(wait: string, restarts: number): string {
  return `Running, unready [c]; c waiting CrashLoopBackOff "back-off ${wait} restarting failed container=c pod=POD", last exited 137 Error, restarts ${restarts}`
}

/** One restart by a failing liveness probe. */
function livenessCase(
  words: Pick<KubeletCase, 'given' | 'when' | 'then'>,
  file: string,
  worlds: KubeletCase['worlds'],
  plan: () => PodPlan,
  failure: string,
  more: Pick<KubeletCase, 'adapted' | 'differs'> & { seconds?: number } = {},
): KubeletCase {
  const { seconds, ...rest } = more
  return {
    ...words,
    ...rest,
    source: { section: '8', recordings: [`${file}.txt`, `${file}.status.json`] },
    worlds,
    async steps(world) {
      await world.start(plan())
      await world.sees('states', running(1))
      return { 'events, each once': eventsOnce(world) }
    },
    recorded: {
      states: [...starting('c'), running(0), ended(0), running(1)],
      runtime: ['sandbox 0 started', ...killedRun(0), 'c 1 started'],
      findings: {
        'events, each once': [...FIRST_EVENTS, `Unhealthy c: Liveness probe failed: ${failure}`, LIVENESS_KILL],
      },
      ...(seconds === undefined ? {} : { timings: [{ kind: 'runtime', to: 'c 1 started', seconds }] }),
    },
  }
}

const OK_GONE = "cat: can't open '/tmp/ok': No such file or directory\n"

const TIMEOUT = { timeoutSeconds: 10 }
const LONGER_TIMEOUT =
  'Commands of probes have 10 s: a busy machine may take more than the second that they had when it was recorded.'

function lastly(world: KubeletWorld, text: string): Promise<void> {
  return world.until(text, () => world.trace.lines('states').at(-1) === text)
}

export const PROBE_CASES = defineKubeletCases({
  'l-exec': livenessCase(
    {
      given: 'a liveness probe by exec',
      when: 'it fails twice',
      then: 'the container is killed with its grace and restarted at once',
    },
    '08-liveness-exec',
    ['clock', 'engine'],
    () =>
      onePod(
        ['touch /tmp/ok; sleep 10; rm /tmp/ok; sleep 600']
          .map((script) => probed(script, '/tmp/ok', [4]))
          .concat(probed('', '', [100])),
        { terminationGracePeriodSeconds: 4 },
        {
          livenessProbe: {
            exec: { command: ['cat', '/tmp/ok'] },
            ...TIMEOUT,
            periodSeconds: 2,
            failureThreshold: 2,
            initialDelaySeconds: 3,
          },
        },
      ),
    OK_GONE,
    { adapted: LONGER_TIMEOUT, seconds: 17.461 },
  ),
  'l-long': {
    given: 'a container that its liveness probe finds ill 4 seconds after each start',
    then: 'it is restarted at once twice, and then with the back-off of a crash',
    source: { section: '8', recordings: ['08-liveness-exec-long.txt', '08-liveness-exec-long.status.json'] },
    worlds: ['clock'],
    async steps(world) {
      const runs = Array.from({ length: 7 }, () =>
        probed('touch /tmp/ok; sleep 4; rm /tmp/ok; sleep 600', '/tmp/ok', [4]),
      )
      const livenessProbe = { exec: { command: ['cat', '/tmp/ok'] }, periodSeconds: 1, failureThreshold: 1 }
      await world.start(onePod(runs, { terminationGracePeriodSeconds: 1 }, { livenessProbe }))
      await world.sees('states', backingOff('1m20s', 5))
    },
    recorded: {
      states: [
        ...starting('c'),
        ...[running(0), ended(0), running(1), ended(1), running(2), ended(2)],
        ...[backingOff('10s', 2), running(3), ended(3)],
        ...[backingOff('20s', 3), running(4), ended(4)],
        ...[backingOff('40s', 4), running(5), ended(5)],
        backingOff('1m20s', 5),
      ],
      runtime: ['sandbox 0 started', ...[0, 1, 2, 3, 4, 5].flatMap(killedRun)],
      timings: [{ kind: 'runtime', to: 'c 5 started', seconds: 112.958 }],
    },
  },
  'l-http': livenessCase(
    {
      given: 'a liveness probe by httpGet',
      when: 'the page is gone',
      then: 'the container is killed with its grace and restarted at once',
    },
    '08-liveness-http',
    ['engine'],
    () =>
      onePod(
        {
          script: 'mkdir /w; echo hi >/w/index.html; httpd -p 8080 -h /w; sleep 10; rm /w/index.html; sleep 600',
          behaviour: {},
        },
        { terminationGracePeriodSeconds: 4 },
        {
          livenessProbe: {
            httpGet: { path: '/index.html', port: 8080 },
            initialDelaySeconds: 3,
            periodSeconds: 2,
            failureThreshold: 2,
          },
        },
      ),
    'HTTP probe failed with statuscode: 404',
    { adapted: 'The first probe is 3 s late: a server on a busy machine needs a moment before it listens.' },
  ),
  'l-tcp': livenessCase(
    {
      given: 'a liveness probe by tcpSocket',
      when: 'nobody listens any more',
      then: 'the container is killed with its grace and restarted at once',
    },
    '08-liveness-tcp',
    ['engine'],
    () =>
      onePod(
        { script: 'httpd -p 8080 -h /; sleep 8; kill $(pidof httpd); sleep 600', behaviour: {} },
        { terminationGracePeriodSeconds: 4 },
        { livenessProbe: { tcpSocket: { port: 8080 }, periodSeconds: 2, failureThreshold: 2 } },
      ),
    'dial tcp IP:8080: connect: connection refused',
  ),
  'p-to': livenessCase(
    {
      given: 'a liveness probe by exec',
      when: 'its command takes longer than it may',
      then: 'that is a failure, and the container is restarted',
    },
    '08-probe-exec-timeout',
    ['clock', 'engine'],
    () =>
      onePod(
        { script: 'sleep 600', behaviour: { onTerm: 'ignore', exec: () => ({ afterMs: 20_000 }) } },
        { terminationGracePeriodSeconds: 2 },
        {
          livenessProbe: {
            exec: { command: ['sleep', '20'] },
            periodSeconds: 3,
            timeoutSeconds: 1,
            failureThreshold: 2,
          },
        },
      ),
    '',
    {
      differs: [
        {
          reason: 'The event says that the command timed out.',
          because: { facts: '2.13.6' },
          instead: {
            findings: {
              'events, each once': [
                ...FIRST_EVENTS,
                'Unhealthy c: Liveness probe failed: command timed out: "sleep 20" timed out after 1s',
                LIVENESS_KILL,
              ],
            },
          },
        },
      ],
    },
  ),
  'r-exec': {
    given: 'a readiness probe by exec',
    when: 'it succeeds after 6 seconds and fails after 14',
    then: 'the container is ready in between, and is not restarted',
    source: { section: '8', recordings: ['08-readiness-exec.txt', '08-readiness-exec.status.json'] },
    adapted: LONGER_TIMEOUT,
    worlds: ['clock', 'engine'],
    async steps(world) {
      const container = probed('sleep 6; touch /tmp/ok; sleep 8; rm /tmp/ok; sleep 600', '/tmp/ok', [3, 4], 'ill')
      const readinessProbe = { exec: { command: ['cat', '/tmp/ok'] }, ...TIMEOUT, periodSeconds: 2 }
      await world.start(onePod(container, {}, { readinessProbe }))
      await world.sees('states', RUNNING)
      await lastly(world, 'Running, unready [c]; c running, not ready')
      return { 'events, each once': eventsOnce(world) }
    },
    recorded: {
      states: [
        ...starting('c'),
        'Running, unready [c]; c running, not ready',
        RUNNING,
        'Running, unready [c]; c running, not ready',
      ],
      runtime: ['sandbox 0 started', 'c 0 started'],
      findings: { 'events, each once': [...FIRST_EVENTS, `Unhealthy c: Readiness probe failed: ${OK_GONE}`] },
      timings: [{ kind: 'states', to: RUNNING, seconds: 7.581 }],
    },
  },
  'r-http': {
    given: 'a readiness probe by httpGet',
    when: 'nobody listens',
    then: 'the container is not ready, and the events say why',
    source: { section: '8', recordings: ['08-readiness-http-refused.txt', '08-readiness-http-refused.status.json'] },
    worlds: ['engine'],
    async steps(world) {
      const readinessProbe = { httpGet: { path: '/', port: 8080 }, periodSeconds: 3 }
      await world.start(onePod({ script: 'sleep 600', behaviour: {} }, {}, { readinessProbe }))
      await world.sees('states', 'Running, unready [c]; c running, not ready')
      await world.until('the probe to fail', () =>
        world.trace.lines('events').some((line) => line.startsWith('Unhealthy')),
      )
      return { 'events, each once': eventsOnce(world) }
    },
    recorded: {
      states: [...starting('c'), 'Running, unready [c]; c running, not ready'],
      findings: {
        'events, each once': [
          ...FIRST_EVENTS,
          'Unhealthy c: Readiness probe failed: Get "http://IP:8080/": dial tcp IP:8080: connect: connection refused',
        ],
      },
    },
  },
  's-exec': {
    given: 'a startup probe beside a liveness and a readiness probe',
    when: 'it succeeds after 8 seconds',
    then: 'the container has started then, and is ready after that',
    source: { section: '8', recordings: ['08-startup-probe.txt', '08-startup-probe.status.json'] },
    adapted: LONGER_TIMEOUT,
    worlds: ['clock', 'engine'],
    async steps(world) {
      const container = probed('sleep 8; touch /tmp/up; sleep 600', '/tmp/up', [4], 'ill')
      const always = { exec: { command: ['true'] }, ...TIMEOUT, periodSeconds: 2 }
      await world.start(
        onePod(
          container,
          {},
          {
            startupProbe: { exec: { command: ['cat', '/tmp/up'] }, ...TIMEOUT, periodSeconds: 2, failureThreshold: 10 },
            livenessProbe: always,
            readinessProbe: always,
          },
        ),
      )
      await world.sees('states', RUNNING)
    },
    recorded: {
      states: [
        ...starting('c'),
        'Running, unready [c]; c running, not started, not ready',
        'Running, unready [c]; c running, not ready',
        RUNNING,
      ],
      runtime: ['sandbox 0 started', 'c 0 started'],
      timings: [{ kind: 'states', to: RUNNING, seconds: 10.34 }],
    },
  },
  's-fail': {
    given: 'a startup probe',
    when: 'it fails three times',
    then: 'the container is killed and restarted',
    source: { section: '8', recordings: ['08-startup-probe-fails.txt', '08-startup-probe-fails.status.json'] },
    adapted: LONGER_TIMEOUT,
    worlds: ['clock', 'engine'],
    async steps(world) {
      const container: Workload = {
        script: 'sleep 600',
        behaviour: { onTerm: 'ignore', exec: () => ({ exitCode: 1 }) },
      }
      const startupProbe = { exec: { command: ['false'] }, ...TIMEOUT, periodSeconds: 2, failureThreshold: 3 }
      await world.start(onePod(container, { terminationGracePeriodSeconds: 2 }, { startupProbe }))
      await world.sees(
        'states',
        'Running, unready [c]; c running, not started, not ready, last exited 137 Error, restarts 1',
      )
      return { 'events, each once': eventsOnce(world) }
    },
    recorded: {
      states: [
        ...starting('c'),
        'Running, unready [c]; c running, not started, not ready',
        ended(0),
        'Running, unready [c]; c running, not started, not ready, last exited 137 Error, restarts 1',
      ],
      runtime: ['sandbox 0 started', ...killedRun(0), 'c 1 started'],
      findings: {
        'events, each once': [
          ...FIRST_EVENTS,
          'Unhealthy c: Startup probe failed: ',
          'Killing c: Container c failed startup probe, will be restarted',
        ],
      },
      timings: [{ kind: 'runtime', to: 'c 1 started', seconds: 76.048 }],
    } satisfies Expectation,
  },
})
