import { describe, expect, it } from 'vitest'
import { silentLogger } from '../base/logger.ts'
import { FakeClock, settle } from '../base/testing/fake-clock.ts'
import type { ApiObject, GroupVersionResource } from '../common/api/api-object.ts'
import { Informer } from './informer.ts'
import { MemoryApi } from './testing/memory-api.ts'

const CONFIGMAPS: GroupVersionResource = { group: '', version: 'v1', resource: 'configmaps' }

function named(name: string): ApiObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'default' } }
}

/** An informer that writes down what it is told. */
function follow(resyncMs?: number) {
  const clock = new FakeClock()
  const api = new MemoryApi(() => clock.now())
  const client = api.client()
  const informer = new Informer({
    client,
    clock,
    logger: silentLogger,
    random: () => 0,
    resource: CONFIGMAPS,
    ...(resyncMs === undefined ? {} : { resyncMs }),
  })
  const told: string[] = []
  informer.follow({
    onAdd: ({ metadata }) => told.push(`add ${metadata.name ?? ''}`),
    onUpdate: ({ metadata }) => told.push(`update ${metadata.name ?? ''}`),
    onDelete: ({ metadata }, isStateKnown) =>
      told.push(`delete ${metadata.name ?? ''}${isStateKnown ? '' : ' (missed)'}`),
    onSynced: () => told.push('synced'),
    onConnected: () => told.push('connected'),
  })
  const label = (name: string, value: string): Promise<unknown> =>
    client.patch(CONFIGMAPS, { namespace: 'default', name }, 'application/merge-patch+json', {
      metadata: { labels: { value } },
    })
  return { clock, api, client, informer, told, label, drain: () => told.splice(0) }
}

describe('informer', () => {
  it('given objects, when it starts, it tells them, then every change once', async () => {
    const { client, informer, label, drain } = follow()
    await client.create(CONFIGMAPS, named('one'))
    informer.start()
    await settle()
    expect(drain()).toEqual(['add one', 'synced', 'connected'])
    await client.create(CONFIGMAPS, named('two'))
    await label('one', 'x')
    await client.delete(CONFIGMAPS, { namespace: 'default', name: 'two' })
    await settle()
    expect(drain()).toEqual(['add two', 'update one', 'delete two'])
    expect(informer.list().map(({ metadata }) => metadata.name)).toEqual(['one'])
    informer.dispose()
  })

  it('given a watch that breaks, when it begins again, nothing is lost and nothing told twice', async () => {
    const { clock, api, client, informer, drain } = follow()
    informer.start()
    await settle()
    await client.create(CONFIGMAPS, named('before'))
    await settle()
    drain()
    api.cutWatches()
    await client.create(CONFIGMAPS, named('meanwhile'))
    await clock.advance(2000)
    await client.create(CONFIGMAPS, named('after'))
    await settle()
    expect(drain()).toEqual(['add meanwhile', 'add after'])
    informer.dispose()
  })

  it('given a server that has forgotten the moment, when it begins again, the list tells what was missed', async () => {
    const { clock, api, client, informer, label, drain } = follow()
    informer.start()
    await client.create(CONFIGMAPS, named('stays'))
    await client.create(CONFIGMAPS, named('changes'))
    await client.create(CONFIGMAPS, named('goes'))
    await settle()
    drain()
    api.cutWatches()
    await label('changes', 'y')
    await client.delete(CONFIGMAPS, { namespace: 'default', name: 'goes' })
    await client.create(CONFIGMAPS, named('comes'))
    api.compact()
    await clock.advance(5000)
    expect(drain()).toEqual(['update changes', 'add comes', 'delete goes (missed)', 'synced'])
    informer.dispose()
  })

  it('given a bookmark after much that was none of its business, when the past is forgotten, it needs no list', async () => {
    const { clock, api, client, informer, drain } = follow()
    informer.start()
    await settle()
    await client.create({ ...CONFIGMAPS, resource: 'secrets' }, { ...named('other'), kind: 'Secret' })
    api.bookmark()
    await settle()
    api.compact()
    api.cutWatches()
    drain()
    api.requests.length = 0
    await clock.advance(5000)
    expect(api.requests).toEqual(['WATCH /api/v1/configmaps'])
    informer.dispose()
  })

  it('given an object replaced by another of its name while nobody watched, the first is told as deleted', async () => {
    const { clock, api, client, informer, drain } = follow()
    informer.start()
    await client.create(CONFIGMAPS, named('one'))
    await settle()
    drain()
    api.cutWatches()
    await client.delete(CONFIGMAPS, { namespace: 'default', name: 'one' })
    await client.create(CONFIGMAPS, named('one'))
    api.compact()
    await clock.advance(5000)
    expect(drain()).toEqual(['delete one (missed)', 'add one', 'synced'])
    informer.dispose()
  })

  it('given an outage, it asks at growing distances, says when the server answers again, and lists, since that may be a restored one', async () => {
    const { clock, api, client, informer, drain } = follow()
    informer.start()
    await settle()
    drain()
    api.stop()
    await clock.advance(60_000)
    api.serve()
    await client.create(CONFIGMAPS, named('new'))
    await clock.advance(5000)
    expect(drain()).toEqual(['add new', 'synced', 'connected'])
    informer.dispose()
    await settle()
    expect(clock.pendingTimers).toBe(0)
  })

  it('given a resync period, everything is told again so often', async () => {
    const { clock, client, informer, drain } = follow(30_000)
    await client.create(CONFIGMAPS, named('one'))
    informer.start()
    await settle()
    drain()
    await clock.advance(60_000)
    expect(drain()).toEqual(['update one', 'update one'])
    informer.dispose()
  })
})
