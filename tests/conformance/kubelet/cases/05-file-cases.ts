/** Two files of one pod (REPORT.md §5); single odd files are in `tests/golden/invalid-files`. */
import { obeysTerm } from '../../workloads.ts'
import { defineKubeletCases } from '../kubelet-case.ts'
import type { KubeletWorld } from '../kubelet-world.ts'
import { onePod } from '../pod-plan.ts'
import type { PodPlan } from '../pod-plan.ts'
import { REPLACED_STATES } from './edited-pod.ts'
import { starting } from './steps.ts'

const PLAN: PodPlan = onePod(obeysTerm(0))
const LABELLED: PodPlan = { ...PLAN, metadata: { labels: { file: 'second' } } }
const RUNNING = 'Running, ready; c running'
const STARTED = ['sandbox 0 started', 'c 0 started']
const ENDED = ['c 0 SIGTERM', 'c 0 exited 0', 'sandbox 0 stopped']
const OF_NEW = (lines: readonly string[]): string[] => lines.map((line) => `new ${line}`)

async function whenReady(world: KubeletWorld, last: string): Promise<void> {
  await world.until(last, () => world.trace.lines('states').at(-1) === last)
}

export const FILE_CASES = defineKubeletCases({
  'two-files': {
    given: 'a running pod',
    when: 'a second file defines a pod of the same name, and is removed again',
    then: 'the second pod replaces the first, which comes back when the second has gone',
    source: { section: '5', recordings: ['05-two-files-same-pod-name.txt'] },
    adapted:
      'The container exits on SIGTERM; the recorded one did not, and was killed with exit code 137 by the clean-up of its cgroup.',
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
        ...REPLACED_STATES,
        'new gone',
        'Running, unready [c]; c exited 137 Error',
        `${RUNNING}, last exited 137 Error, restarts 1`,
      ],
      runtime: [
        ...['c 0 SIGTERM', 'new sandbox 0 started', 'new c 0 started', 'sandbox 0 stopped', 'c 0 exited 137'],
        ...['new c 0 SIGTERM', 'new sandbox 0 stopped', 'new c 0 exited 137', 'sandbox 1 started', 'c 1 started'],
      ],
    },
    differs: [
      {
        reason:
          'Each pod waits for the end of the one before; nothing is left of the first then, so that it begins anew; and it ended by SIGTERM and not by force.',
        because: { facts: '1.5.5, 1.5.8, 2.9.2' },
        instead: {
          states: [...REPLACED_STATES, 'new gone', ...starting('c'), RUNNING],
          runtime: [...ENDED, ...OF_NEW([...STARTED, ...ENDED]), ...STARTED],
        },
      },
    ],
  },
})
