import { describe, expect, it } from 'vitest'
import {
  newOwnershipStory as newStory,
  referenceTo,
  type Made,
} from '../../../tests/support/controllers/ownership-story.ts'
import type { ApiObject } from '../../common/api/api-object.ts'
import { CONFIG_MAPS, LEASES, NODES, PODS, SECRETS } from '../../kube/resources.ts'

const SECOND = 1000

describe('background deletion', () => {
  it('given an owner with dependents and theirs, when it is deleted, then all of them go and nothing else', async () => {
    await using story = newStory()
    const owner = await story.make(CONFIG_MAPS, 'owner')
    const child = await story.make(SECRETS, 'child', { ownerReferences: [referenceTo(owner)] })
    const grandchild = await story.make(PODS, 'grandchild', { ownerReferences: [referenceTo(child)] })
    const bystander = await story.make(CONFIG_MAPS, 'bystander')
    await story.clock.advance(5 * SECOND)
    await story.delete(owner)
    await story.clock.advance(5 * SECOND)
    expect(await story.find(child)).toBeUndefined()
    expect(await story.find(grandchild)).toBeUndefined()
    expect(await story.find(bystander)).toBeDefined()
  })

  it('given two owners, when one is deleted, then the dependent stays and names the other alone', async () => {
    await using story = newStory()
    const one = await story.make(CONFIG_MAPS, 'one')
    const other = await story.make(CONFIG_MAPS, 'other')
    const child = await story.make(SECRETS, 'child', { ownerReferences: [referenceTo(one), referenceTo(other)] })
    await story.clock.advance(SECOND)
    await story.delete(one)
    await story.clock.advance(SECOND)
    expect((await story.find(child))?.ownerReferences).toEqual([referenceTo(other)])
  })

  it('given a node with its lease and a mirror pod, when the node is deleted, then they go', async () => {
    await using story = newStory()
    const node = await story.make(NODES, 'node01')
    const lease = await story.make(LEASES, 'node01', {
      namespace: 'kube-node-lease',
      ownerReferences: [referenceTo(node)],
    })
    const mirror = await story.make(PODS, 'static-node01', {
      ownerReferences: [referenceTo(node, { controller: true })],
    })
    await story.clock.advance(60 * SECOND)
    expect(await story.find(lease)).toBeDefined()
    expect(await story.find(mirror)).toBeDefined()
    await story.delete(node)
    await story.clock.advance(5 * SECOND)
    expect(await story.find(lease)).toBeUndefined()
    expect(await story.find(mirror)).toBeUndefined()
  })

  it('given an owner that was gone before, when a dependent comes, then it goes', async () => {
    await using story = newStory()
    const owner = await story.make(CONFIG_MAPS, 'owner')
    await story.clock.advance(SECOND)
    await story.delete(owner)
    await story.clock.advance(SECOND)
    const late = await story.make(SECRETS, 'late', { ownerReferences: [referenceTo(owner)] })
    await story.clock.advance(SECOND)
    expect(await story.find(late)).toBeUndefined()
  })

  it('given an object that took the name of the owner, then it owns nothing', async () => {
    await using story = newStory()
    const owner = await story.make(CONFIG_MAPS, 'owner')
    const child = await story.make(SECRETS, 'child', { ownerReferences: [referenceTo(owner)] })
    await story.clock.advance(SECOND)
    await story.delete(owner)
    const successor = await story.make(CONFIG_MAPS, 'owner')
    await story.clock.advance(SECOND)
    expect(await story.find(child)).toBeUndefined()
    expect(await story.find(successor)).toBeDefined()
  })

  it('given a dependent with a finalizer of its own, when the owner goes, then it is marked and waits', async () => {
    await using story = newStory()
    const owner = await story.make(CONFIG_MAPS, 'owner')
    const child = await story.make(SECRETS, 'child', {
      finalizers: ['example.com/mine'],
      ownerReferences: [referenceTo(owner)],
    })
    await story.clock.advance(SECOND)
    await story.delete(owner)
    await story.clock.advance(60 * SECOND)
    expect(await story.find(child)).toMatchObject({ finalizers: ['example.com/mine'], deletionGracePeriodSeconds: 0 })
  })
})

describe('foreground deletion', () => {
  const policy = { propagationPolicy: 'Foreground' } as const

  it('given a pod that takes its time, when its owner is deleted, then the owner waits for it, and not for others', async () => {
    await using story = newStory({ stopMs: 10 * SECOND })
    const owner = await story.make(CONFIG_MAPS, 'owner')
    const blocking = referenceTo(owner, { blockOwnerDeletion: true })
    const pod = await story.make(PODS, 'pod', { ownerReferences: [blocking] })
    const free = await story.make(SECRETS, 'free', {
      finalizers: ['example.com/mine'],
      ownerReferences: [referenceTo(owner)],
    })
    await story.clock.advance(5 * SECOND)
    await story.delete(owner, policy)
    await story.clock.advance(5 * SECOND)
    expect(await story.find(owner)).toMatchObject({ finalizers: ['foregroundDeletion'] })
    expect((await story.find(pod))?.deletionTimestamp).toBeDefined()
    await story.clock.advance(10 * SECOND)
    expect(await story.find(pod)).toBeUndefined()
    expect(await story.find(owner)).toBeUndefined()
    expect((await story.find(free))?.deletionTimestamp).toBeDefined()
  })

  it('given three generations, when the first is deleted, then the last goes first', async () => {
    await using story = newStory()
    const ends: string[] = []
    const generations: Made[] = []
    for (const name of ['first', 'second', 'third']) {
      const owner = generations.at(-1)
      const ownerReferences = owner === undefined ? [] : [referenceTo(owner, { blockOwnerDeletion: true })]
      generations.push(await story.make(CONFIG_MAPS, name, { ownerReferences }))
    }
    await story.clock.advance(SECOND)
    const watch = await story.client.watch<ApiObject>(CONFIG_MAPS, { resourceVersion: '0' })
    void (async () => {
      for await (const { type, object } of watch)
        if (type === 'DELETED') ends.push((object as ApiObject).metadata.name ?? '')
    })()
    const [first] = generations
    if (first === undefined) throw new Error('no generation')
    await story.delete(first, policy)
    await story.clock.advance(5 * SECOND)
    expect(ends).toEqual(['third', 'second', 'first'])
    await watch.dispose()
  })

  it('given two that own each other, when one is deleted, then both go', async () => {
    await using story = newStory()
    const one = await story.make(CONFIG_MAPS, 'one')
    const other = await story.make(CONFIG_MAPS, 'other', {
      ownerReferences: [referenceTo(one, { blockOwnerDeletion: true })],
    })
    await story.client.patch(CONFIG_MAPS, { namespace: 'default', name: 'one' }, 'application/merge-patch+json', {
      metadata: { ownerReferences: [referenceTo(other, { blockOwnerDeletion: true })] },
    })
    await story.clock.advance(SECOND)
    await story.delete(one, policy)
    await story.clock.advance(5 * SECOND)
    expect(await story.find(one)).toBeUndefined()
    expect(await story.find(other)).toBeUndefined()
  })

  it('given a dependent with another owner, when one waits for it, then it is released and stays', async () => {
    await using story = newStory()
    const going = await story.make(CONFIG_MAPS, 'going')
    const staying = await story.make(CONFIG_MAPS, 'staying')
    const child = await story.make(SECRETS, 'child', {
      ownerReferences: [referenceTo(going, { blockOwnerDeletion: true }), referenceTo(staying)],
    })
    await story.clock.advance(SECOND)
    await story.delete(going, policy)
    await story.clock.advance(SECOND)
    expect(await story.find(going)).toBeUndefined()
    expect((await story.find(child))?.ownerReferences).toEqual([referenceTo(staying)])
  })
})

describe('orphaning', () => {
  it('given dependents, when their owner is deleted without them, then they stay and name it no more', async () => {
    await using story = newStory()
    const owner = await story.make(CONFIG_MAPS, 'owner')
    const children = []
    for (const name of ['a', 'b', 'c'])
      children.push(await story.make(SECRETS, name, { ownerReferences: [referenceTo(owner, { controller: true })] }))
    await story.clock.advance(SECOND)
    await story.delete(owner, { propagationPolicy: 'Orphan' })
    await story.clock.advance(60 * SECOND)
    expect(await story.find(owner)).toBeUndefined()
    for (const child of children) {
      expect(await story.find(child)).toBeDefined()
      expect((await story.find(child))?.ownerReferences ?? []).toEqual([])
    }
  })
})

describe('references that cannot be', () => {
  it('given an owner of another namespace, then the dependent goes and an event says why', async () => {
    await using story = newStory()
    const owner = await story.make(CONFIG_MAPS, 'owner', { namespace: 'elsewhere' })
    await story.clock.advance(SECOND)
    const child = await story.make(SECRETS, 'child', { ownerReferences: [referenceTo(owner)] })
    await story.clock.advance(SECOND)
    expect(await story.find(child)).toBeUndefined()
    const uid = child.object.metadata.uid ?? ''
    expect(await story.cluster.events()).toEqual([
      `Warning OwnerRefInvalidNamespace ownerRef [v1/Secret, namespace: default, name: child, uid: ${uid}] does not exist in namespace "default" (garbage-collector-controller)`,
    ])
  })

  it('given a dependent without a namespace and an owner with one, then it stays', async () => {
    await using story = newStory()
    const owner = await story.make(CONFIG_MAPS, 'owner')
    const node = await story.make(NODES, 'node01', { ownerReferences: [referenceTo(owner)] })
    await story.clock.advance(SECOND)
    await story.delete(owner)
    await story.clock.advance(60 * SECOND)
    expect(await story.find(node)).toBeDefined()
  })

  it('given an owner of a kind that is not served, then the dependent stays', async () => {
    await using story = newStory()
    const reference = { apiVersion: 'example.com/v1', kind: 'Widget', name: 'one', uid: 'some-uid' }
    const child = await story.make(SECRETS, 'child', { ownerReferences: [reference] })
    await story.clock.advance(3600 * SECOND)
    expect(await story.find(child)).toBeDefined()
  })

  it('given a reference with the right uid and a wrong name, then the dependent goes', async () => {
    await using story = newStory()
    const owner = await story.make(CONFIG_MAPS, 'owner')
    const child = await story.make(SECRETS, 'child', { ownerReferences: [referenceTo(owner, { name: 'other' })] })
    await story.clock.advance(SECOND)
    expect(await story.find(child)).toBeUndefined()
    expect(await story.find(owner)).toBeDefined()
  })
})
