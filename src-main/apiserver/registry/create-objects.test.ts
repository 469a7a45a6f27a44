import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { forbidden, StatusError } from '../../kube/status-error.ts'
import { aPodObject, newTestStorage, requireStorage, type TestStorage } from '../testing/test-storage.ts'

let test: TestStorage
beforeEach(() => {
  test = newTestStorage()
})
afterEach(async () => {
  await test.dispose()
})

async function failureOf(work: Promise<unknown>): Promise<StatusError['status']> {
  try {
    await work
  } catch (error) {
    if (error instanceof StatusError) return error.status
    throw error
  }
  throw new Error('it did not fail')
}

describe('given a new object', () => {
  it('when it is created, then the server fills its metadata, and it is kept under upstream’s key', async () => {
    const { pods, context, store } = test
    const pod = await pods.create(
      context,
      'default',
      aPodObject('web', { uid: 'mine', creationTimestamp: '1999-01-01T00:00:00Z' }),
    )
    expect(pod.metadata).toMatchObject({
      name: 'web',
      namespace: 'default',
      creationTimestamp: '2026-01-01T00:00:00Z',
      resourceVersion: '2',
      generation: 1,
    })
    expect(pod.metadata.uid).toMatch(/^[\da-f-]{36}$/)
    const { entry } = await store.get('/registry/pods/default/web')
    expect(JSON.parse(entry?.value ?? '')).not.toHaveProperty('metadata.resourceVersion')
    expect(await pods.get(context, 'default', 'web')).toEqual(pod)
  })

  it('when the name is taken, then 409 says so', async () => {
    const { pods, context } = test
    await pods.create(context, 'default', aPodObject('web'))
    expect(await failureOf(pods.create(context, 'default', aPodObject('web')))).toMatchObject({
      code: 409,
      reason: 'AlreadyExists',
      message: 'pods "web" already exists',
      details: { name: 'web', kind: 'pods' },
    })
  })

  it('when it names another namespace than the request, or a resourceVersion, then it is refused', async () => {
    const { pods, context } = test
    expect(await failureOf(pods.create(context, 'default', aPodObject('web', { namespace: 'other' })))).toMatchObject({
      code: 400,
      message: 'the namespace of the provided object does not match the namespace sent on the request',
    })
    expect(await failureOf(pods.create(context, 'default', aPodObject('web', { resourceVersion: '1' })))).toMatchObject(
      {
        code: 500,
        message: 'resourceVersion should not be set on objects to be created',
      },
    )
  })

  it('when it is invalid, then 422 names every fault', async () => {
    const { pods, context } = test
    const pod = { ...aPodObject('Web'), spec: { containers: [] } }
    const status = await failureOf(pods.create(context, 'default', pod))
    expect(status).toMatchObject({ code: 422, reason: 'Invalid' })
    expect(status.details?.causes?.map(({ field }) => field)).toEqual(['metadata.name', 'spec.containers'])
  })

  it('when it is only tried, then nothing is kept, and a taken name is still told', async () => {
    const { pods, context, store } = test
    const { resourceVersion } = (await pods.create(context, 'default', aPodObject('web'), { dryRun: true })).metadata
    expect(resourceVersion).toBeUndefined()
    expect((await store.get('/registry/pods/default/web')).entry).toBeUndefined()
    await pods.create(context, 'default', aPodObject('web'))
    const again = pods.create(context, 'default', aPodObject('web'), { dryRun: true })
    expect(await failureOf(again)).toMatchObject({ reason: 'AlreadyExists' })
  })

  it('when it is cluster-scoped, then its key has no namespace', async () => {
    const { registry, context, store } = test
    const nodes = requireStorage(registry, '', 'nodes')
    await nodes.create(context, '', { apiVersion: 'v1', kind: 'Node', metadata: { name: 'node01' } })
    expect((await store.get('/registry/minions/node01')).entry).toBeDefined()
  })
})

describe('given a name that the server is to make', () => {
  it('when it is free, then it is the base and five characters', async () => {
    const { pods, context } = test
    const pod = await pods.create(context, 'default', { ...aPodObject(''), metadata: { generateName: 'web-' } })
    expect(pod.metadata.name).toMatch(/^web-[bcdfghjklmnpqrstvwxz2456789]{5}$/)
  })

  it('when what it makes is taken, then it tries others, and says in the end that it found none', async () => {
    await test.dispose()
    let calls = 0
    test = newTestStorage({ random: () => (calls++ < 15 ? 0 : 0.5) })
    const { pods, context } = test
    const generated = (): Promise<unknown> =>
      pods.create(context, 'default', { ...aPodObject(''), metadata: { generateName: 'web-' } })
    await pods.create(context, 'default', aPodObject('web-bbbbb'))
    expect(await generated()).toMatchObject({ metadata: { name: 'web-rrrrr' } })
    expect(await failureOf(generated())).toMatchObject({
      code: 409,
      reason: 'AlreadyExists',
      message: 'pods "web-rrrrr" already exists, the server was not able to generate a unique name for the object',
    })
  })
})

describe('given admission plugins', () => {
  it('when one changes the object and one refuses it, then all that change come before those that only look', async () => {
    const { pods, context, plugins } = test
    const order: string[] = []
    plugins.push(
      {
        name: 'one',
        async admit({ object, operation }) {
          await Promise.resolve()
          order.push(`admit one ${operation}`)
          if (object !== undefined) object.metadata.labels = { admitted: 'yes' }
        },
        async validate({ object, name }) {
          await Promise.resolve()
          order.push(`validate one ${name} ${object?.metadata.labels?.['admitted']}`)
        },
      },
      {
        name: 'two',
        async admit() {
          await Promise.resolve()
          order.push('admit two')
        },
        async validate() {
          await Promise.resolve()
          throw forbidden({ group: '', resource: 'pods' }, 'web', 'not today')
        },
      },
    )
    expect(await failureOf(pods.create(context, 'default', aPodObject('web')))).toMatchObject({
      code: 403,
      message: 'pods "web" is forbidden: not today',
    })
    expect(order).toEqual(['admit one CREATE', 'admit two', 'validate one web yes'])
  })
})
