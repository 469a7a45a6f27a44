import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ObjectList } from '../../common/api/api-object.ts'
import { StatusError } from '../../kube/status-error.ts'
import { aPodObject, newTestStorage, type TestStorage } from '../testing/test-storage.ts'
import type { ListRequest } from './resource-storage.ts'

let test: TestStorage
beforeEach(async () => {
  test = newTestStorage()
  for (const [namespace, name, app] of [
    ['default', 'a', 'x'],
    ['default', 'b', 'y'],
    ['default', 'c', 'x'],
    ['other', 'a', 'x'],
    ['other', 'd', 'y'],
  ] as const)
    await test.pods.create(test.context, namespace, aPodObject(name, { labels: { app } }))
})
afterEach(async () => {
  await test.dispose()
})

const list = (request: Partial<ListRequest> = {}): Promise<ObjectList> =>
  test.pods.list(test.context, { namespace: '', ...request })

const names = ({ items }: ObjectList): string[] => items.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`)

async function failureOf(work: Promise<unknown>): Promise<StatusError['status']> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (error instanceof StatusError) return error.status
  throw new Error('it did not fail as expected', { cause: error })
}

describe('given objects in two namespaces', () => {
  it('when all, one namespace or a selection is listed, then exactly they come, with the store’s revision', async () => {
    expect(names(await list())).toEqual(['default/a', 'default/b', 'default/c', 'other/a', 'other/d'])
    expect(names(await list({ namespace: 'other' }))).toEqual(['other/a', 'other/d'])
    expect(names(await list({ labelSelector: 'app=x', namespace: 'default' }))).toEqual(['default/a', 'default/c'])
    expect(names(await list({ fieldSelector: 'metadata.name=a' }))).toEqual(['default/a', 'other/a'])
    expect(names(await list({ fieldSelector: 'metadata.name=a', namespace: 'other' }))).toEqual(['other/a'])
    expect(await list({ namespace: 'nosuch' })).toEqual({
      kind: 'PodList',
      apiVersion: 'v1',
      metadata: { resourceVersion: '6' },
      items: [],
    })
  })

  it('when a field is not one to select by, then 400 says so', async () => {
    expect(await failureOf(list({ fieldSelector: 'spec.foo=x' }))).toMatchObject({
      code: 400,
      reason: 'BadRequest',
      message: 'field label not supported: spec.foo',
    })
  })

  it('when it is listed in pages, then the pages are of one moment, and tell how many follow', async () => {
    const first = await list({ limit: 2 })
    expect(names(first)).toEqual(['default/a', 'default/b'])
    expect(first.metadata).toMatchObject({ resourceVersion: '6', remainingItemCount: 3 })
    const token = first.metadata.continue ?? ''
    expect(JSON.parse(Buffer.from(token, 'base64url').toString())).toEqual({
      v: 'meta.k8s.io/v1',
      rv: 6,
      start: 'default/b\0',
    })
    await test.pods.delete(test.context, 'default', 'c')
    const rest = await list({ limit: 10, continue: token })
    expect(names(rest)).toEqual(['default/c', 'other/a', 'other/d'])
    expect(rest.metadata).toEqual({ resourceVersion: '6' })
  })

  it('when a selection is listed in pages, then pages are full, and nobody counts the rest', async () => {
    const first = await list({ limit: 2, labelSelector: 'app=x' })
    expect(names(first)).toEqual(['default/a', 'default/c'])
    expect(first.metadata).not.toHaveProperty('remainingItemCount')
    const rest = await list({ limit: 2, labelSelector: 'app=x', continue: first.metadata.continue ?? '' })
    expect(names(rest)).toEqual(['other/a'])
    expect(rest.metadata.continue).toBeUndefined()
  })

  it('when the moment of the pages is forgotten, then 410 gives a token to go on without it', async () => {
    const first = await list({ limit: 2 })
    await test.pods.delete(test.context, 'default', 'c')
    await test.store.compact(await test.store.currentRevision())
    const status = await failureOf(list({ limit: 2, continue: first.metadata.continue ?? '' }))
    expect(status).toMatchObject({ code: 410, reason: 'Expired' })
    expect(status.message).toContain('The provided continue parameter is too old')
    const rest = await list({ continue: status.metadata.continue ?? '' })
    expect(names(rest)).toEqual(['other/a', 'other/d'])
  })

  it.each([
    ['nonsense', 'invalid continue token: continue key is not valid: '],
    [
      Buffer.from('{"v":"v9","rv":1,"start":"a"}').toString('base64url'),
      'does not recognize this encoded version "v9"',
    ],
    [Buffer.from('{"v":"meta.k8s.io/v1","rv":0,"start":"a"}').toString('base64url'), 'incorrect encoded start'],
    [Buffer.from('{"v":"meta.k8s.io/v1","rv":1,"start":"../secrets"}').toString('base64url'), 'not valid: ../secrets'],
  ])('when the token is %j, then 400 says why', async (token, message) => {
    const status = await failureOf(list({ continue: token }))
    expect(status.code).toBe(400)
    expect(status.message).toContain(message)
  })
})

describe('given a resourceVersion', () => {
  it('when exactly that moment is asked for, then it is shown, as long as it is known', async () => {
    await test.pods.delete(test.context, 'default', 'a')
    const past = await list({ resourceVersion: '3', resourceVersionMatch: 'Exact' })
    expect(names(past)).toEqual(['default/a', 'default/b'])
    expect(past.metadata.resourceVersion).toBe('3')
    await test.store.compact(5)
    const gone = list({ resourceVersion: '3', resourceVersionMatch: 'Exact' })
    expect(await failureOf(gone)).toMatchObject({
      code: 410,
      reason: 'Expired',
      message: 'The resourceVersion for the provided list is too old.',
    })
  })

  it('when it is a page’s and nothing else is said, then it is exactly that moment', async () => {
    expect(names(await list({ resourceVersion: '3', limit: 10 }))).toEqual(['default/a', 'default/b'])
  })

  it('when it is yet to come, then the client is asked to try again', async () => {
    const future = failureOf(list({ resourceVersion: '99', resourceVersionMatch: 'NotOlderThan' }))
    await test.clock.advance(10_000)
    expect(await future).toMatchObject({
      code: 504,
      reason: 'Timeout',
      message: 'Timeout: Too large resource version: 99, current: 6',
      details: { retryAfterSeconds: 1 },
    })
  })

  it('when it is no number, then 400 says so', async () => {
    expect(await failureOf(list({ resourceVersion: 'x' }))).toMatchObject({ code: 400, reason: 'BadRequest' })
  })
})
