/** What `kubectl top` is told, measured from a stand-in for a kubelet. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newKubeletStandIn, type KubeletStandIn } from '../../../tests/support/kubelet-stand-in.ts'
import { newSecureApiServer, type SecureApiServer } from '../../../tests/support/secure-api-server.ts'
import type { KeyPair } from '../../lab/pki/certificate.ts'
import { computeRate } from './usage-rate.ts'

describe('metrics.k8s.io', () => {
  let server: SecureApiServer
  let kubelet: KubeletStandIn
  let admin: KeyPair

  beforeAll(async () => {
    server = await newSecureApiServer()
    kubelet = await newKubeletStandIn(server.authority)
    admin = await server.issueClient('kubernetes-admin', 'system:masters')
    await server.putNode('node01', kubelet.port)
    await server.put({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'web', namespace: 'default', labels: { app: 'web' } },
      spec: { nodeName: 'node01', containers: [{ name: 'c', image: 'bb' }] },
    })
    await server.ask(admin, '/api/v1/namespaces/default/pods/web/status', {
      method: 'PATCH',
      body: { status: { phase: 'Running' } },
      contentType: 'application/merge-patch+json',
    })
  })
  afterAll(async () => {
    await kubelet[Symbol.asyncDispose]()
    await server[Symbol.asyncDispose]()
  })

  test('given nodes that use half a core, when they are asked for the first time, then the rate of two samples comes', async () => {
    const { json } = await server.ask(admin, '/apis/metrics.k8s.io/v1beta1/nodes')
    expect(json).toMatchObject({
      kind: 'NodeMetricsList',
      apiVersion: 'metrics.k8s.io/v1beta1',
      items: [{ metadata: { name: 'node01' }, usage: { cpu: '500000000n', memory: '102400Ki' } }],
    })
  })

  test('given pods, when they are asked by name, label and namespace, then containers have their own figures', async () => {
    const expected = { metadata: { name: 'web', labels: { app: 'web' } }, containers: [{ name: 'c' }] }
    const one = await server.ask(admin, '/apis/metrics.k8s.io/v1beta1/namespaces/default/pods/web')
    expect(one.json).toMatchObject({
      ...expected,
      containers: [{ name: 'c', usage: { cpu: '500000000n', memory: '2048Ki' } }],
    })
    const list = async (query: string): Promise<unknown> =>
      (await server.ask(admin, `/apis/metrics.k8s.io/v1beta1/pods?labelSelector=${query}`)).json?.['items']
    expect(await list('app%3Dweb')).toMatchObject([expected])
    expect(await list('app%3Dother')).toEqual([])
    const missing = await server.ask(admin, '/apis/metrics.k8s.io/v1beta1/namespaces/default/pods/nosuch')
    expect(missing.json?.message).toBe('pods.metrics.k8s.io "nosuch" not found')
  })

  test('given a container that began anew or two looks at one moment, when a rate is asked, then there is none', () => {
    const sample = { timeMs: 10_000, cpuSeconds: 5, memoryBytes: 0 }
    expect(computeRate(sample, { ...sample, timeMs: 20_000, cpuSeconds: 1 })).toBeUndefined()
    expect(computeRate(sample, sample)).toBeUndefined()
  })
})
