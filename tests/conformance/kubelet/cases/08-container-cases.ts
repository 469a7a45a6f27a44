/** Images, commands, hooks, messages, limits and deadlines of containers (REPORT.md §8). */
import type { ContainerBehaviour } from '../../../../src-main/container-runtime/simulated/behaviour.ts'
import { EATS_MEMORY, obeysTerm } from '../../workloads.ts'
import type { Workload } from '../../workloads.ts'
import { brief, passing } from '../../recorded/recorded-case.ts'
import { defineKubeletCases } from '../kubelet-case.ts'
import type { Step } from '../../recorded/recorded-case.ts'
import type { KubeletCase } from '../kubelet-case.ts'
import type { KubeletWorld } from '../kubelet-world.ts'
import { IMAGE, onePod } from '../pod-plan.ts'
import { SimulatedWorld } from '../simulated-world.ts'
import { crashLadder, eventsOnce, starting } from './steps.ts'

const RUNNING = 'Running, ready; c running'
const FIRST_EVENTS = ['Pulled c', 'Created c', 'Started c']
const DIAL =
  'Error response from daemon: Get "https://registry-1.docker.io/v2/": dial tcp: lookup registry-1.docker.io on IP:53: no such host'
const PULL_ERROR = `rpc error: code = Unknown desc = ${DIAL}`
const ERR_IMAGE_PULL = `Pending, unready [c]; c waiting ErrImagePull ${JSON.stringify(PULL_ERROR)}`

function imageBackOff(image: string, cause = ''): string {
  return `Pending, unready [c]; c waiting ImagePullBackOff ${JSON.stringify(`Back-off pulling image ${JSON.stringify(image)}${cause}`)}`
}

/** What a registry that is out of reach makes of the image; of a real one, the words would be another's. */
function outOfReach(world: KubeletWorld, reference: string, present: boolean): void {
  if (world instanceof SimulatedWorld)
    world.node.runtime.setImage({ reference, present, pullError: DIAL.replace('IP', '10.0.0.1') })
}

function pullCase(
  words: Pick<KubeletCase, 'given' | 'then'>,
  file: string,
  image: string,
  pull: { present: boolean; policy?: 'Always'; backOffs: number },
): KubeletCase {
  return {
    ...words,
    source: { section: '8', recordings: [`${file}.txt`, `${file}.status.json`] },
    worlds: ['clock'],
    async steps(world) {
      outOfReach(world, image, pull.present)
      const { policy } = pull
      await world.start(
        onePod(obeysTerm(0), {}, { image, ...(policy === undefined ? {} : { imagePullPolicy: policy }) }),
      )
      await world.until('the last back-off', () => {
        const states = world.trace.lines('states')
        return states.filter((line) => line.includes('ImagePullBackOff')).length === pull.backOffs
      })
      return { 'events, each once': eventsOnce(world) }
    },
    recorded: {
      states: [
        ...starting('c'),
        ...Array.from({ length: pull.backOffs }, () => [ERR_IMAGE_PULL, imageBackOff(image)]).flat(),
      ],
      runtime: ['sandbox 0 started'],
      findings: {
        'events, each once': [
          `Pulling c: Pulling image "${image}"`,
          `Failed c: Failed to pull image "${image}": ${PULL_ERROR}`,
          'Failed c: Error: ErrImagePull',
          `BackOff c: Back-off pulling image "${image}"`,
          'Failed c: Error: ImagePullBackOff',
        ],
      },
    },
    differs: [
      {
        reason: 'A container that waits for its next pull says why the last one failed.',
        because: { facts: '2.10.3' },
        lines: { [imageBackOff(image)]: imageBackOff(image, `: ErrImagePull: ${PULL_ERROR}`) },
      },
    ],
  }
}

/** What the engine says of a command that is not there; each version frames it in words of its own. */
const COMMAND_ERROR =
  'Error response from daemon: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: "/no/such/bin": stat /no/such/bin: no such file or directory: unknown'
const NEVER_STARTED: Workload = { script: '', behaviour: { startError: COMMAND_ERROR } }
const NOT_THERE = 'stat /no/such/bin: no such file or directory'

/** States in which such words are cut down to what all versions say. */
function withoutFrames(world: KubeletWorld): string[] {
  const quoted = /"(?:[^"\\]|\\.)*"/g
  return world.trace
    .lines('states')
    .map((line) => line.replaceAll(quoted, (said) => (said.includes(NOT_THERE) ? NOT_THERE : said)))
}

function notStarted(waiting: string): string {
  return `Running, unready [c]; c waiting ${waiting}, last exited 127 ContainerCannotRun ${NOT_THERE}`
}

const HOOK = ['sh', '-c', 'until test -e /ready; do sleep 0.05; done; echo oops; exit 5']
const HOOK_ERROR = `Exec lifecycle hook ([${HOOK.join(' ')}]) for Container "c" in Pod "POD" failed - error: command '${HOOK.join(' ')}' exited with 5: , message: "oops\\n"`

function hookFailed(reason: string, restarts: number): string {
  return `Running, unready [c]; c waiting ${reason} ${JSON.stringify(HOOK_ERROR)}, last exited 0 Completed${restarts === 0 ? '' : `, restarts ${restarts}`}`
}

const RECORDED_HOOK_REASON = `PostStartHookError: command '${HOOK.join(' ')}' exited with 5: `

function hookBackOff(wait: string, restarts: number): string {
  return `Running, unready [c]; c waiting CrashLoopBackOff "back-off ${wait} restarting failed container=c pod=POD", last exited 0 Completed, restarts ${restarts}`
}

/** A container that ends at once, and the first step of its back-off. */
function endsAtOnce(
  words: Pick<KubeletCase, 'given' | 'then'>,
  file: string,
  end: {
    workload: Workload
    exitCode: number
    ended: string
    container?: Parameters<typeof onePod>[2]
    worlds: KubeletCase['worlds']
    adapted?: string
  },
): KubeletCase {
  const { workload, exitCode, ended, container = {}, worlds, adapted } = end
  return {
    ...words,
    ...(adapted === undefined ? {} : { adapted }),
    source: { section: '8', recordings: [`${file}.txt`, `${file}.status.json`] },
    worlds,
    async steps(world) {
      await world.start(onePod(workload, {}, container))
      await world.until('the back-off', () => world.trace.lines('states').at(-1)?.includes('back-off 10s') === true)
    },
    recorded: {
      states: [...starting('c'), ...crashLadder(ended, ['10s'])],
      runtime: [
        'sandbox 0 started',
        ...[0, 1].flatMap((attempt) => [`c ${attempt} started`, `c ${attempt} exited ${exitCode}`]),
      ],
    },
  }
}

const oopses: ContainerBehaviour['exec'] = () => ({ exitCode: 5, stdout: Buffer.from('oops\n') })

export const CONTAINER_CASES = defineKubeletCases({
  'im-abs': pullCase(
    { given: 'an image that is not there and cannot be pulled', then: 'pulls and waits alternate' },
    '08-absent-image-IfNotPresent',
    'nosuch:v1',
    { present: false, backOffs: 3 },
  ),
  'im-alw': pullCase(
    {
      given: 'an image that is there, and imagePullPolicy Always',
      then: 'it is pulled all the same, which fails here',
    },
    '08-present-image-Always',
    IMAGE,
    { present: true, policy: 'Always', backOffs: 1 },
  ),
  'im-nev': {
    given: 'an image that is not there, and imagePullPolicy Never',
    then: 'the container waits with ErrImageNeverPull',
    source: { section: '8', recordings: ['08-absent-image-Never.txt', '08-absent-image-Never.status.json'] },
    worlds: ['clock', 'engine'],
    async steps(world) {
      await world.start(onePod(obeysTerm(0), {}, { image: 'nosuch:v1', imagePullPolicy: 'Never' }))
      await world.until('the refusal', () => world.trace.lines('states').at(-1)?.includes('ErrImageNeverPull') === true)
      await world.pass(world.isReal ? 1 : 60)
      return { 'events, each once': eventsOnce(world) }
    },
    recorded: {
      states: [
        ...starting('c'),
        'Pending, unready [c]; c waiting ErrImageNeverPull "Container image \\"nosuch:v1\\" is not present with pull policy of Never"',
      ],
      runtime: ['sandbox 0 started'],
      findings: {
        'events, each once': [
          'ErrImageNeverPull c: Container image "nosuch:v1" is not present with pull policy of Never',
          'Failed c: Error: ErrImageNeverPull',
        ],
      },
    },
  },
  nocmd: {
    given: 'a command that the image does not have',
    then: 'the container waits with RunContainerError, and is tried again with back-off',
    source: { section: '8', recordings: ['08-command-not-found.txt', '08-command-not-found.status.json'] },
    worlds: ['clock', 'engine'],
    async steps(world) {
      await world.start(onePod(NEVER_STARTED, {}, { command: ['/no/such/bin'] }))
      await world.until('the back-off', () => world.trace.lines('states').at(-1)?.includes('CrashLoopBackOff') === true)
      const states = withoutFrames(world)
      return { 'its first state': states.find((line) => line.includes('RunContainerError')) }
    },
    recorded: {
      findings: { 'its first state': notStarted(`RunContainerError ${NOT_THERE}`) },
    },
  },
  'ps-ok': {
    given: 'a postStart hook that takes 4 seconds',
    then: 'the container is shown as being created until it has ended',
    source: { section: '8', recordings: ['08-poststart-ok.txt', '08-poststart-ok.status.json'] },
    worlds: ['clock', 'engine'],
    async steps(world) {
      const container: Workload = {
        ...obeysTerm(0),
        behaviour: { ...obeysTerm(0).behaviour, exec: () => ({ afterMs: 4000 }) },
      }
      const command = ['sh', '-c', 'sleep 4; echo started > /tmp/ps']
      await world.start(onePod(container, {}, { lifecycle: { postStart: { exec: { command } } } }))
      await world.sees('states', RUNNING)
    },
    recorded: {
      states: [...starting('c'), RUNNING],
      runtime: ['sandbox 0 started', 'c 0 started', 'c 0 exec sh -c sleep 4; echo started > /tmp/ps'],
      events: FIRST_EVENTS,
      timings: [{ kind: 'states', to: RUNNING, seconds: 5.044 }],
    },
  },
  'ps-bad': {
    given: 'a postStart hook that fails',
    then: 'the container is killed and started again, with the back-off of a crash',
    source: { section: '8', recordings: ['08-poststart-fails.txt', '08-poststart-fails.status.json'] },
    adapted:
      'The hook waits for the trap before it fails: the SIGTERM that follows at once might find none. The recorded command was `sh -c echo oops; exit 5`.',
    worlds: ['clock', 'engine'],
    async steps(world) {
      const { script, behaviour } = obeysTerm(0)
      const container: Workload = { script, behaviour: { ...behaviour, exec: oopses } }
      const lifecycle = { postStart: { exec: { command: HOOK } } }
      await world.start(onePod(container, { terminationGracePeriodSeconds: 3 }, { lifecycle }))
      await world.sees('states', hookBackOff('10s', 1))
      return { 'events, each once': eventsOnce(world) }
    },
    recorded: {
      states: [
        ...starting('c'),
        passing(hookFailed(RECORDED_HOOK_REASON, 0)),
        passing(hookFailed(RECORDED_HOOK_REASON, 1)),
        hookBackOff('10s', 1),
      ],
      runtime: [
        'sandbox 0 started',
        ...[0, 1].flatMap((attempt) => [
          `c ${attempt} started`,
          `c ${attempt} exec ${HOOK.join(' ')}`,
          `c ${attempt} SIGTERM`,
          `c ${attempt} exited 0`,
        ]),
      ],
      findings: {
        'events, each once': [
          ...FIRST_EVENTS,
          `FailedPostStartHook c: ${HOOK_ERROR}`,
          'Killing c: FailedPostStartHook',
          'BackOff c: Back-off restarting failed container',
        ],
      },
    },
    differs: [
      {
        reason: 'The reason is one word, and the text of the error is the message.',
        because: { anomaly: '8' },
        lines: Object.fromEntries(
          [0, 1].map((restarts) => [
            hookFailed(RECORDED_HOOK_REASON, restarts),
            hookFailed('PostStartHookError', restarts),
          ]),
        ),
      },
      {
        reason: 'The event says that the hook failed, and not why; the back-off names its container.',
        because: { facts: '2.2.5, 2.14.1' },
        instead: {
          findings: {
            'events, each once': [
              ...FIRST_EVENTS,
              'FailedPostStartHook c: PostStartHook failed',
              'Killing c: FailedPostStartHook',
              'BackOff c: Back-off restarting failed container c in pod POD',
            ],
          },
        },
      },
    ],
  },
  'tm-file': endsAtOnce(
    { given: 'a container that writes its last words and fails', then: 'the status has them' },
    '08-termination-message-file',
    {
      workload: { script: 'echo -n "my last words" > /dev/termination-log; exit 4', behaviour: {} },
      ...{ exitCode: 4, ended: 'exited 4 Error "my last words"', worlds: ['engine'] },
    },
  ),
  'tm-logs': endsAtOnce(
    {
      given: 'FallbackToLogsOnError, and a container that writes to its log and fails',
      then: 'the status has the end of the log',
    },
    '08-termination-message-fallback-to-logs',
    {
      workload: { script: 'echo line1; echo line2; exit 4', behaviour: {} },
      container: { terminationMessagePolicy: 'FallbackToLogsOnError' },
      adapted:
        'Both lines go to one stream; of two, the recorded message was once “line1\\nline2\\n” and once “line2\\nline1\\n”.',
      ...{ exitCode: 4, ended: 'exited 4 Error "line1\\nline2\\n"', worlds: ['engine'] },
    },
  ),
  sig9: endsAtOnce(
    { given: 'a first process that sends SIGKILL to itself', then: 'that is no kill, and it ends by itself' },
    '08-signal-exit-137',
    {
      workload: { script: 'kill -9 $$', behaviour: { exitAfterMs: 50, exitCode: 1 } },
      ...{ exitCode: 1, ended: 'exited 1 Error', worlds: ['clock', 'engine'] },
    },
  ),
  oom: endsAtOnce(
    { given: 'a memory limit', then: 'a container that takes more is OOMKilled, and restarted as after a crash' },
    '08-oom-kill',
    {
      workload: EATS_MEMORY,
      container: { resources: { limits: { memory: '20Mi' } } },
      ...{ exitCode: 137, ended: 'exited 137 OOMKilled', worlds: ['clock', 'engine'] },
    },
  ),
  adl: {
    given: 'activeDeadlineSeconds 10',
    when: 'they are over',
    then: 'the container and the sandbox are stopped, and the pod has Failed',
    source: {
      section: '8',
      recordings: ['08-activeDeadlineSeconds-10.txt', '08-activeDeadlineSeconds-10.status.json'],
    },
    worlds: ['clock', 'engine'],
    async steps(world) {
      // The deadline counts from the start in whole seconds, and the recorded pod did not start with one.
      await world.pass(0.5)
      world.begin()
      await world.start(onePod(obeysTerm(0), { activeDeadlineSeconds: 10 }))
      await world.sees('runtime', 'sandbox 0 stopped')
      await world.until(
        'the pod to have failed',
        () => world.trace.lines('states').at(-1)?.startsWith('Failed') === true,
      )
      return { 'events, each once': eventsOnce(world) }
    },
    recorded: {
      states: [
        ...starting('c'),
        RUNNING,
        'Failed DeadlineExceeded "Pod was active on the node longer than the specified deadline", no conditions; c running, not started, not ready',
      ],
      runtime: ['sandbox 0 started', 'c 0 started', 'c 0 SIGTERM', 'c 0 exited 0', 'sandbox 0 stopped'],
      findings: {
        'events, each once': [
          ...FIRST_EVENTS,
          'DeadlineExceeded: Pod was active on the node longer than specified deadline',
          'Killing c: Stopping container c',
        ],
      },
      timings: [{ kind: 'runtime', to: 'sandbox 0 stopped', seconds: 9.992 }],
    },
    differs: [
      {
        reason: 'The pod says that it has failed when its containers have ended, and keeps its conditions.',
        because: { facts: '2.6.4, 2.7.2' },
        instead: {
          states: [...starting('c'), RUNNING, ...deadlineStates()],
        },
      },
    ],
  },
})

function deadlineStates(): Step[] {
  const verdict = 'DeadlineExceeded "Pod was active on the node longer than the specified deadline"'
  return [
    brief(`Running ${verdict}, ready; c running`),
    brief(`Running ${verdict}, unready [c]; c exited 0 Completed`),
    `Failed ${verdict}, not ready (PodFailed); c exited 0 Completed`,
  ]
}
