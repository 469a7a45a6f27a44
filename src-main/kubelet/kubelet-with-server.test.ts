/** The kubelet against an API server of ours over HTTP: what the double of other tests does is what that one does. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { newTestApiServer, type TestApiServer } from '../apiserver/testing/new-test-api-server.ts'
import { systemClock } from '../base/clock.ts'
import type { ConfigMap } from '../common/api/config-map.ts'
import type { Lease } from '../common/api/lease.ts'
import type { Node } from '../common/api/node.ts'
import { RestClient } from '../kube/rest-client.ts'
import type { ApiPod } from './cluster/api-objects.ts'
import { newClusterKubelet, type ClusterKubelet } from './testing/new-cluster-kubelet.ts'
import { aManifest } from './testing/new-test-kubelet.ts'
import { LEASES, NODES, PODS } from '../kube/resources.ts'

const WEB = { namespace: 'default', name: 'web-node01' }
const PATIENCE = { interval: 10 }

describe('a kubelet and an API server', () => {
  let server: TestApiServer
  let client: RestClient
  beforeEach(async () => {
    server = await newTestApiServer()
    const access = { server: server.url, insecureSkipTLSVerify: false, namespace: 'default' }
    client = new RestClient({ access, userAgent: 'kubelet/test', clock: systemClock({ keepAlive: false }) })
  })
  afterEach(async () => {
    client.dispose()
    await server.dispose()
  })

  /** Time passes on the kubelet's clock while the server's answers come in their own. */
  function soon<T>({ lab }: ClusterKubelet, look: () => Promise<T>, stepMs = 200) {
    return expect.poll(async () => {
      await lab.pass(stepMs)
      return look()
    }, PATIENCE)
  }

  async function givenMirror(): Promise<ClusterKubelet & AsyncDisposable> {
    const cluster = await newClusterKubelet({ client })
    await cluster.lab.write('web.yaml', aManifest('web', {}, { labels: { app: 'web' } }))
    await soon(cluster, async () => (await cluster.find('web-node01'))?.status?.phase).toBe('Running')
    return cluster
  }

  it('given a static pod, its node, lease, mirror and events stand on the server', async () => {
    await using cluster = await givenMirror()
    const node = await cluster.node()
    expect(node.status?.conditions?.map(({ type }) => type)).toEqual([
      'MemoryPressure',
      'DiskPressure',
      'PIDPressure',
      'Ready',
    ])
    const lease = (): Promise<Lease | undefined> =>
      client.get<Lease>(LEASES, { namespace: 'kube-node-lease', name: 'node01' }).catch(() => undefined)
    await soon(cluster, async () => (await lease())?.metadata.ownerReferences?.[0]?.uid).toBe(node.metadata.uid)
    const mirror = await cluster.get('web-node01')
    expect(mirror.metadata.annotations?.['kubernetes.io/config.mirror']).toBe(cluster.lab.pod('web').metadata.uid)
    expect(mirror.status?.conditions?.map(({ type, status }) => `${type}=${status}`)).toEqual([
      'PodReadyToStartContainers=True',
      'Initialized=True',
      'Ready=True',
      'ContainersReady=True',
      'PodScheduled=True',
    ])
    await soon(cluster, async () => (await cluster.events('web-node01')).map(({ reason }) => reason)).toEqual(
      expect.arrayContaining(['Pulled', 'Created', 'Started']),
    )
  })

  it.each([
    ['kubectl delete', {}],
    ['kubectl delete --force --grace-period=0', { gracePeriodSeconds: 0 }],
  ])(
    'given a mirror, when %s takes it, it is back with a new UID, Running, and the container is the same',
    async (_how, options) => {
      await using cluster = await givenMirror()
      const { uid } = (await cluster.get('web-node01')).metadata
      const before = cluster.lab.container().containerID
      await client.delete(PODS, WEB, options)
      await soon(cluster, async () => {
        const mirror = await cluster.find('web-node01')
        return mirror?.metadata.uid !== uid && mirror?.status?.phase === 'Running'
      }).toBe(true)
      expect(cluster.lab.container().containerID).toBe(before)
      await cluster.lab.remove('web.yaml')
      await soon(cluster, () => cluster.find('web-node01')).toBeUndefined()
    },
  )

  it('given a pod of the server with a ConfigMap, it runs; when it is deleted, it ends and is gone', async () => {
    await using cluster = await newClusterKubelet({ client })
    const metadata = { name: 'settings', namespace: 'default' }
    await client.create<ConfigMap>(
      { group: '', version: 'v1', resource: 'configmaps' },
      { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { mode: 'quiet' } },
    )
    const pod: ApiPod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'agent', namespace: 'default' },
      spec: {
        nodeName: 'node01',
        containers: [{ name: 'c', image: 'busybox:1.36', envFrom: [{ configMapRef: { name: 'settings' } }] }],
        volumes: [{ name: 'settings', configMap: { name: 'settings' } }],
      },
    }
    await client.create(PODS, pod)
    await soon(cluster, async () => (await cluster.find('agent'))?.status?.phase).toBe('Running')
    await client.delete(PODS, { namespace: 'default', name: 'agent' })
    await soon(cluster, () => cluster.find('agent')).toBeUndefined()
    await soon(cluster, async () => cluster.lab.podNames()).toEqual([])
  })

  it('given a status that settles, the kubelet stops writing it', async () => {
    await using cluster = await givenMirror()
    await cluster.lab.pass(5000)
    const { resourceVersion } = (await cluster.get('web-node01')).metadata
    const start = cluster.lab.clock.now()
    await soon(cluster, async () => cluster.lab.clock.now() - start >= 60_000, 2000).toBe(true)
    expect((await cluster.get('web-node01')).metadata.resourceVersion).toBe(resourceVersion)
  })

  it('given a node with round amounts and no images, the kubelet stops writing its status', async () => {
    await using cluster = await newClusterKubelet({ client, images: [] })
    const status = async () => (await cluster.kubectl.list<Node>(NODES)).items[0]?.status
    await soon(cluster, async () => (await status())?.conditions?.at(-1)?.status).toBe('True')
    expect((await status())?.capacity).toMatchObject({ memory: '4Gi', 'ephemeral-storage': '10Gi' })
    await cluster.lab.pass(20_000)
    const { resourceVersion } = (await cluster.node()).metadata
    const start = cluster.lab.clock.now()
    await soon(cluster, async () => cluster.lab.clock.now() - start >= 60_000, 2000).toBe(true)
    expect((await cluster.node()).metadata.resourceVersion).toBe(resourceVersion)
  })
})
