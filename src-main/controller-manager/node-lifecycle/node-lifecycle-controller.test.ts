import { afterEach, describe, expect, it } from 'vitest'
import type { ApiObject, GroupVersionResource } from '../../common/api/api-object.ts'
import type { Node } from '../../common/api/node.ts'
import type { ApiClient } from '../../kube/api-client.ts'
import { NODES } from '../../kube/resources.ts'
import { conflict, internalError } from '../../kube/status-error.ts'
import type { ControllerContext } from '../controller.ts'
import { DEFAULT_CONTROLLER_SETTINGS } from '../controller-manager-settings.ts'
import { aNode, newTestNodes, type TestNodes } from '../testing/new-test-nodes.ts'
import { startNodeLifecycle } from './node-lifecycle-controller.ts'

let cluster: TestNodes

/** All of them alive. */
async function given(nodes: Node[], settings: Partial<ControllerContext['settings']> = {}): Promise<void> {
  cluster = await newTestNodes(nodes, { settings: { ...DEFAULT_CONTROLLER_SETTINGS, ...settings } })
  for (const { metadata } of nodes) cluster.alive.add(metadata.name ?? '')
}

afterEach(async () => {
  await cluster.dispose()
  expect(cluster.clock.pendingTimers).toBe(0)
})

describe('node lifecycle', () => {
  it('given kubelets that renew their leases, when minutes pass, nothing is changed', async () => {
    await given([aNode('node01', 'True'), aNode('node02', 'True')])
    cluster.start(startNodeLifecycle)
    await cluster.pass(300)
    expect(await cluster.taints('node01')).toEqual([])
    expect(cluster.api.requests.filter((request) => request.startsWith('PATCH'))).toEqual([])
  })

  it('given a kubelet that renews no lease but posts its status, when minutes pass, nothing is changed', async () => {
    await given([aNode('node01', 'True')])
    cluster.alive.clear()
    cluster.start(startNodeLifecycle)
    for (let minute = 0; minute < 5; minute++) {
      for (let tens = 0; tens < 4; tens++) await cluster.pass(10)
      await cluster.say('node01', 'True')
    }
    expect(await cluster.ready('node01')).toMatchObject({ status: 'True' })
  })

  it('given a kubelet that falls silent, when its grace is over and not before, its node is Unknown, tainted, and its pods are not ready', async () => {
    await given([aNode('node01', 'True'), aNode('node02', 'True')])
    await cluster.addPod('web', 'node02')
    await cluster.addPod('other', 'node01')
    cluster.start(startNodeLifecycle)
    await cluster.pass(60)
    cluster.alive.delete('node02')
    await cluster.pass(40)
    expect(await cluster.ready('node02')).toMatchObject({ status: 'True' })
    await cluster.pass(30)
    expect(await cluster.ready('node02')).toMatchObject({ status: 'Unknown', reason: 'NodeStatusUnknown' })
    expect(await cluster.taints('node02')).toEqual(['unreachable:NoSchedule', 'unreachable:NoExecute'])
    expect(await cluster.podReady('web')).toBe('False')
    expect(await cluster.podReady('other')).toBe('True')
    expect(await cluster.events('NodeNotReady')).toEqual([
      'node-controller NodeNotReady Node node02 status is now: NodeNotReady',
      'node-controller NodeNotReady Node is not ready',
    ])
  })

  it('given another grace by flag, when a kubelet is silent for that long, its node is Unknown', async () => {
    await given([aNode('node01', 'True'), aNode('node02', 'True')], { nodeMonitorGraceMs: 16_000 })
    cluster.start(startNodeLifecycle)
    cluster.alive.delete('node02')
    await cluster.pass(20)
    expect(await cluster.ready('node02')).toMatchObject({ status: 'True' })
    await cluster.pass(10)
    expect(await cluster.ready('node02')).toMatchObject({ status: 'Unknown' })
  })

  it('given a node that never said anything, when its startup grace is over, it is Unknown for that reason', async () => {
    await given([aNode('node01', 'True'), aNode('node02')])
    cluster.alive.delete('node02')
    cluster.start(startNodeLifecycle)
    await cluster.pass(50)
    expect(await cluster.ready('node02')).toBeUndefined()
    expect(await cluster.taints('node02')).toEqual([])
    await cluster.pass(30)
    expect(await cluster.ready('node02')).toMatchObject({ status: 'Unknown', reason: 'NodeStatusNeverUpdated' })
    expect(await cluster.taints('node02')).toEqual(['unreachable:NoSchedule', 'unreachable:NoExecute'])
  })

  it('given nodes that come and go, when they do, events say so and nothing is remembered of those that went', async () => {
    await given([aNode('node01', 'True'), aNode('node02', 'True')])
    cluster.start(startNodeLifecycle)
    await cluster.pass(10)
    cluster.alive.delete('node02')
    await cluster.pass(40)
    await cluster.client.delete(NODES, { name: 'node02' })
    await cluster.pass(10)
    await cluster.client.create(NODES, aNode('node02', 'True'))
    await cluster.pass(40)
    expect(await cluster.ready('node02')).toMatchObject({ status: 'True' })
    const said = await cluster.events('RegisteredNode', 'RemovingNode')
    expect(said.filter((event) => event.includes('node02'))).toEqual([
      'node-controller RegisteredNode Node node02 event: Registered Node node02 in Controller',
      'node-controller RemovingNode Node node02 event: Removing Node node02 from Controller',
      'node-controller RegisteredNode Node node02 event: Registered Node node02 in Controller',
    ])
  })

  it('given all nodes silent, when their grace is over, nothing is evicted: it is not the nodes that are at fault', async () => {
    await given([aNode('node01', 'True'), aNode('node02', 'True')])
    cluster.start(startNodeLifecycle)
    await cluster.pass(30)
    cluster.alive.clear()
    await cluster.pass(100)
    expect(await cluster.taints('node01')).toEqual(['unreachable:NoSchedule'])
    expect(await cluster.taints('node02')).toEqual(['unreachable:NoSchedule'])
  })

  it('given a tainted node, when the last other one falls silent too, its taint for eviction goes; when that one is back, it returns', async () => {
    await given([aNode('node01', 'True'), aNode('node02', 'True')])
    cluster.start(startNodeLifecycle)
    await cluster.pass(30)
    cluster.alive.delete('node02')
    await cluster.pass(70)
    expect(await cluster.evicted()).toEqual(['node02'])
    cluster.alive.delete('node01')
    await cluster.pass(70)
    expect(await cluster.evicted()).toEqual([])
    cluster.alive.add('node01')
    await cluster.say('node01', 'True')
    await cluster.pass(30)
    expect(await cluster.taints('node01')).toEqual([])
    expect(await cluster.taints('node02')).toEqual(['unreachable:NoSchedule', 'unreachable:NoExecute'])
  })

  it('given nodes none of which counts towards a disruption, when one falls silent, then it is tainted and stays so', async () => {
    const excluded = { 'node.kubernetes.io/exclude-disruption': '' }
    await given([aNode('node01', 'True', excluded), aNode('node02', 'True', excluded)])
    cluster.start(startNodeLifecycle)
    await cluster.pass(30)
    cluster.alive.delete('node02')
    await cluster.pass(70)
    expect(await cluster.evicted()).toEqual(['node02'])
    await cluster.pass(5)
    expect(await cluster.evicted()).toEqual(['node02'])
  })

  it('given a node that is well again, when it says so, its taints go and a taint of somebody else stays', async () => {
    const own = { key: 'reserved', effect: 'NoSchedule' as const }
    const sick = { ...aNode('node02', 'False'), spec: { taints: [own], unschedulable: true } }
    await given([aNode('node01', 'True'), sick])
    cluster.start(startNodeLifecycle)
    await cluster.pass(10)
    expect(await cluster.taints('node02')).toEqual([
      'reserved:NoSchedule',
      'not-ready:NoSchedule',
      'unschedulable:NoSchedule',
      'not-ready:NoExecute',
    ])
    await cluster.say('node02', 'True')
    const spec = { unschedulable: false }
    await cluster.client.patch(NODES, { name: 'node02' }, 'application/merge-patch+json', { spec })
    await cluster.pass(10)
    expect(await cluster.taints('node02')).toEqual(['reserved:NoSchedule'])
  })

  it('given a tainted node, when its kubelet is back and not ready yet, the taints say so at once', async () => {
    await given([aNode('node01', 'True'), aNode('node02', 'True')])
    cluster.start(startNodeLifecycle)
    await cluster.pass(10)
    cluster.alive.delete('node02')
    await cluster.pass(70)
    cluster.alive.add('node02')
    await cluster.say('node02', 'False')
    await cluster.clock.advance(0)
    expect(await cluster.taints('node02')).toEqual(['unreachable:NoExecute', 'not-ready:NoSchedule'])
    await cluster.pass(5)
    expect(await cluster.taints('node02')).toEqual(['not-ready:NoSchedule', 'not-ready:NoExecute'])
  })

  it('given a silent node, when a pod arrives there that says it is ready, it is marked as not ready', async () => {
    await given([aNode('node01', 'True'), aNode('node02', 'True')])
    cluster.start(startNodeLifecycle)
    cluster.alive.delete('node02')
    await cluster.pass(70)
    const ready = { status: { conditions: [{ type: 'Ready', status: 'True' }] } }
    await cluster.addPod('late')
    const address = { namespace: 'default', name: 'late' }
    const patch = { ...ready, spec: { nodeName: 'node02' } }
    await cluster.client.patch(
      { group: '', version: 'v1', resource: 'pods' },
      address,
      'application/merge-patch+json',
      patch,
    )
    await cluster.clock.advance(0)
    expect(await cluster.podReady('late')).toBe('False')
  })

  it('given a silent kubelet, when marking one of its pods fails, it is marked the next time and the others at once', async () => {
    await given([aNode('node01', 'True'), aNode('node02', 'True')])
    for (const name of ['web', 'other']) await cluster.addPod(name, 'node02')
    let failures = 1
    cluster.start(startNodeLifecycle, {
      patch: failing((of) => (of.resource === 'pods' && failures-- > 0 ? internalError('try again') : undefined)),
    })
    await cluster.pass(10)
    cluster.alive.delete('node02')
    await cluster.pass(45)
    expect([await cluster.podReady('web'), await cluster.podReady('other')]).toEqual(['True', 'False'])
    await cluster.pass(5)
    expect(await cluster.podReady('web')).toBe('False')
  })

  it('given a kubelet that comes back in the moment in which its node is to be Unknown, when the write is refused, the node stays as the kubelet says', async () => {
    await given([aNode('node01', 'True'), aNode('node02', 'True')])
    let refusals = 0
    cluster.start(startNodeLifecycle, {
      patch: failing((of, name, subresource) => {
        if (subresource !== 'status' || refusals > 0) return undefined
        refusals += 1
        void cluster.say('node02', 'True')
        return conflict(of, name, 'the object has been modified')
      }),
    })
    await cluster.pass(10)
    cluster.alive.delete('node02')
    await cluster.pass(70)
    expect(refusals).toBe(1)
    expect(await cluster.ready('node02')).toMatchObject({ status: 'True' })
  })

  it('given a node of an older kubelet, when it registers, its labels have their old names too', async () => {
    const labels = { 'kubernetes.io/os': 'linux', 'kubernetes.io/arch': 'arm64', 'beta.kubernetes.io/arch': 'amd64' }
    await given([aNode('node01', 'True', labels)])
    cluster.start(startNodeLifecycle)
    await cluster.pass(1)
    const { metadata } = await cluster.client.get<Node>(NODES, { name: 'node01' })
    expect(metadata.labels).toEqual({
      ...labels,
      'beta.kubernetes.io/os': 'linux',
      'beta.kubernetes.io/arch': 'arm64',
    })
  })

  it('given a server that takes long to answer, when minutes pass, one look at the nodes ends before the next begins', async () => {
    await given([aNode('node01', 'True')])
    let open = 0
    cluster.start(startNodeLifecycle, {
      patch: () => {
        open += 1
        return new Promise(() => undefined)
      },
    })
    await cluster.pass(20)
    cluster.alive.clear()
    await cluster.pass(300)
    expect(open).toBe(1)
  })
})

describe('rates of eviction', () => {
  const names = (count: number): string[] => Array.from({ length: count }, (_, index) => `node${index + 1}`)

  it('given two silent nodes of four, when their grace is over, one is tainted at once and the other ten seconds later', async () => {
    await given(names(4).map((name) => aNode(name, 'True')))
    cluster.start(startNodeLifecycle)
    await cluster.pass(10)
    for (const name of names(2)) cluster.alive.delete(name)
    await cluster.pass(55)
    expect(await cluster.evicted()).toEqual(['node1'])
    await cluster.pass(4)
    expect(await cluster.evicted()).toEqual(['node1'])
    await cluster.pass(1)
    expect(await cluster.evicted()).toEqual(['node1', 'node2'])
  })

  it('given three silent nodes of five in a small cluster, when time passes, none is tainted until enough are back', async () => {
    await given(names(5).map((name) => aNode(name, 'True')))
    cluster.start(startNodeLifecycle)
    await cluster.pass(10)
    for (const name of names(3)) cluster.alive.delete(name)
    await cluster.pass(300)
    expect(await cluster.ready('node1')).toMatchObject({ status: 'Unknown' })
    expect(await cluster.evicted()).toEqual([])
    cluster.alive.add('node3')
    await cluster.say('node3', 'True')
    await cluster.pass(40)
    expect(await cluster.evicted()).toEqual(['node1', 'node2'])
  })

  it('given three silent nodes of five in a cluster that counts as large, when time passes, they are tainted slowly', async () => {
    await given(
      names(5).map((name) => aNode(name, 'True')),
      { largeClusterSizeThreshold: 4 },
    )
    cluster.start(startNodeLifecycle)
    await cluster.pass(10)
    for (const name of names(3)) cluster.alive.delete(name)
    await cluster.pass(60)
    const first = await cluster.evicted()
    await cluster.pass(80)
    expect(await cluster.evicted()).toEqual(first)
    await cluster.pass(220)
    expect(await cluster.evicted()).toEqual(names(3))
  })

  it('given a zone whose nodes are all silent and another that is well, when their grace is over, they are tainted at the usual rate', async () => {
    const inZone = (name: string, zone: string): Node => aNode(name, 'True', { 'topology.kubernetes.io/zone': zone })
    await given([...names(3).map((name) => inZone(name, 'a')), inZone('other', 'b')])
    cluster.start(startNodeLifecycle)
    await cluster.pass(10)
    for (const name of names(3)) cluster.alive.delete(name)
    await cluster.pass(80)
    expect(await cluster.evicted()).toEqual(names(3))
  })

  it('given the write of a taint that fails, when it is its turn again, it is tainted', async () => {
    await given(names(2).map((name) => aNode(name, 'True')))
    let failures = 1
    cluster.start(startNodeLifecycle, {
      patch: failing((_of, _name, subresource, patch) => {
        const isEviction = subresource === undefined && JSON.stringify(patch).includes('NoExecute')
        return isEviction && failures-- > 0 ? internalError('try again') : undefined
      }),
    })
    await cluster.pass(10)
    cluster.alive.delete('node2')
    await cluster.pass(55)
    expect(await cluster.evicted()).toEqual([])
    await cluster.pass(10)
    expect(await cluster.evicted()).toEqual(['node2'])
  })
})

/** Patches of the cluster, but for those for which there is an error. */
function failing(
  refuse: (
    of: GroupVersionResource,
    name: string,
    subresource: string | undefined,
    patch: unknown,
  ) => Error | undefined,
): ApiClient['patch'] {
  return async <Kind extends ApiObject>(...[of, address, type, patch]: Parameters<ApiClient['patch']>) => {
    const refusal = refuse(of, address.name, address.subresource, patch)
    if (refusal !== undefined) throw refusal
    return cluster.client.patch<Kind>(of, address, type, patch)
  }
}
