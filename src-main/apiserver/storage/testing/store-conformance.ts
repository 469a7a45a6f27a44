/** What every `Store` has to do: the same cases for etcd and for its twin in memory. */
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import type { Disposable } from '../../../base/disposable.ts'
import { StoreError, type Store, type StoreFault } from '../store.ts'
import { RecordingSink } from './recording-sink.ts'

export interface StoreSubject extends Disposable {
  store: Store
  /** Lets that much of the store's time pass, and what it does meanwhile happen. */
  passTime(milliseconds: number): Promise<void>
}

const STEP_MS = 50
const PATIENCE_MS = 20_000

async function faultOf(call: Promise<unknown>): Promise<StoreFault> {
  const outcome: unknown = await call.then(
    () => 'it succeeded',
    (error: unknown) => error,
  )
  if (outcome instanceof StoreError) return outcome.fault
  throw new Error('No StoreError', { cause: outcome })
}

/** Registers the cases; keys of different cases do not meet. */
export function runStoreConformance(start: () => Promise<StoreSubject>): void {
  let subject: StoreSubject
  let store: Store
  let prefix: string
  let caseNumber = 0
  beforeAll(async () => {
    subject = await start()
    store = subject.store
  })
  beforeEach(() => {
    prefix = `/registry/case${++caseNumber}/`
  })
  afterAll(() => subject.dispose())

  const until = async (holds: () => boolean | Promise<boolean>): Promise<void> => {
    for (let passedMs = 0; !(await holds()); passedMs += STEP_MS) {
      if (passedMs > PATIENCE_MS) throw new Error('Waited in vain')
      await subject.passTime(STEP_MS)
    }
  }
  const createAll = async (...names: string[]): Promise<number[]> => {
    const revisions: number[] = []
    for (const name of names) revisions.push((await store.create(prefix + name, name)).modRevision)
    return revisions
  }
  const names = (entries: readonly { key: string }[]): string[] => entries.map(({ key }) => key.slice(prefix.length))

  it('given nothing, when a key is created, then get answers it with its revision', async () => {
    const before = await store.currentRevision()
    const created = await store.create(`${prefix}web`, '{"a":"ä€😀"}')
    expect(created.modRevision).toBeGreaterThan(before)
    expect(created.createRevision).toBe(created.modRevision)
    const { entry, revision } = await store.get(`${prefix}web`)
    expect(entry).toEqual(created)
    expect(revision).toBe(created.modRevision)
  })

  it('given nothing, when a key is read, then there is no entry but a revision', async () => {
    const { entry, revision } = await store.get(`${prefix}none`)
    expect(entry).toBeUndefined()
    expect(revision).toBe(await store.currentRevision())
  })

  it('given an entry, when it is created again, then `exists` and nothing has changed', async () => {
    const created = await store.create(`${prefix}web`, '1')
    expect(await faultOf(store.create(`${prefix}web`, '2'))).toEqual({ kind: 'exists' })
    expect(await store.get(`${prefix}web`)).toEqual({ entry: created, revision: created.modRevision })
  })

  it('given an entry, when it is updated at its revision, then it keeps its creation and has a new revision', async () => {
    const created = await store.create(`${prefix}web`, '1')
    const updated = await store.update(`${prefix}web`, '2', created.modRevision)
    expect(updated).toEqual({ ...created, value: '2', modRevision: updated.modRevision })
    expect(updated.modRevision).toBeGreaterThan(created.modRevision)
    expect((await store.get(`${prefix}web`)).entry).toEqual(updated)
  })

  it('given an entry that somebody else wrote, when it is updated or deleted at the old revision, then `conflict` tells what is there', async () => {
    const created = await store.create(`${prefix}web`, '1')
    const current = await store.update(`${prefix}web`, '2', created.modRevision)
    const stale = { kind: 'conflict', current }
    expect(await faultOf(store.update(`${prefix}web`, '3', created.modRevision))).toEqual(stale)
    expect(await faultOf(store.delete(`${prefix}web`, created.modRevision))).toEqual(stale)
    expect((await store.get(`${prefix}web`)).entry).toEqual(current)
  })

  it('given a deleted entry, when it is updated or deleted again, then `conflict` tells that nothing is there', async () => {
    const created = await store.create(`${prefix}web`, '1')
    const removal = await store.delete(`${prefix}web`, created.modRevision)
    expect(removal).toBeGreaterThan(created.modRevision)
    const gone = { kind: 'conflict', current: undefined }
    expect(await faultOf(store.update(`${prefix}web`, '2', created.modRevision))).toEqual(gone)
    expect(await faultOf(store.delete(`${prefix}web`, created.modRevision))).toEqual(gone)
    expect(await store.currentRevision()).toBe(removal)
  })

  it('given two writers of one revision, when both update at once, then one wins and the other has a conflict', async () => {
    const { modRevision } = await store.create(`${prefix}web`, '1')
    const outcomes = await Promise.allSettled(
      ['a', 'b'].map((value) => store.update(`${prefix}web`, value, modRevision)),
    )
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
  })

  it('given entries, when they are listed, then they come in the order of their keys and without their neighbours', async () => {
    await createAll('b', 'a', 'c/d', 'c')
    await store.create(`${prefix.slice(0, -1)}-neighbour/x`, 'x')
    const page = await store.list(prefix)
    expect(names(page.entries)).toEqual(['a', 'b', 'c', 'c/d'])
    expect(page.entries.map(({ value }) => value)).toEqual(['a', 'b', 'c', 'c/d'])
    expect(page.remaining).toBe(0)
    expect(page.revision).toBe(await store.currentRevision())
  })

  it('given entries, when they are listed in pages of one revision, then a write between the pages does not show', async () => {
    await createAll('a', 'b', 'c', 'd', 'e')
    const first = await store.list(prefix, { limit: 2 })
    expect([names(first.entries), first.remaining]).toEqual([['a', 'b'], 3])
    await createAll('bb')
    const [last] = first.entries.slice(-1)
    const { revision } = first
    const second = await store.list(prefix, { limit: 2, fromKey: `${last?.key}\0`, revision })
    expect([names(second.entries), second.remaining, second.revision]).toEqual([['c', 'd'], 1, revision])
    const third = await store.list(prefix, { limit: 2, fromKey: `${prefix}d\0`, revision })
    expect([names(third.entries), third.remaining]).toEqual([['e'], 0])
  })

  it('given a page boundary at the last entry, when a page is as long as the list, then nothing remains', async () => {
    await createAll('a', 'b')
    expect(await store.list(prefix, { limit: 2 })).toMatchObject({ remaining: 0 })
  })

  it('given a history, when the past is listed, then it is as it was', async () => {
    const created = await store.create(`${prefix}web`, '1')
    const updated = await store.update(`${prefix}web`, '2', created.modRevision)
    await store.delete(`${prefix}web`, updated.modRevision)
    await createAll('db')
    expect((await store.list(prefix, { revision: created.modRevision })).entries).toEqual([created])
    expect((await store.list(prefix, { revision: updated.modRevision })).entries).toEqual([updated])
    expect(names((await store.list(prefix)).entries)).toEqual(['db'])
  })

  it('given the present, when the future is listed, then `futureRevision` tells where the store is', async () => {
    const currentRevision = await store.currentRevision()
    const fault = await faultOf(store.list(prefix, { revision: currentRevision + 100 }))
    expect(fault).toEqual({ kind: 'futureRevision', currentRevision })
    expect(await faultOf(store.compact(currentRevision + 100))).toEqual(fault)
  })

  it('given a compaction, when what came before is listed, then `compacted` tells from where on there is something', async () => {
    const [before = 0, compactRevision = 0] = await createAll('a', 'b')
    await store.compact(compactRevision)
    expect(await faultOf(store.list(prefix, { revision: before }))).toEqual({ kind: 'compacted', compactRevision })
    expect(names((await store.list(prefix, { revision: compactRevision })).entries)).toEqual(['a', 'b'])
    await store.compact(before)
    expect(names((await store.list(prefix, { revision: compactRevision })).entries)).toEqual(['a', 'b'])
  })

  it('given a watch, when keys are created, updated and deleted, then it hears of each with what stood there before', async () => {
    const sink = new RecordingSink()
    const watch = store.watch(prefix, await store.currentRevision(), sink)
    const key = `${prefix}web`
    const created = await store.create(key, '1')
    const { createRevision } = created
    await store.create(`${prefix.slice(0, -1)}-neighbour/web`, 'x')
    const updated = await store.update(key, '2', created.modRevision)
    const removal = await store.delete(key, updated.modRevision)
    await until(() => sink.events.length >= 3)
    expect(sink.events).toEqual([
      { type: 'put', key, value: '1', createRevision, revision: created.modRevision },
      { type: 'put', key, value: '2', previous: '1', createRevision, revision: updated.modRevision },
      { type: 'delete', key, value: '2', previous: '2', createRevision, revision: removal },
    ])
    await watch.dispose()
  })

  it('given a past, when a watch begins there, then it hears of everything since, and then of what is new', async () => {
    const [a = 0] = await createAll('a', 'b', 'c')
    const sink = new RecordingSink()
    const watch = store.watch(prefix, a, sink)
    await until(() => sink.events.length >= 2)
    await createAll('d')
    await until(() => sink.events.length >= 3)
    expect(sink.story(prefix)).toEqual(['put b=b', 'put c=c', 'put d=d'])
    await watch.dispose()
  })

  it('given a long past, when a watch begins before it, then everything arrives in order and once', async () => {
    const start = await store.currentRevision()
    const large = 'x'.repeat(20_000)
    for (let index = 0; index < 200; index++) await store.create(`${prefix}${index}`, large)
    const sink = new RecordingSink()
    const watch = store.watch(prefix, start, sink)
    await until(() => sink.events.length >= 200)
    expect(names(sink.events)).toEqual(Array.from({ length: 200 }, (_, index) => String(index)))
    expect(sink.events.every(({ value }) => value === large)).toBe(true)
    await watch.dispose()
  })

  it('given the present, when a watch begins in the future, then it ends with `futureRevision`', async () => {
    const currentRevision = await store.currentRevision()
    const sink = new RecordingSink()
    const watch = store.watch(prefix, currentRevision + 2, sink)
    await until(() => sink.ends.length > 0)
    expect(sink.ends.map(({ fault }) => fault)).toEqual([{ kind: 'futureRevision', currentRevision }])
    await watch.dispose()
  })

  it('given a compaction, when a watch begins before it, then it ends with `compacted`', async () => {
    const [a = 0] = await createAll('a', 'b', 'c')
    const compactRevision = await store.currentRevision()
    await store.compact(compactRevision)
    const sink = new RecordingSink()
    const watch = store.watch(prefix, a, sink)
    await until(() => sink.ends.length > 0)
    expect(sink.ends.map(({ fault }) => fault)).toEqual([{ kind: 'compacted', compactRevision }])
    expect(sink.events).toEqual([])
    await watch.dispose()
  })

  it('given a watch that has heard everything, when the store is compacted, then it goes on', async () => {
    const sink = new RecordingSink()
    const watch = store.watch(prefix, await store.currentRevision(), sink)
    await createAll('a', 'b')
    await until(() => sink.events.length >= 2)
    await store.compact(await store.currentRevision())
    await createAll('c')
    await until(() => sink.events.length >= 3)
    expect(sink.ends).toEqual([])
    await watch.dispose()
  })

  it('given writes elsewhere, when progress is asked for, then it is told after all events up to there', async () => {
    const sink = new RecordingSink()
    const watch = store.watch(prefix, await store.currentRevision(), sink)
    await createAll('a')
    await store.create(`${prefix.slice(0, -1)}-neighbour/a`, 'x')
    const revision = await store.currentRevision()
    await until(() => {
      watch.requestProgress()
      return (sink.progress.at(-1) ?? 0) >= revision
    })
    expect(sink.story(prefix)).toEqual(['put a=a'])
    await watch.dispose()
  })

  it('given a disposed watch, when something is written, then it hears nothing', async () => {
    const [silent, heard] = [new RecordingSink(), new RecordingSink()]
    const revision = await store.currentRevision()
    const watch = store.watch(prefix, revision, silent)
    const witness = store.watch(prefix, revision, heard)
    await watch.dispose()
    await createAll('a')
    await until(() => heard.events.length > 0)
    expect([silent.events, silent.ends]).toEqual([[], []])
    await witness.dispose()
  })

  it('given an entry with a time to live, when that has passed, then it is gone and watches were told', async () => {
    const sink = new RecordingSink()
    const watch = store.watch(prefix, await store.currentRevision(), sink)
    await store.create(`${prefix}event`, '1', 2)
    await createAll('stays')
    await until(async () => (await store.get(`${prefix}event`)).entry === undefined)
    await until(() => sink.events.length >= 3)
    expect(sink.story(prefix)).toEqual(['put event=1', 'put stays=stays', 'delete event=1'])
    expect(names((await store.list(prefix)).entries)).toEqual(['stays'])
    await watch.dispose()
  })

  it('given an entry with a time to live, when it is updated without one, then it stays', async () => {
    const created = await store.create(`${prefix}kept`, '1', 2)
    await store.update(`${prefix}kept`, '2', created.modRevision)
    await store.create(`${prefix}witness`, '1', 2)
    await until(async () => (await store.get(`${prefix}witness`)).entry === undefined)
    expect((await store.get(`${prefix}kept`)).entry).toMatchObject({ value: '2' })
  })
}
