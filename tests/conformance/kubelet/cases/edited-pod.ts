/** What cases of edited manifests share: the pod, its replacement as it was recorded, and edits in place. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { obeysTerm } from '../../workloads.ts'
import type { Workload } from '../../workloads.ts'
import { brief } from '../../recorded/recorded-case.ts'
import type { Step } from '../../recorded/recorded-case.ts'
import type { Difference, Expectation, KubeletCase } from '../kubelet-case.ts'
import type { KubeletWorld } from '../kubelet-world.ts'
import { onePod } from '../pod-plan.ts'

export const OBEYS = obeysTerm(0)
export const PLAN = onePod(OBEYS)
export const RUNNING = 'new Running, ready; c running'
/** The same in other words; it is a change all the same. */
export const OTHER_WORKLOAD: Workload = { ...OBEYS, script: `true; ${OBEYS.script}` }

export const REPLACED_STATES: readonly Step[] = [
  'gone',
  brief('new Pending, no conditions'),
  'new Pending, unready [c]; c waiting ContainerCreating',
  RUNNING,
]

export const REPLACED_RUNTIME = [
  'c 0 SIGTERM',
  'c 0 exited 0',
  'sandbox 0 stopped',
  'new sandbox 0 started',
  'new c 0 started',
]

/** Of the recorded pods, too, the old one had ended when the new sandbox was started, although nothing waited for that. */
export const REPLACED: Expectation = {
  states: REPLACED_STATES,
  runtime: REPLACED_RUNTIME,
  events: ['Killing c: Stopping container c', 'new Pulled c', 'new Created c', 'new Started c'],
}

export const WAITS_FOR_THE_OLD: Difference = {
  reason: 'The new pod waits for the end of the old one of the same name.',
  because: { facts: '1.5.5' },
}

export const NOTHING: Expectation = { states: [], runtime: [], events: [] }

export function untouched(
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

export function fileOf(world: KubeletWorld): string {
  return `${world.podName}.yaml`
}

/** Writes it in place, as most editors and all redirections do. */
export function overwrite(world: KubeletWorld, content: string): Promise<void> {
  return world.inFolder((folder) => writeFileSync(join(folder, fileOf(world)), content), fileOf(world))
}
