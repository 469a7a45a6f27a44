/** Mirror pods, case by case as they were recorded (REPORT P2.1, P2.2; facts 4). */
import { describe, expect, it } from 'vitest'
import type { ApiPod } from './cluster/api-objects.ts'
import { newClusterKubelet, type ClusterKubelet } from './testing/new-cluster-kubelet.ts'
import { aManifest } from './testing/new-test-kubelet.ts'
import { PODS } from '../kube/resources.ts'

const WEB = { namespace: 'default', name: 'web-node01' }

/** A running static pod with its mirror. */
async function givenMirror(): Promise<ClusterKubelet & AsyncDisposable> {
  const cluster = await newClusterKubelet()
  await cluster.lab.pass(1000)
  await cluster.lab.write('web.yaml', aManifest('web', {}, { labels: { app: 'web' }, annotations: { note: 'hello' } }))
  await cluster.lab.pass(2000)
  return cluster
}

function containerIds({ lab }: ClusterKubelet): (string | undefined)[] {
  return (lab.pod('web').status?.containerStatuses ?? []).map(({ containerID }) => containerID)
}

describe('mirror pods (REPORT P2.1)', () => {
  it('given a static pod, when it starts, its mirror is created before any container, and shows its status', async () => {
    await using cluster = await newClusterKubelet()
    await cluster.lab.pass(1000)
    cluster.newRequests()
    await cluster.lab.write('web.yaml', aManifest('web', {}, { labels: { app: 'web' } }))
    await cluster.lab.pass(2000)
    const requests = cluster.newRequests()
    expect(requests.indexOf('POST /api/v1/namespaces/default/pods')).toBeGreaterThanOrEqual(0)
    expect(requests.indexOf('POST /api/v1/namespaces/default/pods')).toBeLessThan(
      requests.indexOf('PATCH /api/v1/namespaces/default/pods/web-node01/status'),
    )
    const mirror = await cluster.get('web-node01')
    const uid = cluster.lab.pod('web').metadata.uid
    expect(mirror.status).toMatchObject({ phase: 'Running', containerStatuses: [{ name: 'c', ready: true }] })
    expect(mirror.metadata.annotations).toMatchObject({
      'kubernetes.io/config.hash': uid,
      'kubernetes.io/config.mirror': uid,
      'kubernetes.io/config.source': 'file',
    })
    const node = await cluster.node()
    expect(mirror.metadata.ownerReferences).toEqual([
      { apiVersion: 'v1', kind: 'Node', name: 'node01', uid: node.metadata.uid, controller: true },
    ])
    expect(mirror.metadata.uid).not.toBe(uid)
    expect(mirror.spec).toMatchObject({
      nodeName: 'node01',
      tolerations: [{ effect: 'NoExecute', operator: 'Exists' }],
    })
  })

  it('given a static pod and its mirror, /pods has the static object alone', async () => {
    await using cluster = await givenMirror()
    expect(cluster.lab.podNames()).toEqual(['web-node01'])
    expect(cluster.lab.pod('web').metadata.ownerReferences).toBeUndefined()
  })

  it('given a static pod, its events name the mirror and bear the static UID (facts 3.2)', async () => {
    await using cluster = await givenMirror()
    const events = await cluster.events('web-node01')
    expect(events.map(({ reason }) => reason)).toEqual(['Pulled', 'Created', 'Started'])
    const uid = cluster.lab.pod('web').metadata.uid
    expect(events[0]).toMatchObject({
      type: 'Normal',
      count: 1,
      source: { component: 'kubelet', host: 'node01' },
      involvedObject: { kind: 'Pod', namespace: 'default', uid, fieldPath: 'spec.containers{c}' },
    })
  })

  it('given a container that crashes, its mirror counts the restart', async () => {
    await using cluster = await givenMirror()
    cluster.lab.runtime.exitContainer(cluster.lab.runtime.findContainer('c')?.id ?? '')
    await cluster.lab.pass(20_000)
    expect((await cluster.get('web-node01')).status?.containerStatuses?.[0]).toMatchObject({
      restartCount: 1,
      lastState: { terminated: { exitCode: 137 } },
    })
  })
})

describe('acting on a mirror (REPORT P2.2)', () => {
  it.each([
    ['kubectl delete', {}],
    ['kubectl delete --force --grace-period=0', { gracePeriodSeconds: 0 }],
    ['an eviction, which deletes with the pod’s grace', { gracePeriodSeconds: 30 }],
  ])(
    '05, 06: given a mirror, when %s takes it, it is back within 200 ms with a new UID and the container runs on',
    async (_how, options) => {
      await using cluster = await givenMirror()
      const before = await cluster.get('web-node01')
      const ids = containerIds(cluster)
      await cluster.kubectl.delete(PODS, WEB, options)
      await cluster.lab.pass(200)
      const after = await cluster.get('web-node01')
      expect(after.metadata.uid).not.toBe(before.metadata.uid)
      expect(after.metadata.deletionTimestamp).toBeUndefined()
      await cluster.lab.pass(100)
      expect((await cluster.get('web-node01')).status?.phase).toBe('Running')
      expect(containerIds(cluster)).toEqual(ids)
      expect(cluster.lab.container().restartCount).toBe(0)
    },
  )

  it('05: given a mirror with a finalizer, when it is deleted, it stays until the finalizer goes, and is back then', async () => {
    await using cluster = await givenMirror()
    const merge = 'application/merge-patch+json'
    await cluster.kubectl.patch(PODS, WEB, merge, { metadata: { finalizers: ['example.com/hold'] } })
    await cluster.kubectl.delete(PODS, WEB)
    await cluster.lab.pass(30_000)
    const held = await cluster.get('web-node01')
    expect(held.metadata.deletionTimestamp).toBeDefined()
    await cluster.kubectl.patch(PODS, WEB, merge, { metadata: { finalizers: [] } })
    await cluster.lab.pass(100)
    const after = await cluster.get('web-node01')
    expect(after.metadata.uid).not.toBe(held.metadata.uid)
  })

  it('07: given a mirror, when it is labelled, annotated or given another image, nothing is reverted and nothing restarts', async () => {
    await using cluster = await givenMirror()
    const ids = containerIds(cluster)
    await cluster.kubectl.patch(PODS, WEB, 'application/merge-patch+json', {
      metadata: { labels: { app: 'other' }, annotations: { 'kubernetes.io/config.hash': 'zzz' }, ownerReferences: [] },
      spec: { containers: [{ name: 'c', image: 'nginx:latest' }] },
    })
    await cluster.lab.pass(120_000)
    const mirror = await cluster.get('web-node01')
    expect(mirror.metadata.labels).toEqual({ app: 'other' })
    expect(mirror.spec.containers[0]?.image).toBe('nginx:latest')
    expect(mirror.status?.containerStatuses?.[0]?.image).toBe('busybox:1.36')
    expect(containerIds(cluster)).toEqual(ids)
  })

  it('12: given a mirror made by hand, with no static pod behind it, it is deleted and nothing runs', async () => {
    await using cluster = await givenMirror()
    const handmade: ApiPod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'fake', namespace: 'default', annotations: { 'kubernetes.io/config.mirror': 'abc' } },
      spec: { nodeName: 'node01', containers: [{ name: 'c', image: 'busybox:1.36' }] },
    }
    await cluster.kubectl.create(PODS, handmade)
    await cluster.lab.pass(2000)
    expect(await cluster.find('fake')).toBeUndefined()
    expect(cluster.lab.podNames()).toEqual(['web-node01'])
  })

  it('12: given a pod with only the annotations of a static one, it is an ordinary pod and runs', async () => {
    await using cluster = await givenMirror()
    const pod: ApiPod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'plain', namespace: 'default', annotations: { 'kubernetes.io/config.source': 'file' } },
      spec: { nodeName: 'node01', containers: [{ name: 'c', image: 'busybox:1.36' }], restartPolicy: 'Always' },
    }
    await cluster.kubectl.create(PODS, pod)
    await cluster.lab.pass(3000)
    expect((await cluster.get('plain')).status?.phase).toBe('Running')
  })

  it('13: given an ordinary pod of the same name, both run, and the mirror comes when that pod is gone', async () => {
    await using cluster = await newClusterKubelet()
    await cluster.lab.pass(1000)
    const clash: ApiPod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'web-node01', namespace: 'default' },
      spec: { nodeName: 'node01', containers: [{ name: 'c', image: 'busybox:1.36' }], restartPolicy: 'Always' },
    }
    await cluster.kubectl.create(PODS, clash)
    await cluster.lab.pass(2000)
    await cluster.lab.write('web.yaml', aManifest('web'))
    await cluster.lab.pass(2000)
    expect(cluster.lab.log.join('\n')).toContain('pods \\"web-node01\\" already exists')
    expect(cluster.lab.kubelet.desiredPods().map(({ status }) => status?.phase)).toEqual(['Running', 'Running'])
    await cluster.kubectl.delete(PODS, WEB, { gracePeriodSeconds: 0 })
    await cluster.lab.pass(100)
    expect((await cluster.get('web-node01')).metadata.annotations).toHaveProperty('kubernetes.io/config.mirror')
  })

  it('14, 15: given a pod that ignores SIGTERM, when its manifest is removed, its mirror shows Running until it is dead, then goes', async () => {
    await using cluster = await newClusterKubelet()
    cluster.lab.runtime.behave('c', { onTerm: 'ignore' })
    await cluster.lab.pass(1000)
    await cluster.lab.write('web.yaml', aManifest('web', { terminationGracePeriodSeconds: 12 }))
    await cluster.lab.pass(2000)
    await cluster.lab.remove('web.yaml')
    await cluster.lab.pass(9000)
    const mirror = await cluster.get('web-node01')
    expect(mirror.metadata.deletionTimestamp).toBeUndefined()
    expect(mirror.status?.phase).toBe('Running')
    await cluster.lab.pass(5000)
    expect(await cluster.find('web-node01')).toBeUndefined()
  })

  it('16: given an edited manifest, the outdated mirror is replaced by one of the new version', async () => {
    await using cluster = await givenMirror()
    const before = await cluster.get('web-node01')
    await cluster.lab.write('web.yaml', aManifest('web', {}, { labels: { app: 'other' } }))
    await cluster.lab.pass(5000)
    const after = await cluster.get('web-node01')
    expect(after.metadata.uid).not.toBe(before.metadata.uid)
    expect(after.metadata.labels).toEqual({ app: 'other' })
    expect(after.status?.phase).toBe('Running')
    expect(cluster.lab.log.some((line) => line.includes('Deleted mirror pod because it is outdated'))).toBe(true)
  })

  it('27, which is not copied: given a pod that has ended, when its manifest is removed, its mirror goes', async () => {
    await using cluster = await newClusterKubelet()
    cluster.lab.runtime.behave('c', { exitAfterMs: 1000, exitCode: 0 })
    await cluster.lab.pass(1000)
    await cluster.lab.write('web.yaml', aManifest('web', { restartPolicy: 'Never' }))
    await cluster.lab.pass(15_000)
    expect((await cluster.get('web-node01')).status?.phase).toBe('Succeeded')
    await cluster.lab.remove('web.yaml')
    await cluster.lab.pass(3000)
    expect(await cluster.find('web-node01')).toBeUndefined()
  })
})
