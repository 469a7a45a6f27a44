import { describe, expect, it } from 'vitest'
import type { TimelineEntry } from '@common/lab/timeline-entry.ts'
import type { UserAction } from '@common/lab/user-action.ts'
import recorded from '../../tests/golden/pod-timelines/one-minute.jsonl?raw'
import { aBackingOffContainer, aContainerStatus, aPod, at, NOW } from '../testing/fixtures.ts'
import { computeLifecycle, type Lifecycle } from './compute-lifecycle.ts'
import { computeCause } from './lifecycle-cause.ts'
import { computeFlags, computeProbeTicks } from './lifecycle-marks.ts'
import { computePath } from './lifecycle-path.ts'

/** One minute of a real lab (node image of Kubernetes 1.35): nine pods, each with a story of its own. */
const LAB = recorded
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as TimelineEntry)
const END = Date.parse(LAB.at(-1)?.time ?? '')

function storyOf(pod: string): readonly TimelineEntry[] {
  return LAB.filter((entry) => entry.pod?.name === `${pod}-node01` || entry.subject === 'kubelet')
}

/** Stage and reason of each stretch, with what is peculiar to it. */
function tell(life: Lifecycle, container = 'main'): string[] {
  const { stretches } = life.containers.find(({ name }) => name === container) ?? { stretches: [] }
  return stretches.map(({ stage, reason, exitCode, delaySeconds, until }) =>
    [
      stage,
      reason,
      exitCode ?? '',
      delaySeconds === undefined ? '' : `${delaySeconds}s`,
      until === undefined ? '…' : '',
    ]
      .filter((word) => word !== '')
      .join(' '),
  )
}

describe('the life of a recorded pod', () => {
  it('given a container that keeps exiting, when it is read, then runs, ends and back-offs follow each other', () => {
    const life = computeLifecycle(storyOf('crashes'))
    expect(tell(life)).toEqual([
      'waiting ContainerCreating',
      'running Running',
      'terminated Error 1',
      'running Running',
      'terminated Error 1',
      'back-off CrashLoopBackOff 10s',
      'running Running',
      'terminated Error 1',
      'back-off CrashLoopBackOff 20s',
      'running Running',
      'terminated Error 1',
      'back-off CrashLoopBackOff 40s …',
    ])
    expect(life.phases.map(({ stage }) => stage)).toEqual(['Pending', 'Running'])
  })

  it('given any recorded pod, then its stretches follow each other without a gap or an overlap', () => {
    const pods = [...new Set(LAB.flatMap(({ pod }) => (pod === undefined ? [] : [pod.name.replace('-node01', '')])))]
    expect(pods.length).toBeGreaterThan(8)
    const joints = pods
      .flatMap((pod) => computeLifecycle(storyOf(pod)).containers.map(({ stretches }) => stretches))
      .flatMap((stretches) => stretches.slice(1).map((next, index) => [stretches[index], next] as const))
      .filter(([before, next]) => before?.uid === next.uid)
    expect(joints.length).toBeGreaterThan(20)
    expect(joints.filter(([before, next]) => before?.until !== next.from)).toEqual([])
  })

  it('given pods that finish, then the phase ends as restartPolicy and exit code say, and nothing runs any more', () => {
    const phases = (pod: string): string[] => computeLifecycle(storyOf(pod)).phases.map(({ stage }) => stage)
    expect(phases('done')).toEqual(['Pending', 'Running', 'Succeeded'])
    expect(phases('fails')).toEqual(['Pending', 'Failed'])
    expect(tell(computeLifecycle(storyOf('onfail'))).slice(-2)).toEqual(['running Running', 'terminated Completed 0 …'])
  })

  it('given an image that cannot be had, then the container waits, backs off and tries again without ever running', () => {
    const stages = tell(computeLifecycle(storyOf('noimage')))
    expect(stages.slice(0, 4)).toEqual([
      'waiting ContainerCreating',
      'waiting ErrImagePull',
      'back-off ImagePullBackOff 10s',
      'waiting Pulling',
    ])
    expect(stages.some((stage) => stage.startsWith('running'))).toBe(false)
  })

  it('given a file that was removed, then everything ends with the pod, sidecars too', () => {
    const life = computeLifecycle(storyOf('starts'))
    expect(life.containers.map(({ name }) => name)).toEqual(['first', 'side', 'second', 'main'])
    expect(life.containers.filter(({ stretches }) => stretches.at(-1)?.until === undefined)).toEqual([])
    expect(life.phases.at(-1)?.until).toBeDefined()
  })

  it('given an edited file, then the strip has two pods after each other, and the path only the newer one’s way', () => {
    const { stretches } = computeLifecycle(storyOf('edited')).containers[0] ?? { stretches: [] }
    expect(new Set(stretches.map(({ uid }) => uid)).size).toBe(2)
    const path = computePath(stretches)
    expect(path.steps).toEqual([{ from: 'waiting', to: 'running', count: 1 }])
    expect(path.present?.stage).toBe('running')
  })
})

describe('causes', () => {
  const crash: UserAction = {
    id: '1',
    lab: 'podrec',
    kind: 'ContainerCrashed',
    time: new Date(Date.parse(endOf('killed', 0).time) - 300).toISOString(),
    node: 'node01',
    pod: { namespace: 'default', name: 'killed-node01' },
    container: 'main',
  }

  function endOf(pod: string, index: number): TimelineEntry {
    const entry = storyOf(pod).filter(({ reason }) => reason === 'ContainerDied')[index]
    if (entry === undefined) throw new Error(`${pod} has no end number ${index}`)
    return entry
  }

  function causes(pod: string, actions: readonly UserAction[] = []): string[] {
    const entries = storyOf(pod)
    const { stretches } = computeLifecycle(entries).containers.find(({ name }) => name === 'main') ?? { stretches: [] }
    return stretches.map((stretch) => {
      const { kind, ...rest } = computeCause(stretch, entries, actions)
      return [kind, ...Object.values(rest)].join(' ')
    })
  }

  it('given a crash loop, then each step has its cause', () => {
    expect(causes('crashes').slice(0, 7)).toEqual([
      'file-added',
      'file-added',
      'exit 1',
      'exited',
      'exit 1',
      'back-off 10',
      'back-off-over',
    ])
  })

  it('given two ends by SIGKILL of which one was asked for, then only that one is "by you"', () => {
    const told = causes('killed', [crash])
    expect(told.filter((cause) => cause === 'killed-by-you')).toHaveLength(1)
    expect(told.filter((cause) => cause === 'signal 9 137')).toHaveLength(1)
  })

  it('given a failing liveness probe, then the end and the next start name it', () => {
    expect(causes('probed')).toEqual(['file-added', 'file-added', 'probe-failed', 'probe-failed'])
  })

  it('given the whole lab, then flags mark files, crashes, probes and kills, and ticks the failed probes', () => {
    const kinds = (pod: string, actions: readonly UserAction[] = []): string[] =>
      computeFlags(storyOf(pod), actions).map(({ kind }) => kind)
    expect(kinds('crashes')).toEqual(['kubelet-started', 'file-added', 'crashed', 'crashed', 'crashed', 'crashed'])
    expect(kinds('edited')).toEqual(['kubelet-started', 'file-added', 'file-changed'])
    expect(kinds('starts')).toEqual(['kubelet-started', 'file-added', 'file-removed'])
    expect(kinds('probed')).toEqual(['kubelet-started', 'file-added', 'probe-killed'])
    expect(kinds('killed', [crash])).toEqual(['kubelet-started', 'file-added', 'killed-by-you', 'crashed'])
    expect(computeProbeTicks(storyOf('probed')).map(({ count }) => count)).toEqual([1, 1, 2, 2])
  })

  it('given actions that no entry stands for, then they have flags of their own', () => {
    const time = new Date(END).toISOString()
    const done = (kind: UserAction['kind']): UserAction => ({ ...crash, id: kind, kind, time })
    const flags = computeFlags([], [done('ApiPodDeleted'), done('NodeStopped'), done('NodeStarted')])
    expect(flags.map(({ kind, isByYou }) => [kind, isByYou])).toEqual([
      ['api-deleted', true],
      ['node-stopped', true],
      ['node-started', true],
    ])
  })
})

describe('what the status adds', () => {
  it('given no timeline at all, then the run before and the present wait are known from the status', () => {
    const pod = aPod({ containers: [aBackingOffContainer(4, '10s')] })
    const life = computeLifecycle([], pod)
    expect(tell(life, 'nginx')).toEqual(['running Running', 'terminated Error 1', 'back-off CrashLoopBackOff 10s …'])
    expect(life.containers[0]?.stretches.at(-1)?.dueAt).toBe(NOW + 6_000)
    expect(life.phases.map(({ stage }) => stage)).toEqual(['Running'])
  })

  it('given a view that is older than the timeline, then the newer word stays', () => {
    const died = { ...LAB[0], pod: { namespace: 'default', name: 'web-node01', uid: 'uid-1' }, container: 'nginx' }
    const entries = [
      { ...died, time: at(-60), reason: 'Started', subject: 'container' },
      { ...died, time: at(-1), reason: 'ContainerDied', subject: 'container', details: { exitCode: 1 } },
    ] as TimelineEntry[]
    const running = aPod({ containers: [aContainerStatus({ state: { running: { startedAt: at(-60) } } })] })
    expect(tell(computeLifecycle(entries, running), 'nginx').at(-1)).toBe('terminated Error 1 …')
  })

  it('given a node that was switched off and on, then the run of the boot before ends where it was last heard of', () => {
    const base = { ...LAB[0], pod: { namespace: 'default', name: 'web-node01', uid: 'uid-1' }, container: 'nginx' }
    const entries = [
      { ...base, boot: 'one', time: at(-60), reason: 'Started', subject: 'container' },
      { ...LAB[0], boot: 'one', time: at(-50), reason: 'KubeletStopping', subject: 'kubelet' },
      { ...LAB[0], boot: 'two', time: at(-20), reason: 'KubeletStarted', subject: 'kubelet' },
    ] as TimelineEntry[]
    const { stretches } = computeLifecycle(entries).containers[0] ?? { stretches: [] }
    expect(stretches.at(-1)?.until).toBe(NOW - 50_000)
  })
})
