import { describe, expect, it } from 'vitest'
import type { Container, Pod } from '../api/core.ts'
import type { ContainerState, ContainerStatus, PodStatus } from '../api/pod-status.ts'
import { summarizePod } from './pod-summary.ts'

const NOW = Date.parse('2026-01-01T00:10:00Z')
const RUNNING: ContainerState = { running: { startedAt: '2026-01-01T00:00:00Z' } }

function makeStatus(name: string, state: ContainerState, more: Partial<ContainerStatus> = {}): ContainerStatus {
  return { name, state, lastState: {}, ready: false, restartCount: 0, image: 'i', imageID: '', ...more }
}

const ready = (name: string) => makeStatus(name, RUNNING, { ready: true })
const ended = (exitCode: number, reason?: string): ContainerState => ({
  terminated: { exitCode, ...(reason && { reason }) },
})
const waiting = (reason: string, message?: string): ContainerState => ({
  waiting: { reason, ...(message && { message }) },
})

function makePod(status: PodStatus, init: Container[] = [], containers: Container[] = [{ name: 'c' }]): Pod {
  return {
    metadata: { name: 'web-node01', namespace: 'default', uid: 'u' },
    spec: { nodeName: 'node01', initContainers: init, containers },
    status: { startTime: '2026-01-01T00:00:00Z', ...status },
  }
}

const one = (state: ContainerState, phase: PodStatus['phase'] = 'Running', more: Partial<ContainerStatus> = {}) =>
  makePod({ phase: phase ?? 'Running', containerStatuses: [makeStatus('c', state, more)] })

describe('STATUS', () => {
  const two: Container[] = [{ name: 'c' }, { name: 'd' }]
  const init: Container[] = [{ name: 'i' }, { name: 'j' }]
  const sidecar: Container[] = [{ name: 'i', restartPolicy: 'Always' }]
  const during = (...states: ContainerState[]) =>
    makePod(
      { phase: 'Pending', initContainerStatuses: states.map((state, index) => makeStatus('ij'.charAt(index), state)) },
      init,
    )
  const initialized = [{ type: 'Initialized', status: 'True' as const }]

  it.each<[string, Pod, string, string]>([
    ['just added', makePod({ phase: 'Pending' }), 'Pending', '0/1'],
    ['creating', one(waiting('ContainerCreating'), 'Pending'), 'ContainerCreating', '0/1'],
    ['running and ready', makePod({ phase: 'Running', containerStatuses: [ready('c')] }), 'Running', '1/1'],
    ['running and not ready', one(RUNNING), 'Running', '0/1'],
    ['ended well', one(ended(0, 'Completed'), 'Succeeded'), 'Completed', '0/1'],
    ['ended badly', one(ended(1, 'Error')), 'Error', '0/1'],
    ['ended without a reason', one(ended(3)), 'ExitCode:3', '0/1'],
    ['ended by a signal', one({ terminated: { exitCode: 137, signal: 9 } }), 'Signal:9', '0/1'],
    ['out of memory', one(ended(137, 'OOMKilled')), 'OOMKilled', '0/1'],
    ['back-off', one(waiting('CrashLoopBackOff')), 'CrashLoopBackOff', '0/1'],
    ['reason of the pod', makePod({ phase: 'Failed', reason: 'DeadlineExceeded' }), 'DeadlineExceeded', '0/1'],
    ['init 1 of 2', during(waiting('PodInitializing')), 'Init:0/2', '0/1'],
    ['init 2 of 2', during(ended(0), RUNNING), 'Init:1/2', '0/1'],
    ['init failed', during(ended(1, 'Error')), 'Init:Error', '0/1'],
    ['init failed without a reason', during(ended(1)), 'Init:ExitCode:1', '0/1'],
    ['init back-off', during(ended(0), waiting('CrashLoopBackOff')), 'Init:CrashLoopBackOff', '0/1'],
    [
      'initialised',
      makePod(
        {
          phase: 'Pending',
          initContainerStatuses: [makeStatus('i', ended(0))],
          containerStatuses: [makeStatus('c', waiting('PodInitializing'))],
        },
        init,
      ),
      'PodInitializing',
      '0/1',
    ],
    [
      'initialised once',
      makePod(
        {
          phase: 'Running',
          conditions: initialized,
          initContainerStatuses: [makeStatus('i', waiting('X'))],
          containerStatuses: [ready('c')],
        },
        init,
      ),
      'Init:X',
      '1/1',
    ],
    [
      'sidecar ready',
      makePod(
        {
          phase: 'Running',
          initContainerStatuses: [{ ...ready('i'), started: true }],
          containerStatuses: [ready('c')],
        },
        sidecar,
      ),
      'Running',
      '2/2',
    ],
    [
      'sidecar starting',
      makePod({ phase: 'Pending', initContainerStatuses: [{ ...ready('i'), started: false }] }, sidecar),
      'Init:0/1',
      '0/2',
    ],
    [
      'first of two decides',
      makePod(
        { phase: 'Running', containerStatuses: [makeStatus('c', waiting('A')), makeStatus('d', waiting('B'))] },
        [],
        two,
      ),
      'A',
      '0/2',
    ],
    [
      'one ended, one ready',
      makePod(
        {
          phase: 'Running',
          conditions: [{ type: 'Ready', status: 'True' }],
          containerStatuses: [makeStatus('c', ended(0, 'Completed')), ready('d')],
        },
        [],
        two,
      ),
      'Running',
      '1/2',
    ],
    [
      'one ended, one running',
      makePod({ phase: 'Running', containerStatuses: [makeStatus('c', ended(0, 'Completed')), ready('d')] }, [], two),
      'NotReady',
      '1/2',
    ],
  ])('given a pod %s, then it is as kubectl prints it', (_what, pod, status, readiness) => {
    expect(summarizePod(pod, NOW)).toMatchObject({ status, ready: readiness })
  })

  it('given a deletion time, then it is Terminating until it has ended, and Unknown on a lost node', () => {
    const deleted = (status: PodStatus): Pod => {
      const pod = makePod(status)
      return { ...pod, metadata: { ...pod.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' } }
    }
    expect(summarizePod(deleted({ phase: 'Running', containerStatuses: [ready('c')] }), NOW).status).toBe('Terminating')
    expect(summarizePod(deleted({ phase: 'Succeeded' }), NOW).status).toBe('Succeeded')
    expect(summarizePod(deleted({ phase: 'Running', reason: 'NodeLost' }), NOW).status).toBe('Unknown')
  })
})

describe('RESTARTS and AGE', () => {
  const finished = (finishedAt: string): ContainerState => ({ terminated: { exitCode: 1, finishedAt } })

  it('given restarts, then the last end is told', () => {
    const pod = one(RUNNING, 'Running', { restartCount: 3, lastState: finished('2026-01-01T00:09:55Z') })
    expect(summarizePod(pod, NOW)).toMatchObject({ restartCount: 3, restarts: '3 (5s ago)', age: '10m' })
  })

  it('given restarts whose end is not known, then only the number is told', () => {
    expect(summarizePod(one(RUNNING, 'Running', { restartCount: 2 }), NOW).restarts).toBe('2')
  })

  it('given no start time, then the age is not known', () => {
    expect(summarizePod({ metadata: {}, spec: { containers: [] } }, NOW)).toMatchObject({
      age: '<unknown>',
      ip: '<none>',
      restarts: '0',
    })
  })

  it('given a creation time, then it counts rather than the start', () => {
    const pod = makePod({ phase: 'Running' })
    const created = { ...pod, metadata: { ...pod.metadata, creationTimestamp: '2025-12-31T23:10:00Z' } }
    expect(summarizePod(created, NOW).age).toBe('60m')
  })

  it('given restarts of init containers, then they count while initialising, and only those of sidecars later', () => {
    const init = [{ name: 'i' }]
    const failing = makeStatus('i', waiting('CrashLoopBackOff'), { restartCount: 4 })
    expect(summarizePod(makePod({ phase: 'Pending', initContainerStatuses: [failing] }, init), NOW).restartCount).toBe(
      4,
    )
    const done = makeStatus('i', ended(0), { restartCount: 4 })
    const status: PodStatus = { phase: 'Running', initContainerStatuses: [done], containerStatuses: [ready('c')] }
    expect(summarizePod(makePod(status, init), NOW).restartCount).toBe(0)
  })
})

describe('back-off', () => {
  const message = 'back-off 1m20s restarting failed container=c pod=web-node01_default(u)'

  it('given CrashLoopBackOff, then delay and time of the next try come from message and last end', () => {
    const lastState: ContainerState = { terminated: { exitCode: 1, finishedAt: '2026-01-01T00:09:00Z' } }
    const pod = one(waiting('CrashLoopBackOff', message), 'Running', { restartCount: 4, lastState })
    expect(summarizePod(pod, NOW).backOffs).toEqual([
      { container: 'c', delaySeconds: 80, until: '2026-01-01T00:10:20.000Z' },
    ])
  })

  it('given no known end, then only the delay is told', () => {
    expect(summarizePod(one(waiting('CrashLoopBackOff', message)), NOW).backOffs).toEqual([
      { container: 'c', delaySeconds: 80 },
    ])
  })

  it('given another wait, then there is none', () => {
    expect(
      summarizePod(one(waiting('ErrImagePull', 'back-off 10s restarting failed container')), NOW).backOffs,
    ).toEqual([])
    expect(summarizePod(one(waiting('CrashLoopBackOff', 'soon')), NOW).backOffs).toEqual([])
  })
})
