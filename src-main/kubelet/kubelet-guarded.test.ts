/** A kubelet with its node's credential, before an API server that trusts it with no more than it needs (facts 4.9 to 4.11; REPORT P2.2). */
import { describe, expect, it } from 'vitest'
import type { ApiObject, GroupVersionResource } from '../common/api/api-object.ts'
import type { Lease } from '../common/api/lease.ts'
import type { Node } from '../common/api/node.ts'
import type { ApiClient } from '../kube/api-client.ts'
import { EVENTS, type ComponentEvent } from '../kube/event.ts'
import type { ApiPod } from './cluster/api-objects.ts'
import { newClusterKubelet, type ClusterKubelet } from './testing/new-cluster-kubelet.ts'
import { newGuardedApiServer, type GuardedApiServer } from '../apiserver/testing/new-guarded-api-server.ts'
import { aManifest } from './testing/new-test-kubelet.ts'
import { CONFIG_MAPS, LEASES, NODES, PODS, SERVICE_ACCOUNTS } from '../kube/resources.ts'

const CLOSE_LOOK = { interval: 10 }

/** Time passes on the kubelet's clock while the server's answers come in their own. */
function soon<T>({ lab }: ClusterKubelet, look: () => Promise<T>) {
  return expect.poll(async () => {
    await lab.pass(200)
    return look()
  }, CLOSE_LOOK)
}

async function join(server: GuardedApiServer, settings: { apiReferences?: boolean } = {}) {
  const allowances = { apiReferences: settings.apiReferences === true, containerRestartRules: true }
  const cluster = await newClusterKubelet({ client: server.kubelet, settings: { allowances } })
  await soon(cluster, () =>
    find<Node>(server.administrator, NODES, '', 'node01').then((node) => node !== undefined),
  ).toBe(true)
  return cluster
}

/** What the log says of the last mirror that could not be made. */
function refusal({ lab }: ClusterKubelet): string | undefined {
  const line = lab.log.findLast((candidate) => candidate.startsWith('E Failed creating a mirror pod'))
  return line === undefined ? undefined : (JSON.parse(line.slice(line.indexOf('{'))) as { err: string }).err
}

async function find<Kind extends ApiObject>(
  client: ApiClient,
  of: GroupVersionResource,
  namespace: string,
  name: string,
): Promise<Kind | undefined> {
  const { items } = await client.list<Kind>(of, { namespace })
  return items.find(({ metadata }) => metadata.name === name)
}

describe('a kubelet with the credential of its node', () => {
  it('given all gates, its node, lease, mirror, status and events get through', async () => {
    await using server = await newGuardedApiServer()
    await using cluster = await join(server)
    const { administrator } = server
    await cluster.lab.write('web.yaml', aManifest('web', { priorityClassName: 'system-node-critical' }))
    const mirror = (): Promise<ApiPod | undefined> => find<ApiPod>(administrator, PODS, 'default', 'web-node01')
    await soon(cluster, async () => (await mirror())?.status?.phase).toBe('Running')
    // P2.1, 24: the server resolves the class; the kubelet's own object is left as it was written.
    expect((await mirror())?.spec.priority).toBe(2_000_001_000)
    expect((await mirror())?.spec.serviceAccountName).toBeUndefined()
    expect((await mirror())?.spec.volumes).toBeUndefined()
    await soon(cluster, () => find<Lease>(administrator, LEASES, 'kube-node-lease', 'node01')).toBeDefined()
    await soon(cluster, async () =>
      (await administrator.list<ComponentEvent>(EVENTS)).items.map(({ reason }) => reason),
    ).toEqual(expect.arrayContaining(['Starting', 'Started']))
    expect(cluster.lab.log.filter((line) => line.includes('is forbidden'))).toEqual([])
  })

  it.each([
    [
      'a ConfigMap',
      { envFrom: [{ configMapRef: { name: 'settings' } }] },
      'node "node01" can not create pods that reference configmaps',
    ],
    ['a Secret', { envFrom: [{ secretRef: { name: 'password' } }] }, 'a mirror pod may not reference secrets'],
  ])(
    '10: given a static pod that refers to %s, its mirror is refused, the log says why, and the container waits',
    async (_what, container, words) => {
      await using server = await newGuardedApiServer()
      await using cluster = await join(server, { apiReferences: true })
      await cluster.lab.write(
        'r.yaml',
        aManifest('r', { containers: [{ name: 'c', image: 'busybox:1.36', ...container }] }),
      )
      await soon(cluster, async () => refusal(cluster)).toBe(`pods "r-node01" is forbidden: ${words}`)
      await soon(cluster, async () => cluster.lab.container().state.waiting).toEqual({
        reason: 'CreateContainerConfigError',
        message: expect.stringMatching(
          /^failed to sync (configmap|secret) cache: timed out waiting for the condition$/,
        ) as string,
      })
    },
  )

  it('10: given a static pod in a namespace that is not there, it runs without a mirror, and its timeline says why, once', async () => {
    await using server = await newGuardedApiServer()
    await using cluster = await join(server)
    await cluster.lab.write('n.yaml', aManifest('n', {}, { namespace: 'nosuchns' }))
    await soon(cluster, async () => refusal(cluster)).toBe('namespaces "nosuchns" not found')
    await soon(cluster, async () => cluster.lab.pod('n').status?.phase).toBe('Running')
    // Each sync of the pod tries again.
    await cluster.lab.pass(120_000)
    const told = cluster.lab.timeline().filter(({ reason }) => reason === 'MirrorRefused')
    expect(told).toMatchObject([{ type: 'Warning', pod: { name: 'n-node01' } }])
    expect(told[0]?.message).toContain('namespaces "nosuchns" not found')
    const events = await server.administrator.list<ComponentEvent>(EVENTS)
    expect(events.items.filter(({ reason }) => reason === 'MirrorRefused')).toEqual([])
  })

  it('given a pod with a service account and a ConfigMap, the node may read what that pod refers to, and gets its token', async () => {
    await using server = await newGuardedApiServer()
    await using cluster = await join(server)
    const { administrator } = server
    const metadata = { name: 'default', namespace: 'default' }
    await administrator.create(SERVICE_ACCOUNTS, { apiVersion: 'v1', kind: 'ServiceAccount', metadata })
    const named = (name: string, data: Record<string, string>) => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name, namespace: 'default' },
      data,
    })
    await administrator.create(CONFIG_MAPS, named('kube-root-ca.crt', { 'ca.crt': 'PEM' }))
    await administrator.create(CONFIG_MAPS, named('settings', { mode: 'quiet' }))
    const pod: ApiPod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'agent', namespace: 'default' },
      spec: {
        nodeName: 'node01',
        containers: [{ name: 'c', image: 'busybox:1.36', envFrom: [{ configMapRef: { name: 'settings' } }] }],
      },
    }
    await administrator.create(PODS, pod)
    await soon(cluster, async () => (await find<ApiPod>(administrator, PODS, 'default', 'agent'))?.status?.phase).toBe(
      'Running',
    )
    await administrator.delete(PODS, { namespace: 'default', name: 'agent' })
    await soon(cluster, () => find<ApiPod>(administrator, PODS, 'default', 'agent')).toBeUndefined()
  })
})
