/** `@kubernetes/client-node` against a lab: what programs of others do with an API server. */
import { PassThrough } from 'node:stream'
import * as upstream from '@kubernetes/client-node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ControlPlaneLab } from '../../support/control-plane-lab.ts'
import { RUN_FOREVER, shellManifest } from '../../support/manifests.ts'
import { waitUntil } from '../../support/wait-until.ts'

const lab = new ControlPlaneLab('library')
const access = new upstream.KubeConfig()
let api: upstream.CoreV1Api

beforeAll(async () => {
  await lab.up('--nodes', '1')
  access.loadFromFile(lab.kubeconfig)
  api = access.makeApiClient(upstream.CoreV1Api)
  await lab.drop('web.json', shellManifest('web', RUN_FOREVER))
  await lab.waitForApiRunning('web-node01')
})

afterAll(() => lab.dispose())

describe('the client library of others', () => {
  it('given a lab, when it lists, then it finds nodes and mirrors', async () => {
    const nodes = await api.listNode()
    expect(nodes.items.map(({ metadata }) => metadata?.name).sort()).toEqual(['controlplane', 'node01'])
    const pods = await api.listNamespacedPod({ namespace: 'default', fieldSelector: 'spec.nodeName=node01' })
    expect(pods.items.map(({ metadata }) => metadata?.name)).toEqual(['web-node01'])
    expect(pods.items[0]?.metadata?.creationTimestamp).toBeInstanceOf(Date)
  })

  it('given an informer, when objects come, change and go, then it tells each', async () => {
    const told: string[] = []
    const path = '/api/v1/namespaces/default/configmaps'
    const informer = upstream.makeInformer(access, path, () => api.listNamespacedConfigMap({ namespace: 'default' }))
    for (const verb of ['add', 'update', 'delete'] as const)
      informer.on(verb, ({ metadata }) => {
        if (metadata?.name === 'followed') told.push(verb)
      })
    await informer.start()
    try {
      const target = { name: 'followed', namespace: 'default' }
      await api.createNamespacedConfigMap({
        namespace: 'default',
        body: { metadata: { name: 'followed' }, data: { a: '1' } },
      })
      await api.patchNamespacedConfigMap(
        { ...target, body: { data: { a: '2' } } },
        upstream.setHeaderOptions('Content-Type', upstream.PatchStrategy.MergePatch),
      )
      expect((await api.readNamespacedConfigMap(target)).data).toEqual({ a: '2' })
      await api.deleteNamespacedConfigMap(target)
      await waitUntil({ what: 'three events' }, () => (told.length === 3 ? true : undefined))
      expect(told).toEqual(['add', 'update', 'delete'])
    } finally {
      await informer.stop()
    }
  })

  it.each([
    {
      type: upstream.PatchStrategy.StrategicMergePatch,
      body: { metadata: { labels: { how: 'strategic' } } },
      label: 'strategic',
    },
    { type: upstream.PatchStrategy.MergePatch, body: { metadata: { labels: { how: 'merge' } } }, label: 'merge' },
    {
      type: upstream.PatchStrategy.JsonPatch,
      body: [{ op: 'replace', path: '/metadata/labels/how', value: 'json' }],
      label: 'json',
    },
  ])('given a mirror, when it is patched with $type, then it has the label', async ({ type, body, label }) => {
    const target = { name: 'web-node01', namespace: 'default' }
    const answer = await api.patchNamespacedPod({ ...target, body }, upstream.setHeaderOptions('Content-Type', type))
    expect(answer.metadata?.labels).toEqual({ how: label })
  })

  it('given a mirror, when a command runs in it, then input, output and its end come through', async () => {
    const stdout = new PassThrough()
    const stdin = new PassThrough()
    let output = ''
    stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
    const status = new Promise<upstream.V1Status>((resolve, reject) => {
      const command = ['sh', '-c', 'read line; echo "got $line"; exit 3']
      new upstream.Exec(access)
        .exec('default', 'web-node01', 'main', command, stdout, null, stdin, false, resolve)
        .catch(reject)
    })
    stdin.write('hello\n')
    expect(await status).toMatchObject({
      status: 'Failure',
      reason: 'NonZeroExitCode',
      details: { causes: [{ reason: 'ExitCode', message: '3' }] },
    })
    expect(output).toBe('got hello\n')
  })
})
