import { describe, expect, it } from 'vitest'
import { newControllerCluster, type ControllerCluster } from '../../../tests/support/controllers/controller-cluster.ts'
import type { ApiObject } from '../../common/api/api-object.ts'
import type { Pod } from '../../common/api/core.ts'
import type { Node } from '../../common/api/node.ts'
import { ConnectionError, type ApiClient } from '../../kube/api-client.ts'
import { NODES, PODS } from '../../kube/resources.ts'
import { startPodGarbageCollector } from './pod-gc-controller.ts'

const SECOND = 1000
const MERGE = 'application/merge-patch+json'
const FOREVER = 1e9

/** Nodes whose kubelets end no pod, and a pod that runs on the first. */
async function aClusterWithAPod(options: Parameters<typeof newControllerCluster>[1] = {}): Promise<ControllerCluster> {
  const cluster = newControllerCluster([startPodGarbageCollector], { nodes: ['node01'], stopMs: FOREVER, ...options })
  const node: Node = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'node01' } }
  await cluster.client.create<Node>(NODES, node)
  await cluster.client.create<Pod & ApiObject>(PODS, {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { namespace: 'default', name: 'web' },
    spec: { containers: [{ name: 'c', image: 'bb:v1' }] },
  })
  await cluster.clock.advance(5 * SECOND)
  return cluster
}

/** Every state in which the pod was shown, until it was gone. */
async function followPod({ client }: ControllerCluster): Promise<Pod[]> {
  const states: Pod[] = []
  const watch = await client.watch<Pod & ApiObject>(PODS, { resourceVersion: '0' })
  void (async () => {
    for await (const { type, object } of watch) if (type === 'MODIFIED') states.push(object as Pod)
  })()
  return states
}

describe('pods of a node that is no more', () => {
  it('given a node that is deleted, when 40 s are over, then its pod fails with the reason and is gone', async () => {
    await using cluster = await aClusterWithAPod()
    const states = await followPod(cluster)
    await cluster.client.delete(NODES, { name: 'node01' })
    await cluster.clock.advance(40 * SECOND)
    expect(await cluster.pods()).toHaveLength(1)
    await cluster.clock.advance(40 * SECOND)
    expect(await cluster.pods()).toEqual([])
    expect(states.find(({ status }) => status?.phase === 'Failed')?.status?.conditions).toContainEqual(
      expect.objectContaining({
        type: 'DisruptionTarget',
        status: 'True',
        reason: 'DeletionByPodGC',
        message: 'PodGC: node no longer exists',
      }),
    )
  })

  it('given a node that comes back meanwhile, then its pod stays', async () => {
    await using cluster = await aClusterWithAPod()
    await cluster.client.delete(NODES, { name: 'node01' })
    await cluster.clock.advance(35 * SECOND)
    await cluster.client.create<Node>(NODES, { apiVersion: 'v1', kind: 'Node', metadata: { name: 'node01' } })
    await cluster.clock.advance(100 * SECOND)
    expect(await cluster.pods()).toHaveLength(1)
    await cluster.client.delete(NODES, { name: 'node01' })
    await cluster.clock.advance(35 * SECOND)
    expect(await cluster.pods()).toHaveLength(1)
  })

  it.each<[string, (client: ApiClient) => ApiClient]>([
    [
      'a watch over nodes that shows none',
      (client) => ({ ...client, list: emptyNodes(client), watch: noNodes(client) }),
    ],
    ['a server that does not say', (client) => ({ ...client, ...silentAboutNodes(client) })],
  ])('given %s, then the pod of a node stays', async (_what, through) => {
    await using cluster = await aClusterWithAPod({ through })
    await cluster.clock.advance(300 * SECOND)
    expect(await cluster.pods()).toHaveLength(1)
  })
})

function emptyNodes(client: ApiClient): ApiClient['list'] {
  return async (of, options) => {
    const list = await client.list<never>(of, options)
    return of === NODES ? { ...list, items: [] } : list
  }
}

function noNodes(client: ApiClient): ApiClient['watch'] {
  return (of, options) => client.watch(of, of === NODES ? { ...options, fieldSelector: 'metadata.name=none' } : options)
}

function silentAboutNodes(client: ApiClient): Partial<ApiClient> {
  return {
    list: emptyNodes(client),
    watch: noNodes(client),
    get: (of, address) => (of === NODES ? Promise.reject(new ConnectionError('refused')) : client.get(of, address)),
  }
}

describe('pods that are being deleted', () => {
  it('given a pod that was never bound, then it is gone within 20 s', async () => {
    await using cluster = await aClusterWithAPod()
    await cluster.client.create<Pod & ApiObject>(PODS, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { namespace: 'default', name: 'kept', finalizers: ['example.com/mine'] },
      spec: { containers: [{ name: 'c', image: 'bb:v1' }], schedulingGates: [{ name: 'example.com/wait' }] },
    })
    await cluster.client.delete(PODS, { namespace: 'default', name: 'kept' })
    await cluster.clock.advance(20 * SECOND)
    const kept = await cluster.client.get<Pod & ApiObject>(PODS, { namespace: 'default', name: 'kept' })
    expect(kept.status?.phase).toBe('Failed')
    expect(kept.status?.conditions?.map(({ type }) => type) ?? []).not.toContain('DisruptionTarget')
    await cluster.client.patch(PODS, { namespace: 'default', name: 'kept' }, MERGE, { metadata: { finalizers: null } })
    expect((await cluster.pods()).map(({ metadata }) => metadata.name)).toEqual(['web'])
  })

  it('given a node that is not ready, then its pod waits, and goes once the node is out of service', async () => {
    await using cluster = await aClusterWithAPod()
    await cluster.client.delete(PODS, { namespace: 'default', name: 'web' })
    await cluster.clock.advance(100 * SECOND)
    expect(await cluster.pods()).toHaveLength(1)
    const taint = { key: 'node.kubernetes.io/out-of-service', value: 'nodeshutdown', effect: 'NoExecute' }
    await cluster.client.patch(NODES, { name: 'node01' }, MERGE, { spec: { taints: [taint] } })
    await cluster.clock.advance(20 * SECOND)
    expect(await cluster.pods()).toEqual([])
  })

  it('given a ready node out of service, then its pod is left to its kubelet', async () => {
    await using cluster = await aClusterWithAPod()
    const { client, clock } = cluster
    const conditions = [{ type: 'Ready', status: 'True' }]
    await client.patch(NODES, { name: 'node01', subresource: 'status' }, MERGE, { status: { conditions } })
    const taint = { key: 'node.kubernetes.io/out-of-service', effect: 'NoExecute' }
    await client.patch(NODES, { name: 'node01' }, MERGE, { spec: { taints: [taint] } })
    await client.delete(PODS, { namespace: 'default', name: 'web' })
    await clock.advance(100 * SECOND)
    expect(await cluster.pods()).toHaveLength(1)
  })
})
