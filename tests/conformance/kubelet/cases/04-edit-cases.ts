/** A manifest is edited (REPORT.md §4). */
import { appendFileSync, chmodSync, copyFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { IGNORES_TERM, obeysTerm } from '../../workloads.ts'
import type { Workload } from '../../workloads.ts'
import { brief, defineKubeletCases, passing } from '../kubelet-case.ts'
import type { Difference, Expectation, KubeletCase, Step } from '../kubelet-case.ts'
import type { KubeletWorld } from '../kubelet-world.ts'
import { onePod } from '../pod-plan.ts'
import type { PodPlan } from '../pod-plan.ts'

const OBEYS = obeysTerm(0)
const PLAN = onePod(OBEYS)
const RUNNING = 'new Running, ready; c running'
/** The same in other words; it is a change all the same. */
const OTHER_WORKLOAD: Workload = { ...OBEYS, script: `true; ${OBEYS.script}` }

const REPLACED_STATES: readonly Step[] = [
  'gone',
  brief('new Pending, no conditions'),
  'new Pending, unready [c]; c waiting ContainerCreating',
  RUNNING,
]

const PIECES = 5
const V_TWO = { name: 'V', value: 'two' }
const OTHER_IMAGE = 'docker.io/library/busybox:1.36'
const REPLACED_RUNTIME = [
  'c 0 SIGTERM',
  'c 0 exited 0',
  'sandbox 0 stopped',
  'new sandbox 0 started',
  'new c 0 started',
]

/** The recorded old and new pods overlapped; what came first is left open where it was a race. */
const REPLACED: Expectation = {
  states: REPLACED_STATES,
  runtime: REPLACED_RUNTIME,
  events: ['Killing c: Stopping container c', 'new Pulled c', 'new Created c', 'new Started c'],
}

/** The same object comes back: the same pod, made anew as its second attempt. */
const AGAIN: Expectation = {
  states: [
    brief('gone'),
    brief('Running, ready; c running'),
    passing('Running, unready [c]; c exited 0 Completed'),
    'Running, ready; c running, last exited 0 Completed, restarts 1',
  ],
  runtime: ['c 0 SIGTERM', 'c 0 exited 0', 'sandbox 0 stopped', 'sandbox 1 started', 'c 1 started'],
}

const NOTHING: Expectation = { states: [], runtime: [], events: [] }

const WAITS_FOR_THE_OLD: Difference = {
  reason: 'The new pod waits for the end of the old one of the same name.',
  because: { facts: '1.5.5' },
}

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

function untouched(
  words: Pick<KubeletCase, 'given' | 'when' | 'then'>,
  recordings: string[],
  act: (world: KubeletWorld) => Promise<void>,
): KubeletCase {
  return {
    ...words,
    source: { section: '4', recordings },
    worlds: ['clock', 'engine'],
    async steps(world) {
      await world.running(PLAN)
      await act(world)
      // Beyond the next listing on the clock; a real one shows that there is no event.
      await world.pass(world.isReal ? 2 : 30)
    },
    recorded: NOTHING,
  }
}

function fileOf(world: KubeletWorld): string {
  return `${world.podName}.yaml`
}

/** Writes it in place, as most editors and all redirections do. */
function overwrite(world: KubeletWorld, content: string): Promise<void> {
  return world.inFolder((folder) => writeFileSync(join(folder, fileOf(world)), content), fileOf(world))
}

function becomesUnreadable(what: string, recording: string, content: string): KubeletCase {
  return {
    given: 'a running pod',
    when: `its file becomes ${what}`,
    then: 'the pod goes on until the next listing, which removes it',
    source: { section: '4', recordings: [recording] },
    worlds: ['clock', 'engine'],
    async steps(world) {
      await world.running(PLAN)
      await overwrite(world, content)
      await world.pass(1)
      const before = world.trace.lines('states').length
      await world.sees('runtime', 'sandbox 0 stopped')
      return {
        'changes before the listing': before,
        'seconds to the listing, at most': Math.max(
          20,
          Math.floor(world.trace.secondsTo('states', 'gone') ?? Infinity),
        ),
      }
    },
    recorded: {
      states: ['gone'],
      runtime: ['c 0 SIGTERM', 'c 0 exited 0', 'sandbox 0 stopped'],
      findings: { 'changes before the listing': 0, 'seconds to the listing, at most': 20 },
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
  'becomes-empty': becomesUnreadable('empty', '04-edit-becomes-empty-file.txt', ''),
  'becomes-invalid': becomesUnreadable('invalid YAML', '04-edit-becomes-invalid-yaml.txt', 'kind: Pod\na: b: c\n'),
  'edit-sed': {
    given: 'a running pod',
    when: 'its manifest is edited by `sed -i`',
    then: 'the pod is replaced',
    source: { section: '4', recordings: ['04-edit-by-sed-i.txt'] },
    worlds: ['clock', 'engine'],
    async steps(world) {
      await world.running(PLAN)
      const content = world.manifest(onePod(OTHER_WORKLOAD))
      const temporary = `sed${world.podName}`
      await world.inFolder(
        (folder) => {
          writeFileSync(join(folder, temporary), '')
          appendFileSync(join(folder, temporary), content)
          renameSync(join(folder, temporary), join(folder, fileOf(world)))
        },
        temporary,
        fileOf(world),
      )
      await world.sees('states', RUNNING)
    },
    recorded: {
      states: REPLACED_STATES,
      runtime: [...REPLACED_RUNTIME, 'new c 1 started'],
    },
    differs: [
      {
        reason: 'The temporary file is no manifest: the pod is replaced once, without a clash.',
        because: { facts: '1.2.12' },
        instead: { runtime: REPLACED_RUNTIME },
      },
    ],
  },
  'edit-vim': {
    given: 'a running pod',
    when: 'its manifest is saved as vim does, with `4913` and a backup',
    then: 'the pod is replaced once',
    source: { section: '4', recordings: ['04-edit-by-vim-style-save-with-backup.txt'] },
    worlds: ['clock', 'engine'],
    async steps(world) {
      await world.running(PLAN)
      const content = world.manifest(onePod(OTHER_WORKLOAD))
      const file = fileOf(world)
      await world.inFolder(
        (folder) => {
          writeFileSync(join(folder, '4913'), '')
          rmSync(join(folder, '4913'))
          renameSync(join(folder, file), join(folder, `${file}~`))
          writeFileSync(join(folder, file), content)
          rmSync(join(folder, `${file}~`))
        },
        '4913',
        file,
        `${file}~`,
      )
      await world.sees('states', RUNNING)
    },
    recorded: { states: REPLACED_STATES, runtime: REPLACED_RUNTIME },
  },
  'edit-slowly': {
    given: 'a running pod',
    when: 'its file is written in pieces, some tenths of a second apart',
    then: 'the pod goes on until the file can be read again, and is replaced then',
    source: { section: '4', recordings: ['04-edit-slow-write-in-chunks.txt'] },
    worlds: ['clock', 'engine'],
    async steps(world) {
      await world.running(PLAN)
      const content = world.manifest(onePod(OTHER_WORKLOAD))
      await overwrite(world, '')
      for (let piece = 0; piece < PIECES; piece++) {
        const from = Math.floor((content.length * piece) / PIECES)
        const to = Math.floor((content.length * (piece + 1)) / PIECES)
        const text = content.slice(from, to)
        await world.inFolder((folder) => appendFileSync(join(folder, fileOf(world)), text), fileOf(world))
        await world.pass(0.15)
      }
      await world.sees('states', RUNNING)
    },
    recorded: { states: REPLACED_STATES, runtime: REPLACED_RUNTIME },
  },
  'delete-create': {
    given: 'a running pod',
    when: 'its file is removed and written again at once',
    then: 'its container and its sandbox are ended and made again, which counts as a restart',
    source: { section: '4', recordings: ['04-edit-delete-and-create-same-content-at-once.txt'] },
    worlds: ['clock', 'engine'],
    async steps(world) {
      await world.running(PLAN)
      await world.recreate(world.manifest(PLAN))
      await world.sees('states', 'Running, ready; c running, last exited 0 Completed, restarts 1')
    },
    recorded: AGAIN,
  },
  'file-renamed': {
    given: 'a running pod',
    when: 'its file is renamed within the folder',
    then: 'its container and its sandbox are ended and made again',
    source: {
      section: '4',
      recordings: ['04-edit-file-renamed-within-folder-same-content.txt', '05-rename-within-folder.txt'],
    },
    worlds: ['clock', 'engine'],
    async steps(world) {
      await world.running(PLAN)
      const other = `${world.podName}-b.yaml`
      const names = [fileOf(world), other] as const
      await world.inFolder((folder) => renameSync(join(folder, names[0]), join(folder, other)), ...names)
      await world.sees('states', RUNNING)
    },
    recorded: AGAIN,
    differs: [
      {
        reason: 'The path of the file is part of the uid, so that it is another pod, without a history.',
        because: { facts: '1.4.1, 1.4.2' },
        instead: REPLACED,
      },
    ],
  },
  'second-file': untouched(
    { given: 'a running pod', when: 'its file is copied within the folder', then: 'nothing happens' },
    ['04-edit-second-file-with-identical-content.txt'],
    (world) =>
      world.inFolder(
        (folder) => copyFileSync(join(folder, fileOf(world)), join(folder, `${world.podName}-copy.yaml`)),
        `${world.podName}-copy.yaml`,
      ),
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
