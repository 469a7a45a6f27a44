import { describe, expect, it } from 'vitest'
import { FakeClock } from '../base/testing/fake-clock.ts'
import type { ApiObject } from '../common/api/api-object.ts'
import type { ConfigMap } from '../common/api/config-map.ts'
import type { Namespace } from '../common/api/namespace.ts'
import type { ServiceAccount } from '../common/api/service-account.ts'
import type { ApiClient } from '../kube/api-client.ts'
import { MemoryApi } from '../kube/testing/memory-api.ts'
import type { StartController } from './controller.ts'
import { startNamespaces } from './namespace/namespace-controller.ts'
import { startRootCaCertPublisher } from './root-ca-cert-publisher/root-ca-cert-publisher.ts'
import { startServiceAccounts } from './serviceaccount/serviceaccounts-controller.ts'
import { testControllerContext } from './testing/test-controller-context.ts'
import { CONFIG_MAPS, NAMESPACES, PODS, SERVICE_ACCOUNTS } from '../kube/resources.ts'

const DISCOVERY: Record<string, unknown> = {
  '/apis': { groups: [] },
  '/api/v1': {
    resources: [
      { name: 'pods', namespaced: true, verbs: ['list', 'delete'] },
      { name: 'pods/log', namespaced: true, verbs: ['get'] },
      { name: 'configmaps', namespaced: true, verbs: ['list', 'delete'] },
      { name: 'namespaces', namespaced: false, verbs: ['list', 'delete'] },
    ],
  },
}

function namespace(name: string): Namespace {
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name, finalizers: ['the-server-s-own'] },
    spec: { finalizers: ['kubernetes'] },
  } as Namespace
}

function newCluster(start: StartController, rootAuthority = 'PEM') {
  const clock = new FakeClock()
  const api = new MemoryApi(() => clock.now())
  const finalized: string[] = []
  const client: ApiClient = {
    ...api.client(),
    getPath: <Answer>(path: string) => Promise.resolve(DISCOVERY[path] as Answer),
    async update<Kind extends ApiObject>(
      of: Parameters<ApiClient['update']>[0],
      object: Kind,
      subresource?: string,
    ): Promise<Kind> {
      if (subresource !== 'finalize') return api.client().update(of, object)
      finalized.push(object.metadata.name ?? '')
      // As the real server does: nothing holds it any more.
      await api.client().patch(of, { name: object.metadata.name ?? '' }, 'application/merge-patch+json', {
        metadata: { finalizers: null, deletionGracePeriodSeconds: 0 },
      })
      return object
    },
  }
  const context = testControllerContext(client, clock, { rootAuthority })
  const controller = start(context)
  return {
    api,
    clock,
    client,
    finalized,
    async dispose() {
      await controller.dispose()
      await context.dispose()
      return clock.pendingTimers
    },
  }
}

describe('namespace controller', () => {
  it('given a namespace with a pod that takes its time, when it is deleted, it goes when all of it is gone and not before', async () => {
    const { api, clock, client, finalized, dispose } = newCluster(startNamespaces)
    await client.create(NAMESPACES, namespace('shop'))
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { namespace: 'shop', name: 'web' },
      spec: { nodeName: 'node01' },
    }
    await client.create(PODS, pod as ApiObject)
    await client.create(CONFIG_MAPS, {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { namespace: 'shop', name: 'own' },
    })
    await client.create(CONFIG_MAPS, {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { namespace: 'other', name: 'own' },
    })
    await client.delete(NAMESPACES, { name: 'shop' })
    await clock.advance(10_000)
    expect(finalized).toEqual([])
    const looks = api.requests.filter((request) => request.endsWith('/namespaces/shop/pods')).length
    // Once each second, however often the namespace was changed.
    expect(looks).toBeLessThan(15)
    await client.delete(PODS, { namespace: 'shop', name: 'web' }, { gracePeriodSeconds: 0 })
    await clock.advance(5000)
    expect(finalized).toEqual(['shop'])
    const left = await client.list<ApiObject>(CONFIG_MAPS)
    expect(left.items.map(({ metadata }) => metadata.namespace)).toEqual(['other'])
    const before = api.requests.length
    await clock.advance(60_000)
    expect(api.requests.slice(before).filter((request) => request.includes('/shop/'))).toEqual([])
    expect(await dispose()).toBe(0)
  })

  it('given a namespace that is not being deleted, when time passes, nothing of it is touched', async () => {
    const { api, clock, client, finalized, dispose } = newCluster(startNamespaces)
    await client.create(NAMESPACES, namespace('shop'))
    await client.create(CONFIG_MAPS, {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { namespace: 'shop', name: 'own' },
    })
    await clock.advance(60_000)
    expect(finalized).toEqual([])
    expect(api.requests.filter((request) => request.startsWith('DELETE'))).toEqual([])
    await dispose()
  })

  it('given a server that goes away meanwhile, when it is back, the deletion is finished', async () => {
    const { api, clock, client, finalized, dispose } = newCluster(startNamespaces)
    await client.create(NAMESPACES, namespace('shop'))
    await client.create(CONFIG_MAPS, {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { namespace: 'shop', name: 'own' },
    })
    await clock.advance(1000)
    await client.delete(NAMESPACES, { name: 'shop' })
    api.stop()
    await clock.advance(30_000)
    api.serve()
    await clock.advance(60_000)
    expect(finalized).toEqual(['shop'])
    await dispose()
  })
})

describe('service accounts', () => {
  it('given namespaces, when one comes or loses its account, it has one again', async () => {
    const { clock, client, dispose } = newCluster(startServiceAccounts)
    await client.create(NAMESPACES, namespace('one'))
    await clock.advance(1000)
    await client.create(NAMESPACES, namespace('two'))
    await clock.advance(1000)
    await client.delete(SERVICE_ACCOUNTS, { namespace: 'one', name: 'default' })
    await clock.advance(1000)
    const { items } = await client.list<ServiceAccount>(SERVICE_ACCOUNTS)
    expect(items.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`).toSorted()).toEqual([
      'one/default',
      'two/default',
    ])
    expect(await dispose()).toBe(0)
  })
})

describe('root certificate authority', () => {
  it('given namespaces, when the ConfigMap is changed or deleted, it is put right, and then left alone', async () => {
    const { api, clock, client, dispose } = newCluster(startRootCaCertPublisher)
    await client.create(NAMESPACES, namespace('one'))
    await clock.advance(1000)
    const at = { namespace: 'one', name: 'kube-root-ca.crt' }
    const data = async (): Promise<unknown> => (await client.get<ConfigMap>(CONFIG_MAPS, at)).data
    expect(await data()).toEqual({ 'ca.crt': 'PEM' })
    await client.patch(CONFIG_MAPS, at, 'application/merge-patch+json', { data: { 'ca.crt': 'other', more: 'x' } })
    await clock.advance(1000)
    expect(await data()).toEqual({ 'ca.crt': 'PEM' })
    await client.delete(CONFIG_MAPS, at)
    await clock.advance(1000)
    expect(await data()).toEqual({ 'ca.crt': 'PEM' })
    const before = api.requests.length
    await clock.advance(60_000)
    expect(api.requests.slice(before).filter((request) => /^(POST|PUT|PATCH)/.test(request))).toEqual([])
    await dispose()
  })

  it('given no authority, when namespaces come, nothing is made', async () => {
    const { clock, client, dispose } = newCluster(startRootCaCertPublisher, '')
    await client.create(NAMESPACES, namespace('one'))
    await clock.advance(5000)
    expect((await client.list<ApiObject>(CONFIG_MAPS)).items).toEqual([])
    await dispose()
  })
})
