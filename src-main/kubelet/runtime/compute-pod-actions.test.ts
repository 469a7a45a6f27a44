import { describe, expect, it } from 'vitest'
import type { Pod } from '../../common/api/core.ts'
import { noProbeResults } from '../prober/probe-results.ts'
import { aContainer, aHealthyRuntimePod, aPod, aSandbox, exited, withInstance } from '../testing/pod-builders.ts'
import { computePodActions } from './compute-pod-actions.ts'
import type { PodActions } from './compute-pod-actions.ts'
import type { RuntimePod } from './runtime-pod.ts'

const NOTHING: PodActions = {
  killPod: false,
  createSandbox: false,
  sandboxId: 'sandbox-0',
  attempt: 0,
  initContainersToStart: [],
  containersToStart: [],
  containersToKill: [],
}

interface Case {
  name: string
  pod?: Partial<Pod['spec']>
  runtime?: (healthy: RuntimePod) => RuntimePod
  expected: Partial<PodActions>
}

const sandboxGone = (healthy: RuntimePod): RuntimePod => ({
  ...healthy,
  sandboxes: [aSandbox(0, { state: 'SANDBOX_NOTREADY' })],
})
const NEW_SANDBOX = { killPod: true, createSandbox: true, attempt: 1 }
const inits = [aContainer('i0'), aContainer('i1')]
const sidecar = [aContainer('side', { restartPolicy: 'Always' })]
/** Nothing but the instances of these containers is there. */
const only =
  (...names: string[]) =>
  (healthy: RuntimePod): RuntimePod => ({
    ...healthy,
    containers: healthy.containers.filter((instance) => names.includes(instance.metadata.name)),
  })

const CASES: Case[] = [
  { name: 'everything runs', expected: {} },
  {
    name: 'nothing exists yet',
    runtime: () => ({ uid: 'uid-1', name: '', namespace: '', sandboxes: [], containers: [] }),
    expected: { killPod: true, createSandbox: true, sandboxId: undefined, containersToStart: [0, 1] },
  },
  {
    name: 'nothing exists yet, with init containers',
    pod: { initContainers: inits },
    runtime: () => ({ uid: 'uid-1', name: '', namespace: '', sandboxes: [], containers: [] }),
    expected: { killPod: true, createSandbox: true, sandboxId: undefined, initContainersToStart: [0] },
  },
  { name: 'the sandbox died', runtime: sandboxGone, expected: { ...NEW_SANDBOX, containersToStart: [0, 1] } },
  {
    name: 'the sandbox died, policy Never',
    pod: { restartPolicy: 'Never' },
    runtime: sandboxGone,
    expected: { ...NEW_SANDBOX, createSandbox: false },
  },
  {
    name: 'the sandbox died, policy OnFailure, one container had succeeded',
    pod: { restartPolicy: 'OnFailure' },
    runtime: (healthy) => sandboxGone(withInstance(withInstance(healthy, 'one', exited(0)), 'two', exited(137))),
    expected: { ...NEW_SANDBOX, containersToStart: [1] },
  },
  {
    name: 'the sandbox died, policy OnFailure, all had succeeded',
    pod: { restartPolicy: 'OnFailure' },
    runtime: (healthy) => sandboxGone(withInstance(withInstance(healthy, 'one', exited(0)), 'two', exited(0))),
    expected: { ...NEW_SANDBOX, createSandbox: false },
  },
  {
    name: 'the sandbox died, with init containers',
    pod: { initContainers: inits },
    runtime: sandboxGone,
    expected: { ...NEW_SANDBOX, initContainersToStart: [0] },
  },
  {
    name: 'two sandboxes are ready',
    runtime: (healthy) => ({ ...healthy, sandboxes: [aSandbox(1), aSandbox(0)] }),
    expected: { killPod: true, createSandbox: true, sandboxId: 'sandbox-1', attempt: 2, containersToStart: [0, 1] },
  },
  {
    name: 'the sandbox has no address',
    runtime: (healthy) => ({ ...healthy, sandboxes: [aSandbox(0, { ip: '' })] }),
    expected: { ...NEW_SANDBOX, containersToStart: [0, 1] },
  },
  {
    name: 'the sandbox is in the network of the node and should not be',
    runtime: (healthy) => ({ ...healthy, sandboxes: [aSandbox(0, { networkMode: 'NODE' })] }),
    expected: { ...NEW_SANDBOX, sandboxId: undefined, containersToStart: [0, 1] },
  },
  {
    name: 'a pod in the network of the node has no address of its own',
    pod: { hostNetwork: true },
    runtime: (healthy) => ({ ...healthy, sandboxes: [aSandbox(0, { networkMode: 'NODE', ip: '' })] }),
    expected: {},
  },
  {
    name: 'one container died, Always',
    runtime: (healthy) => withInstance(healthy, 'two', exited(0)),
    expected: { containersToStart: [1] },
  },
  {
    name: 'one container failed, OnFailure',
    pod: { restartPolicy: 'OnFailure' },
    runtime: (healthy) => withInstance(healthy, 'two', exited(3)),
    expected: { containersToStart: [1] },
  },
  {
    name: 'one container succeeded, OnFailure',
    pod: { restartPolicy: 'OnFailure' },
    runtime: (healthy) => withInstance(healthy, 'two', exited(0)),
    expected: {},
  },
  {
    name: 'all containers ended, Never',
    pod: { restartPolicy: 'Never' },
    runtime: (healthy) => withInstance(withInstance(healthy, 'one', exited(0)), 'two', exited(3)),
    expected: { killPod: true },
  },
  {
    name: 'a container was created and never started, Never',
    pod: { restartPolicy: 'Never' },
    runtime: (healthy) => withInstance(healthy, 'one', { state: 'CONTAINER_CREATED' }),
    expected: { containersToStart: [0] },
  },
  {
    name: 'a container of policy Never is allowed to restart by its rule',
    pod: {
      restartPolicy: 'Never',
      containers: [
        aContainer('one', {
          restartPolicy: 'Never',
          restartPolicyRules: [{ action: 'Restart', exitCodes: { operator: 'In', values: [42] } }],
        }),
        aContainer('two'),
      ],
    },
    runtime: (healthy) => withInstance(withInstance(healthy, 'one', exited(42)), 'two', exited(1)),
    expected: { containersToStart: [0] },
  },
  {
    name: 'init: the first one runs',
    pod: { initContainers: inits },
    runtime: (healthy) => withInstance(only('i0')(healthy), 'i0', { state: 'CONTAINER_RUNNING' }),
    expected: {},
  },
  {
    name: 'init: the first one has completed',
    pod: { initContainers: inits },
    runtime: only('i0'),
    expected: { initContainersToStart: [1] },
  },
  {
    name: 'init: all have completed',
    pod: { initContainers: inits },
    runtime: only('i0', 'i1'),
    expected: { containersToStart: [0, 1] },
  },
  {
    name: 'init: only the record of the last one is left',
    pod: { initContainers: inits },
    runtime: only('i1'),
    expected: { containersToStart: [0, 1] },
  },
  {
    name: 'init: one failed, Always',
    pod: { initContainers: inits },
    runtime: (healthy) => withInstance(only('i0')(healthy), 'i0', exited(1)),
    expected: { initContainersToStart: [0] },
  },
  {
    name: 'init: one failed, Never',
    pod: { initContainers: inits, restartPolicy: 'Never' },
    runtime: (healthy) => withInstance(only('i0')(healthy), 'i0', exited(1)),
    expected: { killPod: true },
  },
  {
    name: 'init: no records are left but an app container runs',
    pod: { initContainers: inits },
    runtime: only('one'),
    expected: { containersToStart: [1] },
  },
  {
    name: 'init: records of an earlier sandbox do not count',
    pod: { initContainers: inits },
    runtime: (healthy) => ({ ...healthy, sandboxes: [aSandbox(1)] }),
    expected: { sandboxId: 'sandbox-1', attempt: 1, initContainersToStart: [0] },
  },
  {
    name: 'sidecar: it runs, so the app starts',
    pod: { initContainers: sidecar },
    runtime: only('side'),
    expected: { containersToStart: [0, 1] },
  },
  {
    name: 'sidecar: it died beside a running app',
    pod: { initContainers: sidecar },
    runtime: (healthy) => withInstance(healthy, 'side', exited(1)),
    expected: { initContainersToStart: [0] },
  },
  {
    name: 'sidecar: the app has ended for good, so it goes as well',
    pod: { initContainers: sidecar, restartPolicy: 'Never' },
    runtime: (healthy) => withInstance(withInstance(healthy, 'one', exited(0)), 'two', exited(0)),
    expected: { killPod: true },
  },
]

describe('computePodActions', () => {
  it.each(CASES)('given: $name', ({ pod: spec = {}, runtime = (healthy) => healthy, expected }) => {
    const pod = aPod(spec)
    const actions = computePodActions(pod, runtime(aHealthyRuntimePod(pod)), noProbeResults)
    expect(actions).toEqual({ ...NOTHING, ...expected })
  })

  it('given a changed image, then only that container is killed and started again, even with policy Never', () => {
    const pod = aPod({ restartPolicy: 'Never' })
    const runtimePod = aHealthyRuntimePod(pod)
    pod.spec.containers[1] = aContainer('two', { image: 'busybox:2' })
    const actions = computePodActions(pod, runtimePod, noProbeResults)
    expect(actions.containersToStart).toEqual([1])
    expect(actions.containersToKill.map(({ id, message }) => [id, message])).toEqual([
      ['id-two-0', 'Container two definition changed, will be restarted'],
    ])
  })

  it.each([
    ['Always', 'Container one failed liveness probe, will be restarted', [0]],
    ['Never', 'Container one failed liveness probe', []],
  ] as const)(
    'given a failed liveness probe and policy %s, then it is killed: %s',
    (restartPolicy, message, starts) => {
      const pod = aPod({ restartPolicy })
      const probes = {
        ...noProbeResults,
        liveness: (id: string) => (id === 'id-one-0' ? ('Failure' as const) : undefined),
      }
      const actions = computePodActions(pod, aHealthyRuntimePod(pod), probes)
      expect(actions.containersToKill.map((kill) => kill.message)).toEqual([message])
      expect(actions.containersToStart).toEqual(starts)
    },
  )
})
