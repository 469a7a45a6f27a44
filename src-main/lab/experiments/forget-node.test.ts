import { expect, it } from 'vitest'
import { FakeClock } from '../../base/testing/fake-clock.ts'
import { MemoryApi } from '../../kube/testing/memory-api.ts'
import { NODES, PODS } from '../../kube/resources.ts'
import { HomeLayout } from '../store/home.ts'
import { LabStore } from '../store/lab-store.ts'
import { forgetNode } from './forget-node.ts'

it('given a node that was removed, when it is forgotten, then its object and its pods are gone at once, and nobody else; twice does no harm', async () => {
  const clock = new FakeClock()
  const api = new MemoryApi(() => clock.now())
  const client = api.client()
  for (const name of ['node02', 'node03']) {
    await client.create(NODES, { apiVersion: 'v1', kind: 'Node', metadata: { name } })
    const spec = { nodeName: name, containers: [{ name: 'agent', image: 'busybox' }] }
    await client.create(PODS, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: `of-${name}`, namespace: 'compare' },
      spec,
    })
  }
  // As the API server has a pod whose end its kubelet would have to tell.
  await client.delete(PODS, { namespace: 'compare', name: 'of-node03' }, { gracePeriodSeconds: 30 })
  const openCluster = () => ({ ...api.client(), dispose: () => undefined })
  const context = { clock, openCluster, store: new LabStore(new HomeLayout('/nowhere')) }

  await forgetNode(context, 'default', 'node03')
  await forgetNode(context, 'default', 'node03')

  expect([NODES, PODS].flatMap((of) => api.peekAll(of).map(({ metadata }) => metadata.name))).toEqual([
    'node02',
    'of-node02',
  ])
})
