/** From a file to a running pod (REPORT.md §1). */
import { symlinkSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { obeysTerm } from '../../workloads.ts'
import { defineKubeletCases } from '../kubelet-case.ts'
import type { Timing } from '../../recorded/recorded-case.ts'
import type { TraceKind } from '../trace.ts'
import type { Expectation } from '../kubelet-case.ts'
import { onePod } from '../pod-plan.ts'
import { REPLACED_RUNTIME, REPLACED_STATES, WAITS_FOR_THE_OLD } from './edited-pod.ts'
import { starting } from './steps.ts'

const RUNNING = 'Running, ready; c running'

function timings(sandbox: number, container: number, running: number): Timing<TraceKind>[] {
  return [
    { kind: 'runtime', to: 'sandbox 0 started', seconds: sandbox },
    { kind: 'runtime', to: 'c 0 started', seconds: container },
    { kind: 'states', to: RUNNING, seconds: running },
  ]
}

const STARTS: Expectation = {
  states: [...starting('c'), RUNNING],
  runtime: ['sandbox 0 started', 'c 0 started'],
  events: ['Pulled c', 'Created c', 'Started c'],
}

export const START_CASES = defineKubeletCases({
  'start-rename': {
    given: 'an empty folder',
    when: 'a manifest is renamed into it',
    then: 'the pod is listed at once, its sandbox and container are started, and it is ready',
    source: { section: '1', recordings: ['01-latency.json', '01-start-timeline-rename.txt'] },
    worlds: ['clock', 'engine'],
    alone: true,
    async steps(world) {
      await world.start(onePod(obeysTerm(0)))
      await world.sees('states', RUNNING)
      await world.sees('events', 'Started c')
    },
    recorded: { ...STARTS, timings: timings(0.6715, 0.843, 1.6995) },
  },
  'start-write': {
    given: 'an empty folder',
    when: 'a manifest is written into it in place',
    then: 'the pod is listed at once, its sandbox and container are started, and it is ready',
    source: { section: '1', recordings: ['01-latency.json', '01-start-timeline-write.txt'] },
    worlds: ['clock', 'engine'],
    alone: true,
    async steps(world) {
      const manifest = world.manifest(onePod(obeysTerm(0)))
      const file = `${world.podName}.yaml`
      await world.inFolder((folder) => writeFileSync(join(folder, file), manifest), file)
      await world.sees('states', RUNNING)
      await world.sees('events', 'Started c')
    },
    recorded: { ...STARTS, timings: timings(0.507, 0.6525, 1.5305) },
  },
  'start-link': {
    given: 'a running pod whose manifest is a link to a file that the kubelet does not read',
    when: 'the target of the link is edited, which is announced to nobody',
    then: 'the next listing finds it, within 20 s, and replaces the pod',
    source: { section: '1, 5', recordings: ['01-latency-without-inotify.json', '05-symlink-target-edited.txt'] },
    adapted:
      'The container exits on SIGTERM; the recorded one did not, and was killed with exit code 137 by the clean-up of its cgroup.',
    worlds: ['clock', 'full'],
    async steps(world) {
      const file = `${world.podName}.yaml`
      // A name with a dot is none of the kubelet's, and both worlds have it where the link says.
      const target = join(world.folder, `.target-of-${file}`)
      writeFileSync(target, world.manifest(onePod(obeysTerm(0))))
      await world.inFolder((folder) => symlinkSync(basename(target), join(folder, file)), file)
      await world.sees('states', RUNNING)
      world.begin()
      writeFileSync(target, world.manifest(onePod(obeysTerm(0), { terminationGracePeriodSeconds: 7 })))
      await world.sees('states', `new ${RUNNING}`)
    },
    recorded: {
      states: REPLACED_STATES,
      runtime: ['c 0 SIGTERM', 'new sandbox 0 started', 'new c 0 started', 'c 0 exited 137', 'sandbox 0 stopped'],
      timings: [{ kind: 'runtime', to: 'c 0 SIGTERM', seconds: 20 }],
    },
    differs: [{ ...WAITS_FOR_THE_OLD, instead: { runtime: REPLACED_RUNTIME } }],
  },
})
