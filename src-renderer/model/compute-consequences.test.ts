import { describe, expect, it } from 'vitest'
import type { Pod } from '@common/api/core.ts'
import type { ContainerStatus } from '@common/api/pod-status.ts'
import { emptyClusterView, type ClusterNode, type ClusterView } from '@common/lab/cluster-view.ts'
import type { LabStatus, NodeStatus, NodeView } from '@common/lab/lab-status.ts'
import type { NodeContainer } from '@common/lab/node-container.ts'
import { aContainerStatus, aPod, aVerdict, at, NOW } from '../testing/fixtures.ts'
import { computeConsequences, isConcluded } from './compute-consequences.ts'
import type { ExplainedAction } from './consequences/explained-action.ts'
import type { Expectation } from './consequences/expectation.ts'
import { takeBaseline, type LiveState } from './consequences/live-state.ts'

const POD = { namespace: 'default', name: 'web-node01' }
const CRASH: ExplainedAction = {
  kind: 'ContainerCrashed',
  lab: 'default',
  node: 'node01',
  pod: POD,
  container: 'nginx',
}
const STOP: ExplainedAction = { kind: 'KubeletStopped', lab: 'default', node: 'node01' }

/** A second of the story, with what is different in it. */
interface Moment {
  second: number
  node?: Partial<NodeStatus>
  pods?: Pod[]
  cluster?: Partial<ClusterView>
  containers?: NodeContainer[]
  files?: NodeView['files']
}

function liveAt({ second, node = {}, pods = [aPod()], cluster, containers, files = [aVerdict()] }: Moment): LiveState {
  const status: NodeStatus = {
    ...{ name: 'node01', role: 'worker', address: '172.30.0.11', state: 'running', kubelet: 'running' },
    ...{ runtimeService: 'running', manifestsPath: '/m', watchesMountedFolder: true },
    ...node,
  } as const
  const lab: LabStatus = { name: 'default', state: 'running', folder: '/l', subnet: '172.30.0.0/24', nodes: [status] }
  return {
    nowMs: NOW + second * 1000,
    lab,
    views: [{ lab: 'default', node: 'node01', files, pods, observedAt: at(second) }],
    cluster: cluster && { ...emptyClusterView('default', at(second)), state: 'ready', ...cluster },
    containers,
    entries: [],
  }
}

/** Plays the moments one after the other; the first is before the action. */
function play(action: ExplainedAction, [before, ...moments]: [Moment, ...Moment[]]): Expectation[] {
  const baseline = takeBaseline(action, liveAt(before))
  return moments.reduce<Expectation[]>(
    (known, moment) => computeConsequences({ action, baseline, live: liveAt(moment) }, known),
    [],
  )
}

const statesOf = (expectations: Expectation[]): Record<string, string> =>
  Object.fromEntries(expectations.map(({ id, state }) => [id, state]))

const killed: Partial<ContainerStatus> = {
  lastState: { terminated: { exitCode: 137, reason: 'Error', startedAt: at(-60), finishedAt: at(1) } },
}
const engineSays = (isRunning: boolean, id = '1'): NodeContainer[] => [
  { namespace: 'default', pod: 'web-node01', container: 'nginx', id, isRunning },
]
const clusterNode: ClusterNode = { name: 'node01', uid: 'n', ready: 'True', unschedulable: false, taints: [] }

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

describe('given a kubelet that is stopped', () => {
  const stopped = { node: { kubelet: 'stopped' }, pods: [] } as const
  const without: [Moment, ...Moment[]] = [
    { second: 0, containers: engineSays(true) },
    { second: 1, node: { kubelet: 'stopped' }, pods: [], containers: engineSays(true) },
  ]

  it('when there is no API server, then its containers run on and nothing else is waited for', () => {
    const expectations = play(STOP, without)
    expect(statesOf(expectations)).toEqual({ kubeletAway: 'seen', containersRun: 'seen' })
    expect(expectations[1]?.evidence).toEqual({ count: 1, of: 1 })
  })

  it('when a container ends meanwhile, then it is not claimed that they run', () => {
    const ended: Moment = { second: 2, node: { kubelet: 'stopped' }, pods: [], containers: engineSays(false) }
    const [before, after] = without
    expect(statesOf(play(STOP, [before, { ...ended, ...(after && { second: after.second }) }]))['containersRun']).toBe(
      'not-seen',
    )
  })

  it('when it is in a cluster, then the node is NotReady, tainted, and only pods that may move are deleted, each in its time', () => {
    const owner = (kind: string): Pod['metadata']['ownerReferences'] => [
      { apiVersion: 'v1', kind, name: 'o', uid: 'o', controller: true },
    ]
    const apiPod = (name: string, kind: string, isReady: boolean): Pod => ({
      metadata: { name, namespace: 'default', uid: name, ownerReferences: owner(kind) ?? [] },
      spec: { containers: [], nodeName: 'node01' },
      status: { phase: 'Running', conditions: [{ type: 'Ready', status: isReady ? 'True' : 'False' }] },
    })
    const pods = (isReady: boolean): Pod[] => [
      apiPod('web-node01', 'Node', isReady),
      apiPod('agent', 'DaemonSet', isReady),
      apiPod('shop', 'ReplicaSet', isReady),
    ]
    const away: ClusterNode = {
      ...clusterNode,
      ready: 'Unknown',
      taints: ['node.kubernetes.io/unreachable:NoExecute'],
    }
    const ending = pods(false).map((pod) =>
      pod.metadata.name === 'shop' ? { ...pod, metadata: { ...pod.metadata, deletionTimestamp: at(350) } } : pod,
    )
    const containers = engineSays(true)
    const story: [Moment, ...Moment[]] = [
      { second: 0, containers, cluster: { nodes: [clusterNode], pods: pods(true) } },
      { second: 5, ...stopped, pods: [], containers, cluster: { nodes: [clusterNode], pods: pods(true) } },
      { second: 50, ...stopped, pods: [], containers, cluster: { nodes: [away], pods: pods(false) } },
    ]
    expect(statesOf(play(STOP, story))).toEqual({
      kubeletAway: 'seen',
      containersRun: 'pending',
      notReady: 'seen',
      tainted: 'seen',
      podsNotReady: 'seen',
      evicted: 'pending',
    })
    const whole = play(STOP, [
      ...story,
      { second: 350, ...stopped, pods: [], containers, cluster: { nodes: [clusterNode], pods: ending } },
    ])
    expect(whole.find(({ id }) => id === 'evicted')).toMatchObject({
      state: 'seen',
      evidence: { pods: 'shop' },
      tookMs: 350_000,
    })
    expect(whole.find(({ id }) => id === 'notReady')).toMatchObject({ state: 'seen', tookMs: 50_000 })
    expect(isConcluded(whole)).toBe(true)
  })
})

describe('given a mirror that is deleted', () => {
  const action: ExplainedAction = {
    ...{ kind: 'ApiPodDeleted', lab: 'default', node: 'node01', pod: POD, origin: 'mirror', uid: 'mirror-1' },
  } as const
  const mirror = (uid: string): Pod => ({ ...aPod({ uid }) })
  const before: Moment = { second: 0, cluster: { pods: [mirror('mirror-1')] } }

  it('when it is back, then it has a new UID, and its containers are the same', () => {
    const expectations = play(action, [before, { second: 1, cluster: { pods: [mirror('mirror-2')] } }])
    expect(statesOf(expectations)).toEqual({ oldGone: 'seen', mirrorBack: 'seen', containersSame: 'seen' })
    expect(expectations[1]?.evidence).toEqual({ uid: 'mirror-2' })
  })

  it('when the API server is away, then what it showed last is no proof', () => {
    const expectations = play(action, [before, { second: 1, cluster: { state: 'away', pods: [] } }])
    expect(statesOf(expectations)).toEqual({ oldGone: 'pending', mirrorBack: 'pending', containersSame: 'pending' })
  })

  it('when its container was restarted meanwhile, then that is not hidden', () => {
    const pods = [aPod({ containers: [aContainerStatus({ restartCount: 1, containerID: 'docker://2' })] })]
    const expectations = play(action, [before, { second: 1, pods, cluster: { pods: [mirror('mirror-2')] } }])
    expect(statesOf(expectations)['containersSame']).toBe('not-seen')
  })
})

describe('given a node that loses its power and gets it back', () => {
  it('when it is started before the API server has noticed, then what was to come is overtaken, and nothing is waited for', () => {
    const off: ExplainedAction = { kind: 'NodePoweredOff', lab: 'default', node: 'node01' }
    const cluster = { nodes: [clusterNode] }
    const expectations = play(off, [
      { second: 0, cluster, containers: engineSays(true) },
      { second: 3, cluster, node: { state: 'stopped' }, pods: [], containers: engineSays(false) },
      { second: 9, cluster, node: { state: 'starting', kubelet: 'stopped' }, containers: engineSays(false) },
    ])
    expect(statesOf(expectations)).toMatchObject({
      ...{ nodeOff: 'seen', containersDead: 'seen' },
      ...{ notReady: 'overtaken', tainted: 'overtaken', podsNotReady: 'overtaken' },
    })
    expect(isConcluded(expectations)).toBe(true)
  })

  it('when its containers die and come back, then both are seen', () => {
    const off: ExplainedAction = { kind: 'NodePoweredOff', lab: 'default', node: 'node01' }
    const containers = engineSays(true)
    expect(
      statesOf(
        play(off, [
          { second: 0, containers },
          { second: 3, node: { state: 'stopped', kubelet: 'stopped' }, pods: [], containers: engineSays(false) },
        ]),
      ),
    ).toEqual({ nodeOff: 'seen', containersDead: 'seen' })
    const on: ExplainedAction = { kind: 'NodeStarted', lab: 'default', node: 'node01' }
    const unread = [aVerdict({ state: 'unread' })]
    expect(
      statesOf(
        play(on, [
          { second: 0, node: { state: 'stopped', kubelet: 'stopped' }, pods: [], files: unread },
          { second: 4, node: { state: 'running', kubelet: 'stopped' }, pods: [], files: unread },
          { second: 8 },
        ]),
      ),
    ).toEqual({ nodeOn: 'seen', kubeletBack: 'seen', podsRun: 'seen' })
  })
})

describe('given a component that is stopped', () => {
  const action: ExplainedAction = {
    kind: 'ComponentStopped',
    lab: 'default',
    node: 'node01',
    component: 'kube-scheduler',
  }
  const scheduler: Pod = { ...aPod({ name: 'kube-scheduler-node01', uid: 's', containers: [] }) }
  scheduler.metadata.namespace = 'kube-system'

  it('when its pod ends and a new pod waits, then both are told, and others run on', () => {
    const waits: Pod = { metadata: { name: 'waits', uid: 'w' }, spec: { containers: [] }, status: { phase: 'Pending' } }
    const expectations = play(action, [
      { second: 0, pods: [aPod(), scheduler], cluster: {} },
      { second: 5, cluster: {} },
      { second: 9, cluster: { pods: [waits] } },
    ])
    expect(statesOf(expectations)).toEqual({ componentGone: 'seen', othersRun: 'seen', newPodsWait: 'seen' })
  })
})

describe('given a node of a cluster with a static pod and one of a Deployment', () => {
  const ordinary = (name: string, node: string | undefined, uid = name): Pod => ({
    metadata: {
      ...{ name, namespace: 'default', uid },
      ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'shop', uid: 'r', controller: true }],
    },
    spec: { containers: [{ name: 'main', image: 'nginx' }], ...(node !== undefined && { nodeName: node }) },
    status: { phase: node === undefined ? 'Pending' : 'Running' },
  })
  const before = { nodes: [clusterNode], pods: [ordinary('shop-1', 'node01')] }
  const cordoned = [{ ...clusterNode, unschedulable: true }]
  const drain: ExplainedAction = { kind: 'NodeDrained', lab: 'default', node: 'node01' }
  const containers = engineSays(true)

  it('when it is cordoned and uncordoned, then its status reads as in kubectl, and what runs goes on', () => {
    const cordon: ExplainedAction = { kind: 'NodeCordoned', lab: 'default', node: 'node01' }
    expect(
      play(cordon, [
        { second: 0, containers, cluster: before },
        { second: 1, containers, cluster: { ...before, nodes: cordoned } },
      ]),
    ).toEqual([
      { id: 'cordoned', state: 'seen', evidence: { status: 'Ready,SchedulingDisabled' }, tookMs: 1000 },
      { id: 'containersRun', state: 'seen', evidence: { count: 1, of: 1 } },
    ])
    const uncordon: ExplainedAction = { kind: 'NodeUncordoned', lab: 'default', node: 'node01' }
    const moments: [Moment, ...Moment[]] = [
      { second: 0, containers, cluster: { ...before, nodes: cordoned } },
      { second: 1, containers, cluster: before },
    ]
    expect(statesOf(play(uncordon, moments))).toEqual({ uncordoned: 'seen', containersRun: 'seen' })
  })

  it.each<[string, string | undefined, string]>([
    ['another node', 'node02', 'shop-2 → node02'],
    ['no node that would take it', undefined, 'shop-2 → Pending'],
  ])(
    'when it is drained with %s, then the other pod is told with its place, and the static pod runs on',
    (_where, node, pods) => {
      const expectations = play(drain, [
        { second: 0, containers, cluster: before },
        { second: 1, containers, cluster: { nodes: cordoned, pods: [...before.pods, ordinary('shop-2', node)] } },
        { second: 3, containers, cluster: { nodes: cordoned, pods: [ordinary('shop-2', node)] } },
      ])
      expect(statesOf(expectations)).toEqual({
        cordoned: 'seen',
        drained: 'seen',
        elsewhere: 'seen',
        othersStay: 'seen',
      })
      expect(expectations.find(({ id }) => id === 'elsewhere')).toMatchObject({ evidence: { pods } })
      expect(isConcluded(expectations)).toBe(true)
    },
  )

  it('when a disruption budget forbids it, then which and why is told at once, and nothing more is waited for', () => {
    const message = 'The disruption budget shop needs 1 healthy pods and has 1 currently'
    const outcome = {
      evicted: [],
      blocked: [{ pod: 'default/shop-1', message }],
      daemonSetPods: [],
      mirrorPods: ['default/web-node01'],
    }
    const live = liveAt({ second: 61, containers, cluster: { ...before, nodes: cordoned } })
    const baseline = takeBaseline(drain, liveAt({ second: 0, containers, cluster: before }))
    const expectations = computeConsequences({ action: drain, baseline, live, outcome }, [])
    expect(statesOf(expectations)).toEqual({
      ...{ cordoned: 'seen', drained: 'not-seen', budgetBlocks: 'seen' },
      ...{ elsewhere: 'not-seen', othersStay: 'seen' },
    })
    expect(expectations.find(({ id }) => id === 'budgetBlocks')).toMatchObject({
      evidence: { pods: 'shop-1', message },
    })
    expect(isConcluded(expectations)).toBe(true)
  })
})
