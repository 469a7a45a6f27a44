import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { aPodObject, newTestStorage, type TestStorage } from '../testing/test-storage.ts'
import type { ObjectWatch, WatchEvent, WatchRequest } from './resource-storage.ts'

let test: TestStorage
beforeEach(async () => {
  test = newTestStorage()
  await test.pods.create(test.context, 'default', aPodObject('a', { labels: { app: 'x' } }))
})
afterEach(async () => {
  await test.dispose()
})

interface Watched {
  watch: ObjectWatch
  events: WatchEvent[]
  isOver: () => boolean
}

async function watch(request: Partial<WatchRequest> = {}): Promise<Watched> {
  const events: WatchEvent[] = []
  let over = false
  const started = await test.pods.watch(
    test.context,
    { namespace: '', ...request },
    { onEvent: (event) => void events.push(event), onEnd: () => void (over = true) },
  )
  await test.clock.advance(0)
  return { watch: started, events, isOver: () => over }
}

async function label(name: string, app: string): Promise<void> {
  await test.pods.update(test.context, 'default', name, (current) => {
    if (current === undefined) throw new Error('gone')
    return { ...current, metadata: { ...current.metadata, labels: { app } } }
  })
  await test.clock.advance(0)
}

const seen = ({ events }: Watched): string[] =>
  events.map(({ type, object }) => `${type} ${object.metadata.resourceVersion}`)

describe('given a watch', () => {
  it('when it begins without a revision, then it tells what is there, and then every change', async () => {
    const watched = await watch()
    await label('a', 'y')
    await test.pods.delete(test.context, 'default', 'a')
    await test.clock.advance(0)
    expect(seen(watched)).toEqual(['ADDED 2', 'MODIFIED 3', 'MODIFIED 4', 'DELETED 5'])
    await watched.watch.dispose()
  })

  it('when it begins at a revision, then it tells what came after', async () => {
    await label('a', 'y')
    const watched = await watch({ resourceVersion: '2' })
    expect(seen(watched)).toEqual(['MODIFIED 3'])
    await watched.watch.dispose()
  })

  it('when objects enter and leave its selection, then they are added and deleted for it', async () => {
    const watched = await watch({ labelSelector: 'app=x' })
    await label('a', 'y')
    await label('a', 'x')
    expect(seen(watched)).toEqual(['ADDED 2', 'DELETED 3', 'ADDED 4'])
    await watched.watch.dispose()
  })

  it('when it asks for the initial events, then a bookmark tells that they are complete', async () => {
    const watched = await watch({ sendInitialEvents: true, allowWatchBookmarks: true })
    expect(seen(watched)).toEqual(['ADDED 2', 'BOOKMARK 2'])
    expect(watched.events[1]?.object).toEqual({
      kind: 'Pod',
      apiVersion: 'v1',
      metadata: {
        resourceVersion: '2',
        creationTimestamp: null,
        annotations: { 'k8s.io/initial-events-end': 'true' },
      },
    })
    await watched.watch.dispose()
  })

  it('when its revision is from before the server began, then its first and last event is the error', async () => {
    await label('a', 'y')
    const { store } = test
    test = newTestStorage({ store })
    const watched = await watch({ resourceVersion: '2' })
    expect(watched.events).toMatchObject([
      { type: 'ERROR', object: { code: 410, reason: 'Expired', message: 'too old resource version: 2 (3)' } },
    ])
    expect(watched.isOver()).toBe(true)
  })
})
