/** What a real cluster was seen to do with DaemonSets when nodes change and parts of the control plane stop (golden/p2-daemonset). */
import { describe, expect, it } from 'vitest'
import {
  addNode,
  agentDaemonSet,
  changeAgent,
  deletePodOn,
  deployedAgent,
  labelNode,
  newAgentCluster,
  numbers,
  RECORDED_PACE,
  taintNode,
} from '../../../tests/support/controllers/agent-daemon-set.ts'
import type { DaemonSet } from '../../common/api/daemon-set.ts'
import type { Taint } from '../../common/api/node.ts'
import { DAEMON_SETS, NODES } from '../../kube/resources.ts'
import { controllerOf } from '../control/owner-reference.ts'
import { startDaemonSets } from './daemonset-controller.ts'

const SECOND = 1000
const LONG = 60 * SECOND
const NO_SCHEDULE: Taint = { key: 'k', value: 'v', effect: 'NoSchedule' }

describe('nodes, as recorded', () => {
  it('10: given a NoSchedule taint, then the pod stays and is misscheduled, is not made again, and comes back when the taint goes', async () => {
    await using cluster = await deployedAgent(RECORDED_PACE)
    await taintNode(cluster, 'node02', [NO_SCHEDULE])
    await cluster.clock.advance(LONG)
    expect(cluster.changes()).toEqual([numbers('1 1 1 1 1 1')])
    await deletePodOn(cluster, 'node02')
    await cluster.clock.advance(LONG)
    expect(cluster.changes()).toEqual([
      'node02/1 deleted',
      'node02/1 not ready',
      'node02/1 gone',
      numbers('1 1 1 1 1 0'),
    ])
    await taintNode(cluster, 'node02', [])
    await cluster.clock.advance(LONG)
    expect(cluster.changes()).toEqual([
      'node02/2 created',
      numbers('2 2 1 2 1 0'),
      'node02/2 bound',
      'node02/2 Running',
      numbers('2 2 2 2 2 0'),
    ])
  })

  it('11: given a NoExecute taint, then the pod is deleted, and made again when the taint goes', async () => {
    await using cluster = await deployedAgent(RECORDED_PACE)
    await taintNode(cluster, 'node02', [{ ...NO_SCHEDULE, effect: 'NoExecute' }])
    await cluster.clock.advance(LONG)
    expect(cluster.changes()).toEqual([
      'node02/1 deleted',
      numbers('1 1 1 1 1 1'),
      'node02/1 not ready',
      'node02/1 gone',
      numbers('1 1 1 1 1 0'),
    ])
    await taintNode(cluster, 'node02', [])
    await cluster.clock.advance(LONG)
    expect(cluster.changes()).toContain('node02/2 Running')
  })

  it('12: given a node that is cordoned, then its pod stays, and is made again there', async () => {
    await using cluster = await deployedAgent(RECORDED_PACE)
    const taints = [{ key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' }]
    const cordoned = { spec: { unschedulable: true, taints } }
    await cluster.client.patch(NODES, { name: 'node02' }, 'application/merge-patch+json', cordoned)
    await cluster.clock.advance(LONG)
    expect(cluster.changes()).toEqual([])
    await deletePodOn(cluster, 'node02')
    await cluster.clock.advance(LONG)
    expect(cluster.changes()).toContain('node02/2 Running')
  })

  it('13: given a node selector, then pods elsewhere are deleted, and come and go with the label', async () => {
    await using cluster = await deployedAgent(RECORDED_PACE)
    await changeAgent(cluster, { template: { spec: { nodeSelector: { disk: 'ssd' } } } })
    await cluster.clock.advance(LONG)
    expect(cluster.changes()).toEqual([
      'node01/1 deleted',
      'node02/1 deleted',
      numbers('0 0 0 0 0 2', 2),
      'node01/1 not ready',
      'node02/1 not ready',
      'node01/1 gone',
      numbers('0 0 0 0 0 1', 2),
      'node02/1 gone',
      numbers('0 0 0 0 0 0', 2),
    ])
    await labelNode(cluster, 'node01', { disk: 'ssd' })
    await cluster.clock.advance(0)
    expect(cluster.changes()).toEqual(['node01/2 created', numbers('1 1 0 1 0 0', 2), 'node01/2 bound'])
    await cluster.clock.advance(LONG)
    cluster.changes()
    await labelNode(cluster, 'node01', { disk: null })
    await cluster.clock.advance(0)
    expect(cluster.changes()).toEqual(['node01/2 deleted', numbers('0 0 0 0 0 1', 2)])
  })

  it('16: given a Node without a kubelet or a status, then it gets a pod at once, which nobody starts; the Node gone, so is the pod', async () => {
    await using cluster = await deployedAgent(RECORDED_PACE)
    cluster.nodes.setScheduler('stopped')
    await addNode(cluster, 'fake03')
    await cluster.clock.advance(LONG)
    expect(cluster.changes()).toEqual(['fake03/1 created', numbers('3 3 2 3 2 0')])
    await cluster.client.delete(NODES, { name: 'fake03' })
    await cluster.clock.advance(LONG)
    expect(cluster.changes()).toEqual(['fake03/1 deleted', 'fake03/1 gone', numbers('2 2 2 2 2 0')])
  })

  it('p2-node-down: given a node that is silent, then it wants no pod but keeps its own, until it is back', async () => {
    await using cluster = await deployedAgent(RECORDED_PACE)
    const unreachable = { key: 'node.kubernetes.io/unreachable', effect: 'NoSchedule' as const }
    await taintNode(cluster, 'node02', [unreachable])
    await cluster.clock.advance(5 * SECOND)
    await taintNode(cluster, 'node02', [unreachable, { ...unreachable, effect: 'NoExecute' }])
    await cluster.clock.advance(LONG)
    expect(cluster.changes()).toEqual([numbers('1 1 1 1 1 1')])
    await taintNode(cluster, 'node02', [])
    await cluster.clock.advance(0)
    expect(cluster.changes()).toEqual([numbers('2 2 2 2 2 0')])
  })
})

describe('parts of the control plane that are stopped, as recorded', () => {
  it('14: given no scheduler, then pods are made and wait for it', async () => {
    await using cluster = await newAgentCluster(RECORDED_PACE)
    cluster.nodes.setScheduler('stopped')
    await cluster.client.create(DAEMON_SETS, agentDaemonSet())
    await cluster.clock.advance(LONG)
    expect(cluster.changes()).toEqual(['node01/1 created', 'node02/1 created', numbers('2 2 0 2 0 0')])
    cluster.nodes.setScheduler('running')
    await cluster.clock.advance(LONG)
    expect(cluster.changes().slice(0, 3)).toEqual(['node01/1 bound', 'node02/1 bound', 'node01/1 Running'])
  })

  it('15: given no controller manager, then nothing is made; started again it makes what is missing, and no more', async () => {
    await using cluster = await newAgentCluster({ ...RECORDED_PACE, controllers: [] })
    const first = cluster.start([startDaemonSets])
    await cluster.client.create(DAEMON_SETS, agentDaemonSet())
    await cluster.clock.advance(LONG)
    await first.dispose()
    const other: DaemonSet = { ...agentDaemonSet({ selector: { matchLabels: { app: 'agent3' } } }) }
    other.spec.template = { ...other.spec.template, metadata: { labels: { app: 'agent3' } } }
    await cluster.client.create(DAEMON_SETS, { ...other, metadata: { name: 'agent3', namespace: 'default' } })
    await deletePodOn(cluster, 'node01')
    await cluster.clock.advance(LONG)
    expect(await cluster.pods()).toHaveLength(1)
    cluster.start([startDaemonSets])
    await cluster.clock.advance(LONG)
    const owners = (await cluster.pods()).map((pod) => `${controllerOf(pod)?.name ?? ''} ${pod.spec.nodeName ?? ''}`)
    expect(owners.toSorted()).toEqual(['agent node01', 'agent node02', 'agent3 node01', 'agent3 node02'])
  })
})
