/** Links, and two files of one pod (REPORT.md §5); single odd files are in `tests/golden/invalid-files`. */
import { symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { obeysTerm } from '../../workloads.ts'
import { brief, defineKubeletCases } from '../kubelet-case.ts'
import type { KubeletWorld } from '../kubelet-world.ts'
import { onePod } from '../pod-plan.ts'
import type { PodPlan } from '../pod-plan.ts'
import { starting } from './steps.ts'

const PLAN: PodPlan = onePod(obeysTerm(0))
const LABELLED: PodPlan = { ...PLAN, metadata: { labels: { file: 'second' } } }
const RUNNING = 'Running, ready; c running'
const STARTED = ['sandbox 0 started', 'c 0 started']
const ENDED = ['c 0 SIGTERM', 'c 0 exited 0', 'sandbox 0 stopped']
const OF_NEW = (lines: readonly string[]): string[] => lines.map((line) => `new ${line}`)
const NEW_STATES = [
  brief('new Pending, no conditions'),
  'new Pending, unready [c]; c waiting ContainerCreating',
  `new ${RUNNING}`,
]

async function whenReady(world: KubeletWorld, last: string): Promise<void> {
  await world.until(last, () => world.trace.lines('states').at(-1) === last)
}

export const FILE_CASES = defineKubeletCases({
  link: {
    given: 'a link in the folder to a manifest elsewhere',
    when: 'its target is edited',
    then: 'the next listing replaces the pod',
    source: { section: '5', recordings: ['05-symlink-target-edited.txt'] },
    worlds: ['clock'],
    async steps(world) {
      const file = `${world.podName}.yaml`
      const target = join(world.folder, '..', `${world.podName}.target`)
      writeFileSync(target, world.manifest(PLAN))
      await world.inFolder((folder) => symlinkSync(target, join(folder, file)), file)
      await whenReady(world, RUNNING)
      world.begin()
      writeFileSync(target, world.manifest(LABELLED))
      await whenReady(world, `new ${RUNNING}`)
    },
    recorded: {
      states: ['gone', ...NEW_STATES],
      runtime: [ENDED[0] ?? '', ...OF_NEW(STARTED), ...ENDED.slice(1)],
      timings: [{ kind: 'states', to: 'gone', seconds: 20 }],
    },
    differs: [
      {
        reason: 'The new pod waits for the end of the old one of the same name.',
        because: { facts: '1.5.5' },
        instead: { runtime: [...ENDED, ...OF_NEW(STARTED)] },
      },
    ],
  },
  'two-files': {
    given: 'a running pod',
    when: 'a second file defines a pod of the same name, and is removed again',
    then: 'the second pod replaces the first, which comes back when the second has gone',
    source: { section: '5', recordings: ['05-two-files-same-pod-name.txt'] },
    worlds: ['clock', 'engine'],
    async steps(world) {
      const second = `${world.podName}.yaml.second`
      await world.running(PLAN)
      await world.put(world.manifest(LABELLED), second)
      await whenReady(world, `new ${RUNNING}`)
      await world.pass(2)
      await world.remove(second)
      await whenReady(world, RUNNING)
    },
    recorded: {
      states: [
        ...['gone', ...NEW_STATES, 'new gone'],
        'Running, unready [c]; c exited 137 Error',
        `${RUNNING}, last exited 137 Error, restarts 1`,
      ],
    },
    differs: [
      {
        reason: 'Nothing was left of the first pod, so it begins anew; it ended by SIGTERM and not by force.',
        because: { facts: '1.5.8, 2.9.2' },
        instead: {
          states: ['gone', ...NEW_STATES, 'new gone', ...starting('c'), RUNNING],
          runtime: [...ENDED, ...OF_NEW([...STARTED, ...ENDED]), ...STARTED],
        },
      },
    ],
  },
})
