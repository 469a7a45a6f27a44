import { describe, expect, it } from 'vitest'
import type { Pod } from '../../common/api/core.ts'
import type { ContainerState, ContainerStatus, PodPhase } from '../../common/api/pod-status.ts'
import { aContainer, aPod } from '../testing/pod-builders.ts'
import { computePhase } from './phase.ts'

const running: ContainerState = { running: { startedAt: '2026-01-01T00:00:00Z' } }
const waiting: ContainerState = { waiting: { reason: 'ContainerCreating' } }
const ended = (exitCode: number): ContainerState => ({ terminated: { exitCode } })

function status(name: string, state: ContainerState, lastState: ContainerState = {}): ContainerStatus {
  return { name, state, lastState, ready: false, restartCount: 0, image: '', imageID: '', started: !!state.running }
}

const always = aPod()
const never = aPod({ restartPolicy: 'Never' })
const onFailure = aPod({ restartPolicy: 'OnFailure' })
const withInit = (restartPolicy: 'Always' | 'Never'): Pod =>
  aPod({ restartPolicy, initContainers: [aContainer('init')] })
const crashLoop = status('one', { waiting: { reason: 'CrashLoopBackOff' } }, ended(1))

const CASES: [string, Pod, ContainerStatus[], PodPhase][] = [
  ['all waiting', always, [status('one', waiting), status('two', waiting)], 'Pending'],
  ['one waits, one runs', always, [status('one', waiting), status('two', running)], 'Pending'],
  ['all run', always, [status('one', running), status('two', running)], 'Running'],
  ['no status of one', always, [status('one', running)], 'Pending'],
  ['all in CrashLoopBackOff', always, [crashLoop, { ...crashLoop, name: 'two' }], 'Running'],
  ['all ended, Always', always, [status('one', ended(0)), status('two', ended(0))], 'Running'],
  ['all succeeded, Never', never, [status('one', ended(0)), status('two', ended(0))], 'Succeeded'],
  ['one failed, Never', never, [status('one', ended(0)), status('two', ended(2))], 'Failed'],
  ['one failed, one runs, Never', never, [status('one', running), status('two', ended(2))], 'Running'],
  ['one failed, OnFailure', onFailure, [status('one', ended(0)), status('two', ended(2))], 'Running'],
  ['all succeeded, OnFailure', onFailure, [status('one', ended(0)), status('two', ended(0))], 'Succeeded'],
  [
    'an init container runs',
    withInit('Always'),
    [status('init', running), status('one', waiting), status('two', waiting)],
    'Pending',
  ],
  [
    'an init container failed, Never',
    withInit('Never'),
    [status('init', ended(1)), status('one', waiting), status('two', waiting)],
    'Failed',
  ],
  [
    'an init container backs off, Always',
    withInit('Always'),
    [
      status('init', { waiting: { reason: 'CrashLoopBackOff' } }, ended(1)),
      status('one', waiting),
      status('two', waiting),
    ],
    'Pending',
  ],
]

describe('computePhase', () => {
  it.each(CASES)('given: %s', (_name, pod, statuses, phase) => {
    expect(computePhase(pod, statuses)).toBe(phase)
  })
})
