import { describe, expect, it } from 'vitest'
import { newControllerCluster, type ControllerCluster } from '../../../tests/support/controllers/controller-cluster.ts'
import { changeSpec, deployed, setImage } from '../../../tests/support/controllers/web-deployment.ts'
import type { ApiObject, UnknownObject } from '../../common/api/api-object.ts'
import type { Pod } from '../../common/api/core.ts'
import type { PodDisruptionBudget } from '../../common/api/pod-disruption-budget.ts'
import { findCondition } from '../../common/api/pod-helpers.ts'
import { POD_DISRUPTION_BUDGETS, PODS } from '../../kube/resources.ts'
import type { StatusError } from '../../kube/status-error.ts'
import { startDeployments } from '../deployment/deployment-controller.ts'
import { startReplicaSets } from '../replicaset/replicaset-controller.ts'
import { startDisruption } from './disruption-controller.ts'

const SECOND = 1000
const AT = { namespace: 'default', name: 'web' }

function budget(spec: PodDisruptionBudget['spec']): PodDisruptionBudget {
  const selector = { matchLabels: { app: 'web' } }
  return { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata: { ...AT }, spec: { selector, ...spec } }
}

function newCluster(): ControllerCluster {
  return newControllerCluster([startReplicaSets, startDeployments, startDisruption], {
    stopMs: 5 * SECOND,
    isBroken: ({ spec }) => spec.containers[0]?.image === 'broken',
  })
}

async function budgeted(cluster: ControllerCluster, spec: PodDisruptionBudget['spec']): Promise<void> {
  await cluster.client.create(POD_DISRUPTION_BUDGETS, budget(spec))
  await cluster.clock.advance(SECOND)
}

async function statusOf({ client }: ControllerCluster): Promise<PodDisruptionBudget['status']> {
  return (await client.get<PodDisruptionBudget>(POD_DISRUPTION_BUDGETS, AT)).status
}

/** `evicted`, or why not. */
async function evict({ client }: ControllerCluster, name: string): Promise<string> {
  const address = { namespace: 'default', name, subresource: 'eviction' }
  const eviction: UnknownObject = {
    apiVersion: 'policy/v1',
    kind: 'Eviction',
    metadata: { namespace: 'default', name },
  }
  try {
    await client.create(PODS, eviction, address)
    return 'evicted'
  } catch (error) {
    const { status } = error as StatusError
    return `${status.code}: ${status.details?.causes?.[0]?.message ?? status.message}`
  }
}

async function names(cluster: ControllerCluster): Promise<string[]> {
  return (await cluster.pods()).map(({ metadata }) => metadata.name ?? '')
}

describe('disruption budgets', () => {
  it('given three of a Deployment, of which one may be away, when they are evicted, then one at a time is', async () => {
    await using cluster = newCluster()
    await deployed(cluster)
    await budgeted(cluster, { maxUnavailable: 1 })
    expect(await statusOf(cluster)).toEqual({
      observedGeneration: 1,
      disruptionsAllowed: 1,
      currentHealthy: 3,
      desiredHealthy: 2,
      expectedPods: 3,
      conditions: [
        {
          type: 'DisruptionAllowed',
          status: 'True',
          observedGeneration: 1,
          lastTransitionTime: '2026-01-01T00:00:10Z',
          reason: 'SufficientPods',
          message: '',
        },
      ],
    })
    const [one = '', other = ''] = await names(cluster)
    expect(await evict(cluster, one)).toBe('evicted')
    expect(await evict(cluster, other)).toBe('429: The disruption budget web needs 2 healthy pods and has 2 currently')
    const going = await cluster.client.get<Pod & ApiObject>(PODS, { namespace: 'default', name: one })
    expect(findCondition(going, 'DisruptionTarget')).toMatchObject({
      status: 'True',
      reason: 'EvictionByEvictionAPI',
      message: 'Eviction API: evicting',
    })
    expect((await statusOf(cluster))?.conditions?.[0]).toMatchObject({ status: 'False', reason: 'InsufficientPods' })
    await cluster.clock.advance(3 * SECOND)
    expect(await statusOf(cluster)).toMatchObject({ disruptionsAllowed: 1, currentHealthy: 3 })
    expect((await statusOf(cluster))?.disruptedPods).toBeUndefined()
    expect(await evict(cluster, other)).toBe('evicted')
  })

  it.each<[string, PodDisruptionBudget['spec'], object]>([
    ['a number that has to stay', { minAvailable: 3 }, { disruptionsAllowed: 1, desiredHealthy: 3, expectedPods: 4 }],
    ['half, rounded up', { minAvailable: '60%' }, { disruptionsAllowed: 1, desiredHealthy: 3, expectedPods: 4 }],
    ['a part that may go, rounded up', { maxUnavailable: '30%' }, { disruptionsAllowed: 2, desiredHealthy: 2 }],
    ['more than there are', { minAvailable: 9 }, { disruptionsAllowed: 0, desiredHealthy: 9, currentHealthy: 4 }],
    ['nothing said', {}, { disruptionsAllowed: 0, desiredHealthy: 0, expectedPods: 0 }],
  ])('given four pods and %s, then it is counted so', async (_what, spec, expected) => {
    await using cluster = newCluster()
    await deployed(cluster, { replicas: 4 })
    await budgeted(cluster, spec)
    expect(await statusOf(cluster)).toMatchObject(expected)
  })

  it('given a Deployment that is scaled, then the budget counts on as many, before they are there', async () => {
    await using cluster = newCluster()
    await deployed(cluster)
    await budgeted(cluster, { maxUnavailable: 1 })
    await changeSpec(cluster, { replicas: 5 })
    await cluster.clock.advance(SECOND / 2)
    expect(await statusOf(cluster)).toMatchObject({ expectedPods: 5, desiredHealthy: 4, disruptionsAllowed: 0 })
    await cluster.clock.advance(3 * SECOND)
    expect(await statusOf(cluster)).toMatchObject({ currentHealthy: 5, disruptionsAllowed: 1 })
  })

  it('given a rollout with pods of two ReplicaSets, then the Deployment counts once, and what is not ready is not healthy', async () => {
    await using cluster = newCluster()
    await deployed(cluster)
    await budgeted(cluster, { maxUnavailable: 1 })
    await setImage(cluster, 'broken')
    await cluster.clock.advance(5 * SECOND)
    expect(await cluster.pods()).toHaveLength(4)
    expect(await statusOf(cluster)).toMatchObject({ expectedPods: 3, currentHealthy: 3, disruptionsAllowed: 1 })
    const broken = (await cluster.pods()).find(({ spec }) => spec.containers[0]?.image === 'broken')
    expect(await evict(cluster, broken?.metadata.name ?? '')).toBe('evicted')
    expect(await statusOf(cluster)).toMatchObject({ disruptionsAllowed: 1 })
  })

  it('given pods of a DaemonSet, which has no scale, then nothing may go, and it says why in upstream’s words', async () => {
    await using cluster = newCluster()
    const pod: UnknownObject = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        namespace: 'default',
        name: 'agent',
        labels: { app: 'web' },
        ownerReferences: [{ apiVersion: 'apps/v1', kind: 'DaemonSet', name: 'agent', uid: 'u', controller: true }],
      },
      spec: { containers: [{ name: 'c', image: 'bb:v1' }] },
    }
    await cluster.client.create(PODS, pod)
    await cluster.clock.advance(3 * SECOND)
    await budgeted(cluster, { maxUnavailable: 1 })
    const why = 'daemonsets.apps does not implement the scale subresource'
    expect(await statusOf(cluster)).toMatchObject({
      disruptionsAllowed: 0,
      conditions: [{ type: 'DisruptionAllowed', status: 'False', reason: 'SyncFailed', message: why }],
    })
    expect(await cluster.events()).toContain(
      `Warning CalculateExpectedPodCountFailed Failed to calculate the number of expected pods: ${why} (controllermanager)`,
    )
  })

  it('given bare pods, then a number that has to stay can be counted, and a part of them cannot', async () => {
    await using cluster = newCluster()
    const metadata = { namespace: 'default', name: 'bare', labels: { app: 'web' } }
    const spec = { containers: [{ name: 'c', image: 'bb:v1' }] }
    await cluster.client.create(PODS, { apiVersion: 'v1', kind: 'Pod', metadata, spec } as UnknownObject)
    await cluster.clock.advance(3 * SECOND)
    await budgeted(cluster, { minAvailable: 0 })
    expect(await statusOf(cluster)).toMatchObject({ expectedPods: 1, currentHealthy: 1, disruptionsAllowed: 1 })
    await cluster.client.update(POD_DISRUPTION_BUDGETS, budget({ minAvailable: '50%' }))
    await cluster.clock.advance(SECOND)
    expect(await statusOf(cluster)).toMatchObject({ observedGeneration: 2, expectedPods: 0, disruptionsAllowed: 0 })
    expect(await cluster.events()).toContainEqual(
      expect.stringContaining('Warning UnmanagedPods Pods selected by this'),
    )
  })

  it('given a budget before its pods, then it says that there are none', async () => {
    await using cluster = newCluster()
    await budgeted(cluster, { maxUnavailable: 1 })
    expect(await statusOf(cluster)).toMatchObject({ expectedPods: 0, disruptionsAllowed: 0, observedGeneration: 1 })
    expect(await cluster.events()).toEqual(['Normal NoPods No matching pods found (controllermanager)'])
  })

  it('given an eviction whose pod stays, when two minutes have passed, then it counts as healthy again', async () => {
    await using cluster = newCluster()
    await deployed(cluster)
    await budgeted(cluster, { maxUnavailable: 1 })
    const [name = ''] = await names(cluster)
    const status = await statusOf(cluster)
    await cluster.client.update(
      POD_DISRUPTION_BUDGETS,
      { ...budget({ maxUnavailable: 1 }), status: { ...status, disruptedPods: { [name]: '2026-01-01T00:00:11Z' } } },
      'status',
    )
    const target = { type: 'DisruptionTarget', status: 'True', lastTransitionTime: '2026-01-01T00:00:11Z' }
    await cluster.client.patch(
      PODS,
      { namespace: 'default', name, subresource: 'status' },
      'application/strategic-merge-patch+json',
      { status: { conditions: [{ ...target, reason: 'EvictionByEvictionAPI' }] } },
    )
    await cluster.clock.advance(60 * SECOND)
    expect(await statusOf(cluster)).toMatchObject({ currentHealthy: 2, disruptionsAllowed: 0 })
    await cluster.clock.advance(62 * SECOND)
    expect(await statusOf(cluster)).toMatchObject({ currentHealthy: 3, disruptionsAllowed: 1 })
    expect(await cluster.events()).toContain(
      `Warning NotDeleted Pod was expected by PDB default/web to be deleted but it wasn't (controllermanager)`,
    )
    const stayed = await cluster.client.get<Pod & ApiObject>(PODS, { namespace: 'default', name })
    expect(findCondition(stayed, 'DisruptionTarget')?.status).toBe('False')
  })
})
