import { describe, expect, it } from 'vitest'
import { newOwnershipStory, referenceTo, type Made } from '../../../tests/support/controllers/ownership-story.ts'
import { UnreliableApi } from '../../../tests/support/controllers/unreliable-api.ts'
import type { Clock } from '../../base/clock.ts'
import type { ApiClient } from '../../kube/api-client.ts'
import { CONFIG_MAPS, LEASES, NODES, PODS, SECRETS } from '../../kube/resources.ts'

const SECOND = 1000
const STRATEGIC = 'application/strategic-merge-patch+json'

function newStoryWithFaults() {
  const api = new UnreliableApi()
  const story = newOwnershipStory({ through: (client, clock) => api.through(client, clock) })
  return { ...story, api, [Symbol.asyncDispose]: () => story[Symbol.asyncDispose]() }
}

describe('a watch over owners that is behind', () => {
  it('given an owner that it does not show yet, then the dependent stays, and goes with the owner later', async () => {
    await using story = newStoryWithFaults()
    await story.clock.advance(SECOND)
    story.api.hold(NODES)
    const node = await story.make(NODES, 'node01')
    const mirror = await story.make(PODS, 'static-node01', { ownerReferences: [referenceTo(node)] })
    await story.clock.advance(600 * SECOND)
    expect(await story.find(mirror)).toBeDefined()
    story.api.releaseAll()
    await story.clock.advance(SECOND)
    await story.delete(node)
    await story.clock.advance(5 * SECOND)
    expect(await story.find(mirror)).toBeUndefined()
  })

  it('given an owner that came and went without its seeing it, when it lists again, then the dependent goes', async () => {
    await using story = newStoryWithFaults()
    await story.clock.advance(SECOND)
    story.api.hold(CONFIG_MAPS)
    const owner = await story.make(CONFIG_MAPS, 'owner')
    const child = await story.make(SECRETS, 'child', { ownerReferences: [referenceTo(owner)] })
    await story.clock.advance(SECOND)
    await story.delete(owner)
    await story.clock.advance(SECOND)
    expect(await story.find(child)).toBeDefined()
    story.api.forgetWatches()
    story.api.releaseAll()
    await story.clock.advance(10 * SECOND)
    expect(await story.find(child)).toBeUndefined()
  })

  it('given a start at which owners are read last, then nothing is asked for meanwhile, and nothing afterwards', async () => {
    await using story = newStoryWithFaults()
    story.api.hold(NODES)
    const node = await story.make(NODES, 'node01')
    await story.make(PODS, 'static-node01', { ownerReferences: [referenceTo(node)] })
    await story.clock.advance(60 * SECOND)
    story.api.releaseAll()
    await story.clock.advance(60 * SECOND)
    expect(story.api.requests.filter((request) => !/^(LIST|WATCH)/.test(request))).toEqual([])
  })
})

describe('somebody who is faster than the collector', () => {
  /** A story in which `act` happens just before the first deletion that the collector sends. */
  function newStoryWithRace(act: (story: ReturnType<typeof newOwnershipStory>) => Promise<void>) {
    let happens: Promise<void> | undefined
    const through = (client: ApiClient, _clock: Clock): ApiClient => ({
      ...client,
      async delete(...request) {
        await (happens ??= act(story))
        await client.delete(...request)
      },
    })
    const story = newOwnershipStory({ through })
    return story
  }

  it('given a dependent that is adopted, then it stays', async () => {
    const adopters: Made[] = []
    await using story = newStoryWithRace(async ({ client }) => {
      const patch = { metadata: { ownerReferences: adopters.map((adopter) => referenceTo(adopter)) } }
      await client.patch(SECRETS, { namespace: 'default', name: 'child' }, STRATEGIC, patch)
    })
    const adopter = await story.make(CONFIG_MAPS, 'adopter')
    adopters.push(adopter)
    const owner = await story.make(CONFIG_MAPS, 'owner')
    const child = await story.make(SECRETS, 'child', { ownerReferences: [referenceTo(owner)] })
    await story.clock.advance(SECOND)
    await story.delete(owner)
    await story.clock.advance(5 * SECOND)
    expect((await story.find(child))?.ownerReferences).toEqual([referenceTo(adopter)])
  })

  it('given a pod that is adopted in its grace, then it goes all the same, and its adopter stays', async () => {
    await using story = newStoryWithFaults()
    const adopter = await story.make(CONFIG_MAPS, 'adopter')
    const owner = await story.make(CONFIG_MAPS, 'owner')
    const child = await story.make(PODS, 'child', { ownerReferences: [referenceTo(owner)] })
    await story.clock.advance(SECOND)
    await story.delete(owner)
    await story.clock.advance(0)
    expect((await story.find(child))?.deletionTimestamp).toBeDefined()
    const patch = { metadata: { ownerReferences: [referenceTo(adopter)] } }
    await story.client.patch(PODS, { namespace: 'default', name: 'child' }, STRATEGIC, patch)
    await story.clock.advance(60 * SECOND)
    expect(await story.find(child)).toBeUndefined()
    expect(await story.find(adopter)).toBeDefined()
  })

  it('given a dependent that changes and keeps its owners, then it goes', async () => {
    await using story = newStoryWithRace(async ({ client }) => {
      const patch = { metadata: { labels: { changed: 'yes' } } }
      await client.patch(SECRETS, { namespace: 'default', name: 'child' }, STRATEGIC, patch)
    })
    const owner = await story.make(CONFIG_MAPS, 'owner')
    const child = await story.make(SECRETS, 'child', { ownerReferences: [referenceTo(owner)] })
    await story.clock.advance(SECOND)
    await story.delete(owner)
    await story.clock.advance(SECOND)
    expect(await story.find(child)).toBeUndefined()
  })

  it('given a dependent that is deleted without its own dependents, then these stay', async () => {
    await using story = newStoryWithRace(({ client }) =>
      client.delete(SECRETS, { namespace: 'default', name: 'child' }, { propagationPolicy: 'Orphan' }),
    )
    const owner = await story.make(CONFIG_MAPS, 'owner')
    const child = await story.make(SECRETS, 'child', { ownerReferences: [referenceTo(owner)] })
    const grandchild = await story.make(PODS, 'grandchild', { ownerReferences: [referenceTo(child)] })
    await story.clock.advance(SECOND)
    await story.delete(owner)
    await story.clock.advance(60 * SECOND)
    expect(await story.find(child)).toBeUndefined()
    expect(await story.find(grandchild)).toBeDefined()
  })
})

describe('what the collector costs', () => {
  it('given statuses and leases that change all the time, then no request comes of it', async () => {
    await using story = newStoryWithFaults()
    const node = await story.make(NODES, 'node01')
    const ownerReferences = [referenceTo(node)]
    await story.make(LEASES, 'node01', { namespace: 'kube-node-lease', ownerReferences })
    await story.make(PODS, 'static-node01', { ownerReferences })
    await story.clock.advance(10 * SECOND)
    const before = story.api.requests.length
    for (let second = 0; second < 60; second++) {
      const renewTime = new Date(story.clock.now()).toISOString().replace('Z', '000Z')
      await story.client.patch(LEASES, { namespace: 'kube-node-lease', name: 'node01' }, STRATEGIC, {
        spec: { renewTime },
      })
      const status = { message: `it is ${second}` }
      await story.client.patch(
        PODS,
        { namespace: 'default', name: 'static-node01', subresource: 'status' },
        STRATEGIC,
        { status },
      )
      await story.clock.advance(SECOND)
    }
    expect(story.api.requests.slice(before)).toEqual([])
  })

  it('given many dependents of an owner that goes, then the owner is asked for once at most', async () => {
    await using story = newStoryWithFaults()
    const owner = await story.make(CONFIG_MAPS, 'owner')
    for (let number = 0; number < 50; number++)
      await story.make(SECRETS, `child-${number}`, { ownerReferences: [referenceTo(owner)] })
    await story.clock.advance(SECOND)
    const before = story.api.requests.length
    await story.delete(owner)
    await story.clock.advance(10 * SECOND)
    const asked = story.api.requests.slice(before)
    expect(asked.filter((request) => request === 'DELETE secrets')).toHaveLength(50)
    expect(asked.filter((request) => request === 'GET configmaps').length).toBeLessThanOrEqual(1)
  })

  it('given all kinds of the server, then events are not among those that it follows', async () => {
    await using story = newStoryWithFaults()
    await story.clock.advance(SECOND)
    const followed = story.api.requests.filter((request) => request.startsWith('WATCH'))
    expect(followed).toContain('WATCH rolebindings.rbac.authorization.k8s.io')
    expect(followed.filter((request) => request.includes('events'))).toEqual([])
    expect(new Set(followed).size).toBe(followed.length)
  })
})
