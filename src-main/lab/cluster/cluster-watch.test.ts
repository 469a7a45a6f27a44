import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { FakeClock } from '../../base/testing/fake-clock.ts'
import { silentLogger } from '../../base/logger.ts'
import type { ApiObject } from '../../common/api/api-object.ts'
import type { Pod } from '../../common/api/core.ts'
import type { Node } from '../../common/api/node.ts'
import { applyClusterChange, type ClusterChange, type ClusterView } from '../../common/lab/cluster-view.ts'
import { MemoryApi } from '../../kube/testing/memory-api.ts'
import { NODES, PODS } from '../../kube/resources.ts'
import { ClusterWatch } from './cluster-watch.ts'

const NOW = Date.parse('2026-03-04T05:06:07Z')
const SINCE = '2026-03-04T05:00:00Z'

let clock: FakeClock
let api: MemoryApi
let watch: ClusterWatch
let changes: ClusterChange[]
/** What a window has: a view, and every change laid over it. */
let shown: ClusterView | undefined

beforeEach(() => {
  clock = new FakeClock(NOW)
  api = new MemoryApi(() => clock.now())
  shown = undefined
})
afterEach(() => watch.dispose())

/** Pods and nodes that are there before are part of the first change. */
async function follow(): Promise<void> {
  changes = []
  watch = new ClusterWatch({
    lab: 'default',
    client: { ...api.client(), dispose: () => undefined },
    clock,
    logger: silentLogger,
    onChanged: (change) => {
      changes.push(change)
      // As the window does: what does not fit is read anew.
      shown = applyClusterChange(shown, change) ?? structuredClone(watch.view())
    },
  })
  await pass(1000)
  changes.length = 0
}

async function pass(milliseconds: number): Promise<void> {
  await clock.advance(milliseconds)
}

function aNode(name: string, change: Partial<Node> = {}): Node {
  const ready = { type: 'Ready', status: 'True', reason: 'KubeletReady', lastTransitionTime: SINCE } as const
  return { apiVersion: 'v1', kind: 'Node', metadata: { name }, status: { conditions: [ready] }, ...change }
}

function aPod(name: string, node: string | undefined, change: Partial<Pod> = {}): Pod & ApiObject {
  const isPlaced = node !== undefined
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace: 'default',
      labels: { app: 'agent' },
      ownerReferences: [{ apiVersion: 'apps/v1', kind: 'DaemonSet', name: 'agent', uid: 'u', controller: true }],
    },
    spec: { containers: [{ name: 'agent', image: 'busybox' }], ...(isPlaced && { nodeName: node }) },
    status: isPlaced
      ? { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] }
      : { phase: 'Pending', conditions: [] },
    ...change,
  }
}

/** As the DaemonSet controller makes it, before the scheduler has seen it. */
function pinnedTo(node: string): Pod['spec'] {
  const field = { key: 'metadata.name', operator: 'In' as const, values: [node] }
  return {
    containers: [{ name: 'agent', image: 'busybox' }],
    affinity: {
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchFields: [field] }] },
      },
    },
  }
}

function names(change: ClusterChange | undefined): unknown {
  return {
    nodes: change?.nodes.map(({ name }) => name),
    goneNodes: change?.goneNodes,
    pods: change?.pods.map(({ metadata }) => metadata.name),
    gonePods: change?.gonePods,
  }
}

const NOTHING = { nodes: [], goneNodes: [], pods: [], gonePods: [] }

/** A server makes every pod Pending. */
async function addPod(pod: Pod & ApiObject): Promise<void> {
  await api.client().create(PODS, pod)
  await put(PODS, pod)
}

async function put(of: typeof PODS, object: ApiObject): Promise<void> {
  const { namespace, name = '' } = object.metadata
  const present = await api.client().get(of, { ...(namespace !== undefined && { namespace }), name })
  const { resourceVersion, uid } = present.metadata
  await api.client().update(of, { ...object, metadata: { ...object.metadata, resourceVersion, uid } } as ApiObject)
}

describe('given a server with two nodes and their pods', () => {
  beforeEach(async () => {
    for (const node of ['node01', 'node02']) {
      await api.client().create(NODES, aNode(node))
      await addPod(aPod(`agent-${node}`, node))
    }
    await follow()
  })

  it('when it is followed, then the window has all of it, in order', () => {
    expect(shown).toMatchObject({ state: 'ready', nodes: [{ name: 'node01', ready: 'True', since: SINCE }, {}] })
    expect(shown?.pods.map(({ metadata }) => metadata.name)).toEqual(['agent-node01', 'agent-node02'])
    expect(shown?.nodes[0]).not.toHaveProperty('simulated')
  })

  it('when one pod changes, then that pod alone is told, once', async () => {
    const pod = aPod('agent-node01', 'node01', { status: { phase: 'Failed' } })
    await put(PODS, pod)
    await put(PODS, { ...pod, status: { phase: 'Failed', reason: 'Evicted' } } as ApiObject)
    await pass(60)
    expect(changes.map(names)).toEqual([{ ...NOTHING, pods: ['agent-node01'] }])
    expect(shown?.pods[0]?.status).toMatchObject({ reason: 'Evicted' })
  })

  it('when a Node only says that it is alive, then nothing is told', async () => {
    await put(NODES, { ...aNode('node01'), status: { ...aNode('node01').status, images: [] } } as ApiObject)
    await pass(1000)
    expect(changes).toEqual([])
  })

  it('when a Node becomes unknown and is tainted, then it is told with why and since when', async () => {
    const reason = 'NodeStatusUnknown'
    const message = 'Kubelet stopped posting node status.'
    const conditions = [{ type: 'Ready', status: 'Unknown' as const, reason, message, lastTransitionTime: SINCE }]
    const taints = [{ key: 'node.kubernetes.io/unreachable', effect: 'NoExecute' as const }]
    await put(NODES, aNode('node02', { spec: { taints }, status: { conditions } }))
    await pass(60)
    expect(changes).toHaveLength(1)
    expect(changes[0]?.nodes).toMatchObject([
      {
        name: 'node02',
        ready: 'Unknown',
        since: SINCE,
        reason,
        message,
        taints: ['node.kubernetes.io/unreachable:NoExecute'],
      },
    ])
  })

  it('when a pod and a node go, then they are told as gone', async () => {
    await api.client().delete(PODS, { namespace: 'default', name: 'agent-node02' }, { gracePeriodSeconds: 0 })
    await api.client().delete(NODES, { name: 'node02' })
    await pass(60)
    expect(shown?.nodes.map(({ name }) => name)).toEqual(['node01'])
    expect(shown?.pods.map(({ metadata }) => metadata.name)).toEqual(['agent-node01'])
  })

  it('when it goes away, then that is told, and what was known last stays; when it is back, then that too', async () => {
    api.stop()
    await pass(3000)
    expect(shown).toMatchObject({ state: 'away', nodes: [{}, {}], pods: [{}, {}] })
    expect(shown?.message).toContain('connection refused')
    api.serve()
    await pass(20_000)
    expect(shown).toMatchObject({ state: 'ready', nodes: [{}, {}] })
    expect(shown).not.toHaveProperty('message')
  })

  it('when another watch takes its place, then a window with the old view reads the whole anew', async () => {
    const before = shown
    await watch.dispose()
    await pass(10)
    await follow()
    expect(shown?.revision).toBeGreaterThan((before?.revision ?? 0) + 1)
    expect(shown?.pods).toEqual(before?.pods)
  })
})

describe('given simulated nodes', () => {
  it('when they have pods, then these are counted and not told one by one', async () => {
    await api.client().create(NODES, aNode('sim001'))
    await addPod(aPod('ready', 'sim001'))
    await addPod(aPod('failed', 'sim001', { status: { phase: 'Failed' } }))
    await addPod(aPod('waits', undefined, { spec: pinnedTo('sim001') }))
    await addPod(aPod('anywhere', undefined))
    await follow()
    expect(shown?.nodes[0]?.simulated).toEqual({ ready: 1, waiting: 1, failed: 1, succeeded: 0 })
    expect(shown?.pods.map(({ metadata }) => metadata.name)).toEqual(['anywhere'])
    expect(shown?.simulatedWorkloads).toEqual([
      { namespace: 'default', kind: 'DaemonSet', name: 'agent', ready: 1, total: 3 },
    ])
  })

  it('when a pod without a node is bound to one, then it counts there and is gone from the list', async () => {
    await api.client().create(NODES, aNode('sim001'))
    await addPod(aPod('anywhere', undefined))
    await follow()
    await put(PODS, aPod('anywhere', 'sim001'))
    await pass(300)
    expect(names(changes.at(-1))).toEqual({ ...NOTHING, nodes: ['sim001'], gonePods: ['default/anywhere'] })
    expect(shown?.pods).toEqual([])
    expect(shown?.nodes[0]?.simulated?.ready).toBe(1)
  })

  it('when one of thousands of pods changes, then what is told is small', async () => {
    for (let node = 1; node <= 200; node++) {
      const name = `sim${String(node).padStart(3, '0')}`
      await api.client().create(NODES, aNode(name))
      for (let pod = 0; pod < 30; pod++) await addPod(aPod(`p${pod}-${name}`, name))
    }
    await follow()
    expect(JSON.stringify(shown).length).toBeLessThan(60_000)
    await put(PODS, aPod('p7-sim042', 'sim042', { status: { phase: 'Failed' } }))
    await pass(300)
    expect(changes.map(names)).toEqual([{ ...NOTHING, nodes: ['sim042'] }])
    expect(JSON.stringify(changes).length).toBeLessThan(1000)
  })
})

it('given any course of events, then the changes laid over a view make the view of now', async () => {
  let seed = 7
  const random = (below: number): number => {
    seed = (seed * 48_271) % 2_147_483_647
    return seed % below
  }
  const places = ['node01', 'sim001', 'sim002', undefined]
  for (const node of ['node01', 'sim001']) await api.client().create(NODES, aNode(node))
  await follow()
  for (let step = 0; step < 300; step++) {
    const name = `pod-${random(12)}`
    const node = places[random(places.length)]
    const spec = node === undefined && random(2) === 0 ? { spec: pinnedTo('sim002') } : {}
    const pod = aPod(name, node, spec)
    const isThere = (await api.client().list(PODS)).items.some(({ metadata }) => metadata.name === name)
    if (!isThere) await addPod(pod)
    else if (random(3) === 0) await api.client().delete(PODS, { namespace: 'default', name }, { gracePeriodSeconds: 0 })
    else await put(PODS, pod)
    if (step === 100) await api.client().create(NODES, aNode('sim002'))
    if (step === 200) await api.client().delete(NODES, { name: 'sim001' })
    if (random(10) === 0) api.cutWatches()
    if (random(4) === 0) await pass(random(400))
  }
  await pass(30_000)
  const { observedAt: _now, ...expected } = watch.view()
  expect(shown).toMatchObject(expected)
  expect(shown?.pods.length).toBe(expected.pods.length)
})
