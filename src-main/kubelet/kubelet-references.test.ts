/** What pods of an API server take from it: ConfigMaps, Secrets and tokens, as variables and as files. */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { ApiObject, GroupVersionResource } from '../common/api/api-object.ts'
import type { ConfigMap } from '../common/api/config-map.ts'
import type { Secret } from '../common/api/secret.ts'
import type { ApiPod } from './cluster/api-objects.ts'
import { newClusterKubelet, type ClusterKubelet } from './testing/new-cluster-kubelet.ts'
import { CONFIG_MAPS, PODS, SECRETS } from '../kube/resources.ts'

const SETTINGS: ConfigMap = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'settings', namespace: 'default' },
  data: { mode: 'quiet', 'app.conf': 'colour=blue\n' },
  binaryData: { raw: Buffer.from([0, 255]).toString('base64') },
}
const PASSWORD: Secret = {
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'password', namespace: 'default' },
  data: { word: Buffer.from('s3cret').toString('base64') },
}

function aPod(spec: Partial<ApiPod['spec']>, container: Partial<ApiPod['spec']['containers'][0]> = {}): ApiPod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'agent', namespace: 'default' },
    spec: {
      nodeName: 'node01',
      restartPolicy: 'Always',
      serviceAccountName: 'default',
      containers: [{ name: 'c', image: 'busybox:1.36', ...container }],
      ...spec,
    },
  }
}

async function given(
  pod: ApiPod,
  ...objects: [GroupVersionResource, ApiObject][]
): Promise<ClusterKubelet & AsyncDisposable> {
  const cluster = await newClusterKubelet()
  await cluster.lab.pass(1000)
  for (const [of, object] of objects) await cluster.kubectl.create(of, object)
  await cluster.kubectl.create(PODS, pod)
  await cluster.lab.pass(2000)
  return cluster
}

function environmentOf({ lab }: ClusterKubelet): Record<string, string> {
  const [call] = lab.runtime.callsOf('createContainer')
  const config = call?.args[1] as { envs: { key: string; value: string }[] } | undefined
  return Object.fromEntries((config?.envs ?? []).map(({ key, value }) => [key, value]))
}

function volumePath(cluster: ClusterKubelet, plugin: string, name: string): string {
  const uid = cluster.lab.pod('agent').metadata.uid ?? ''
  return join(cluster.lab.root, 'var/lib/kubelet/pods', uid, 'volumes', `kubernetes.io~${plugin}`, name)
}

describe('environment', () => {
  it('given references to a ConfigMap and a Secret, the container has their values', async () => {
    const pod = aPod(
      {},
      {
        envFrom: [
          { prefix: 'ALL_', configMapRef: { name: 'settings' } },
          { secretRef: { name: 'nosuch', optional: true } },
        ],
        env: [
          { name: 'MODE', valueFrom: { configMapKeyRef: { name: 'settings', key: 'mode' } } },
          { name: 'WORD', valueFrom: { secretKeyRef: { name: 'password', key: 'word' } } },
          { name: 'NONE', valueFrom: { secretKeyRef: { name: 'password', key: 'nosuch', optional: true } } },
          { name: 'SAID', value: 'the word is $(WORD)' },
        ],
      },
    )
    await using cluster = await given(pod, [CONFIG_MAPS, SETTINGS], [SECRETS, PASSWORD])
    expect(environmentOf(cluster)).toMatchObject({
      ALL_mode: 'quiet',
      MODE: 'quiet',
      WORD: 's3cret',
      SAID: 'the word is s3cret',
    })
    expect(environmentOf(cluster)).not.toHaveProperty('NONE')
  })

  it.each([
    ['configMapKeyRef', { configMapKeyRef: { name: 'nosuch', key: 'k' } }, 'configmap "nosuch" not found'],
    ['secretKeyRef', { secretKeyRef: { name: 'nosuch', key: 'k' } }, 'secret "nosuch" not found'],
    ['a key', { configMapKeyRef: { name: 'settings', key: 'k' } }, "couldn't find key k in ConfigMap default/settings"],
  ])(
    '25: given a %s that is not there, the container waits with CreateContainerConfigError',
    async (_what, valueFrom, words) => {
      await using cluster = await given(aPod({}, { env: [{ name: 'X', valueFrom }] }), [CONFIG_MAPS, SETTINGS])
      const message = words.replace(/^(configmap|secret) /, '$1s ')
      expect((await cluster.get('agent')).status?.containerStatuses?.[0]?.state.waiting).toEqual({
        reason: 'CreateContainerConfigError',
        message: expect.stringMatching(new RegExp(`^(${words}|${message})$`)) as string,
      })
    },
  )

  it('given a ConfigMap that comes later, the container starts at the next attempt', async () => {
    const env = [{ name: 'MODE', valueFrom: { configMapKeyRef: { name: 'settings', key: 'mode' } } }]
    await using cluster = await given(aPod({}, { env }))
    await cluster.kubectl.create(CONFIG_MAPS, SETTINGS)
    await cluster.lab.pass(20_000)
    expect((await cluster.get('agent')).status?.phase).toBe('Running')
  })

  it('given a server that is away, a container that crashes starts again with the values of before', async () => {
    const env = [{ name: 'MODE', valueFrom: { configMapKeyRef: { name: 'settings', key: 'mode' } } }]
    await using cluster = await given(aPod({}, { env }), [CONFIG_MAPS, SETTINGS])
    cluster.api.stop()
    await cluster.lab.pass(120_000)
    cluster.lab.runtime.exitContainer(cluster.lab.runtime.findContainer('c')?.id ?? '')
    await cluster.lab.pass(15_000)
    expect(cluster.lab.container()).toMatchObject({ restartCount: 1, ready: true })
  })
})

describe('volumes', () => {
  it('given a ConfigMap as a volume, its files have the contents and modes that were asked for', async () => {
    const items = [{ key: 'app.conf', path: 'etc/app.conf', mode: 0o600 }]
    const volumes = [
      { name: 'all', configMap: { name: 'settings', defaultMode: 0o440 } },
      { name: 'some', configMap: { name: 'settings', items } },
      { name: 'word', secret: { secretName: 'password', defaultMode: 0o400 } },
    ]
    await using cluster = await given(aPod({ volumes }), [CONFIG_MAPS, SETTINGS], [SECRETS, PASSWORD])
    const all = volumePath(cluster, 'configmap', 'all')
    expect(readdirSync(all).filter((name) => !name.startsWith('..'))).toEqual(['app.conf', 'mode', 'raw'])
    expect(readFileSync(join(all, 'raw'))).toEqual(Buffer.from([0, 255]))
    expect(statSync(join(all, 'mode')).mode & 0o777).toBe(0o440)
    const some = join(volumePath(cluster, 'configmap', 'some'), 'etc/app.conf')
    expect([readFileSync(some, 'utf8'), statSync(some).mode & 0o777]).toEqual(['colour=blue\n', 0o600])
    expect(readFileSync(join(volumePath(cluster, 'secret', 'word'), 'word'), 'utf8')).toBe('s3cret')
  })

  it('given a ConfigMap that changes, the files change under the running container, all at once', async () => {
    const volumes = [{ name: 'all', configMap: { name: 'settings' } }]
    await using cluster = await given(aPod({ volumes }), [CONFIG_MAPS, SETTINGS])
    const path = volumePath(cluster, 'configmap', 'all')
    await cluster.kubectl.patch(
      CONFIG_MAPS,
      { namespace: 'default', name: 'settings' },
      'application/merge-patch+json',
      {
        data: { mode: 'loud', 'app.conf': null, extra: 'new' },
        binaryData: null,
      },
    )
    await cluster.lab.pass(130_000)
    expect(readdirSync(path).filter((name) => !name.startsWith('..'))).toEqual(['extra', 'mode'])
    expect(readFileSync(join(path, 'mode'), 'utf8')).toBe('loud')
    expect(cluster.lab.container().restartCount).toBe(0)
  })

  it('given a ConfigMap that is not there, the mount fails in upstream’s words, and the pod waits', async () => {
    await using cluster = await given(aPod({ volumes: [{ name: 'all', configMap: { name: 'nosuch' } }] }))
    expect((await cluster.get('agent')).status?.containerStatuses?.[0]?.state.waiting?.reason).toBe('ContainerCreating')
    const said = (await cluster.events('agent')).find(({ reason }) => reason === 'FailedMount')
    expect(said?.message).toMatch(/^MountVolume.SetUp failed for volume "all" : configmaps? "nosuch" not found$/)
  })

  it('given the volume that service account admission adds, it has a token for this pod, the root CA and the namespace', async () => {
    const volumes: ApiPod['spec']['volumes'] = [
      {
        name: 'kube-api-access-x7xk2',
        projected: {
          defaultMode: 0o644,
          sources: [
            { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
            { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
            {
              downwardAPI: {
                items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }],
              },
            },
          ],
        },
      },
    ]
    await using cluster = await newClusterKubelet()
    const asked: unknown[] = []
    cluster.api.createPart = (_of, _address, object) => {
      asked.push(object)
      const expirationTimestamp = new Date(cluster.lab.clock.now() + 3_607_000).toISOString()
      return { ...object, status: { token: `token-${asked.length}`, expirationTimestamp } }
    }
    await cluster.lab.pass(1000)
    const metadata = { name: 'kube-root-ca.crt', namespace: 'default' }
    await cluster.kubectl.create<ConfigMap>(CONFIG_MAPS, {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata,
      data: { 'ca.crt': 'PEM' },
    })
    await cluster.kubectl.create(PODS, aPod({ volumes }))
    await cluster.lab.pass(2000)
    const path = volumePath(cluster, 'projected', 'kube-api-access-x7xk2')
    const read = (name: string): string => readFileSync(join(path, name), 'utf8')
    expect([read('token'), read('ca.crt'), read('namespace')]).toEqual(['token-1', 'PEM', 'default'])
    const { uid } = cluster.lab.pod('agent').metadata
    expect(asked[0]).toMatchObject({
      spec: { expirationSeconds: 3607, boundObjectRef: { kind: 'Pod', name: 'agent', uid } },
    })
    // Renewed at four fifths of its life.
    await cluster.lab.pass(3_607_000 * 0.8 + 120_000)
    expect(read('token')).toBe('token-2')
  })
})
