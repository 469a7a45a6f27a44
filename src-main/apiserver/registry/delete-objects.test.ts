import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { UnknownObject } from '../../common/api/api-object.ts'
import { StatusError } from '../../kube/status-error.ts'
import { aPodObject, newTestStorage, requireStorage, type TestStorage } from '../testing/test-storage.ts'
import type { DeleteRequest, ResourceStorage } from './resource-storage.ts'

let test: TestStorage
beforeEach(() => {
  test = newTestStorage()
})
afterEach(async () => {
  await test.dispose()
})

/** A pod on a node ends gracefully. */
async function aScheduledPod(metadata: Partial<UnknownObject['metadata']> = {}): Promise<UnknownObject> {
  const pod = aPodObject('web', metadata)
  pod['spec'] = { ...(pod['spec'] as object), nodeName: 'node01' }
  return await test.pods.create(test.context, 'default', pod)
}

const remove = (
  request: DeleteRequest = {},
  storage: ResourceStorage = test.pods,
): Promise<{ object: UnknownObject; deleted: boolean }> => storage.delete(test.context, 'default', 'web', request)

const isThere = async (storage: ResourceStorage = test.pods): Promise<boolean> =>
  await storage.get(test.context, 'default', 'web').then(
    () => true,
    () => false,
  )

async function failureOf(work: Promise<unknown>): Promise<StatusError['status']> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (error instanceof StatusError) return error.status
  throw new Error('it did not fail as expected', { cause: error })
}

describe('given a pod on a node', () => {
  it('when it is deleted, then it is marked with its grace and stays', async () => {
    await aScheduledPod()
    const { object, deleted } = await remove()
    expect(deleted).toBe(false)
    expect(object.metadata).toMatchObject({
      deletionTimestamp: '2026-01-01T00:00:30Z',
      deletionGracePeriodSeconds: 30,
      generation: 2,
    })
    expect(await isThere()).toBe(true)
  })

  it('when it is deleted again, then its grace can only become shorter', async () => {
    await aScheduledPod()
    await remove()
    await test.clock.advance(2000)
    const longer = await remove({ gracePeriodSeconds: 60 })
    expect(longer.object.metadata.deletionTimestamp).toBe('2026-01-01T00:00:30Z')
    const shorter = await remove({ gracePeriodSeconds: 10 })
    expect(shorter.object.metadata).toMatchObject({
      deletionTimestamp: '2026-01-01T00:00:10Z',
      deletionGracePeriodSeconds: 10,
      generation: 2,
    })
    expect((await remove({ gracePeriodSeconds: 0 })).deleted).toBe(true)
    expect(await isThere()).toBe(false)
  })

  it('when it is deleted without grace, then watchers see the mark and the end', async () => {
    await aScheduledPod()
    const events: string[] = []
    const watch = await test.pods.watch(
      test.context,
      { namespace: 'default' },
      { onEvent: (event) => void events.push(event.type), onEnd: () => undefined },
    )
    await remove({ gracePeriodSeconds: 0 })
    await test.clock.advance(0)
    expect(events).toEqual(['ADDED', 'MODIFIED', 'DELETED'])
    await watch.dispose()
  })

  it('when the grace is negative, then it is one second', async () => {
    await aScheduledPod()
    expect((await remove({ gracePeriodSeconds: -5 })).object.metadata.deletionGracePeriodSeconds).toBe(1)
  })

  it('when another object or another state is meant, then 409 says so', async () => {
    const { metadata } = await aScheduledPod()
    expect(await failureOf(remove({ preconditions: { uid: 'other' } }))).toMatchObject({
      code: 409,
      message: `Operation cannot be fulfilled on Pod "web": the UID in the precondition (other) does not match the UID in record (${metadata.uid}). The object might have been deleted and then recreated`,
    })
    expect(await failureOf(remove({ preconditions: { resourceVersion: '1' } }))).toMatchObject({
      code: 409,
      message:
        'Operation cannot be fulfilled on Pod "web": the ResourceVersion in the precondition (1) does not match the ResourceVersion in record (2). The object might have been modified',
    })
    expect(await isThere()).toBe(true)
  })

  it('when the deletion is only tried, then nothing happens', async () => {
    await aScheduledPod()
    await remove({ dryRun: true, gracePeriodSeconds: 0 })
    expect((await test.pods.get(test.context, 'default', 'web')).metadata.deletionTimestamp).toBeUndefined()
  })

  it('when its finalizer keeps it beyond its grace, then it goes with the update that removes the finalizer', async () => {
    await aScheduledPod({ finalizers: ['example.com/keep'] })
    expect((await remove({ gracePeriodSeconds: 0 })).deleted).toBe(false)
    await test.pods.update(test.context, 'default', 'web', (current) => {
      if (current === undefined) throw new Error('gone')
      delete current.metadata.finalizers
      return current
    })
    expect(await isThere()).toBe(false)
  })

  it('when it is being deleted, then no finalizer can be added', async () => {
    await aScheduledPod()
    await remove()
    const adding = test.pods.update(test.context, 'default', 'web', (current) => {
      if (current === undefined) throw new Error('gone')
      return { ...current, metadata: { ...current.metadata, finalizers: ['example.com/late'] } }
    })
    expect((await failureOf(adding)).message).toContain(
      'metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted',
    )
  })
})

describe('given a pod without a node', () => {
  it('when it is deleted, then it is gone at once', async () => {
    await test.pods.create(test.context, 'default', aPodObject('web'))
    expect((await remove()).deleted).toBe(true)
    expect(await isThere()).toBe(false)
  })
})

describe('given an object without grace', () => {
  const aConfigMap = (): UnknownObject => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'web' } })

  it.each([
    ['Foreground', 'foregroundDeletion'],
    ['Orphan', 'orphan'],
  ] as const)('when the policy is %s, then the finalizer %s keeps it', async (propagationPolicy, finalizer) => {
    const maps = requireStorage(test.registry, '', 'configmaps')
    await maps.create(test.context, 'default', aConfigMap())
    const { object, deleted } = await remove({ propagationPolicy }, maps)
    expect(deleted).toBe(false)
    expect(object.metadata).toMatchObject({ finalizers: [finalizer], deletionGracePeriodSeconds: 0 })
    expect((await remove({ propagationPolicy: 'Background' }, maps)).deleted).toBe(true)
    expect(await isThere(maps)).toBe(false)
  })

  it('when it waits already and is deleted again without a policy, then it waits for the same, in the same order', async () => {
    const maps = requireStorage(test.registry, '', 'configmaps')
    const finalizers = ['foregroundDeletion', 'example.com/mine']
    const map = aConfigMap()
    await maps.create(test.context, 'default', { ...map, metadata: { ...map.metadata, finalizers } })
    await remove({}, maps)
    const { object, deleted } = await remove({}, maps)
    expect(deleted).toBe(false)
    expect(object.metadata.finalizers).toEqual(finalizers)
    const other = await remove({ propagationPolicy: 'Orphan' }, maps)
    expect(other.object.metadata.finalizers).toEqual(['example.com/mine', 'orphan'])
  })

  it('when both of the finalizers for dependents are set, then it is refused', async () => {
    const maps = requireStorage(test.registry, '', 'configmaps')
    const map = aConfigMap()
    map.metadata.finalizers = ['orphan', 'foregroundDeletion']
    const failure = await failureOf(maps.create(test.context, 'default', map))
    expect(failure.message).toContain('finalizer orphan and foregroundDeletion cannot be both set')
  })
})

describe('given an event, which can have no dependents', () => {
  it.each(['Foreground', 'Orphan'] as const)('when the policy is %s, then it is gone at once', async (policy) => {
    const events = requireStorage(test.registry, '', 'events')
    const involvedObject = { kind: 'Pod', namespace: 'default', name: 'web' }
    const event = { apiVersion: 'v1', kind: 'Event', metadata: { name: 'web' }, involvedObject }
    await events.create(test.context, 'default', event)
    expect((await remove({ propagationPolicy: policy }, events)).deleted).toBe(true)
  })
})

describe('given a namespace', () => {
  it('when it is deleted, then it is Terminating until its content is finalized', async () => {
    const namespaces = requireStorage(test.registry, '', 'namespaces')
    const { context } = test
    await namespaces.create(context, '', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'team' } })
    const { object, deleted } = await namespaces.delete(context, '', 'team')
    expect(deleted).toBe(false)
    expect(object).toMatchObject({ status: { phase: 'Terminating' } })
    expect(object.metadata).not.toHaveProperty('deletionGracePeriodSeconds')
    await namespaces.update(context, '', 'team', (current) => ({ ...(current ?? object), spec: { finalizers: [] } }), {
      subresource: 'finalize',
    })
    await expect(namespaces.get(context, '', 'team')).rejects.toThrow('namespaces "team" not found')
  })
})

describe('given several objects', () => {
  it('when a collection is deleted by a selector, then the others stay', async () => {
    const { pods, context } = test
    for (const [name, app] of [
      ['a', 'x'],
      ['b', 'x'],
      ['c', 'y'],
    ] as const)
      await pods.create(context, 'default', aPodObject(name, { labels: { app } }))
    const deleted = await pods.deleteCollection(context, { namespace: 'default', labelSelector: 'app=x' })
    expect(deleted.items.map(({ metadata }) => metadata.name)).toEqual(['a', 'b'])
    const { items } = await pods.list(context, { namespace: 'default' })
    expect(items.map(({ metadata }) => metadata.name)).toEqual(['c'])
  })
})
