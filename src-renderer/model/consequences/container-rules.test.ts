import { describe, expect, it } from 'vitest'
import type { Pod } from '@common/api/core.ts'
import type { ContainerStatus } from '@common/api/pod-status.ts'
import { aContainerStatus, aPod, at } from '../../testing/fixtures.ts'
import { engineSays, play, statesOf, type Moment } from '../../testing/played-consequences.ts'
import { isConcluded } from '../compute-consequences.ts'
import type { ExplainedAction } from './explained-action.ts'

const CRASH: ExplainedAction = {
  kind: 'ContainerCrashed',
  lab: 'default',
  node: 'node01',
  pod: { namespace: 'default', name: 'web-node01' },
  container: 'nginx',
}
const killed: Partial<ContainerStatus> = {
  lastState: { terminated: { exitCode: 137, reason: 'Error', startedAt: at(-60), finishedAt: at(1) } },
}

describe('given a container that is crashed', () => {
  it('when it dies and runs again, then each is seen with its evidence, and the pod stayed', () => {
    const again = aContainerStatus({ ...killed, containerID: 'docker://2', restartCount: 1 })
    const expectations = play(CRASH, [{ second: 0 }, { second: 2, pods: [aPod({ containers: [again] })] }])
    expect(expectations).toEqual([
      { id: 'ended', state: 'seen', evidence: { exitCode: 137 }, tookMs: 2000 },
      { id: 'restarted', state: 'seen', evidence: { from: 0, to: 1 }, tookMs: 2000 },
      { id: 'samePod', state: 'seen', evidence: { ip: '172.30.0.130' } },
    ])
    expect(isConcluded(expectations)).toBe(true)
  })

  it('when it has crashed before, then the back-off is told and the restart is waited for', () => {
    const message = 'back-off 20s restarting failed container=nginx pod=web-node01_default(uid-1)'
    const waiting = aContainerStatus({ ...killed, state: { waiting: { reason: 'CrashLoopBackOff', message } } })
    const expectations = play(CRASH, [{ second: 0 }, { second: 2, pods: [aPod({ containers: [waiting] })] }])
    expect(expectations.find(({ id }) => id === 'backsOff')).toMatchObject({
      state: 'seen',
      evidence: { delay: '20s' },
    })
    expect(statesOf(expectations)).toMatchObject({ ended: 'seen', restarted: 'pending', samePod: 'pending' })
  })

  it('when another pod takes its place, then it is said that it did not stay', () => {
    const expectations = play(CRASH, [{ second: 0 }, { second: 2, pods: [aPod({ uid: 'uid-2' })] }])
    expect(statesOf(expectations)['samePod']).toBe('not-seen')
  })

  it('when it was over long before, then that end is not taken for this one', () => {
    const lastState = { terminated: { exitCode: 1, reason: 'Error', startedAt: at(-99), finishedAt: at(-50) } }
    const pods = [aPod({ containers: [aContainerStatus({ lastState, restartCount: 1 })] })]
    const expectations = play(CRASH, [
      { second: 0, pods },
      { second: 2, pods },
      { second: 400, pods },
    ])
    expect(statesOf(expectations)).toEqual({ ended: 'not-seen', restarted: 'not-seen', samePod: 'seen' })
  })

  it('when no kubelet runs, then nobody starts it again, and the engine is the witness', () => {
    const node = { kubelet: 'stopped' } as const
    const moments: [Moment, ...Moment[]] = [
      { second: 0, node, pods: [], containers: engineSays(true) },
      { second: 2, node, pods: [], containers: engineSays(false) },
    ]
    expect(statesOf(play(CRASH, moments))).toEqual({ ended: 'seen', nobodyRestarts: 'seen' })
  })

  it('when no kubelet runs and yet another instance of it does, then it is not claimed that nobody starts it', () => {
    const node = { kubelet: 'stopped' } as const
    const moments: [Moment, ...Moment[]] = [
      { second: 0, node, pods: [], containers: engineSays(true) },
      { second: 2, node, pods: [], containers: [...engineSays(false), ...engineSays(true, '2')] },
    ]
    expect(statesOf(play(CRASH, moments))).toEqual({ ended: 'seen', nobodyRestarts: 'not-seen' })
  })

  const dead = aContainerStatus({
    state: { terminated: { exitCode: 137, reason: 'Error', startedAt: at(-60), finishedAt: at(1) } },
  })
  const beside = aContainerStatus({ name: 'beside', containerID: 'docker://9' })
  const withPolicy = (pod: Pod, phase: 'Running' | 'Failed' = 'Running'): Pod => ({
    ...pod,
    spec: { ...pod.spec, restartPolicy: 'Never' },
    status: { ...pod.status, phase },
  })
  const asSidecar = (pod: Pod): Pod => ({
    ...pod,
    spec: {
      ...pod.spec,
      containers: pod.spec.containers.filter(({ name }) => name !== 'nginx'),
      initContainers: [{ name: 'nginx', image: 'nginx', restartPolicy: 'Always' }],
    },
    status: {
      ...pod.status,
      containerStatuses: (pod.status?.containerStatuses ?? []).filter(({ name }) => name !== 'nginx'),
      initContainerStatuses: (pod.status?.containerStatuses ?? []).filter(({ name }) => name === 'nginx'),
    },
  })

  it('when its pod has restartPolicy Never and nothing else, then the pod is Failed, and no restart is waited for', () => {
    const expectations = play(CRASH, [
      { second: 0, pods: [withPolicy(aPod())] },
      { second: 2, pods: [withPolicy(aPod({ containers: [dead] }), 'Failed')] },
    ])
    expect(statesOf(expectations)).toEqual({ ended: 'seen', phaseFailed: 'seen' })
  })

  it.each([
    ['stays so', dead, 'seen'],
    ['runs again all the same', aContainerStatus({ ...killed, restartCount: 1 }), 'not-seen'],
  ])(
    'when its pod has restartPolicy Never and another container, and it %s, then that is told, and nothing of a phase',
    (_what, status, staysEnded) => {
      const expectations = play(CRASH, [
        { second: 0, pods: [withPolicy(aPod({ containers: [aContainerStatus(), beside] }))] },
        { second: 2, pods: [withPolicy(aPod({ containers: [status, beside] }))] },
      ])
      expect(statesOf(expectations)).toEqual({ ended: 'seen', staysEnded, samePod: 'seen' })
    },
  )

  it('when it is a sidecar, then it is started again, whatever the policy of its pod', () => {
    const again = aContainerStatus({ ...killed, containerID: 'docker://2', restartCount: 1 })
    const expectations = play(CRASH, [
      { second: 0, pods: [withPolicy(asSidecar(aPod({ containers: [aContainerStatus(), beside] })))] },
      { second: 2, pods: [withPolicy(asSidecar(aPod({ containers: [again, beside] })))] },
    ])
    expect(statesOf(expectations)).toEqual({ ended: 'seen', restarted: 'seen', samePod: 'seen' })
  })
})
