/** A DaemonSet while requests fail, answers get lost and watches end: it gets where it should be, and never past it. */
import { describe, expect, it } from 'vitest'
import {
  addNode,
  AGENT_AT,
  agentDaemonSet,
  changeAgent,
  deletePodOn,
  deployedAgent,
  getAgent,
  newAgentCluster,
  podOn,
  setEnv,
  taintNode,
  type AgentCluster,
} from '../../../tests/support/controllers/agent-daemon-set.ts'
import { NO_FAULTS, UnreliableClient } from '../../../tests/support/cluster/unreliable-client.ts'
import type { Clock } from '../../base/clock.ts'
import { silentLogger } from '../../base/logger.ts'
import type { ServedPod } from '../../common/api/core.ts'
import { ConnectionError, type ApiClient } from '../../kube/api-client.ts'
import { Informer } from '../../kube/informer.ts'
import { DAEMON_SETS, PODS } from '../../kube/resources.ts'
import { seededRandom } from '../../base/testing/seeded-random.ts'
import { targetNodeOf } from './daemon-pod.ts'

const SECOND = 1000
const MINUTE = 60 * SECOND
const FALTERING = { conflicts: 0.1, errors: 0.1, lostAnswers: 0.2, latencyMs: 100, lagMs: 2 * SECOND }
const PACE = { startMs: 2 * SECOND, stopMs: SECOND, lingerMs: SECOND }

/** The most live pods that any node ever had, by what the store went through. */
function crowding({ client, clock }: AgentCluster): () => number {
  const pods = new Informer<ServedPod>({ client, clock, logger: silentLogger, random: () => 0, resource: PODS })
  let most = 0
  pods.follow({
    onAdd() {
      const nodes = pods.list().filter(isLive).map(targetNodeOf)
      most = Math.max(most, ...nodes.map((node) => nodes.filter((other) => other === node).length))
    },
  })
  pods.start()
  return () => {
    pods.dispose()
    return most
  }
}

function isLive({ metadata, status }: ServedPod): boolean {
  return metadata.deletionTimestamp === undefined && status?.phase !== 'Failed' && status?.phase !== 'Succeeded'
}

/** What users and nodes do meanwhile. */
async function stir(cluster: AgentCluster, random: () => number, step: number): Promise<void> {
  const node = `node0${1 + Math.floor(random() * 4)}`
  switch (Math.floor(random() * 6)) {
    case 0:
      return await setEnv(cluster, String(step))
    case 1:
      return await taintNode(cluster, node, [{ key: 'k', effect: random() < 0.5 ? 'NoSchedule' : 'NoExecute' }])
    case 2:
      return await taintNode(cluster, node, [])
    case 3:
      return await deletePodOn(cluster, node).catch(() => undefined)
    case 4: {
      const pod = await podOn(cluster, node).catch(() => undefined)
      if (pod === undefined) return
      const address = { namespace: 'default', name: pod.metadata.name ?? '', subresource: 'status' }
      await cluster.client.patch(PODS, address, 'application/merge-patch+json', { status: { phase: 'Failed' } })
      return
    }
    default:
      return await changeAgent(cluster, { updateStrategy: { rollingUpdate: { maxUnavailable: `${30 + step}%` } } })
  }
}

describe('a DaemonSet whose API server falters', () => {
  it.each([1, 2, 3, 148, 227, 244])(
    'given history %i of faults and changes, then no node ever has two pods, and in the end each has the right one',
    async (seed) => {
      const ways: UnreliableClient[] = []
      const random = seededRandom(seed)
      await using cluster = await newAgentCluster({
        ...PACE,
        nodeCount: 4,
        through(client, clock) {
          const way = new UnreliableClient(client, clock, random)
          way.faults = FALTERING
          ways.push(way)
          return way.as(() => undefined)
        },
      })
      const most = crowding(cluster)
      await cluster.client.create(DAEMON_SETS, agentDaemonSet())
      for (let step = 0; step < 25; step++) {
        await cluster.clock.advance(random() * 10 * SECOND)
        await stir(cluster, random, step)
        if (random() < 0.3) for (const way of ways) way.cutWatches()
      }
      for (const way of ways) way.faults = NO_FAULTS
      for (const node of ['node01', 'node02', 'node03', 'node04']) await taintNode(cluster, node, [])
      // What was expected of a watch that lost it is given up after five minutes; failed pods are deleted within fifteen.
      await cluster.clock.advance(30 * MINUTE)
      expect(most()).toBe(1)
      const pods = await cluster.pods()
      expect(pods.map(({ spec }) => spec.nodeName).toSorted()).toEqual(['node01', 'node02', 'node03', 'node04'])
      const { status, metadata } = await getAgent(cluster)
      expect(status).toMatchObject({ numberAvailable: 4, updatedNumberScheduled: 4 })
      expect(status?.observedGeneration).toBe(metadata.generation)
    },
  )

  it('given pods that were made though nobody answered, and a watch that does not show them, then they are asked for by the same names', async () => {
    const asked: string[] = []
    let isMute = true
    const through = (client: ApiClient): ApiClient => ({
      ...client,
      async create(of, object, address) {
        const created = await client.create(of, object, address)
        if (of.resource !== 'pods') return created
        asked.push(object.metadata.name ?? '')
        if (isMute) throw new ConnectionError('EOF')
        return created
      },
      async watch(of, options) {
        if (of.resource === 'pods' && isMute) throw new ConnectionError('EOF')
        return await client.watch(of, options)
      },
    })
    await using cluster = await newAgentCluster({ ...PACE, nodeCount: 1, through })
    await cluster.client.create(DAEMON_SETS, agentDaemonSet())
    await cluster.clock.advance(MINUTE)
    expect(asked).toHaveLength(1)
    expect(await cluster.pods()).toHaveLength(1)
    isMute = false
    await cluster.clock.advance(MINUTE)
    expect((await cluster.pods()).map(({ metadata }) => metadata.name)).toEqual(asked)
    expect((await getAgent(cluster)).status).toMatchObject({ numberAvailable: 1 })
  })

  it('given a pod that is asked for twice before a late watch shows it, then its node gets one beside it later', async () => {
    let isLost = true
    const through = (client: ApiClient, clock: Clock): ApiClient => {
      const way = new UnreliableClient(client, clock, () => 1)
      way.faults = { ...NO_FAULTS, lagMs: 3 * SECOND }
      const late = way.as(() => undefined)
      return {
        ...late,
        async create(of, object, address) {
          const created = await late.create(of, object, address)
          if (of.resource !== 'pods' || !isLost) return created
          isLost = false
          throw new ConnectionError('EOF')
        },
      }
    }
    await using cluster = await newAgentCluster({ ...PACE, nodeCount: 1, through })
    const updateStrategy = { rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } }
    await cluster.client.create(DAEMON_SETS, agentDaemonSet({ updateStrategy }))
    await cluster.clock.advance(MINUTE)
    await setEnv(cluster, 'another')
    await cluster.clock.advance(MINUTE)
    expect((await getAgent(cluster)).status).toMatchObject({ numberAvailable: 1, updatedNumberScheduled: 1 })
  })

  it('given a pod that is refused, then that is told, and another name is tried', async () => {
    await using cluster = await deployedAgent(PACE)
    cluster.storage.plugins.push({
      name: 'Quota',
      validate: ({ resource, operation }) =>
        resource.resource === 'pods' && operation === 'CREATE' && cluster.clock.now() % MINUTE < 30 * SECOND
          ? Promise.reject(new Error('exceeded quota'))
          : Promise.resolve(),
    })
    await cluster.clock.advance(MINUTE - (cluster.clock.now() % MINUTE))
    await addNode(cluster, 'node03')
    await cluster.clock.advance(2 * MINUTE)
    expect((await podOn(cluster, 'node03')).status?.phase).toBe('Running')
    expect((await cluster.told()).filter((line) => line.startsWith('Warning FailedCreate')).length).toBeGreaterThan(0)
  })

  it('given a DaemonSet that is deleted and made anew at once, then the new one has pods of its own', async () => {
    await using cluster = await deployedAgent(PACE)
    const [before] = await cluster.pods()
    await cluster.client.delete(DAEMON_SETS, AGENT_AT)
    await cluster.client.create(DAEMON_SETS, agentDaemonSet())
    await cluster.clock.advance(MINUTE)
    expect((await getAgent(cluster)).status).toMatchObject({ numberAvailable: 2 })
    expect((await cluster.pods()).length).toBe(4)
    expect(before?.metadata.deletionTimestamp).toBeUndefined()
  })
})
