import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { UnknownObject } from '../../common/api/api-object.ts'
import { StatusError } from '../../kube/status-error.ts'
import { aPodObject, newTestStorage, requireStorage, type TestStorage } from '../testing/test-storage.ts'

let test: TestStorage
let pod: UnknownObject
beforeEach(async () => {
  test = newTestStorage()
  pod = await test.pods.create(test.context, 'default', aPodObject('web'))
})
afterEach(async () => {
  await test.dispose()
})

/** What a client does that edits what it has read. */
function edited(change: (pod: UnknownObject) => void, base = pod): UnknownObject {
  const copy = structuredClone(base)
  change(copy)
  return copy
}

async function put(object: UnknownObject, subresource = ''): Promise<UnknownObject> {
  const answer = await test.pods.update(test.context, 'default', 'web', () => structuredClone(object), { subresource })
  return answer.object
}

async function failureOf(work: Promise<unknown>): Promise<StatusError['status']> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (error instanceof StatusError) return error.status
  throw new Error('it did not fail as expected', { cause: error })
}

const label = (value: string) => (object: UnknownObject) => void (object.metadata.labels = { a: value })

describe('given an object', () => {
  it('when it is changed from the state that it has, then it is written', async () => {
    const changed = await put(edited(label('1')))
    expect(changed.metadata).toMatchObject({ labels: { a: '1' }, uid: pod.metadata.uid, resourceVersion: '3' })
  })

  it('when it is changed from an older state, then 409 says so; without a state, it is written', async () => {
    await put(edited(label('1')))
    expect(await failureOf(put(edited(label('2'))))).toMatchObject({
      code: 409,
      reason: 'Conflict',
      message:
        'Operation cannot be fulfilled on pods "web": the object has been modified; please apply your changes to the latest version and try again',
    })
    const blind = await put(edited((object) => (label('3')(object), delete object.metadata.resourceVersion)))
    expect(blind.metadata.labels).toEqual({ a: '3' })
  })

  it('when nothing changes, then nothing is written', async () => {
    expect((await put(edited(() => undefined))).metadata.resourceVersion).toBe('2')
    expect(await test.store.currentRevision()).toBe(2)
  })

  it('when the cache has the state that it has, then the store is not read for the update', async () => {
    await test.pods.get(test.context, 'default', 'web', pod.metadata.resourceVersion)
    const reads = vi.spyOn(test.store, 'get')
    await put(edited((object) => (label('1')(object), delete object.metadata.resourceVersion)))
    expect(reads).not.toHaveBeenCalled()
  })

  it('when the cache is behind, then what is computed of its state is neither refused nor taken for the newest', async () => {
    const { store } = test
    vi.spyOn(store, 'watch').mockReturnValue({ requestProgress: () => undefined, dispose: () => undefined })
    const behind = newTestStorage({ store })
    await behind.pods.list(behind.context, { namespace: 'default', resourceVersion: '0' })
    await put(edited(label('1')))
    const seen: (string | undefined)[] = []
    const relabel = (current: UnknownObject | undefined): UnknownObject => {
      const before = current?.metadata.labels?.['a']
      seen.push(before)
      if (current === undefined || before === undefined) throw new Error('it has no label')
      return edited(label('2'), current)
    }
    const { object } = await behind.pods.update(behind.context, 'default', 'web', relabel)
    expect(object.metadata.labels).toEqual({ a: '2' })
    const same = await behind.pods.update(behind.context, 'default', 'web', (current) => current ?? pod)
    expect(same.object.metadata.labels).toEqual({ a: '2' })
    expect(seen).toEqual([undefined, '1'])
  })

  it('when it is another object of that name, or has another name, then it is refused', async () => {
    expect(await failureOf(put(edited((object) => void (object.metadata.uid = 'other'))))).toMatchObject({
      code: 409,
      message: `Operation cannot be fulfilled on pods "web": StorageError: invalid object, Code: 4, Key: /registry/pods/default/web, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: other, UID in object meta: ${pod.metadata.uid}`,
    })
    expect(await failureOf(put(edited((object) => void (object.metadata.name = 'db'))))).toMatchObject({
      code: 400,
      message: 'the name of the object (db) does not match the name on the URL (web)',
    })
  })

  it('when it is put without the times and the uid, then they stay', async () => {
    const changed = await put(
      edited((object) => {
        label('1')(object)
        delete object.metadata.uid
        delete object.metadata.creationTimestamp
      }),
    )
    expect(changed.metadata).toMatchObject({
      uid: pod.metadata.uid,
      creationTimestamp: pod.metadata.creationTimestamp,
    })
  })

  it('when the change is only tried, then it is told and not written', async () => {
    const { object } = await test.pods.update(test.context, 'default', 'web', () => edited(label('1')), {
      dryRun: true,
    })
    expect(object.metadata.labels).toEqual({ a: '1' })
    expect(await test.pods.get(test.context, 'default', 'web')).toEqual(pod)
  })

  it('when somebody writes between reading and writing, then the change is computed again', async () => {
    let runs = 0
    const { object } = await test.pods.update(test.context, 'default', 'web', async (current) => {
      runs++
      if (runs === 1) await put(edited((other) => void (other.metadata.annotations = { by: 'other' })))
      return edited(label('mine'), current)
    })
    expect(runs).toBe(2)
    expect(object.metadata).toMatchObject({ labels: { a: 'mine' }, annotations: { by: 'other' } })
  })

  it('when its status is put, then only the status changes, and the other way round', async () => {
    const both = edited((object) => {
      label('1')(object)
      object['status'] = { ...(object['status'] as object), phase: 'Running' }
    })
    const byStatus = await put(both, 'status')
    expect(byStatus).toMatchObject({ status: { phase: 'Running' } })
    const back = edited((object) => void (object['status'] = { phase: 'Failed' }), byStatus)
    expect(await put(back)).toMatchObject({ status: { phase: 'Running' } })
  })
})

describe('given no object', () => {
  it('when it is updated, then 404 says so, unless the request may create', async () => {
    const { pods, context } = test
    const compute = (): UnknownObject => aPodObject('db')
    expect(await failureOf(pods.update(context, 'default', 'db', compute))).toMatchObject({
      code: 404,
      message: 'pods "db" not found',
    })
    const made = await pods.update(context, 'default', 'db', compute, { createIfMissing: true })
    expect(made).toMatchObject({ created: true, object: { metadata: { name: 'db', namespace: 'default' } } })
  })
})

describe('given kinds that must say which state they mean', () => {
  it('when a lease is put without a resourceVersion, then it is refused or taken as upstream does', async () => {
    const leases = requireStorage(test.registry, 'coordination.k8s.io', 'leases')
    const lease = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { name: 'l' }, spec: {} }
    await leases.create(test.context, 'default', structuredClone(lease))
    const blind = leases.update(test.context, 'default', 'l', () => structuredClone(lease))
    expect(await failureOf(blind)).toMatchObject({
      code: 422,
      message:
        'Lease.coordination.k8s.io "l" is invalid: metadata.resourceVersion: Invalid value: 0: must be specified for an update',
    })
  })
})
