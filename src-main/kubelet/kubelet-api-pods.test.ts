/** Pods that an API server hands to a kubelet, as a DaemonSet's (facts 8.5.7, 8.5.8). */
import { describe, expect, it } from 'vitest'
import type { ApiPod } from './cluster/api-objects.ts'
import { newClusterKubelet, type ClusterKubelet } from './testing/new-cluster-kubelet.ts'
import { NODES, PODS } from '../kube/resources.ts'

const AGENT = { namespace: 'default', name: 'agent' }

function anApiPod(spec: Partial<ApiPod['spec']> = {}): ApiPod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { ...AGENT, generation: 1 },
    spec: {
      nodeName: 'node01',
      restartPolicy: 'Always',
      terminationGracePeriodSeconds: 30,
      containers: [{ name: 'c', image: 'busybox:1.36' }],
      ...spec,
    },
  }
}

async function givenAgent(spec: Partial<ApiPod['spec']> = {}): Promise<ClusterKubelet & AsyncDisposable> {
  const cluster = await newClusterKubelet()
  await cluster.lab.pass(1000)
  await cluster.kubectl.create(PODS, anApiPod(spec))
  await cluster.lab.pass(2000)
  return cluster
}

describe('pods of an API server', () => {
  it('given a pod bound to the node, it runs and its status is posted under its own UID', async () => {
    await using cluster = await givenAgent()
    const pod = await cluster.get('agent')
    expect(pod.status).toMatchObject({ phase: 'Running', hostIP: '172.30.7.2', containerStatuses: [{ ready: true }] })
    expect(cluster.lab.runtime.findContainer('c')?.labels['io.kubernetes.pod.uid']).toBe(pod.metadata.uid)
  })

  it('given a label that somebody gave the node since, when a pod asks for it, then it runs', async () => {
    await using cluster = await newClusterKubelet()
    await cluster.lab.pass(1000)
    const labels = { metadata: { labels: { disk: 'ssd' } } }
    await cluster.kubectl.patch(NODES, { name: 'node01' }, 'application/merge-patch+json', labels)
    await cluster.lab.pass(1000)
    await cluster.kubectl.create(PODS, anApiPod({ nodeSelector: { disk: 'ssd' } }))
    await cluster.lab.pass(2000)
    expect((await cluster.get('agent')).status?.phase).toBe('Running')
  })

  it('given a pod of another node, it is none of ours', async () => {
    await using cluster = await givenAgent()
    await cluster.kubectl.create(PODS, {
      ...anApiPod({ nodeName: 'node02' }),
      metadata: { name: 'other', namespace: 'default' },
    })
    await cluster.lab.pass(2000)
    expect(cluster.lab.podNames()).toEqual(['agent'])
  })

  it('given kubectl delete, its containers end, then it is gone from the API and from the node', async () => {
    await using cluster = await givenAgent()
    cluster.lab.runtime.behave('c', { onTerm: { exitCode: 0, afterMs: 4000 } })
    crash(cluster)
    await cluster.lab.pass(15_000)
    await cluster.kubectl.delete(PODS, AGENT)
    await cluster.lab.pass(3000)
    expect((await cluster.get('agent')).status?.phase).toBe('Running')
    await cluster.lab.pass(3000)
    expect(await cluster.find('agent')).toBeUndefined()
    expect(cluster.lab.podNames()).toEqual([])
    expect(cluster.lab.runtime.findContainer('c')).toBeUndefined()
  })

  it('given a shorter grace, it counts', async () => {
    await using cluster = await givenAgent()
    cluster.lab.runtime.behave('c', { onTerm: 'ignore' })
    crash(cluster)
    await cluster.lab.pass(15_000)
    await cluster.kubectl.delete(PODS, AGENT, { gracePeriodSeconds: 5 })
    await cluster.lab.pass(7000)
    expect(await cluster.find('agent')).toBeUndefined()
  })

  it('given --force --grace-period=0, the object is gone at once and the container ends', async () => {
    await using cluster = await givenAgent()
    await cluster.kubectl.delete(PODS, AGENT, { gracePeriodSeconds: 0 })
    expect(await cluster.find('agent')).toBeUndefined()
    await cluster.lab.pass(2000)
    expect(cluster.lab.podNames()).toEqual([])
  })

  it('given a pod deleted while the kubelet was down, it ends what runs and finishes the deletion', async () => {
    await using cluster = await givenAgent()
    await cluster.lab.stopKubelet()
    await cluster.kubectl.delete(PODS, AGENT)
    expect(await cluster.find('agent')).toBeDefined()
    await cluster.lab.startKubelet()
    await cluster.lab.pass(5000)
    expect(await cluster.find('agent')).toBeUndefined()
    expect(cluster.lab.runtime.findContainer('c')).toBeUndefined()
  })

  it('given a pod that has completed, kubectl delete removes it', async () => {
    await using cluster = await newClusterKubelet()
    cluster.lab.runtime.behave('c', { exitAfterMs: 500, exitCode: 0 })
    await cluster.lab.pass(1000)
    await cluster.kubectl.create(PODS, anApiPod({ restartPolicy: 'Never' }))
    await cluster.lab.pass(5000)
    expect((await cluster.get('agent')).status?.phase).toBe('Succeeded')
    await cluster.kubectl.delete(PODS, AGENT)
    await cluster.lab.pass(2000)
    expect(await cluster.find('agent')).toBeUndefined()
  })

  it('given somebody else’s condition, it stays when the status is posted', async () => {
    await using cluster = await givenAgent()
    const type = 'application/strategic-merge-patch+json'
    const gate = { type: 'example.com/gate', status: 'True' }
    await cluster.kubectl.patch(PODS, { ...AGENT, subresource: 'status' }, type, { status: { conditions: [gate] } })
    crash(cluster)
    await cluster.lab.pass(20_000)
    const { status } = await cluster.get('agent')
    expect(status?.conditions).toContainEqual(gate)
    expect(status?.containerStatuses?.[0]?.restartCount).toBe(1)
  })

  it('given a status that somebody else spoiled, it is put right', async () => {
    await using cluster = await givenAgent()
    const type = 'application/strategic-merge-patch+json'
    const spoiled = { type: 'Ready', status: 'False' }
    await cluster.kubectl.patch(PODS, { ...AGENT, subresource: 'status' }, type, { status: { conditions: [spoiled] } })
    await cluster.lab.pass(1000)
    const ready = (await cluster.get('agent')).status?.conditions?.find((condition) => condition.type === 'Ready')
    expect(ready?.status).toBe('True')
  })
})

function crash({ lab }: ClusterKubelet): void {
  lab.runtime.exitContainer(lab.runtime.findContainer('c')?.id ?? '')
}
