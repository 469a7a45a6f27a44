import { describe, expect, it } from 'vitest'
import { newControllerCluster, type ControllerCluster } from '../../../tests/support/controllers/controller-cluster.ts'
import { namespaceLifecycle } from '../../apiserver/admission/namespace-lifecycle.ts'
import { delay } from '../../base/clock.ts'
import type { FakeClock } from '../../base/testing/fake-clock.ts'
import type { ApiObject, UnknownObject } from '../../common/api/api-object.ts'
import type { Pod } from '../../common/api/core.ts'
import type { ReplicaSet } from '../../common/api/replica-set.ts'
import type { ApiClient, WatchStream } from '../../kube/api-client.ts'
import { NAMESPACES, PODS, REPLICA_SETS } from '../../kube/resources.ts'
import { forbidden } from '../../kube/status-error.ts'
import { controllerOf } from '../control/owner-reference.ts'
import { startReplicaSets } from './replicaset-controller.ts'

const SECOND = 1000
const AT = { namespace: 'default', name: 'web' }
const MERGE = 'application/merge-patch+json'

function webSet(replicas: number, spec: Partial<ReplicaSet['spec']> = {}): ReplicaSet {
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: { ...AT },
    spec: {
      replicas,
      selector: { matchLabels: { app: 'web' } },
      template: {
        metadata: { labels: { app: 'web', tier: 'front' } },
        spec: { containers: [{ name: 'c', image: 'bb:v1' }] },
      },
      ...spec,
    },
  }
}

function orphan(name: string): UnknownObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default', labels: { app: 'web' } },
    spec: { containers: [{ name: 'c', image: 'bb:v1' }] },
  }
}

async function statusOf({ client }: ControllerCluster): Promise<ReplicaSet['status']> {
  return (await client.get<ReplicaSet>(REPLICA_SETS, AT)).status
}

async function scale({ client }: ControllerCluster, replicas: number): Promise<void> {
  await client.patch(REPLICA_SETS, AT, MERGE, { spec: { replicas } })
}

function namesOf(pods: readonly Pod[]): string[] {
  return pods.map(({ metadata }) => metadata.name ?? '').toSorted()
}

describe('the ReplicaSet controller', () => {
  it('given a ReplicaSet of three, when time passes, then three pods of its own run and it says so', async () => {
    await using cluster = newControllerCluster([startReplicaSets])
    const { client, clock } = cluster
    await client.create(REPLICA_SETS, webSet(3))
    await clock.advance(SECOND / 2)
    expect(await statusOf(cluster)).toEqual({
      replicas: 3,
      fullyLabeledReplicas: 3,
      terminatingReplicas: 0,
      observedGeneration: 1,
    })
    await clock.advance(2 * SECOND)
    expect(await statusOf(cluster)).toMatchObject({ replicas: 3, readyReplicas: 3, availableReplicas: 3 })
    const pods = await cluster.pods()
    const { metadata } = await client.get<ReplicaSet>(REPLICA_SETS, AT)
    for (const pod of pods) {
      expect(pod.metadata.name).toMatch(/^web-[a-z0-9]{5}$/)
      expect(pod.metadata.ownerReferences).toEqual([
        {
          apiVersion: 'apps/v1',
          kind: 'ReplicaSet',
          name: 'web',
          uid: metadata.uid,
          controller: true,
          blockOwnerDeletion: true,
        },
      ])
    }
    const told = pods.map(
      ({ metadata: { name } }) => `Normal SuccessfulCreate Created pod: ${name} (replicaset-controller)`,
    )
    expect((await cluster.events()).toSorted()).toEqual(told.toSorted())
  })

  it('given three pods, when one is deleted and one fails, then there are three again, and those that go are counted apart', async () => {
    await using cluster = newControllerCluster([startReplicaSets], { stopMs: 5 * SECOND })
    const { client, clock } = cluster
    await client.create(REPLICA_SETS, webSet(3))
    await clock.advance(3 * SECOND)
    const [one, other] = namesOf(await cluster.pods())
    await client.delete(PODS, { namespace: 'default', name: one ?? '' })
    await client.patch(PODS, { namespace: 'default', name: other ?? '', subresource: 'status' }, MERGE, {
      status: { phase: 'Failed' },
    })
    await clock.advance(2 * SECOND)
    expect(await statusOf(cluster)).toMatchObject({ replicas: 3, readyReplicas: 3, terminatingReplicas: 1 })
    expect(await cluster.pods()).toHaveLength(5)
    await clock.advance(5 * SECOND)
    expect(await statusOf(cluster)).toMatchObject({ replicas: 3, terminatingReplicas: 0 })
    expect(await cluster.pods()).toHaveLength(4)
  })

  it('given orphans with its labels, when it comes, then it adopts them, and deletes none that it needs', async () => {
    await using cluster = newControllerCluster([startReplicaSets])
    const { client, clock } = cluster
    await client.create(PODS, orphan('first'))
    await client.create(PODS, orphan('second'))
    await clock.advance(1)
    await client.create(REPLICA_SETS, webSet(3))
    await clock.advance(3 * SECOND)
    const pods = await cluster.pods()
    expect(pods).toHaveLength(3)
    expect(namesOf(pods)).toEqual(expect.arrayContaining(['first', 'second']))
    expect(pods.map((pod) => controllerOf(pod)?.name)).toEqual(['web', 'web', 'web'])
    // The two lack a label of the template.
    expect(await statusOf(cluster)).toMatchObject({ replicas: 3, fullyLabeledReplicas: 1 })
  })

  it('given a pod of it that loses its label, then it is let go and replaced; when it has it again, then one is too many', async () => {
    await using cluster = newControllerCluster([startReplicaSets])
    const { client, clock } = cluster
    await client.create(REPLICA_SETS, webSet(2))
    await clock.advance(3 * SECOND)
    const [name = ''] = namesOf(await cluster.pods())
    await client.patch(PODS, { namespace: 'default', name }, MERGE, { metadata: { labels: { app: 'debug' } } })
    await clock.advance(3 * SECOND)
    const freed = await client.get<Pod & ApiObject>(PODS, { namespace: 'default', name })
    expect(freed.metadata.ownerReferences).toBeUndefined()
    expect(await cluster.pods()).toHaveLength(3)
    await client.patch(PODS, { namespace: 'default', name }, MERGE, { metadata: { labels: { app: 'web' } } })
    await clock.advance(3 * SECOND)
    expect((await cluster.pods()).map((pod) => controllerOf(pod)?.name)).toEqual(['web', 'web'])
  })

  it('given pods of different worth, when it is scaled down, then the cheap one goes, and scaled to none, all go', async () => {
    await using cluster = newControllerCluster([startReplicaSets])
    const { client, clock } = cluster
    await client.create(REPLICA_SETS, webSet(3))
    await clock.advance(3 * SECOND)
    const [, cheap = ''] = namesOf(await cluster.pods())
    await client.patch(PODS, { namespace: 'default', name: cheap }, MERGE, {
      metadata: { annotations: { 'controller.kubernetes.io/pod-deletion-cost': '-5' } },
    })
    await scale(cluster, 2)
    await clock.advance(3 * SECOND)
    expect(await cluster.pods()).toHaveLength(2)
    expect(namesOf(await cluster.pods())).not.toContain(cheap)
    expect(await cluster.events()).toContain(`Normal SuccessfulDelete Deleted pod: ${cheap} (replicaset-controller)`)
    await scale(cluster, 0)
    await clock.advance(3 * SECOND)
    expect(await cluster.pods()).toEqual([])
    expect(await statusOf(cluster)).toEqual({ replicas: 0, terminatingReplicas: 0, observedGeneration: 3 })
  })

  it('given minReadySeconds, when the pods are ready, then they are available after that and not before', async () => {
    await using cluster = newControllerCluster([startReplicaSets])
    const { client, clock } = cluster
    await client.create(REPLICA_SETS, webSet(2, { minReadySeconds: 10 }))
    await clock.advance(9 * SECOND)
    expect(await statusOf(cluster)).toMatchObject({ readyReplicas: 2 })
    expect((await statusOf(cluster))?.availableReplicas).toBeUndefined()
    await clock.advance(4 * SECOND)
    expect(await statusOf(cluster)).toMatchObject({ readyReplicas: 2, availableReplicas: 2 })
  })

  it('given a quota that refuses pods, then one is tried at a time and not fifty, it says why, and makes them when it may', async () => {
    await using cluster = newControllerCluster([startReplicaSets])
    const { client, clock, storage } = cluster
    let attempts = 0
    let isFull = true
    storage.plugins.push({
      name: 'ResourceQuota',
      validate({ resource, operation, name }) {
        if (resource.resource !== 'pods' || operation !== 'CREATE' || !isFull) return Promise.resolve()
        attempts++
        return Promise.reject(forbidden({ group: '', resource: 'pods' }, name, 'exceeded quota: small'))
      },
    })
    await client.create(REPLICA_SETS, webSet(50))
    await clock.advance(1)
    // Its status changes, so that it is looked at once more.
    expect(attempts).toBeLessThanOrEqual(2)
    await clock.advance(SECOND)
    const status = await statusOf(cluster)
    expect(status).toMatchObject({ replicas: 0, observedGeneration: 1 })
    expect(status?.conditions).toEqual([
      {
        type: 'ReplicaFailure',
        status: 'True',
        lastTransitionTime: '2026-01-01T00:00:00Z',
        reason: 'FailedCreate',
        message: expect.stringMatching(/^pods "web-[a-z0-9]{5}" is forbidden: exceeded quota: small$/),
      },
    ])
    expect((await cluster.events())[0]).toMatch(
      /^Warning FailedCreate Error creating: pods "web-[a-z0-9]{5}" is forbidden: exceeded quota: small \(replicaset-controller\)$/,
    )
    isFull = false
    await clock.advance(10 * SECOND)
    expect(await statusOf(cluster)).toMatchObject({ replicas: 50 })
    expect((await statusOf(cluster))?.conditions).toBeUndefined()
  })

  it('given a namespace that is being deleted, then no pod is made, nothing is told, and nothing tried again and again', async () => {
    await using cluster = newControllerCluster([startReplicaSets])
    const { client, clock, storage } = cluster
    await client.create(NAMESPACES, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'default' } })
    await client.create(REPLICA_SETS, webSet(2))
    await clock.advance(3 * SECOND)
    await client.delete(NAMESPACES, { name: 'default' })
    let attempts = 0
    const lifecycle = namespaceLifecycle(storage.registry)
    storage.plugins.push({
      name: lifecycle.name,
      admit(attributes) {
        if (attributes.resource.resource === 'pods' && attributes.operation === 'CREATE') attempts++
        return lifecycle.admit?.(attributes) ?? Promise.resolve()
      },
    })
    const before = await cluster.events()
    for (const { metadata } of await cluster.pods())
      await client.delete(PODS, { namespace: 'default', name: metadata.name ?? '' })
    await clock.advance(30 * SECOND)
    expect(await cluster.pods()).toEqual([])
    expect(await cluster.events()).toEqual(before)
    expect(attempts).toBeGreaterThan(0)
    expect(attempts).toBeLessThan(10)
  })

  it('given a watch that is late, when pods are made, then not one too many is', async () => {
    await using cluster = newControllerCluster([startReplicaSets], { through: withLateWatch })
    const { client, clock } = cluster
    await client.create(REPLICA_SETS, webSet(4))
    for (let second = 0; second < 40; second++) {
      await clock.advance(SECOND)
      expect((await cluster.pods()).length).toBeLessThanOrEqual(4)
    }
    expect(await statusOf(cluster)).toMatchObject({ replicas: 4, readyReplicas: 4 })
    await scale(cluster, 1)
    for (let second = 0; second < 60; second++) {
      await clock.advance(SECOND)
      expect((await cluster.pods()).length).toBeGreaterThanOrEqual(1)
    }
    expect(await cluster.pods()).toHaveLength(1)
  })

  it('given a ReplicaSet that is deleted and made anew at once, then the new one has pods of its own', async () => {
    await using cluster = newControllerCluster([startReplicaSets], { through: withLateWatch })
    const { client, clock } = cluster
    await client.create(REPLICA_SETS, webSet(2))
    await clock.advance(11 * SECOND)
    await client.delete(REPLICA_SETS, AT)
    const { metadata } = await client.create(REPLICA_SETS, webSet(2))
    await clock.advance(60 * SECOND)
    const owned = (await cluster.pods()).filter((pod) => controllerOf(pod)?.uid === metadata.uid)
    expect(owned).toHaveLength(2)
  })

  it('given a ReplicaSet that waits for its deletion, then it makes no pods and takes none on', async () => {
    await using cluster = newControllerCluster([startReplicaSets])
    const { client, clock } = cluster
    const set = webSet(2)
    set.metadata.finalizers = ['example.com/hold']
    await client.create(REPLICA_SETS, set)
    await client.delete(REPLICA_SETS, AT)
    await client.create(PODS, orphan('first'))
    await clock.advance(5 * SECOND)
    const pods = await cluster.pods()
    expect(pods.filter((pod) => controllerOf(pod) === undefined).map(({ metadata }) => metadata.name)).toContain(
      'first',
    )
    expect(pods.length).toBeLessThanOrEqual(3)
  })
})

/** Events of pods come late, one each second. */
function withLateWatch(client: ApiClient, clock: FakeClock): ApiClient {
  return {
    ...client,
    async watch<Kind extends ApiObject>(...[of, options]: Parameters<ApiClient['watch']>): Promise<WatchStream<Kind>> {
      const stream = await client.watch<Kind>(of, options)
      if (of.resource !== 'pods') return stream
      return {
        dispose: () => stream.dispose(),
        async *[Symbol.asyncIterator]() {
          for await (const event of stream) {
            await delay(clock, SECOND)
            yield event
          }
        },
      }
    },
  }
}
