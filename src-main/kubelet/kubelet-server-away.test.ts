/** A kubelet whose API server goes away, or is away when it starts (REPORT P2.3). */
import { describe, expect, it } from 'vitest'
import { serviceUnavailable } from '../kube/status-error.ts'
import { newClusterKubelet, type ClusterKubelet } from './testing/new-cluster-kubelet.ts'
import { aManifest } from './testing/new-test-kubelet.ts'

async function givenPod(): Promise<ClusterKubelet & AsyncDisposable> {
  const cluster = await newClusterKubelet()
  await cluster.lab.pass(1000)
  await cluster.lab.write('web.yaml', aManifest('web'))
  await cluster.lab.pass(2000)
  return cluster
}

function crash({ lab }: ClusterKubelet): void {
  lab.runtime.exitContainer(lab.runtime.findContainer('c')?.id ?? '')
}

/** Seconds for which the server is away in the recording. */
const OUTAGE_MS = 70_000
/** The recorded kubelet took 19 to 34 s. */
const SOON_MS = 6000

describe('A: the server goes while the kubelet runs', () => {
  it('given a server whose store is away, when it answers again, then a new mirror is there though no watch has broken', async () => {
    await using cluster = await givenPod()
    cluster.api.refuse = () => serviceUnavailable('there is no connection to etcd')
    await cluster.lab.write('late.yaml', aManifest('late'))
    await cluster.lab.pass(20_000)
    cluster.api.refuse = () => undefined
    await cluster.lab.pass(SOON_MS)
    expect((await cluster.get('late-node01')).metadata.name).toBe('late-node01')
  })

  it('given an outage, containers are restarted, and statuses and events of that time are posted when it is over', async () => {
    await using cluster = await givenPod()
    const { uid } = (await cluster.get('web-node01')).metadata
    cluster.api.stop()
    await cluster.lab.pass(1000)
    crash(cluster)
    await cluster.lab.pass(OUTAGE_MS)
    expect(cluster.lab.container()).toMatchObject({ restartCount: 1, ready: true })
    cluster.api.serve()
    await cluster.lab.pass(SOON_MS)
    const mirror = await cluster.get('web-node01')
    expect(mirror.metadata.uid).toBe(uid)
    expect(mirror.status?.containerStatuses?.[0]?.restartCount).toBe(1)
    const started = (await cluster.events('web-node01')).filter(({ reason }) => reason === 'Started')
    expect(started[0]?.count).toBe(2)
  })

  it('given an outage, a new manifest starts, a removed one stops, an edited one is replaced; their mirrors follow when it is over', async () => {
    await using cluster = await givenPod()
    await cluster.lab.write('gone.yaml', aManifest('gone'))
    await cluster.lab.pass(2000)
    const before = await cluster.get('web-node01')
    cluster.api.stop()
    await cluster.lab.write('new.yaml', aManifest('new'))
    await cluster.lab.remove('gone.yaml')
    await cluster.lab.write('web.yaml', aManifest('web', {}, { labels: { version: '2' } }))
    await cluster.lab.pass(OUTAGE_MS)
    expect(cluster.lab.podNames().sort()).toEqual(['new-node01', 'web-node01'])
    expect(cluster.lab.pod('new').status?.phase).toBe('Running')
    cluster.api.serve()
    await cluster.lab.pass(SOON_MS)
    expect((await cluster.get('new-node01')).status?.phase).toBe('Running')
    expect(await cluster.find('gone-node01')).toBeUndefined()
    const web = await cluster.get('web-node01')
    expect(web.metadata.uid).not.toBe(before.metadata.uid)
    expect(web).toMatchObject({ metadata: { labels: { version: '2' } }, status: { phase: 'Running' } })
  })

  it('given an outage, each sync of a new pod says why it has no mirror', async () => {
    await using cluster = await givenPod()
    cluster.api.stop()
    await cluster.lab.write('new.yaml', aManifest('new'))
    await cluster.lab.pass(2000)
    const said = cluster.lab.log.filter((line) => line.includes('Failed creating a mirror pod'))
    expect(said.length).toBeGreaterThan(0)
    expect(said[0]).toContain('connect: connection refused')
  })
})

describe('B: the kubelet starts while the server is away', () => {
  it('given no server, static pods go on and new ones start', async () => {
    await using cluster = await givenPod()
    const [before] = cluster.lab.pod('web').status?.containerStatuses ?? []
    await cluster.lab.stopKubelet()
    cluster.api.stop()
    await cluster.lab.startKubelet()
    await cluster.lab.write('new.yaml', aManifest('new'))
    await cluster.lab.pass(3000)
    expect(cluster.lab.pod('new').status?.phase).toBe('Running')
    expect(cluster.lab.container('c', 'web').containerID).toBe(before?.containerID)
    cluster.api.serve()
    await cluster.lab.pass(SOON_MS)
    expect((await cluster.get('new-node01')).status?.phase).toBe('Running')
  })

  it('given a manifest removed while both were down, its pod runs on until the server has answered (facts 1.5.9)', async () => {
    await using cluster = await givenPod()
    await cluster.lab.stopKubelet()
    cluster.api.stop()
    await cluster.lab.remove('web.yaml')
    await cluster.lab.startKubelet()
    await cluster.lab.pass(OUTAGE_MS)
    expect(cluster.lab.runtime.findContainer('c')?.state).toBe('CONTAINER_RUNNING')
    cluster.api.serve()
    await cluster.lab.pass(SOON_MS + 4000)
    expect(cluster.lab.runtime.findContainer('c')?.state).not.toBe('CONTAINER_RUNNING')
    expect(await cluster.find('web-node01')).toBeUndefined()
  })
})

describe('D: the kubelet restarts beside its server', () => {
  it('given a mirror, it stays as it is: no deletion, no creation', async () => {
    await using cluster = await givenPod()
    const { uid } = (await cluster.get('web-node01')).metadata
    cluster.newRequests()
    await cluster.lab.restartKubelet()
    await cluster.lab.pass(20_000)
    expect((await cluster.get('web-node01')).metadata.uid).toBe(uid)
    expect(cluster.newRequests().filter((request) => request.startsWith('DELETE'))).toEqual([])
  })
})
