/** The kubelet is stopped and started (REPORT.md §6). */
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { exitsWith, obeysTerm } from '../../workloads.ts'
import { defineKubeletCases } from '../kubelet-case.ts'
import type { Findings } from '../../recorded/recorded-case.ts'
import type { KubeletCase } from '../kubelet-case.ts'
import type { KubeletWorld } from '../kubelet-world.ts'
import { onePod } from '../pod-plan.ts'
import type { PodPlan } from '../pod-plan.ts'
import { starting } from './steps.ts'

const OBEYS = obeysTerm(0)
const PLAN = onePod(OBEYS)
const OTHER_PLAN = onePod(OBEYS, {}, { env: [{ name: 'V', value: 'two' }] })
const READY = 'Running, ready; c running'
const SOON_SECONDS = 4

const FATES: Findings = {
  'one that lives': READY,
  'it is the same container': true,
  'one that had been restarted': `${READY}, last exited 137 Error, restarts 1`,
  'one whose container was killed': `c 1 started, ${READY}, last exited 137 Error, restarts 1`,
  'one whose manifest was removed': 'c 0 SIGTERM, c 0 exited 0, sandbox 0 stopped',
  'one whose manifest was edited, the new pod': 'new sandbox 0 started, new c 0 started',
  'one whose manifest was edited, the old pod': 'c 0 SIGTERM, c 0 exited 0, sandbox 0 stopped',
  'one whose manifest was added': `sandbox 0 started, c 0 started, ${READY}`,
  'one that had ended': 'Succeeded, unready [e]; e exited 0 Completed',
}

function put(world: KubeletWorld, suffix: string, plan: PodPlan = PLAN): Promise<void> {
  return world.put(world.manifest(plan, `${world.podName}.${suffix}`), `${world.podName}-${suffix}.yaml`)
}

/** What became of one of the pods since the kubelet is back: what the runtime did, and the newest line of the list. */
function fateOf({ trace }: KubeletWorld, suffix: string): string {
  const did = trace.linesOf('runtime', suffix)
  return [...did, trace.latestState(suffix) ?? 'not listed'].join(', ')
}

function isSo(world: KubeletWorld, suffix: string, line: string): () => boolean {
  return () => world.trace.latestState(suffix) === line
}

/** Pods that live, die, change, come and go while nobody looks. */
async function restart(world: KubeletWorld, signal: 'SIGTERM' | 'SIGKILL'): Promise<Findings> {
  for (const suffix of ['lives', 'counts', 'killed', 'removed', 'edited']) await put(world, suffix)
  const ending = { containers: [{ name: 'e', runs: exitsWith(0) }], spec: { restartPolicy: 'Never' } } as const
  await put(world, 'ended', ending)
  for (const suffix of ['lives', 'counts', 'killed', 'removed', 'edited'])
    await world.until(`${suffix} to run`, isSo(world, suffix, READY))
  await world.until('one to end', () => world.trace.linesOf('runtime', 'ended').includes('sandbox 0 stopped'))
  await world.kill({ container: 'c', pod: 'counts' })
  await world.until('its restart', isSo(world, 'counts', `${READY}, last exited 137 Error, restarts 1`))
  await world.settled(['lives', 'counts', 'killed', 'removed', 'edited'])
  const before = await world.pod(`${world.podName}.lives-node01`)
  await world.stopKubelet(signal)
  await world.kill({ container: 'c', pod: 'killed' })
  await world.until('it to be dead', () => world.trace.linesOf('runtime', 'killed').includes('c 0 exited 137'))
  await world.remove(`${world.podName}-removed.yaml`)
  await put(world, 'edited', OTHER_PLAN)
  await put(world, 'added')
  world.begin()
  await world.startKubelet()
  await world.until('the edited one to run', isSo(world, 'edited', `new ${READY}`))
  await world.until('the removed one to end', () =>
    world.trace.linesOf('runtime', 'removed').includes('sandbox 0 stopped'),
  )
  await world.until('the old one to end', () => world.trace.linesOf('runtime', 'edited').includes('sandbox 0 stopped'))
  await world.until('the added one to run', isSo(world, 'added', READY))
  await world.until('the killed one to run', isSo(world, 'killed', `${READY}, last exited 137 Error, restarts 1`))
  await world.pass(SOON_SECONDS)
  const after = await world.pod(`${world.podName}.lives-node01`)
  const idOf = (pod: typeof after): string | undefined => pod?.status?.containerStatuses?.[0]?.containerID
  return {
    'one that lives': fateOf(world, 'lives'),
    'it is the same container': idOf(before) === idOf(after),
    'one that had been restarted': fateOf(world, 'counts'),
    'one whose container was killed': fateOf(world, 'killed'),
    'one whose manifest was removed': world.trace.linesOf('runtime', 'removed').join(', '),
    'one whose manifest was edited, the new pod': world.trace
      .linesOf('runtime', 'edited')
      .filter((line) => line.startsWith('new '))
      .join(', '),
    'one whose manifest was edited, the old pod': world.trace
      .linesOf('runtime', 'edited')
      .filter((line) => !line.startsWith('new '))
      .join(', '),
    'one whose manifest was added': fateOf(world, 'added'),
    'one that had ended': fateOf(world, 'ended'),
  }
}

function restartCase(signal: 'SIGTERM' | 'SIGKILL', worlds: KubeletCase['worlds']): KubeletCase {
  return {
    given: 'pods that run, and one that has ended',
    when: `the kubelet is gone for a while (${signal}), and things happen meanwhile`,
    then: 'what runs goes on untouched, and the kubelet catches up with the rest when it is back',
    source: { section: '6', recordings: [`06-kubelet-restart-${signal}.txt`] },
    worlds,
    alone: true,
    steps: (world) => restart(world, signal),
    recorded: { findings: FATES },
    differs: [
      {
        reason: 'The conditions of a pod that has done its work say so as their reason.',
        because: { facts: '2.7.2' },
        instead: {
          findings: { ...FATES, 'one that had ended': 'Succeeded, not ready (PodCompleted); e exited 0 Completed' },
        },
      },
    ],
  }
}

function folderMade(
  given: string,
  seconds: number,
  takeFolderAway: (world: KubeletWorld) => Promise<void>,
): KubeletCase {
  return {
    given,
    when: 'the folder is made, with a manifest in it',
    then: 'the pod is found at the next listing, at most 20 s later',
    source: { section: '1', recordings: ['06-manifest-folder-missing.txt'] },
    worlds: ['clock'],
    async steps(world) {
      await takeFolderAway(world)
      const manifest = world.manifest(PLAN)
      world.begin()
      mkdirSync(world.folder)
      writeFileSync(join(world.folder, `${world.podName}.yaml`), manifest)
      await world.sees('states', READY)
    },
    recorded: {
      states: [...starting('c'), READY],
      runtime: ['sandbox 0 started', 'c 0 started'],
      timings: [{ kind: 'runtime', to: 'c 0 started', seconds }],
    },
  }
}

export const RESTART_CASES = defineKubeletCases({
  'restart-sigterm': restartCase('SIGTERM', ['clock', 'engine']),
  'restart-sigkill': restartCase('SIGKILL', ['engine']),
  'restart-sandbox': {
    given: 'a running pod',
    when: 'its sandbox is killed while there is no kubelet',
    then: 'its container is stopped when the kubelet is back, and both are made anew as their next attempts',
    source: { section: '6', recordings: ['06-kubelet-restart-SIGTERM.txt'] },
    worlds: ['engine'],
    alone: true,
    async steps(world) {
      await world.running(PLAN)
      await world.stopKubelet('SIGTERM')
      await world.kill({ sandbox: true })
      await world.startKubelet()
      await world.sees('states', `${READY}, last exited 0 Completed, restarts 1`)
    },
    recorded: {
      runtime: ['sandbox 0 stopped', 'c 0 SIGTERM', 'c 0 exited 0', 'sandbox 1 started', 'c 1 started'],
    },
  },
  'restart-backoff': {
    given: 'a container that waits for its fourth restart, 40 seconds',
    when: 'the kubelet is stopped and started',
    then: 'it is started at once, and its waits begin anew with 10 and 20 seconds',
    source: { section: '6', recordings: ['06-kubelet-restart-SIGTERM.txt'] },
    worlds: ['clock'],
    async steps(world) {
      const backOff = (wait: string, restarts: number): string =>
        `Running, unready [c]; c waiting CrashLoopBackOff "back-off ${wait} restarting failed container=c pod=POD", last exited 1 Error, restarts ${restarts}`
      await world.start(onePod(exitsWith(1)))
      await world.sees('states', backOff('40s', 3))
      await world.stopKubelet('SIGTERM')
      world.begin()
      await world.startKubelet()
      await world.sees('states', backOff('20s', 5))
      return { 'seconds from each exit to the next start': world.trace.restartWaits('c') }
    },
    recorded: {
      runtime: ['c 4 started', 'c 4 exited 1', 'c 5 started', 'c 5 exited 1'],
      findings: { 'seconds from each exit to the next start': [14] },
    },
    differs: [
      {
        reason: 'The kubelet looks again when the back-off is over, not at the next of its looks 10 to 15 s apart.',
        because: { facts: '2.1, 2.2.1' },
        instead: { findings: { 'seconds from each exit to the next start': [10] } },
      },
    ],
  },
  'folder-missing': {
    given: 'a running pod',
    when: 'the folder is not there when the kubelet starts',
    then: 'it counts as empty: the pod is ended',
    source: { section: '1', recordings: ['06-manifest-folder-missing.txt'] },
    adapted: 'The container runs until then; of the recorded pods, only the ends of the sandboxes are in the file.',
    worlds: ['clock'],
    async steps(world) {
      await world.running(PLAN)
      await world.stopKubelet('SIGTERM')
      renameSync(world.folder, `${world.folder}.away`)
      await world.startKubelet()
      await world.sees('runtime', 'sandbox 0 stopped')
    },
    recorded: {
      runtime: ['sandbox 0 stopped'],
      timings: [{ kind: 'runtime', to: 'sandbox 0 stopped', seconds: 8.773 }],
    },
    differs: [
      {
        reason: 'The container, which still runs, is ended before its sandbox.',
        because: { facts: '2.11.2' },
        instead: { states: ['gone'], runtime: ['c 0 SIGTERM', 'c 0 exited 0', 'sandbox 0 stopped'] },
      },
    ],
  },
  'folder-made': folderMade('a kubelet that was started without its folder', 16.287, async (world) => {
    await world.stopKubelet('SIGTERM')
    rmSync(world.folder, { recursive: true })
    await world.startKubelet()
    await world.pass(30)
  }),
  'folder-again': folderMade('a kubelet whose folder was removed while it ran', 20, async (world) => {
    rmSync(world.folder, { recursive: true })
    await world.pass(24)
  }),
})
