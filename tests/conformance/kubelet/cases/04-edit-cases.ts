/** A manifest is edited (REPORT.md §4). */
import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { IGNORES_TERM } from '../../workloads.ts'
import { brief } from '../../recorded/recorded-case.ts'
import { defineKubeletCases } from '../kubelet-case.ts'
import type { KubeletCase } from '../kubelet-case.ts'
import { onePod } from '../pod-plan.ts'
import type { PodPlan } from '../pod-plan.ts'
import {
  fileOf,
  OBEYS,
  OTHER_WORKLOAD,
  overwrite,
  PLAN,
  REPLACED,
  REPLACED_RUNTIME,
  REPLACED_STATES,
  RUNNING,
  untouched,
  WAITS_FOR_THE_OLD,
} from './edited-pod.ts'

const V_TWO = { name: 'V', value: 'two' }
const OTHER_IMAGE = 'docker.io/library/busybox:1.36'

function edit(
  what: string,
  recordings: string[],
  plan: PodPlan,
  seconds: { container: number; running: number },
  worlds: KubeletCase['worlds'] = ['clock'],
): KubeletCase {
  return {
    given: 'a running pod',
    when: `${what} in its manifest`,
    then: 'it is another pod: the old one ends, the new one begins with no restarts',
    source: { section: '4', recordings },
    worlds,
    async steps(world) {
      await world.running(PLAN)
      await overwrite(world, world.manifest(plan))
      await world.sees('states', RUNNING)
      await world.sees('events', 'new Started c')
    },
    recorded: {
      ...REPLACED,
      timings: [
        { kind: 'runtime', to: 'new c 0 started', seconds: seconds.container },
        { kind: 'states', to: RUNNING, seconds: seconds.running },
      ],
    },
  }
}

export const EDIT_CASES = defineKubeletCases({
  'edit-command': edit(
    'the command is another one',
    ['04-edit-command.txt'],
    onePod(OTHER_WORKLOAD),
    { container: 0.821, running: 1.017 },
    ['clock', 'engine'],
  ),
  'edit-env': edit('a variable is another one', ['04-edit-env.txt'], onePod(OBEYS, {}, { env: [V_TWO] }), {
    container: 0.576,
    running: 1.098,
  }),
  'edit-image': edit('the image is another one', ['04-edit-image.txt'], onePod(OBEYS, {}, { image: OTHER_IMAGE }), {
    container: 1.021,
    running: 2.101,
  }),
  'edit-label': edit(
    'only a label is added',
    ['04-edit-label-only.txt'],
    { ...PLAN, metadata: { labels: { l: '2' } } },
    { container: 0.777, running: 1.001 },
    ['clock', 'engine'],
  ),
  'edit-annotation': edit(
    'only an annotation is added',
    ['04-edit-annotation-only.txt'],
    { ...PLAN, metadata: { annotations: { a: '2' } } },
    { container: 0.674, running: 1.071 },
  ),
  'edit-grace': edit(
    'only terminationGracePeriodSeconds is another one',
    ['04-edit-terminationGrace.txt'],
    onePod(OBEYS, { terminationGracePeriodSeconds: 7 }),
    { container: 1.278, running: 2.141 },
  ),
  'edit-container': {
    given: 'a running pod',
    when: 'a container is added in its manifest',
    then: 'it is another pod: the old one ends, the new one begins with both containers',
    source: { section: '4', recordings: ['04-edit-add-container.txt'] },
    worlds: ['clock'],
    async steps(world) {
      await world.running(PLAN)
      await world.start({ containers: [...PLAN.containers, { name: 'd', runs: OBEYS }] })
      await world.sees('states', 'new Running, ready; c running; d running')
    },
    recorded: {
      states: [
        'gone',
        brief('new Pending, no conditions'),
        'new Pending, unready [c d]; c waiting ContainerCreating; d waiting ContainerCreating',
        'new Running, ready; c running; d running',
      ],
      runtime: [...REPLACED_RUNTIME, 'new d 0 started'],
      timings: [
        { kind: 'runtime', to: 'new d 0 started', seconds: 1.064 },
        { kind: 'states', to: 'new Running, ready; c running; d running', seconds: 2.17 },
      ],
    },
    differs: [
      {
        reason: 'The list of pods knows of the first container that runs before the second one does.',
        because: { facts: '2.1.4, 2.6' },
        instead: {
          states: [
            'gone',
            brief('new Pending, no conditions'),
            'new Pending, unready [c d]; c waiting ContainerCreating; d waiting ContainerCreating',
            brief('new Pending, unready [d]; c running; d waiting ContainerCreating'),
            'new Running, ready; c running; d running',
          ],
        },
      },
    ],
  },
  'edit-rename-over': {
    ...edit(
      'the command is another one, by a rename over it,',
      ['04-edit-command-atomic-rename.txt'],
      PLAN,
      { container: 0.964, running: 1.07 },
      ['clock', 'engine'],
    ),
    alone: true,
    async steps(world) {
      await world.running(PLAN)
      await world.start(onePod(OTHER_WORKLOAD))
      await world.sees('states', RUNNING)
      await world.sees('events', 'new Started c')
    },
  },
  'edit-ignores-term': {
    given: 'a running pod whose container ignores SIGTERM, with a grace period of 6 s',
    when: 'the command is another one in its manifest',
    then: 'the new pod is listed at once',
    source: { section: '4', recordings: ['04-edit-command-ignores-sigterm-grace6.txt'] },
    worlds: ['clock', 'engine'],
    async steps(world) {
      await world.running(onePod(IGNORES_TERM, { terminationGracePeriodSeconds: 6 }))
      await world.start(onePod(OTHER_WORKLOAD, { terminationGracePeriodSeconds: 6 }))
      await world.sees('states', RUNNING)
    },
    recorded: {
      states: REPLACED_STATES,
      runtime: ['c 0 SIGTERM', 'new sandbox 0 started', 'sandbox 0 stopped', 'new c 0 started', 'c 0 exited 137'],
    },
    differs: [
      {
        ...WAITS_FOR_THE_OLD,
        instead: {
          runtime: [
            'c 0 SIGTERM',
            'c 0 SIGKILL',
            'c 0 exited 137',
            'sandbox 0 stopped',
            'new sandbox 0 started',
            'new c 0 started',
          ],
        },
      },
    ],
  },
  'edit-nothing': untouched(
    {
      given: 'a running pod',
      when: 'only white space and comments in its manifest are edited',
      then: 'nothing happens',
    },
    ['04-edit-whitespace-comment-only.txt'],
    (world) => overwrite(world, `# a comment\n${world.manifest(PLAN)}\n\n`),
  ),
  'edit-chmod': untouched(
    { given: 'a running pod', when: 'only the mode of its file is changed', then: 'nothing happens' },
    ['04-edit-chmod-only.txt'],
    (world) => world.inFolder((folder) => chmodSync(join(folder, fileOf(world)), 0o600), fileOf(world)),
  ),
  'name-changed': {
    given: 'a running pod',
    when: 'its name is another one in its manifest',
    then: 'the new pod is added at once, and the old one goes on until the next listing',
    source: { section: '4', recordings: [] },
    worlds: ['clock', 'engine'],
    async steps(world) {
      await world.running(PLAN)
      await world.put(world.manifest(PLAN, `${world.podName}.b`))
      await world.sees('states', 'b: Running, ready; c running')
      await world.sees('runtime', 'sandbox 0 stopped')
    },
    recorded: {
      states: [
        brief('b: Pending, no conditions'),
        'b: Pending, unready [c]; c waiting ContainerCreating',
        'b: Running, ready; c running',
        'gone',
      ],
      runtime: ['b: sandbox 0 started', 'b: c 0 started', 'c 0 SIGTERM', 'c 0 exited 0', 'sandbox 0 stopped'],
    },
  },
})
