import { describe, expect, it } from 'vitest'
import type { DaemonSet } from '../../common/api/daemon-set.ts'
import { DAEMON_SETS, NODES } from '../../kube/resources.ts'
import { newControllerCluster } from '../../../tests/support/controllers/controller-cluster.ts'
import { startDaemonSets } from './daemonset-controller.ts'

const AGENT: DaemonSet = {
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  metadata: { name: 'agent', namespace: 'default' },
  spec: {
    selector: { matchLabels: { app: 'agent' } },
    template: { metadata: { labels: { app: 'agent' } }, spec: { containers: [{ name: 'c', image: 'bb:v1' }] } },
  },
}

describe('a new DaemonSet', () => {
  it('given two nodes, when it is created, then each gets a pod', async () => {
    await using cluster = newControllerCluster([startDaemonSets])
    for (const name of ['node01', 'node02'])
      await cluster.client.create(NODES, { apiVersion: 'v1', kind: 'Node', metadata: { name } })
    await cluster.client.create(DAEMON_SETS, AGENT)
    await cluster.clock.advance(5000)
    const pods = await cluster.pods()
    expect(pods.map(({ spec }) => spec.nodeName).toSorted()).toEqual(['node01', 'node02'])
    const { status } = await cluster.client.get<DaemonSet>(DAEMON_SETS, { namespace: 'default', name: 'agent' })
    expect(status).toEqual({
      currentNumberScheduled: 2,
      desiredNumberScheduled: 2,
      numberAvailable: 2,
      numberMisscheduled: 0,
      numberReady: 2,
      observedGeneration: 1,
      updatedNumberScheduled: 2,
    })
    expect(await cluster.events()).toEqual(
      pods.map(({ metadata }) => `Normal SuccessfulCreate Created pod: ${metadata.name ?? ''} (daemonset-controller)`),
    )
  })
})
