/** Exits, restarts and back-off (REPORT.md §2). */
import { exitsWith } from '../../workloads.ts'
import { brief, defineKubeletCases } from '../kubelet-case.ts'
import type { Step } from '../kubelet-case.ts'
import { onePod } from '../pod-plan.ts'

const STARTING: readonly Step[] = [brief('Pending, no conditions'), 'Pending, unready [c]; c waiting ContainerCreating']

export const CRASH_CASES = defineKubeletCases({
  'fail-never': {
    given: 'a pod with restartPolicy Never',
    when: 'its container exits with 3',
    then: 'the pod is Failed, its sandbox is stopped and nothing is started again',
    source: { section: '2', recordings: ['02-fail-never.txt', '02-status-sequences.json'] },
    worlds: ['clock', 'engine'],
    pod: onePod(exitsWith(3), { restartPolicy: 'Never' }),
    async steps(world) {
      await world.put(world.manifest(this.pod))
      await world.sees('runtime', 'sandbox 0 stopped')
      await world.pass(world.isReal ? 1 : 900)
      return { leftovers: await world.leftovers() }
    },
    recorded: {
      states: [...STARTING, brief('Running, ready; c running'), 'Failed, unready [c]; c exited 3 Error'],
      runtime: ['sandbox 0 started', 'c 0 started', 'c 0 exited 3', 'sandbox 0 stopped'],
      findings: { leftovers: ['c 0 exited', 'sandbox 0 stopped'] },
    },
    differs: [
      {
        reason: 'A failed pod says so as the reason of its conditions.',
        because: { facts: '2.7' },
        lines: { 'Failed, unready [c]; c exited 3 Error': 'Failed, not ready (PodFailed); c exited 3 Error' },
      },
    ],
  },
})
