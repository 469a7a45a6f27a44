/** The watch cache over the store in memory, on a clock that moves only when told to. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { silentLogger } from '../../../base/logger.ts'
import { FakeClock, settle } from '../../../base/testing/fake-clock.ts'
import type { UnknownObject } from '../../../common/api/api-object.ts'
import { StatusError } from '../../../kube/status-error.ts'
import { MemoryStore } from '../memory/memory-store.ts'
import { StoreError, type Store, type StoreWatch, type WatchSink } from '../store.ts'
import type { CacheWatch, CacheWatchEnd, CacheWatchEvent, CacheWatchRequest, CacheWatchSink } from './cache-watch.ts'
import { WatchCache } from './watch-cache.ts'

const PREFIX = '/registry/pods/'
const DEFAULT = `${PREFIX}default/`

class Receiver implements CacheWatchSink<UnknownObject> {
  readonly events: CacheWatchEvent<UnknownObject>[] = []
  next: CacheWatchEnd | undefined
  /** How many it takes before it has enough. */
  appetite = Infinity

  onEvent(event: CacheWatchEvent<UnknownObject>): boolean {
    this.events.push(event)
    return this.events.length < this.appetite
  }

  onEnd(next: CacheWatchEnd): void {
    this.next = next
  }

  get ended(): boolean {
    return this.next !== undefined
  }

  /** `ADDED web blue @3`: name, colour and resourceVersion; bookmarks without name. */
  get story(): string[] {
    return this.events.map((event) => {
      if (event.type === 'BOOKMARK') return `BOOKMARK @${event.revision}${event.initialEventsEnd ? ' end' : ''}`
      const { metadata, colour } = event.object
      return `${event.type} ${metadata.name} ${String(colour)} @${metadata.resourceVersion}`
    })
  }
}

/** Its watches end when told to, as those of a store that goes away. */
class BreakableStore extends MemoryStore {
  readonly #sinks = new Map<WatchSink, StoreWatch>()

  override watch(prefix: string, afterRevision: number, sink: WatchSink): StoreWatch {
    const watch = super.watch(prefix, afterRevision, sink)
    this.#sinks.set(sink, watch)
    return watch
  }

  breakWatches(error: StoreError): void {
    for (const [sink, watch] of this.#sinks) {
      this.#sinks.delete(sink)
      void watch.dispose()
      sink.onEnd(error)
    }
  }
}

describe('the watch cache', () => {
  let clock: FakeClock
  let store: BreakableStore
  let cache: WatchCache<UnknownObject>

  const decode = (value: string, revision: number): UnknownObject => {
    const object = JSON.parse(value) as UnknownObject
    return { ...object, metadata: { ...object.metadata, resourceVersion: String(revision) } }
  }
  const newCache = (over: Store): WatchCache<UnknownObject> =>
    new WatchCache({ store: over, prefix: PREFIX, decode, clock, logger: silentLogger })
  const pod = (name: string, colour: string): string => JSON.stringify({ metadata: { name }, colour })
  const create = async (name: string, colour = 'blue', namespace = 'default'): Promise<number> =>
    (await store.create(`${PREFIX}${namespace}/${name}`, pod(name, colour))).modRevision
  const paint = async (name: string, colour: string): Promise<number> => {
    const { entry } = await store.get(DEFAULT + name)
    return (await store.update(DEFAULT + name, pod(name, colour), entry?.modRevision ?? 0)).modRevision
  }
  const remove = async (name: string): Promise<number> => {
    const { entry } = await store.get(DEFAULT + name)
    return store.delete(DEFAULT + name, entry?.modRevision ?? 0)
  }
  const watch = async (
    request: Partial<CacheWatchRequest<UnknownObject>>,
    receiver = new Receiver(),
  ): Promise<{ receiver: Receiver; watch: CacheWatch }> => {
    const start = { kind: 'initialEvents', freshness: { kind: 'any' }, announceEnd: false } as const
    const begun = await cache.watch({ prefix: PREFIX, start, ...request }, receiver)
    begun.resume()
    return { receiver, watch: begun }
  }
  const names = (objects: readonly UnknownObject[]): (string | undefined)[] =>
    objects.map(({ metadata }) => metadata.name)
  const statusOf = async (call: Promise<unknown>): Promise<StatusError['status']> => {
    const outcome: unknown = await call.then(
      () => 'it succeeded',
      (error: unknown) => error,
    )
    if (outcome instanceof StatusError) return outcome.status
    throw new Error('No StatusError', { cause: outcome })
  }

  beforeEach(async () => {
    clock = new FakeClock()
    store = new BreakableStore({ clock })
    cache = newCache(store)
    await settle()
  })
  afterEach(async () => {
    await cache.dispose()
    store.dispose()
    expect(clock.pendingTimers).toBe(0)
  })

  describe('lists', () => {
    it('given pods in namespaces, when one is listed, then its pods come in order and with their revisions', async () => {
      await create('b')
      const revision = await create('a')
      await create('other', 'red', 'kube-system')
      const list = await cache.list(DEFAULT, { kind: 'mostRecent' })
      expect(names(list.objects)).toEqual(['a', 'b'])
      expect(list.objects[0]?.metadata.resourceVersion).toBe(String(revision))
      expect(list.revision).toBe(await store.currentRevision())
      expect((await cache.get(`${DEFAULT}a`, { kind: 'any' })).object).toBe(list.objects[0])
    })

    it('given a write of another resource only, when the most recent is asked for, then the answer is at that revision', async () => {
      const { modRevision } = await store.create('/registry/nodes/n', '{}')
      expect((await cache.list(PREFIX, { kind: 'mostRecent' })).revision).toBe(modRevision)
    })

    it('given a revision that is yet to come, when it comes within three seconds, then the list has waited for it', async () => {
      const revision = (await store.currentRevision()) + 1
      const list = cache.list(PREFIX, { kind: 'notOlderThan', revision })
      await clock.advance(2900)
      await create('late')
      expect(names((await list).objects)).toEqual(['late'])
    })

    it('given a revision that does not come, when three seconds have passed, then the list fails as upstream', async () => {
      const list = statusOf(cache.list(PREFIX, { kind: 'notOlderThan', revision: 1000 }))
      await clock.advance(3000)
      expect(await list).toMatchObject({
        code: 504,
        reason: 'Timeout',
        message: 'Timeout: Too large resource version: 1000, current: 1',
        details: {
          causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
          retryAfterSeconds: 1,
        },
      })
    })

    it('given a revision that the store has not reached, when a watch begins after it, then it is told so at once', async () => {
      expect(await statusOf(watch({ start: { kind: 'after', revision: 1000 } }))).toMatchObject({
        code: 504,
        message: 'Timeout: Too large resource version: 1000, current: 1',
      })
    })

    it('given an object of the cache, when somebody changes it, then that fails', async () => {
      await create('a')
      const { objects } = await cache.list(PREFIX, { kind: 'mostRecent' })
      expect(() => Object.assign(objects[0]?.metadata ?? {}, { name: 'b' })).toThrow(TypeError)
    })

    it('given 1,200 pods that were there before, when a cache begins, then it has all of them', async () => {
      for (let index = 0; index < 1200; index++) await create(`p${index}`)
      const late = newCache(store)
      expect((await late.list(PREFIX, { kind: 'mostRecent' })).objects).toHaveLength(1200)
      await late.dispose()
    })

    it('given an entry that cannot be read, when the rest is listed, then it is there', async () => {
      await store.create(`${DEFAULT}broken`, '{')
      await create('web')
      expect(names((await cache.list(PREFIX, { kind: 'mostRecent' })).objects)).toEqual(['web'])
    })
  })

  describe('watches', () => {
    it('given pods, when a watch begins with what is there, then ADDED for each and then the changes', async () => {
      await create('a')
      await create('b')
      const { receiver } = await watch({
        start: { kind: 'initialEvents', freshness: { kind: 'mostRecent' }, announceEnd: false },
      })
      await paint('a', 'red')
      await remove('b')
      await settle()
      expect(receiver.story).toEqual(['ADDED a blue @2', 'ADDED b blue @3', 'MODIFIED a red @4', 'DELETED b blue @5'])
    })

    it('given sendInitialEvents, when all were told, then a bookmark says so at the revision of the list', async () => {
      await create('a')
      const start = { kind: 'initialEvents', freshness: { kind: 'mostRecent' }, announceEnd: true } as const
      const { receiver } = await watch({ start })
      await create('b')
      await settle()
      expect(receiver.story).toEqual(['ADDED a blue @2', 'BOOKMARK @2 end', 'ADDED b blue @3'])
    })

    it('given a revision of the past, when a watch begins there, then it tells what was missed, once', async () => {
      const revision = await create('a')
      await create('b')
      await settle()
      const { receiver } = await watch({ start: { kind: 'after', revision } })
      await create('c')
      await settle()
      expect(receiver.story).toEqual(['ADDED b blue @3', 'ADDED c blue @4'])
    })

    it('given a revision that the cache has yet to hear of, when a watch begins there, then what came before is not told', async () => {
      const written = create('a')
      const { receiver } = await watch({ start: { kind: 'after', revision: 2 } })
      await written
      await create('b')
      await settle()
      expect(receiver.story).toEqual(['ADDED b blue @3'])
    })

    it('given nothing of what is there is wanted, when a watch begins now, then only changes come', async () => {
      await create('a')
      const { receiver } = await watch({ start: { kind: 'now', freshness: { kind: 'mostRecent' } } })
      await create('b')
      await settle()
      expect(receiver.story).toEqual(['ADDED b blue @3'])
    })

    it('given a selector, when an object begins, goes on and ceases to match, then ADDED, MODIFIED and DELETED with the last match', async () => {
      const { receiver } = await watch({ select: ({ colour }) => colour !== 'blue' })
      await create('a', 'blue')
      await paint('a', 'red')
      await paint('a', 'green')
      await paint('a', 'blue')
      await remove('a')
      await settle()
      expect(receiver.story).toEqual(['ADDED a red @3', 'MODIFIED a green @4', 'DELETED a green @5'])
    })

    it('given a watch of one namespace, when another has changes, then they are not told', async () => {
      const { receiver } = await watch({ prefix: DEFAULT })
      await create('a', 'blue', 'kube-system')
      await create('a')
      await settle()
      expect(receiver.story).toEqual(['ADDED a blue @3'])
    })

    it('given more than 100 changes and more than 75 seconds, when a watch begins before them, then 410 Expired with both revisions', async () => {
      const revision = await create('first')
      for (let index = 0; index < 150; index++) await create(`p${index}`)
      await settle()
      const { receiver } = await watch({ start: { kind: 'after', revision } })
      expect(receiver.events).toHaveLength(150)
      await clock.advance(76_000)
      const oldest = await create('last')
      await settle()
      expect(await statusOf(watch({ start: { kind: 'after', revision } }))).toMatchObject({
        code: 410,
        reason: 'Expired',
        message: `too old resource version: ${revision} (${oldest - 100})`,
      })
      const { receiver: lucky } = await watch({ start: { kind: 'after', revision: oldest - 100 } })
      expect(lucky.events).toHaveLength(100)
    })

    it('given a receiver that has enough, when it resumes, then it goes on where it was', async () => {
      for (const name of ['a', 'b', 'c']) await create(name)
      await settle()
      const receiver = new Receiver()
      receiver.appetite = 2
      const { watch: paused } = await watch({}, receiver)
      await create('d')
      await settle()
      expect(receiver.story).toEqual(['ADDED a blue @2', 'ADDED b blue @3'])
      receiver.appetite = Infinity
      paused.resume()
      expect(receiver.story.slice(2)).toEqual(['ADDED c blue @4', 'ADDED d blue @5'])
    })

    it('given a receiver that takes nothing, when more than 1,000 changes wait, then its watch ends and others go on', async () => {
      const slow = new Receiver()
      slow.appetite = 0
      await watch({}, slow)
      const { receiver } = await watch({})
      for (let index = 0; index < 1000; index++) await create(`p${index}`)
      await settle()
      expect(slow.ended).toBe(false)
      for (let index = 1000; index < 1002; index++) await create(`p${index}`)
      await settle()
      expect([slow.ended, slow.events.length]).toEqual([true, 1])
      expect([receiver.ended, receiver.events.length]).toEqual([false, 1002])
    })

    it('given watches, when an older state of the store was restored, then they are told to list again; when only the store’s watch broke, to go on', async () => {
      await create('kept')
      const { receiver } = await watch({})
      store.breakWatches(new StoreError({ kind: 'unavailable', message: 'gone' }))
      await clock.advance(1000)
      expect(receiver.next).toBe('goOn')
      const { receiver: later } = await watch({})
      store.breakWatches(new StoreError({ kind: 'futureRevision', currentRevision: 1 }))
      await clock.advance(1000)
      expect(later.next).toBe('listAgain')
      const { receiver: after } = await watch({})
      await create('new')
      await settle()
      expect([after.ended, after.story]).toEqual([false, ['ADDED kept blue @2', 'ADDED new blue @3']])
    })

    it('given a disposed watch, when something changes, then it hears nothing, not even an end', async () => {
      const { receiver, watch: begun } = await watch({})
      await begun.dispose()
      await create('a')
      await cache.dispose()
      expect([receiver.events, receiver.ended]).toEqual([[], false])
    })
  })

  describe('bookmarks', () => {
    it('given a quiet watch with bookmarks, when minutes pass, then each has one with the newest revision', async () => {
      await create('a')
      const { receiver, watch: begun } = await watch({ bookmarks: true, prefix: `${PREFIX}quiet/` })
      await clock.advance(60_000)
      await create('b')
      await clock.advance(60_000)
      expect(receiver.story).toEqual(['BOOKMARK @2', 'BOOKMARK @3'])
      await begun.dispose()
    })

    it('given a deadline, when it is two seconds away, then the last bookmark comes', async () => {
      const { receiver } = await watch({ bookmarks: true, deadlineMs: clock.now() + 90_000 })
      await clock.advance(60_000)
      expect(receiver.story).toHaveLength(1)
      await clock.advance(27_900)
      expect(receiver.story).toHaveLength(1)
      await clock.advance(30_000)
      expect(receiver.story).toHaveLength(2)
    })

    it('given a watch without bookmarks, when minutes pass, then it is quiet', async () => {
      const { receiver } = await watch({})
      await clock.advance(600_000)
      expect(receiver.events).toEqual([])
    })
  })
})
