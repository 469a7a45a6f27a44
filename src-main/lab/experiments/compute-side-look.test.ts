import { describe, expect, it } from 'vitest'
import type { ApiObject } from '../../common/api/api-object.ts'
import type { Pod } from '../../common/api/core.ts'
import {
  CONFIG_HASH_ANNOTATION,
  CONFIG_MIRROR_ANNOTATION,
  CONFIG_SOURCE_ANNOTATION,
} from '../../common/api/kubelet-labels.ts'
import type { NodeContainer } from '../../common/lab/node-container.ts'
import { computeSideLook, computeUsedFor, type LookFacts, type NodeFacts } from './compute-side-look.ts'

const NOW = '2026-11-27T12:00:00.000Z'
const STATIC_UID = 'f00d'
const MANIFEST = 'spec:\n  containers:\n    - image: busybox:1.36\n'

function agentPod(name: string, uid: string, containerId: string): Pod {
  return {
    metadata: { name, namespace: 'compare', uid },
    spec: {
      nodeName: 'node01',
      containers: [{ name: 'agent', image: 'busybox:1.36', env: [{ name: 'AGENT_EDITION', value: 'two' }] }],
    },
    status: {
      phase: 'Running',
      conditions: [{ type: 'Ready', status: 'True' }],
      containerStatuses: [
        {
          ...{ name: 'agent', ready: true, restartCount: 3, image: 'busybox:1.36', imageID: 'i', started: true },
          ...{ state: { running: { startedAt: NOW } }, lastState: {}, containerID: `containerd://${containerId}` },
        },
      ],
    },
  } as Pod
}

function marked(pod: Pod, annotations: Record<string, string>, metadata: object = {}): Pod {
  return { ...pod, metadata: { ...pod.metadata, ...metadata, annotations } }
}

function staticPod(uid = STATIC_UID, containerId = 'c-1'): Pod {
  const annotations = { [CONFIG_SOURCE_ANNOTATION]: 'file', [CONFIG_HASH_ANNOTATION]: uid }
  return marked(agentPod('agent-static-node01', uid, containerId), annotations)
}

function mirrorPod(metadata: object = {}): Pod {
  const annotations = {
    ...{ [CONFIG_SOURCE_ANNOTATION]: 'file', [CONFIG_HASH_ANNOTATION]: STATIC_UID },
    [CONFIG_MIRROR_ANNOTATION]: STATIC_UID,
  }
  const owner = { apiVersion: 'v1', kind: 'Node', name: 'node01', uid: 'n', controller: true }
  return marked(agentPod('agent-static-node01', 'api-1', 'c-1'), annotations, {
    ...{ resourceVersion: '12', ownerReferences: [owner] },
    ...metadata,
  })
}

function container(pod: string, id: string, isRunning = true): NodeContainer {
  return { namespace: 'compare', pod, container: 'agent', id, isRunning }
}

function node(pods: Pod[], containers: NodeContainer[], changes: Partial<NodeFacts> = {}): NodeFacts {
  const view = { lab: 'default', node: 'node01', files: [], pods, observedAt: NOW }
  return { node: 'node01', view, containers, file: MANIFEST, ...changes }
}

/** One node with a static agent and its mirror. */
function newFacts(changes: Partial<LookFacts> = {}): LookFacts {
  return {
    ...{ now: NOW, apiServer: 'ready', controllerRevisions: [], replicaSets: [] },
    apiPods: [mirrorPod()],
    nodes: [
      node([staticPod()], [container('agent-static-node01', 'c-1'), container('agent-static-node01', 'c-0', false)]),
    ],
    ...changes,
  }
}

describe('given a static agent and its mirror', () => {
  it('when its side is looked at, then both are one pod, with the uid of each', () => {
    const { pods, apiServer, time } = computeSideLook('static', newFacts())

    expect({ apiServer, time }).toEqual({ apiServer: 'ready', time: NOW })
    expect(pods).toEqual([
      {
        ...{ kind: 'pod', time: NOW, name: 'agent-static-node01', namespace: 'compare', node: 'node01' },
        ...{ uid: STATIC_UID, phase: 'Running', status: 'Running', ready: true, running: true, restarts: 3 },
        ...{ containerId: 'c-1', image: 'busybox:1.36', edition: 'two', inKubelet: true, inApi: true, mirror: true },
        ...{ apiUid: 'api-1', resourceVersion: '12', owner: 'Node/node01', madeBy: 'kubelet', deleting: false },
      },
    ])
  })

  it('when other sides are looked at, then they have no pods and no definition', () => {
    for (const side of ['daemonSet', 'deployment'] as const) {
      const { pods, definition } = computeSideLook(side, newFacts())
      expect(pods).toEqual([])
      expect(definition).toMatchObject({ present: false, image: '', desired: 0, resourceVersion: '' })
    }
  })

  it('when the API server never knew it, then the kubelet alone tells, and it is the maker', () => {
    const [pod] = computeSideLook('static', newFacts({ apiServer: 'away', apiPods: [] })).pods
    expect(pod).toMatchObject({ inApi: false, mirror: false, apiUid: '', owner: '', madeBy: 'kubelet', running: true })
  })

  it('when the mirror is being deleted, then the status says so and the container runs on', () => {
    const deleted = mirrorPod({ deletionTimestamp: NOW })
    const [pod] = computeSideLook('static', newFacts({ apiPods: [deleted] })).pods
    expect(pod).toMatchObject({ deleting: true, status: 'Terminating', running: true, uid: STATIC_UID })
  })

  it('when its kubelet does not answer, then the engine still tells that it runs', () => {
    const { view: _view, ...away } = node([], [container('agent-static-node01', 'c-9')])
    const [pod] = computeSideLook('static', newFacts({ nodes: [away] })).pods
    expect(pod).toMatchObject({ inKubelet: false, inApi: true, uid: STATIC_UID, running: true, containerId: 'c-9' })
  })

  it('when its node has no power, then it does not run, whatever the API server says', () => {
    const { view: _view, ...off } = node([], [container('agent-static-node01', 'c-1', false)])
    const [pod] = computeSideLook('static', newFacts({ nodes: [off] })).pods
    expect(pod).toMatchObject({ phase: 'Running', running: false, containerId: 'c-1' })
  })

  it('when only the engine is left to tell, then the pod is there all the same', () => {
    const { view: _view, ...away } = node(
      [],
      [container('agent-static-node01', 'c-1'), container('agent-x7k2p', 'c-2')],
    )
    const facts = newFacts({ apiServer: 'away', apiPods: [], nodes: [away] })
    expect(computeSideLook('static', facts).pods).toMatchObject([{ running: true, phase: 'Unknown', inKubelet: false }])
    expect(computeSideLook('daemonSet', facts).pods).toMatchObject([{ name: 'agent-x7k2p', containerId: 'c-2' }])
  })

  it('when its file was edited, then old and new pod of one name have a container each', () => {
    const edited = staticPod('beef', 'c-2')
    const containers = [container('agent-static-node01', 'c-1'), container('agent-static-node01', 'c-2', false)]
    const { pods } = computeSideLook('static', newFacts({ nodes: [node([staticPod(), edited], containers)] }))
    expect(pods.map(({ uid, running, containerId, inApi }) => ({ uid, running, containerId, inApi }))).toEqual([
      { uid: STATIC_UID, running: true, containerId: 'c-1', inApi: true },
      { uid: 'beef', running: false, containerId: 'c-2', inApi: false },
    ])
  })

  it('when its file was edited while the API server is away, then the old mirror is no pod; when no kubelet answers, it is', () => {
    const edited = newFacts({ apiServer: 'away', nodes: [node([staticPod('beef', 'c-2')], [])] })
    expect(computeSideLook('static', edited).pods).toMatchObject([{ uid: 'beef', inKubelet: true, inApi: false }])
    const silent = newFacts({ apiServer: 'away', nodes: [{ node: 'node01', containers: [] }] })
    expect(computeSideLook('static', silent).pods).toMatchObject([{ uid: STATIC_UID, inKubelet: false, inApi: true }])
  })

  it('when files of two nodes differ, then the definition has both images and another version', () => {
    const second = { node: 'node02', containers: [], file: MANIFEST.replace('1.36', '1.37') }
    const [first] = newFacts().nodes
    const one = computeSideLook('static', newFacts()).definition
    const both = computeSideLook('static', newFacts({ nodes: [...(first ? [first] : []), second] })).definition
    expect(one).toMatchObject({
      ...{ what: 'file', where: '/etc/kubernetes/manifests/compare-agent.yaml on node01', present: true },
      ...{ image: 'busybox:1.36', desired: 1, revisions: 0, generation: 0 },
    })
    expect(both).toMatchObject({ image: 'busybox:1.36, busybox:1.37', desired: 2 })
    expect(both.where).toMatch(/on node01, node02$/)
    expect(both.resourceVersion).not.toBe(one.resourceVersion)
  })

  it.each([undefined, '', 'spec: [', 'spec: 3'])('when its file is %j, then nothing breaks', (file) => {
    const facts = newFacts({ nodes: [{ node: 'node01', containers: [], ...(file !== undefined && { file }) }] })
    expect(computeSideLook('static', facts).definition).toMatchObject({ image: '', present: file !== undefined })
  })
})

describe('given a DaemonSet with an agent', () => {
  const owner = { apiVersion: 'apps/v1', kind: 'DaemonSet', name: 'agent', uid: 'ds', controller: true }
  const pod = marked(agentPod('agent-x7k2p', 'api-2', 'c-2'), {}, { ownerReferences: [owner] })
  const revision = (of: string): ApiObject => ({
    ...{ apiVersion: 'apps/v1', kind: 'ControllerRevision' },
    metadata: { name: 'r', ownerReferences: [{ ...owner, uid: of }] },
  })
  const daemonSet = {
    ...{ apiVersion: 'apps/v1', kind: 'DaemonSet' },
    metadata: { name: 'agent', uid: 'ds', generation: 4, resourceVersion: '77' },
    spec: { template: { spec: { containers: [{ name: 'agent', image: 'busybox:1.36' }] } } },
    status: { ...{ currentNumberScheduled: 2, numberMisscheduled: 0, numberReady: 2 }, desiredNumberScheduled: 2 },
  }
  const facts = newFacts({
    apiPods: [pod],
    daemonSet,
    controllerRevisions: [revision('ds'), revision('ds'), revision('another')],
    nodes: [node([pod], [container('agent-x7k2p', 'c-2')])],
  })

  it('when it is looked at, then the definition tells what its object and its status say', () => {
    expect(computeSideLook('daemonSet', facts).definition).toEqual({
      ...{ kind: 'definition', time: NOW, what: 'DaemonSet', where: 'daemonset.apps/agent in namespace compare' },
      ...{ present: true, image: 'busybox:1.36', generation: 4, resourceVersion: '77', desired: 2, revisions: 2 },
    })
  })

  it('when nobody tells who wrote the pod, then its owner does; with managed fields, the first writer of the object', () => {
    expect(computeSideLook('daemonSet', facts).pods[0]).toMatchObject({
      ...{ madeBy: 'kube-controller-manager', owner: 'DaemonSet/agent', uid: 'api-2', inKubelet: true, inApi: true },
    })
    const managedFields = [
      { manager: 'kubectl', time: '2026-11-27T11:00:09Z' },
      { manager: 'kubelet', time: '2026-11-27T11:00:01Z', subresource: 'status' },
      { manager: 'my-controller', time: '2026-11-27T11:00:02Z' },
    ]
    const written = { ...pod, metadata: { ...pod.metadata, managedFields } }
    expect(computeSideLook('daemonSet', { ...facts, apiPods: [written] }).pods[0]?.madeBy).toBe('my-controller')
  })

  it('when a pod waits for a node, then it is there without one', () => {
    const { nodeName: _nodeName, ...spec } = pod.spec
    const waiting: Pod = {
      ...pod,
      metadata: { ...pod.metadata, name: 'agent-zzzzz', uid: 'api-3' },
      spec,
      status: { phase: 'Pending' },
    }
    expect(computeSideLook('daemonSet', { ...facts, apiPods: [pod, waiting] }).pods).toMatchObject([
      { name: 'agent-zzzzz', node: '', phase: 'Pending', status: 'Pending', running: false, containerId: '' },
      { name: 'agent-x7k2p', node: 'node01' },
    ])
  })

  it('when a pod of a Deployment is there, then it is of that side alone', () => {
    const replica = { ...pod, metadata: { ...pod.metadata, name: 'agent-5d9c7b-x7k2p', uid: 'api-4' } }
    const more = { ...facts, apiPods: [pod, replica] }
    expect(computeSideLook('deployment', more).pods.map(({ name }) => name)).toEqual(['agent-5d9c7b-x7k2p'])
    expect(computeSideLook('daemonSet', more).pods.map(({ name }) => name)).toEqual(['agent-x7k2p'])
  })
})

it('given the control plane and other workloads, then each side is told what else it is used for, without the agents', () => {
  const named = (name: string, namespace: string): ApiObject => ({
    apiVersion: 'v1',
    kind: 'K',
    metadata: { name, namespace },
  })
  const apiServer = {
    ...mirrorPod(),
    metadata: { ...mirrorPod().metadata, name: 'kube-apiserver-c', namespace: 'kube-system' },
  }
  const others = {
    pods: [apiServer, mirrorPod(), agentPod('web', 'w', 'c')],
    daemonSets: [named('node-monitor', 'default'), named('agent', 'compare')],
    deployments: [named('web', 'default')],
  }
  expect(computeUsedFor('static', others)).toEqual(['kube-apiserver-c'])
  expect(computeUsedFor('daemonSet', others)).toEqual(['node-monitor'])
  expect(computeUsedFor('deployment', others)).toEqual(['web'])
})
