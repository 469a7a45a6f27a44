import { describe, expect, it } from 'vitest'
import type { PodPhase } from '@common/api/pod-status.ts'
import { aBackingOffContainer, aContainerStatus, aPod, at } from '../testing/fixtures.ts'
import { isRejected, toneOf } from './pod-health.ts'
import { firstRunningContainer, stateSince } from './pod-moments.ts'

describe('toneOf', () => {
  it.each([
    ['Running', true, 'running'],
    ['Running', false, 'waiting'],
    ['Init:0/2', false, 'waiting'],
    ['Init:CrashLoopBackOff', false, 'back-off'],
    ['Init:Error', false, 'failed'],
    ['CrashLoopBackOff', false, 'back-off'],
    ['SomethingNewBackOff', false, 'back-off'],
    ['Completed', false, 'done'],
    ['ExitCode:3', false, 'failed'],
    ['Signal:9', false, 'failed'],
    ['NodeAffinity', false, 'failed'],
    ['NodePorts', false, 'failed'],
    ['UnexpectedAdmissionError', false, 'failed'],
    ['OutOfcpu', false, 'failed'],
    ['Preempting', false, 'failed'],
    ['Terminating', true, 'ended'],
    ['Whatever', true, 'waiting'],
  ])('given the STATUS %s (ready: %s), it is %s', (status, isReady, tone) => {
    expect(toneOf(status, isReady)).toBe(tone)
  })
})

describe('isRejected', () => {
  it.each<[PodPhase, string, boolean]>([
    ['Failed', 'Pod was rejected: Predicate NodeAffinity failed', true],
    ['Failed', 'Pod was active on the node longer than the specified deadline', false],
    ['Pending', 'Pod was rejected: not yet', false],
  ])('given phase %s and the message %s, it is %s', (phase, message, rejected) => {
    const pod = aPod()
    expect(isRejected({ ...pod, status: { ...pod.status, phase, message } })).toBe(rejected)
  })
})

describe('moments of a pod', () => {
  it('given a running pod, it runs since its newest container started', () => {
    expect(stateSince(aPod())).toBe(at(-60))
  })

  it('given a back-off, it waits since the container ended', () => {
    expect(stateSince(aPod({ containers: [aBackingOffContainer(15, '40s')] }))).toBe(at(-15))
  })

  it('given a pod that was just made, it counts from its start', () => {
    const creating = aContainerStatus({ ready: false, state: { waiting: { reason: 'ContainerCreating' } } })
    expect(stateSince(aPod({ containers: [creating] }))).toBe(at(-90))
  })

  it('given one container that runs beside one that does not, a crash means the one that runs', () => {
    const waiting = aBackingOffContainer(1, '10s')
    expect(firstRunningContainer(aPod({ containers: [waiting, aContainerStatus({ name: 'side' })] }))).toBe('side')
    expect(firstRunningContainer(aPod({ containers: [waiting] }))).toBeUndefined()
  })
})
