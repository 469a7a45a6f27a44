/** How a kubelet makes its node known and says that it lives (facts 7; REPORT P2.1, P2.3). */
import { describe, expect, it } from 'vitest'
import { CriError } from '../container-runtime/cri.ts'
import type { Lease } from '../common/api/lease.ts'
import type { Node } from '../common/api/node.ts'
import { newClusterKubelet } from './testing/new-cluster-kubelet.ts'
import { LEASES, NODES } from '../kube/resources.ts'

describe('node registration', () => {
  it('given an API server, when the kubelet starts, its node stands there with labels, resources and four conditions', async () => {
    await using cluster = await newClusterKubelet({
      taints: [{ key: 'node-role.kubernetes.io/control-plane', value: '', effect: 'NoSchedule' }],
    })
    await cluster.lab.pass(1000)
    const node = await cluster.node()
    expect(node.metadata.labels).toEqual({
      'beta.kubernetes.io/arch': 'amd64',
      'beta.kubernetes.io/os': 'linux',
      'kubernetes.io/arch': 'amd64',
      'kubernetes.io/hostname': 'node01',
      'kubernetes.io/os': 'linux',
    })
    expect(node.metadata.annotations).toEqual({ 'volumes.kubernetes.io/controller-managed-attach-detach': 'true' })
    expect(node.spec?.taints).toEqual([{ key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' }])
    expect(node.status).toMatchObject({
      addresses: [
        { type: 'InternalIP', address: '172.30.7.2' },
        { type: 'Hostname', address: 'node01' },
      ],
      capacity: { cpu: '2', memory: '4Gi', 'ephemeral-storage': '10Gi', 'hugepages-2Mi': '0', pods: '110' },
      allocatable: { cpu: '2', memory: '4Gi', 'ephemeral-storage': '9Gi', pods: '110' },
      daemonEndpoints: { kubeletEndpoint: { Port: 10250 } },
      nodeInfo: { kubeletVersion: 'v1.35.0', operatingSystem: 'linux', architecture: 'amd64' },
    })
    expect(node.status?.conditions?.map(({ type, status, reason }) => [type, status, reason])).toEqual([
      ['MemoryPressure', 'False', 'KubeletHasSufficientMemory'],
      ['DiskPressure', 'False', 'KubeletHasNoDiskPressure'],
      ['PIDPressure', 'False', 'KubeletHasSufficientPID'],
      ['Ready', 'True', 'KubeletReady'],
    ])
  })

  it('given a node that stands there already, when the kubelet starts, its labels are put right and the rest is left', async () => {
    await using cluster = await newClusterKubelet({ isServerAway: true })
    cluster.api.serve()
    const old: Node = {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name: 'node01', labels: { 'kubernetes.io/os': 'plan9', mine: 'yes' } },
      spec: { unschedulable: true },
    }
    await cluster.kubectl.create(NODES, old)
    await cluster.lab.pass(10_000)
    const node = await cluster.node()
    expect(node.metadata.labels).toMatchObject({ 'kubernetes.io/os': 'linux', mine: 'yes' })
    expect(node.spec?.unschedulable).toBe(true)
    expect(node.status?.conditions?.[3]).toMatchObject({ type: 'Ready', status: 'True' })
  })

  it('P2.3 B: given no API server, registration is tried after 200 ms, 400 ms … 7 s, with the reason in the log', async () => {
    await using cluster = await newClusterKubelet({ isServerAway: true })
    await cluster.lab.pass(30_000)
    const attempts = cluster.lab.log.filter((line) => line.includes('Unable to register node with API server'))
    expect(attempts[0]).toContain(
      'Post \\"https://172.30.0.11:6443/api/v1/nodes\\": dial tcp 172.30.0.11:6443: connect: connection refused',
    )
    // 0, 0.2, 0.6, 1.4, 3, 6.2, 12.6, 19.6, 26.6 s
    expect(attempts).toHaveLength(9)
  })

  it('given a node, a lease of 40 s is renewed every 10 s and belongs to the Node', async () => {
    await using cluster = await newClusterKubelet()
    await cluster.lab.pass(500)
    const lease = (): Promise<Lease> =>
      cluster.kubectl.get<Lease>(LEASES, { namespace: 'kube-node-lease', name: 'node01' })
    const first = await lease()
    expect(first.spec).toMatchObject({ holderIdentity: 'node01', leaseDurationSeconds: 40 })
    expect(first.spec?.renewTime).toMatch(/\.\d{6}Z$/)
    await cluster.lab.pass(10_000)
    const second = await lease()
    expect(Date.parse(second.spec?.renewTime ?? '') - Date.parse(first.spec?.renewTime ?? '')).toBe(10_000)
    const { uid } = (await cluster.node()).metadata
    expect(second.metadata.ownerReferences).toEqual([{ apiVersion: 'v1', kind: 'Node', name: 'node01', uid }])
  })

  it('26: given a runtime that goes, the node is NotReady with its words, and Ready when it is back', async () => {
    await using cluster = await newClusterKubelet()
    await cluster.lab.pass(1000)
    cluster.lab.runtime.failNext('status', new CriError('Unavailable', 'connection error'), 1000)
    await cluster.lab.pass(6000)
    const ready = async () => (await cluster.node()).status?.conditions?.at(-1)
    expect(await ready()).toMatchObject({ type: 'Ready', status: 'False', reason: 'KubeletNotReady' })
    expect((await ready())?.message).toMatch(/^container runtime is down/)
    cluster.lab.runtime.clearFailures()
    await cluster.lab.pass(1000)
    expect(await ready()).toMatchObject({ status: 'True', message: 'kubelet is posting ready status' })
    const events = (await cluster.events('node01')).map(({ reason }) => reason)
    expect(events).toEqual(expect.arrayContaining(['Starting', 'NodeHasSufficientMemory', 'NodeNotReady', 'NodeReady']))
  })

  it('given nothing new, the status is written every five minutes, not every ten seconds', async () => {
    await using cluster = await newClusterKubelet()
    await cluster.lab.pass(20_000)
    cluster.newRequests()
    await cluster.lab.pass(290_000)
    const patches = cluster.newRequests().filter((request) => request === 'PATCH /api/v1/nodes/node01/status')
    expect(patches).toHaveLength(1)
  })
})
