import { describe, expect, it } from 'vitest'
import {
  conditionLines,
  deployed,
  deploymentEvents,
  getDeployment,
  newDeploymentCluster,
  setImage,
  setOfImage,
  sizesByImage,
  webDeployment,
} from '../../../tests/support/controllers/web-deployment.ts'
import { isPodReady } from '../../common/api/pod-helpers.ts'
import { DEPLOYMENTS } from '../../kube/resources.ts'

const SECOND = 1000

describe('a rolling update', () => {
  it('given three replicas, when the image changes, then one pod at a time is replaced, as upstream tells it', async () => {
    await using cluster = newDeploymentCluster()
    await deployed(cluster)
    await setImage(cluster, 'bb:v2')
    await cluster.clock.advance(20 * SECOND)
    const old = (await setOfImage(cluster, 'bb:v1')).metadata.name ?? ''
    const young = (await setOfImage(cluster, 'bb:v2')).metadata.name ?? ''
    expect((await deploymentEvents(cluster, { [old]: 'OLD', [young]: 'NEW' })).slice(1)).toEqual([
      'Normal ScalingReplicaSet Scaled up replica set NEW from 0 to 1',
      'Normal ScalingReplicaSet Scaled down replica set OLD from 3 to 2',
      'Normal ScalingReplicaSet Scaled up replica set NEW from 1 to 2',
      'Normal ScalingReplicaSet Scaled down replica set OLD from 2 to 1',
      'Normal ScalingReplicaSet Scaled up replica set NEW from 2 to 3',
      'Normal ScalingReplicaSet Scaled down replica set OLD from 1 to 0',
    ])
    expect((await getDeployment(cluster)).metadata.annotations?.['deployment.kubernetes.io/revision']).toBe('2')
    expect(await sizesByImage(cluster)).toEqual({ 'bb:v1': 0, 'bb:v2': 3 })
  })

  it.each([
    ['the defaults', {}, 13, 8],
    ['a surge only', { maxSurge: 2, maxUnavailable: 0 }, 12, 10],
    ['no surge', { maxSurge: 0, maxUnavailable: 3 }, 10, 7],
    ['a percentage that comes to nothing', { maxSurge: 0, maxUnavailable: '1%' }, 10, 9],
  ] as const)(
    'given %s, then there are never too many and never too few',
    async (_what, rollingUpdate, most, least) => {
      await using cluster = newDeploymentCluster({ startMs: 700, stopMs: 300 })
      await deployed(cluster, { replicas: 10, strategy: { type: 'RollingUpdate', rollingUpdate } })
      await setImage(cluster, 'bb:v2')
      let steps = 0
      while (
        (await sizesByImage(cluster))['bb:v1'] !== 0 ||
        (await getDeployment(cluster)).status?.availableReplicas !== 10
      ) {
        await cluster.clock.advance(SECOND / 10)
        const alive = (await cluster.pods()).filter(({ metadata }) => metadata.deletionTimestamp === undefined)
        expect(alive.length).toBeLessThanOrEqual(most)
        expect(alive.filter(isPodReady).length).toBeGreaterThanOrEqual(least)
        expect(steps++).toBeLessThan(500)
      }
      await cluster.clock.advance(5 * SECOND)
      expect(await cluster.pods()).toHaveLength(10)
    },
  )

  it('given minReadySeconds, then the next pod waits until the one before has been ready for so long', async () => {
    await using cluster = newDeploymentCluster()
    await deployed(cluster, { replicas: 1, minReadySeconds: 10 })
    await cluster.clock.advance(10 * SECOND)
    await setImage(cluster, 'bb:v2')
    await cluster.clock.advance(9 * SECOND)
    expect(await sizesByImage(cluster)).toEqual({ 'bb:v1': 1, 'bb:v2': 1 })
    await cluster.clock.advance(4 * SECOND)
    expect(await sizesByImage(cluster)).toEqual({ 'bb:v1': 0, 'bb:v2': 1 })
  })

  it('given an image that does not work, when the deadline has passed, then it says so, and the old pods still serve', async () => {
    await using cluster = newDeploymentCluster()
    await deployed(cluster, { progressDeadlineSeconds: 30 })
    await setImage(cluster, 'broken')
    await cluster.clock.advance(25 * SECOND)
    const broken = await setOfImage(cluster, 'broken')
    expect(await conditionLines(cluster, broken)).toContain(
      'Progressing=True ReplicaSetUpdated: ReplicaSet "NEW" is progressing.',
    )
    await cluster.clock.advance(10 * SECOND)
    expect(await conditionLines(cluster, broken)).toEqual([
      'Available=True MinimumReplicasAvailable: Deployment has minimum availability.',
      'Progressing=False ProgressDeadlineExceeded: ReplicaSet "NEW" has timed out progressing.',
    ])
    expect(await sizesByImage(cluster)).toEqual({ 'bb:v1': 3, broken: 1 })
    // As `kubectl rollout undo` does: the old template again.
    await setImage(cluster, 'bb:v1')
    await cluster.clock.advance(10 * SECOND)
    expect(await sizesByImage(cluster)).toEqual({ 'bb:v1': 3, broken: 0 })
    const back = await setOfImage(cluster, 'bb:v1')
    expect(back.metadata.annotations).toMatchObject({
      'deployment.kubernetes.io/revision': '3',
      'deployment.kubernetes.io/revision-history': '1',
    })
    expect((await getDeployment(cluster)).metadata.annotations?.['deployment.kubernetes.io/revision']).toBe('3')
    expect(await conditionLines(cluster, back)).toContain(
      'Progressing=True NewReplicaSetAvailable: ReplicaSet "NEW" has successfully progressed.',
    )
  })

  it('given old pods that do not work, then those go first, and the new ones do not wait for them', async () => {
    await using cluster = newDeploymentCluster()
    await cluster.client.create(
      DEPLOYMENTS,
      webDeployment({
        replicas: 4,
        template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'c', image: 'broken' }] } },
      }),
    )
    await cluster.clock.advance(5 * SECOND)
    await setImage(cluster, 'bb:v2')
    await cluster.clock.advance(15 * SECOND)
    expect(await sizesByImage(cluster)).toEqual({ broken: 0, 'bb:v2': 4 })
    expect((await getDeployment(cluster)).status).toMatchObject({ availableReplicas: 4 })
  })

  it('given two changes in a row, then the half-made first one is left for the second', async () => {
    await using cluster = newDeploymentCluster()
    await deployed(cluster, { replicas: 4 })
    await setImage(cluster, 'bb:v2')
    await cluster.clock.advance(SECOND / 2)
    await setImage(cluster, 'bb:v3')
    await cluster.clock.advance(20 * SECOND)
    expect(await sizesByImage(cluster)).toEqual({ 'bb:v1': 0, 'bb:v2': 0, 'bb:v3': 4 })
  })

  it('given a history of two, when it changes five times, then two old revisions are left', async () => {
    await using cluster = newDeploymentCluster()
    await deployed(cluster, { replicas: 1, revisionHistoryLimit: 2 })
    for (const version of [2, 3, 4, 5, 6]) {
      await setImage(cluster, `bb:v${version}`)
      await cluster.clock.advance(10 * SECOND)
    }
    expect(await sizesByImage(cluster)).toEqual({ 'bb:v4': 0, 'bb:v5': 0, 'bb:v6': 1 })
    expect((await getDeployment(cluster)).metadata.annotations?.['deployment.kubernetes.io/revision']).toBe('6')
  })
})
