import { describe, expect, it } from 'vitest'
import { FakeClock } from '../../base/testing/fake-clock.ts'
import type { ApiObject, GroupVersionResource } from '../../common/api/api-object.ts'
import type { Pod } from '../../common/api/core.ts'
import type { Lease } from '../../common/api/lease.ts'
import type { Node } from '../../common/api/node.ts'
import type { ApiClient } from '../../kube/api-client.ts'
import { internalError } from '../../kube/status-error.ts'
import { MemoryApi } from '../../kube/testing/memory-api.ts'
import { testControllerContext } from '../testing/test-controller-context.ts'
import { startNodeLifecycle } from './node-lifecycle-controller.ts'
import { LEASES, NODES, PODS } from '../../kube/resources.ts'

const SECOND = 1000

function node(name: string, ready?: 'True' | 'False'): Node {
  const types = ['MemoryPressure', 'DiskPressure', 'PIDPressure'] as const
  const beat = '2026-01-01T00:00:00Z'
  const conditions =
    ready === undefined
      ? []
      : [
          ...types.map((type) => ({ type, status: 'False' as const, lastHeartbeatTime: beat })),
          { type: 'Ready', status: ready, lastHeartbeatTime: beat },
        ]
  return { apiVersion: 'v1', kind: 'Node', metadata: { name }, spec: {}, status: { conditions } } as Node
}

/** The controller, and kubelets that renew their leases as long as they are in `alive`. */
async function newTestCluster(nodes: Node[]) {
  const clock = new FakeClock()
  const api = new MemoryApi(() => clock.now())
  const client = api.client()
  for (const each of nodes) await client.create(NODES, each)
  const alive = new Set<string>()
  const beat = async (name: string): Promise<void> => {
    const metadata = { namespace: 'kube-node-lease', name }
    const spec = { holderIdentity: name, renewTime: new Date(clock.now()).toISOString() }
    const lease = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata, spec } as Lease
    await client.create(LEASES, lease).catch(() => client.update(LEASES, lease))
  }
  const context = testControllerContext(client, clock)
  return {
    api,
    clock,
    client,
    alive,
    start: (over: Partial<ApiClient> = {}) => startNodeLifecycle({ ...context, client: { ...client, ...over } }),
    /** Ten seconds at a time, as leases are renewed. */
    async pass(seconds: number) {
      for (let left = seconds; left > 0; left -= 10) {
        for (const name of alive) await beat(name)
        await clock.advance(Math.min(left, 10) * SECOND)
      }
    },
    async ready(name: string) {
      const { status } = await client.get<Node>(NODES, { name })
      return status?.conditions?.find(({ type }) => type === 'Ready')
    },
    async taints(name: string) {
      const { spec } = await client.get<Node>(NODES, { name })
      return (spec?.taints ?? []).map(({ key, effect }) => `${key.replace('node.kubernetes.io/', '')}:${effect}`)
    },
    async addReadyPod(name: string, nodeName: string) {
      const metadata = { namespace: 'default', name }
      const pod = { apiVersion: 'v1', kind: 'Pod', metadata, spec: { nodeName, containers: [] } }
      await client.create(PODS, pod)
      await client.patch(PODS, metadata, 'application/merge-patch+json', {
        status: { conditions: [{ type: 'Ready', status: 'True' }] },
      })
    },
    async podReady(name: string) {
      const { status } = await client.get<Pod & ApiObject>(PODS, { namespace: 'default', name })
      return status?.conditions?.find(({ type }) => type === 'Ready')?.status
    },
    async dispose(controller: { dispose(): unknown }) {
      await controller.dispose()
      await context.dispose()
      return clock.pendingTimers
    },
  }
}

describe('node lifecycle', () => {
  it('given kubelets that renew their leases, when minutes pass, nothing is changed', async () => {
    const cluster = await newTestCluster([node('node01', 'True'), node('node02', 'True')])
    for (const name of ['node01', 'node02']) cluster.alive.add(name)
    const controller = cluster.start()
    await cluster.pass(300)
    expect(await cluster.taints('node01')).toEqual([])
    expect(cluster.api.requests.filter((request) => request.startsWith('PATCH'))).toEqual([])
    expect(await cluster.dispose(controller)).toBe(0)
  })

  it('given a kubelet that falls silent, when its grace is over and not before, its node is Unknown, tainted, and its pods are not ready', async () => {
    const cluster = await newTestCluster([node('node01', 'True'), node('node02', 'True')])
    for (const name of ['node01', 'node02']) cluster.alive.add(name)
    await cluster.addReadyPod('web', 'node02')
    await cluster.addReadyPod('other', 'node01')
    const controller = cluster.start()
    await cluster.pass(60)
    cluster.alive.delete('node02')
    await cluster.pass(40)
    expect(await cluster.ready('node02')).toMatchObject({ status: 'True' })
    await cluster.pass(30)
    expect(await cluster.ready('node02')).toMatchObject({ status: 'Unknown', reason: 'NodeStatusUnknown' })
    expect(await cluster.taints('node02')).toEqual(['unreachable:NoSchedule', 'unreachable:NoExecute'])
    expect(await cluster.podReady('web')).toBe('False')
    expect(await cluster.podReady('other')).toBe('True')
    await cluster.dispose(controller)
  })

  it('given a node that never said anything, when its startup grace is over, it is Unknown for that reason', async () => {
    const cluster = await newTestCluster([node('node01', 'True'), node('node02')])
    cluster.alive.add('node01')
    const controller = cluster.start()
    await cluster.pass(50)
    expect(await cluster.ready('node02')).toBeUndefined()
    expect(await cluster.taints('node02')).toContain('not-ready:NoSchedule')
    await cluster.pass(30)
    expect(await cluster.ready('node02')).toMatchObject({ status: 'Unknown', reason: 'NodeStatusNeverUpdated' })
    await cluster.dispose(controller)
  })

  it('given all nodes silent, when their grace is over, nothing is evicted: it is not the nodes that are at fault', async () => {
    const cluster = await newTestCluster([node('node01', 'True'), node('node02', 'True')])
    for (const name of ['node01', 'node02']) cluster.alive.add(name)
    const controller = cluster.start()
    await cluster.pass(30)
    cluster.alive.clear()
    await cluster.pass(100)
    expect(await cluster.taints('node01')).toEqual(['unreachable:NoSchedule'])
    expect(await cluster.taints('node02')).toEqual(['unreachable:NoSchedule'])
    await cluster.dispose(controller)
  })

  it('given a node that is well again, when it says so, its taints go and a taint of somebody else stays', async () => {
    const sick = node('node02', 'False')
    const own = { key: 'reserved', effect: 'NoSchedule' as const }
    const cluster = await newTestCluster([
      node('node01', 'True'),
      { ...sick, spec: { taints: [own], unschedulable: true } },
    ])
    for (const name of ['node01', 'node02']) cluster.alive.add(name)
    const controller = cluster.start()
    await cluster.pass(10)
    expect(await cluster.taints('node02')).toEqual([
      'reserved:NoSchedule',
      'not-ready:NoSchedule',
      'unschedulable:NoSchedule',
      'not-ready:NoExecute',
    ])
    const { status } = node('node02', 'True')
    await cluster.client.patch(NODES, { name: 'node02' }, 'application/merge-patch+json', {
      status,
      spec: { unschedulable: false },
    })
    await cluster.pass(10)
    expect(await cluster.taints('node02')).toEqual(['reserved:NoSchedule'])
    await cluster.dispose(controller)
  })

  it('given a silent kubelet, when marking one of its pods fails, it is marked the next time', async () => {
    const cluster = await newTestCluster([node('node01', 'True'), node('node02', 'True')])
    for (const name of ['node01', 'node02']) cluster.alive.add(name)
    await cluster.addReadyPod('web', 'node02')
    let failures = 1
    const controller = cluster.start({
      patch: async <Kind extends ApiObject>(of: GroupVersionResource, ...rest: unknown[]) => {
        if (of.resource === 'pods' && failures-- > 0) throw internalError('try again')
        type Rest = [Parameters<ApiClient['patch']>[1], Parameters<ApiClient['patch']>[2], unknown]
        return cluster.client.patch<Kind>(of, ...(rest as Rest))
      },
    })
    await cluster.pass(20)
    cluster.alive.delete('node02')
    await cluster.pass(100)
    expect(await cluster.podReady('web')).toBe('False')
    await cluster.dispose(controller)
  })

  it('given a server that takes long to answer, when minutes pass, one look at the nodes ends before the next begins', async () => {
    const cluster = await newTestCluster([node('node01', 'True')])
    cluster.alive.add('node01')
    let open = 0
    const controller = cluster.start({
      patch: () => {
        open += 1
        return new Promise(() => undefined)
      },
    })
    await cluster.pass(20)
    cluster.alive.clear()
    await cluster.pass(300)
    expect(open).toBe(1)
    await cluster.dispose(controller)
  })
})
