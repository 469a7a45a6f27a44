import { describe, expect, it } from 'vitest'
import {
  changeSpec,
  conditionLines,
  deployed,
  deploymentEvents,
  getDeployment,
  listSets,
  newDeploymentCluster,
  setImage,
  setOfImage,
  sizesByImage,
  webDeployment,
} from '../../../tests/support/controllers/web-deployment.ts'
import type { ReplicaSet } from '../../common/api/replica-set.ts'
import { DEPLOYMENTS, REPLICA_SETS } from '../../kube/resources.ts'
import { forbidden } from '../../kube/status-error.ts'

const SECOND = 1000

describe('a new Deployment', () => {
  it('given three replicas, when time passes, then a ReplicaSet of its hash has them, and it says how far it is', async () => {
    await using cluster = newDeploymentCluster()
    const deployment = webDeployment()
    deployment.metadata.annotations = {
      'kubernetes.io/change-cause': 'first',
      'kubectl.kubernetes.io/last-applied-configuration': '{}',
    }
    await cluster.client.create(DEPLOYMENTS, deployment)
    await cluster.clock.advance(SECOND / 2)
    const [set] = await listSets(cluster)
    const hash = set?.metadata.labels?.['pod-template-hash'] ?? ''
    expect(hash).toMatch(/^[bcdfghjklmnpqrstvwxz2456789]{6,10}$/)
    const { metadata, status } = await getDeployment(cluster)
    expect(set).toMatchObject({
      metadata: {
        name: `web-${hash}`,
        labels: { app: 'web', 'pod-template-hash': hash },
        ownerReferences: [
          {
            apiVersion: 'apps/v1',
            kind: 'Deployment',
            name: 'web',
            uid: metadata.uid,
            controller: true,
            blockOwnerDeletion: true,
          },
        ],
      },
      spec: {
        replicas: 3,
        selector: { matchLabels: { app: 'web', 'pod-template-hash': hash } },
        template: { metadata: { labels: { app: 'web', 'pod-template-hash': hash } } },
      },
    })
    expect(set?.metadata.annotations).toEqual({
      'kubernetes.io/change-cause': 'first',
      'deployment.kubernetes.io/revision': '1',
      'deployment.kubernetes.io/desired-replicas': '3',
      'deployment.kubernetes.io/max-replicas': '4',
    })
    expect(metadata.annotations?.['deployment.kubernetes.io/revision']).toBe('1')
    expect(status).toMatchObject({ observedGeneration: 1, replicas: 3, updatedReplicas: 3, unavailableReplicas: 3 })
    expect(await conditionLines(cluster, set)).toEqual([
      'Available=False MinimumReplicasUnavailable: Deployment does not have minimum availability.',
      'Progressing=True ReplicaSetUpdated: ReplicaSet "NEW" is progressing.',
    ])
    await cluster.clock.advance(2 * SECOND)
    expect((await getDeployment(cluster)).status).toMatchObject({ replicas: 3, readyReplicas: 3, availableReplicas: 3 })
    expect((await getDeployment(cluster)).status?.unavailableReplicas).toBeUndefined()
    expect(await conditionLines(cluster, set)).toEqual([
      'Available=True MinimumReplicasAvailable: Deployment has minimum availability.',
      'Progressing=True NewReplicaSetAvailable: ReplicaSet "NEW" has successfully progressed.',
    ])
    expect(await deploymentEvents(cluster, { [set?.metadata.name ?? '']: 'NEW' })).toEqual([
      'Normal ScalingReplicaSet Scaled up replica set NEW from 0 to 3',
    ])
  })

  it('given a ReplicaSet of another with its name, then it counts the collision and takes another name', async () => {
    await using cluster = newDeploymentCluster()
    const other = newDeploymentCluster()
    await deployed(other)
    const [wanted] = await listSets(other)
    await other[Symbol.asyncDispose]()
    const foreign = {
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: { namespace: 'default', name: wanted?.metadata.name ?? '' },
      spec: {
        replicas: 0,
        selector: { matchLabels: { app: 'foreign' } },
        template: { metadata: { labels: { app: 'foreign' } }, spec: { containers: [{ name: 'c', image: 'bb:v1' }] } },
      },
    }
    await cluster.client.create(REPLICA_SETS, foreign)
    await deployed(cluster)
    expect((await getDeployment(cluster)).status).toMatchObject({ collisionCount: 1, availableReplicas: 3 })
    expect(await listSets(cluster)).toHaveLength(2)
  })

  it('given a server that refuses its ReplicaSet, then it says so in upstream’s words, and tries again', async () => {
    await using cluster = newDeploymentCluster()
    let isRefused = true
    cluster.storage.plugins.push({
      name: 'ResourceQuota',
      validate: ({ resource, operation, name }) =>
        isRefused && operation === 'CREATE' && resource.resource === 'replicasets'
          ? Promise.reject(forbidden({ group: 'apps', resource: 'replicasets' }, name, 'exceeded quota: small'))
          : Promise.resolve(),
    })
    await cluster.client.create(DEPLOYMENTS, webDeployment())
    await cluster.clock.advance(SECOND)
    expect(await conditionLines(cluster)).toEqual([
      expect.stringMatching(
        /^Progressing=False ReplicaSetCreateError: Failed to create new replica set "(web-\w+)": replicasets.apps "\1" is forbidden: exceeded quota: small$/,
      ),
    ])
    expect((await deploymentEvents(cluster))[0]).toMatch(
      /^Warning ReplicaSetCreateError Failed to create new replica set "web-\w+": /,
    )
    isRefused = false
    await cluster.clock.advance(10 * SECOND)
    expect((await getDeployment(cluster)).status).toMatchObject({ availableReplicas: 3 })
  })

  it('given pods that are refused, then it passes on what its ReplicaSet says', async () => {
    await using cluster = newDeploymentCluster()
    cluster.storage.plugins.push({
      name: 'ResourceQuota',
      validate: ({ resource, operation, name }) =>
        operation === 'CREATE' && resource.resource === 'pods'
          ? Promise.reject(forbidden({ group: '', resource: 'pods' }, name, 'exceeded quota: small'))
          : Promise.resolve(),
    })
    await deployed(cluster)
    expect(await conditionLines(cluster)).toContainEqual(
      expect.stringMatching(
        /^ReplicaFailure=True FailedCreate: pods "web-\w+-\w+" is forbidden: exceeded quota: small$/,
      ),
    )
  })

  it('given a ReplicaSet of its template that nobody controls, then it takes it on with its pods', async () => {
    await using cluster = newDeploymentCluster()
    const { spec } = webDeployment()
    await cluster.client.create(REPLICA_SETS, {
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: { namespace: 'default', name: 'legacy', labels: { app: 'web' } },
      spec: { replicas: 3, selector: { matchLabels: { app: 'web' } }, template: spec.template },
    } as ReplicaSet)
    await cluster.clock.advance(3 * SECOND)
    await deployed(cluster)
    const [set, ...others] = await listSets(cluster)
    expect(others).toEqual([])
    expect(set?.metadata.ownerReferences?.[0]).toMatchObject({ kind: 'Deployment', name: 'web', controller: true })
    expect(await conditionLines(cluster)).toContain(
      'Progressing=True NewReplicaSetAvailable: ReplicaSet "legacy" has successfully progressed.',
    )
    expect(await cluster.pods()).toHaveLength(3)
  })
})

describe('scaling and pausing', () => {
  it('given a finished rollout, when it is scaled, then its one ReplicaSet is, and no revision is counted', async () => {
    await using cluster = newDeploymentCluster()
    await deployed(cluster)
    await changeSpec(cluster, { replicas: 5 })
    await cluster.clock.advance(5 * SECOND)
    const set = await setOfImage(cluster, 'bb:v1')
    expect(set.spec.replicas).toBe(5)
    expect(set.metadata.annotations).toMatchObject({
      'deployment.kubernetes.io/revision': '1',
      'deployment.kubernetes.io/desired-replicas': '5',
      'deployment.kubernetes.io/max-replicas': '7',
    })
    await changeSpec(cluster, { replicas: 0 })
    await cluster.clock.advance(5 * SECOND)
    expect(await cluster.pods()).toEqual([])
    expect((await deploymentEvents(cluster, { [set.metadata.name ?? '']: 'WEB' })).slice(1)).toEqual([
      'Normal ScalingReplicaSet Scaled up replica set WEB from 3 to 5',
      'Normal ScalingReplicaSet Scaled down replica set WEB from 5 to 0',
    ])
  })

  it('given a rollout that is stuck, when it is scaled, then both ReplicaSets get their share, as the documentation has it', async () => {
    await using cluster = newDeploymentCluster()
    const rollingUpdate = { maxSurge: 3, maxUnavailable: 2 }
    await deployed(cluster, { replicas: 10, strategy: { type: 'RollingUpdate', rollingUpdate } })
    await setImage(cluster, 'broken')
    await cluster.clock.advance(10 * SECOND)
    expect(await sizesByImage(cluster)).toEqual({ 'bb:v1': 8, broken: 5 })
    await changeSpec(cluster, { replicas: 15 })
    await cluster.clock.advance(10 * SECOND)
    expect(await sizesByImage(cluster)).toEqual({ 'bb:v1': 11, broken: 7 })
    await changeSpec(cluster, { replicas: 5 })
    await cluster.clock.advance(10 * SECOND)
    const { 'bb:v1': old = 0, broken = 0 } = await sizesByImage(cluster)
    expect(old + broken).toBeLessThanOrEqual(8)
    expect(old).toBeGreaterThanOrEqual(3)
  })

  it('given a pause, when the image changes, then nothing happens but a scaling, and it goes on when it is resumed', async () => {
    await using cluster = newDeploymentCluster()
    await deployed(cluster)
    await changeSpec(cluster, { paused: true })
    await setImage(cluster, 'bb:v2')
    await changeSpec(cluster, { replicas: 4 })
    await cluster.clock.advance(10 * SECOND)
    expect(await sizesByImage(cluster)).toEqual({ 'bb:v1': 4 })
    expect(await conditionLines(cluster)).toContain('Progressing=Unknown DeploymentPaused: Deployment is paused')
    expect((await getDeployment(cluster)).status).toMatchObject({ replicas: 4, observedGeneration: 4 })
    expect((await getDeployment(cluster)).status?.updatedReplicas).toBeUndefined()
    await changeSpec(cluster, { paused: false })
    await cluster.clock.advance(20 * SECOND)
    expect(await sizesByImage(cluster)).toEqual({ 'bb:v1': 0, 'bb:v2': 4 })
    expect(await conditionLines(cluster, await setOfImage(cluster, 'bb:v2'))).toContain(
      'Progressing=True NewReplicaSetAvailable: ReplicaSet "NEW" has successfully progressed.',
    )
  })
})

describe('a Deployment that recreates', () => {
  it('given pods that take their time to end, when the image changes, then no new pod is made before the last is gone', async () => {
    await using cluster = newDeploymentCluster({ stopMs: 5 * SECOND })
    await deployed(cluster, { strategy: { type: 'Recreate' } })
    await setImage(cluster, 'bb:v2')
    const seen = new Set<string>()
    for (let step = 0; step < 150; step++) {
      await cluster.clock.advance(SECOND / 10)
      const images = new Set((await cluster.pods()).map(({ spec }) => spec.containers[0]?.image))
      seen.add([...images].toSorted().join('+'))
    }
    expect([...seen]).toEqual(['bb:v1', 'bb:v2'])
    expect((await getDeployment(cluster)).status).toMatchObject({ updatedReplicas: 3, availableReplicas: 3 })
  })
})
