/** What a real cluster was seen to do with the DaemonSet `agent`, step by step, beside what ours does (golden/p2-daemonset). */
import { describe, expect, it } from 'vitest'
import {
  AGENT_AT,
  agentDaemonSet,
  changeAgent,
  deletePodOn,
  deployedAgent,
  getAgent,
  listRevisions,
  newAgentCluster,
  numbers,
  podOn,
  RECORDED_PACE,
  setEnv,
  type AgentCluster,
} from '../../../tests/support/controllers/agent-daemon-set.ts'
import { DAEMON_SETS, PODS } from '../../kube/resources.ts'
import { hashOf } from '../history/revision.ts'

const SECOND = 1000
const LONG = 60 * SECOND

/** One node of an update: the old pod goes, the new one comes when it is gone. `counts` of each of the steps. */
function replaced(node: string, from: number, counts: readonly string[], generation: number): string[] {
  const [notReady = '', created = ''] = counts
  return [
    `${node}/${from} not ready`,
    numbers(notReady, generation),
    `${node}/${from} gone`,
    `${node}/${from + 1} created`,
    numbers(created, generation),
    `${node}/${from + 1} bound`,
    `${node}/${from + 1} Running`,
  ]
}

/** Both nodes, one after the other, as recordings 05 to 08 have it. */
function rolled(from: readonly [number, number], generation: number): string[] {
  return [
    `node01/${from[0]} deleted`,
    numbers('2 2 2 0 2 0', generation),
    ...replaced('node01', from[0], ['2 2 1 0 1 0', '2 2 1 1 1 0'], generation),
    `node02/${from[1]} deleted`,
    numbers('2 2 2 1 2 0', generation),
    ...replaced('node02', from[1], ['2 2 1 1 1 0', '2 2 1 2 1 0'], generation),
    numbers('2 2 2 2 2 0', generation),
  ]
}

async function setImage({ client }: AgentCluster, image: string): Promise<void> {
  const spec = { template: { spec: { containers: [{ name: 'c', image }] } } }
  await client.patch(DAEMON_SETS, AGENT_AT, 'application/strategic-merge-patch+json', { spec })
}

/** As `kubectl rollout undo` does: the revision's data as they are. */
async function undoTo(cluster: AgentCluster, revision: number): Promise<void> {
  const wanted = (await listRevisions(cluster)).find((one) => one.revision === revision)
  await cluster.client.patch(DAEMON_SETS, AGENT_AT, 'application/strategic-merge-patch+json', wanted?.data)
}

describe('creation and deletion of pods, as recorded', () => {
  it('01: given two nodes, when the DaemonSet is applied, then both pods are made at once, bound, and counted as they become ready', async () => {
    await using cluster = await newAgentCluster(RECORDED_PACE)
    await cluster.client.create(DAEMON_SETS, agentDaemonSet())
    await cluster.clock.advance(LONG)
    expect(cluster.changes()).toEqual([
      'node01/1 created',
      'node02/1 created',
      numbers('2 2 0 2 0 0'),
      'node01/1 bound',
      'node02/1 bound',
      'node01/1 Running',
      numbers('2 2 1 2 1 0'),
      'node02/1 Running',
      numbers('2 2 2 2 2 0'),
    ])
    expect(await cluster.told()).toEqual([
      'Normal SuccessfulCreate Created pod: node01/1',
      'Normal SuccessfulCreate Created pod: node02/1',
    ])
  })

  it('04: given a pod that is deleted, when it takes its time, then its successor comes when it is gone and not before', async () => {
    await using cluster = await deployedAgent(RECORDED_PACE)
    await deletePodOn(cluster, 'node01')
    await cluster.clock.advance(LONG)
    expect(cluster.changes()).toEqual([
      'node01/1 deleted',
      'node01/1 not ready',
      numbers('2 2 1 2 1 0'),
      'node01/1 gone',
      'node01/2 created',
      'node01/2 bound',
      'node01/2 Running',
      numbers('2 2 2 2 2 0'),
    ])
  })

  it('04b: given a pod that is deleted by force, then its successor comes at once', async () => {
    await using cluster = await deployedAgent(RECORDED_PACE)
    const { namespace = '', name = '' } = (await podOn(cluster, 'node01')).metadata
    await cluster.client.delete(PODS, { namespace, name }, { gracePeriodSeconds: 0 })
    await cluster.clock.advance(0)
    expect(cluster.changes()).toEqual([
      'node01/1 deleted',
      'node01/1 gone',
      'node01/2 created',
      numbers('2 2 1 2 1 0'),
      'node01/2 bound',
    ])
  })

  it('17: given a pod that failed, then that is told, it is deleted at once, and its successor follows', async () => {
    await using cluster = await deployedAgent(RECORDED_PACE)
    const { namespace = '', name = '' } = (await podOn(cluster, 'node01')).metadata
    const failed = { status: { phase: 'Failed', reason: 'Evicted' } }
    const address = { namespace, name, subresource: 'status' }
    await cluster.client.patch(PODS, address, 'application/merge-patch+json', failed)
    await cluster.clock.advance(LONG)
    expect(cluster.changes()).toEqual([
      'node01/1 Failed',
      'node01/1 deleted',
      'node01/1 gone',
      numbers('2 1 1 1 1 0'),
      'node01/2 created',
      numbers('2 2 1 2 1 0'),
      'node01/2 bound',
      'node01/2 Running',
      numbers('2 2 2 2 2 0'),
    ])
    expect((await cluster.told()).slice(2)).toEqual([
      'Warning FailedDaemonPod Found failed daemon pod default/node01/1 on node node01, will try to kill it',
      'Normal SuccessfulDelete Deleted pod: node01/1',
      'Normal SuccessfulCreate Created pod: node01/2',
    ])
  })

  it('18: given a DaemonSet that is deleted, then its controller does nothing more', async () => {
    await using cluster = await deployedAgent(RECORDED_PACE)
    await cluster.client.delete(DAEMON_SETS, AGENT_AT, { propagationPolicy: 'Background' })
    await cluster.clock.advance(LONG)
    await deletePodOn(cluster, 'node01')
    await cluster.clock.advance(LONG)
    expect(cluster.changes()).toEqual(['node01/1 deleted', 'node01/1 not ready', 'node01/1 gone'])
  })

  it('18b: given pods that were orphaned, when a DaemonSet of the same selector is made, then it adopts them and rolls those of another template', async () => {
    await using cluster = await deployedAgent(RECORDED_PACE)
    await setEnv(cluster, '2')
    await cluster.clock.advance(LONG)
    await cluster.client.delete(DAEMON_SETS, AGENT_AT, { propagationPolicy: 'Orphan' })
    // The garbage collector's part.
    const orphans = { metadata: { ownerReferences: null } }
    for (const { metadata } of await cluster.pods()) {
      const address = { namespace: 'default', name: metadata.name ?? '' }
      await cluster.client.patch(PODS, address, 'application/merge-patch+json', orphans)
    }
    await cluster.client.patch(DAEMON_SETS, AGENT_AT, 'application/merge-patch+json', {
      metadata: { finalizers: null },
    })
    await cluster.clock.advance(LONG)
    cluster.changes()
    await cluster.client.create(DAEMON_SETS, agentDaemonSet())
    await cluster.clock.advance(LONG)
    const [one = '', other = '', ...rest] = cluster.changes()
    expect([one, other].toSorted()).toEqual(['node01/2 adopted by agent', 'node02/2 adopted by agent'])
    expect(rest).toEqual([
      'node01/2 deleted',
      numbers('2 2 2 0 2 0'),
      ...replaced('node01', 2, ['2 2 1 0 1 0', '2 2 1 1 1 0'], 1),
      'node02/2 deleted',
      numbers('2 2 2 1 2 0'),
      ...replaced('node02', 2, ['2 2 1 1 1 0', '2 2 1 2 1 0'], 1),
      numbers('2 2 2 2 2 0'),
    ])
  })
})

describe('updates, as recorded', () => {
  it('05: given another environment, then one node at a time: delete, wait until gone, create, wait until available', async () => {
    await using cluster = await deployedAgent(RECORDED_PACE)
    await setEnv(cluster, '2')
    await cluster.clock.advance(LONG)
    expect(cluster.changes()).toEqual(rolled([1, 1], 2))
    expect((await cluster.told()).slice(2)).toEqual([
      'Normal SuccessfulDelete Deleted pod: node01/1',
      'Normal SuccessfulCreate Created pod: node01/2',
      'Normal SuccessfulDelete Deleted pod: node02/1',
      'Normal SuccessfulCreate Created pod: node02/2',
    ])
  })

  it('05b: given a change-cause that is written after the update, then only the next revision tells it', async () => {
    await using cluster = await deployedAgent(RECORDED_PACE)
    await setImage(cluster, 'bb:v2')
    await cluster.clock.advance(SECOND)
    const metadata = { annotations: { 'kubernetes.io/change-cause': 'image-v2' } }
    await cluster.client.patch(DAEMON_SETS, AGENT_AT, 'application/merge-patch+json', { metadata })
    await cluster.clock.advance(LONG)
    await setImage(cluster, 'bb:v3')
    await cluster.clock.advance(LONG)
    const causes = (await listRevisions(cluster)).map((one) => one.metadata.annotations?.['kubernetes.io/change-cause'])
    expect(causes).toEqual([undefined, undefined, 'image-v2'])
  })

  it('06: given three revisions, when it is rolled back, then the reused revision gets the next number and the pods its hash', async () => {
    await using cluster = await deployedAgent(RECORDED_PACE)
    for (const image of ['bb:v2', 'bb:v3']) {
      await setImage(cluster, image)
      await cluster.clock.advance(LONG)
    }
    const before = await listRevisions(cluster)
    cluster.changes()
    await undoTo(cluster, 2)
    await cluster.clock.advance(LONG)
    expect(cluster.changes()).toEqual(rolled([3, 3], 4))
    const after = await listRevisions(cluster)
    expect(after.map(({ revision }) => revision)).toEqual([1, 3, 4])
    expect(after[2]?.metadata.name).toBe(before[1]?.metadata.name)
    const hashes = new Set((await cluster.pods()).map((pod) => hashOf(pod)))
    expect([...hashes]).toEqual([after[2] === undefined ? '' : hashOf(after[2])])
  })

  it('07: given an image that does not start, then the update stops at the first node, and an undo goes on from there', async () => {
    await using cluster = await deployedAgent({
      ...RECORDED_PACE,
      isBroken: ({ spec }) => spec.containers[0]?.image === 'absent',
    })
    await setImage(cluster, 'absent')
    await cluster.clock.advance(10 * LONG)
    expect((await getAgent(cluster)).status).toMatchObject({ updatedNumberScheduled: 1, numberAvailable: 1 })
    cluster.changes()
    await undoTo(cluster, 1)
    await cluster.clock.advance(LONG)
    expect(cluster.changes()).toEqual([
      'node01/2 deleted',
      numbers('2 2 1 1 1 0', 3),
      'node01/2 gone',
      'node01/3 created',
      numbers('2 2 1 2 1 0', 3),
      'node01/3 bound',
      'node01/3 Running',
      numbers('2 2 2 2 2 0', 3),
    ])
  })

  it('08: given a restart, then it is an update like any other', async () => {
    await using cluster = await deployedAgent(RECORDED_PACE)
    const annotations = { 'kubectl.kubernetes.io/restartedAt': '2026-11-23T16:29:22Z' }
    await changeAgent(cluster, { template: { metadata: { annotations } } })
    await cluster.clock.advance(LONG)
    expect(cluster.changes()).toEqual(rolled([1, 1], 2))
    expect((await podOn(cluster, 'node01')).metadata.annotations).toEqual(annotations)
  })

  it('09: given the strategy OnDelete, then nothing happens until somebody deletes a pod', async () => {
    await using cluster = await deployedAgent(RECORDED_PACE)
    await changeAgent(cluster, { updateStrategy: { type: 'OnDelete', rollingUpdate: null } })
    await setEnv(cluster, '2')
    await cluster.clock.advance(LONG)
    expect(cluster.changes()).toEqual([numbers('2 2 2 2 2 0', 2), numbers('2 2 2 0 2 0', 3)])
    await deletePodOn(cluster, 'node02')
    await cluster.clock.advance(LONG)
    expect(cluster.changes()).toEqual([
      'node02/1 deleted',
      ...replaced('node02', 1, ['2 2 1 0 1 0', '2 2 1 1 1 0'], 3),
      numbers('2 2 2 1 2 0', 3),
    ])
  })
})
