import { describe, expect, it } from 'vitest'
import {
  addNode,
  AGENT_AT,
  agentDaemonSet,
  changeAgent,
  deletePodOn,
  deployedAgent,
  getAgent,
  listRevisions,
  newAgentCluster,
  podOn,
  setEnv,
  taintNode,
  type AgentCluster,
} from '../../../tests/support/controllers/agent-daemon-set.ts'
import { delay } from '../../base/clock.ts'
import type { ControllerRevision } from '../../common/api/controller-revision.ts'
import { isPodReady } from '../../common/api/pod-helpers.ts'
import { CONTROLLER_REVISIONS, DAEMON_SETS, NODES, PODS } from '../../kube/resources.ts'
import { templateHash } from '../control/template-hash.ts'
import { hashOf } from '../history/revision.ts'
import { targetNodeOf } from './daemon-pod.ts'

const SECOND = 1000
const MINUTE = 60 * SECOND
const SURGE = { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } } as const

async function setPhase({ client }: AgentCluster, name: string, phase: string): Promise<void> {
  const address = { namespace: 'default', name, subresource: 'status' }
  await client.patch(PODS, address, 'application/merge-patch+json', { status: { phase } })
}

describe('what the DaemonSet controller writes', () => {
  it('given the recorded manifest, then pod, revision and status are as recorded but for what is younger or a token', async () => {
    await using cluster = await deployedAgent()
    const hash = templateHash((await getAgent(cluster)).spec.template)
    const { uid } = (await getAgent(cluster)).metadata
    const owner = { apiVersion: 'apps/v1', kind: 'DaemonSet', name: 'agent', uid }
    const ownerReferences = [{ ...owner, controller: true, blockOwnerDeletion: true }]
    const pod = await podOn(cluster, 'node01')
    expect(pod.metadata).toMatchObject({
      generateName: 'agent-',
      name: expect.stringMatching(/^agent-[bcdfghjklmnpqrstvwxz2456789]{5}$/),
      labels: { app: 'agent', 'controller-revision-hash': hash, 'pod-template-generation': '1' },
      ownerReferences,
    })
    const nodeSelectorTerms = [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: ['node01'] }] }]
    expect(pod.spec).toMatchObject({
      affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } } },
      nodeName: 'node01',
      restartPolicy: 'Always',
      tolerations: [
        { effect: 'NoExecute', key: 'node.kubernetes.io/not-ready', operator: 'Exists' },
        { effect: 'NoExecute', key: 'node.kubernetes.io/unreachable', operator: 'Exists' },
        { effect: 'NoSchedule', key: 'node.kubernetes.io/disk-pressure', operator: 'Exists' },
        { effect: 'NoSchedule', key: 'node.kubernetes.io/memory-pressure', operator: 'Exists' },
        { effect: 'NoSchedule', key: 'node.kubernetes.io/pid-pressure', operator: 'Exists' },
        { effect: 'NoSchedule', key: 'node.kubernetes.io/unschedulable', operator: 'Exists' },
      ],
    })
    const { metadata, spec, status } = await getAgent(cluster)
    expect(status).toEqual({
      currentNumberScheduled: 2,
      desiredNumberScheduled: 2,
      numberAvailable: 2,
      numberMisscheduled: 0,
      numberReady: 2,
      observedGeneration: 1,
      updatedNumberScheduled: 2,
    })
    const [revision] = await listRevisions(cluster)
    expect(revision).toMatchObject({
      metadata: {
        name: `agent-${hash}`,
        labels: { app: 'agent', 'controller-revision-hash': hash },
        annotations: metadata.annotations,
        ownerReferences,
      },
      revision: 1,
    })
    const { labels } = spec.template.metadata ?? {}
    const template = { $patch: 'replace', metadata: { creationTimestamp: null, labels }, spec: spec.template.spec }
    expect(revision?.data).toEqual({ spec: { template } })
    // kubectl compares the bytes: members in order.
    expect(Object.keys((revision?.data as { spec: { template: object } }).spec.template)).toEqual([
      '$patch',
      'metadata',
      'spec',
    ])
  })

  it('given no scheduling of DaemonSets’ pods, then the controller gives them their nodes, cordoned ones too, and no scheduler is needed', async () => {
    await using cluster = await newAgentCluster({ settings: { scheduleDaemonSetPods: false } })
    cluster.nodes.setScheduler('stopped')
    const taints = [{ key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' }]
    const cordoned = { spec: { unschedulable: true, taints } }
    await cluster.client.patch(NODES, { name: 'node02' }, 'application/merge-patch+json', cordoned)
    await cluster.client.create(DAEMON_SETS, agentDaemonSet())
    await cluster.clock.advance(10 * SECOND)
    expect((await getAgent(cluster)).status).toMatchObject({ numberAvailable: 2 })
    for (const { spec } of await cluster.pods()) expect(spec.affinity).toBeUndefined()
  })

  it('given 300 nodes, then pods are made 250 at a time and each node gets one', async () => {
    let isBlind = true
    await using cluster = await newAgentCluster({
      nodeCount: 300,
      through: (client, clock) => ({
        ...client,
        async watch(of, options) {
          if (isBlind && of.resource === 'pods') await delay(clock, MINUTE)
          return await client.watch(of, options)
        },
      }),
    })
    await cluster.client.create(DAEMON_SETS, agentDaemonSet())
    await cluster.clock.advance(10 * SECOND)
    expect(await cluster.pods()).toHaveLength(250)
    isBlind = false
    await cluster.clock.advance(2 * MINUTE)
    const nodes = new Set((await cluster.pods()).map(targetNodeOf))
    expect([nodes.size, (await cluster.pods()).length]).toEqual([300, 300])
    expect((await getAgent(cluster)).status).toMatchObject({ numberAvailable: 300 })
  })
})

describe('pods of a DaemonSet', () => {
  it('given a pod that fails again and again, then it is replaced later each time', async () => {
    await using cluster = await deployedAgent({ startMs: MINUTE })
    const deaths: number[] = []
    for (let second = 0; second < 40; second++) {
      const pod = (await cluster.pods()).find((one) => targetNodeOf(one) === 'node01')
      if (pod !== undefined && pod.status?.phase !== 'Failed') {
        await setPhase(cluster, pod.metadata.name ?? '', 'Failed')
        deaths.push(second)
      }
      await cluster.clock.advance(SECOND)
    }
    // One that failed is deleted at once, and then 1, 2, 4, 8, 16 s after the one before it.
    expect(deaths).toEqual([0, 1, 2, 3, 7, 15, 31])
  })

  it('given a pod that succeeded, then it is told and replaced at once', async () => {
    await using cluster = await deployedAgent()
    await setPhase(cluster, (await podOn(cluster, 'node01')).metadata.name ?? '', 'Succeeded')
    await cluster.clock.advance(5 * SECOND)
    expect((await podOn(cluster, 'node01')).status?.phase).toBe('Running')
    expect(await cluster.told()).toContain(
      'Normal SucceededDaemonPod Found succeeded daemon pod default/node01/1 on node node01, will try to delete it',
    )
  })

  it('given a pod whose labels match no more, then it is let go and a successor made; given a second one, then the older stays', async () => {
    await using cluster = await deployedAgent()
    const first = await podOn(cluster, 'node01')
    const address = { namespace: 'default', name: first.metadata.name ?? '' }
    await cluster.client.patch(PODS, address, 'application/merge-patch+json', {
      metadata: { labels: { app: 'other' } },
    })
    await cluster.clock.advance(5 * SECOND)
    expect(cluster.changes()).toEqual(
      expect.arrayContaining(['node01/1 released', 'node01/2 created', 'node01/2 Running']),
    )
    await cluster.client.patch(PODS, address, 'application/merge-patch+json', {
      metadata: { labels: { app: 'agent' } },
    })
    await cluster.clock.advance(5 * SECOND)
    expect(cluster.changes()).toEqual(
      expect.arrayContaining(['node01/1 adopted by agent', 'node01/2 deleted', 'node01/2 gone']),
    )
    expect((await podOn(cluster, 'node01')).metadata.uid).toBe(first.metadata.uid)
  })

  it('given a node that goes with its running pod, then nothing is wanted there, and the pod is left to its collector', async () => {
    await using cluster = await deployedAgent()
    await cluster.client.delete(NODES, { name: 'node02' })
    await cluster.clock.advance(MINUTE)
    expect((await getAgent(cluster)).status).toMatchObject({ desiredNumberScheduled: 1, numberMisscheduled: 0 })
    expect((await podOn(cluster, 'node02')).metadata.deletionTimestamp).toBeUndefined()
    await addNode(cluster, 'node02')
    await cluster.clock.advance(MINUTE)
    expect(await cluster.pods()).toHaveLength(2)
  })
})

describe('updates of a DaemonSet', () => {
  it('given minReadySeconds, then the next node waits until the new pod was ready so long', async () => {
    await using cluster = await deployedAgent({}, { minReadySeconds: 20 })
    await cluster.clock.advance(MINUTE)
    expect((await getAgent(cluster)).status).toMatchObject({ numberReady: 2, numberAvailable: 2 })
    await setEnv(cluster, '2')
    await cluster.clock.advance(15 * SECOND)
    expect((await getAgent(cluster)).status).toMatchObject({
      updatedNumberScheduled: 1,
      numberReady: 2,
      numberAvailable: 1,
    })
    await cluster.clock.advance(MINUTE)
    expect((await getAgent(cluster)).status).toMatchObject({ updatedNumberScheduled: 2, numberAvailable: 2 })
  })

  it('given maxUnavailable 50% of four nodes, then two go at a time', async () => {
    const updateStrategy = { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '50%', maxSurge: 0 } } as const
    await using cluster = await deployedAgent({ nodeCount: 4 }, { updateStrategy })
    await setEnv(cluster, '2')
    await cluster.clock.advance(0)
    expect(cluster.changes().filter((line) => line.endsWith(' deleted'))).toEqual([
      'node01/1 deleted',
      'node02/1 deleted',
    ])
  })

  it('given a surge of one, then a new pod comes first, and the old one goes when that is available; never is a node without', async () => {
    await using cluster = await deployedAgent({}, { updateStrategy: SURGE })
    await setEnv(cluster, '2')
    for (let second = 0; second < 20; second++) {
      await cluster.clock.advance(SECOND)
      const ready = new Set((await cluster.pods()).filter(isPodReady).map(targetNodeOf))
      expect([...ready].toSorted()).toEqual(['node01', 'node02'])
    }
    const steps = cluster.changes().filter((line) => / (created|Running|deleted)$/.test(line))
    expect(steps).toEqual([
      'node01/2 created',
      'node01/2 Running',
      'node01/1 deleted',
      'node02/2 created',
      'node02/2 Running',
      'node02/1 deleted',
    ])
    expect((await getAgent(cluster)).status).toMatchObject({ updatedNumberScheduled: 2, numberAvailable: 2 })
  })

  it('given a surge and old pods that are not ready, then all of them get a new one at once', async () => {
    const isBroken = ({ spec }: { spec: { containers: { env?: { value?: string }[] }[] } }): boolean =>
      spec.containers[0]?.env?.[0]?.value === '1'
    await using cluster = await deployedAgent({ isBroken }, { updateStrategy: SURGE })
    await setEnv(cluster, '2')
    await cluster.clock.advance(0)
    const created = cluster.changes().filter((line) => line.endsWith(' created'))
    expect(created).toEqual(['node01/2 created', 'node02/2 created'])
  })

  it('given more revisions than are kept, then the oldest go, but never one of a pod that lives', async () => {
    await using cluster = await deployedAgent({}, { revisionHistoryLimit: 1, updateStrategy: { type: 'OnDelete' } })
    for (const value of ['2', '3', '4']) {
      await setEnv(cluster, value)
      await cluster.clock.advance(SECOND)
    }
    expect((await listRevisions(cluster)).map(({ revision }) => revision)).toEqual([1, 4])
    for (const node of ['node01', 'node02']) await deletePodOn(cluster, node)
    await cluster.clock.advance(10 * SECOND)
    await setEnv(cluster, '5')
    await cluster.clock.advance(SECOND)
    expect((await listRevisions(cluster)).map(({ revision }) => revision)).toEqual([4, 5])
  })

  it('given another revision of the same name, then the collision is counted and another hash taken', async () => {
    await using cluster = await deployedAgent()
    const { spec } = await getAgent(cluster)
    const container = { ...spec.template.spec.containers[0], env: [{ name: 'V', value: '2' }] }
    const next = { ...spec.template, spec: { ...spec.template.spec, containers: [container] } }
    const taken: ControllerRevision = {
      apiVersion: 'apps/v1',
      kind: 'ControllerRevision',
      metadata: { namespace: 'default', name: `agent-${templateHash(next)}` },
      data: { of: 'somebody else' },
      revision: 7,
    }
    await cluster.client.create(CONTROLLER_REVISIONS, taken)
    await setEnv(cluster, '2')
    await cluster.clock.advance(MINUTE)
    expect((await getAgent(cluster)).status).toMatchObject({ collisionCount: 1, updatedNumberScheduled: 2 })
    expect(hashOf(await podOn(cluster, 'node01'))).toBe(templateHash(next, 1))
  })

  it('given an update while a node takes no pods, then it goes on without that node, whose pod is replaced too', async () => {
    await using cluster = await deployedAgent()
    await taintNode(cluster, 'node02', [{ key: 'k', effect: 'NoSchedule' }])
    await setEnv(cluster, '2')
    await cluster.clock.advance(MINUTE)
    const { status } = await getAgent(cluster)
    expect(status).toMatchObject({ desiredNumberScheduled: 1, updatedNumberScheduled: 1, numberAvailable: 1 })
    await changeAgent(cluster, { template: { spec: { tolerations: [{ operator: 'Exists' }] } } })
    await cluster.clock.advance(MINUTE)
    expect((await getAgent(cluster)).status).toMatchObject({ desiredNumberScheduled: 2, updatedNumberScheduled: 2 })
    expect((await cluster.client.get(DAEMON_SETS, AGENT_AT)).metadata.generation).toBe(3)
  })
})
