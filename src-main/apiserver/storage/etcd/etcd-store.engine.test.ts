/** The store on a real etcd: what its twin does, and what only a process and a network can show. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { PrivateEtcd } from '../../../../tests/support/etcd/private-etcd.ts'
import { waitUntil } from '../../../../tests/support/wait-until.ts'
import { systemClock } from '../../../base/clock.ts'
import { DisposableStore, toDisposable } from '../../../base/disposable.ts'
import { silentLogger } from '../../../base/logger.ts'
import type { ApiObject } from '../../../common/api/api-object.ts'
import { issueCertificate, makeAuthority, type KeyPair } from '../../../lab/pki/certificate.ts'
import { StoreError, type StoreEntry } from '../store.ts'
import { RecordingSink } from '../testing/recording-sink.ts'
import { runStoreConformance } from '../testing/store-conformance.ts'
import { WatchCache } from '../watch-cache/watch-cache.ts'
import type { EtcdClientOptions } from './etcd-client.ts'
import { EtcdStore } from './etcd-store.ts'

const clock = systemClock()
const PREFIX = '/registry/pods/'

async function connect(options: EtcdClientOptions): Promise<EtcdStore> {
  const store = new EtcdStore({ ...options, clock })
  await waitUntil({ what: 'etcd serves' }, () => store.currentRevision())
  return store
}

function isUnavailable(error: unknown): boolean {
  return error instanceof StoreError && error.fault.kind === 'unavailable'
}

describe('the store on etcd', () => {
  runStoreConformance(async () => {
    const etcd = await PrivateEtcd.start()
    const store = await connect({ servers: [etcd.url] })
    return {
      store,
      passTime: (milliseconds) => sleep(milliseconds),
      dispose: async () => {
        store.dispose()
        await etcd.dispose()
      },
    }
  })
})

describe('etcd killed and started again', () => {
  const owned = new DisposableStore()
  let etcd: PrivateEtcd
  let store: EtcdStore
  beforeAll(async () => {
    etcd = owned.add(await PrivateEtcd.start())
    store = owned.add(await connect({ servers: [etcd.url] }))
  })
  afterAll(() => owned.dispose())

  it('given 1,000 writes, when etcd is killed thrice meanwhile, then all that was acknowledged is there and a watch has heard of everything once', async () => {
    const sink = new RecordingSink()
    const watch = store.watch(PREFIX, await store.currentRevision(), sink)
    const acknowledged = new Map<string, StoreEntry>()
    const doubtful: string[] = []
    const writeSome = async (writer: number): Promise<void> => {
      for (let index = writer; index < 1000; index += 8) {
        const key = `${PREFIX}${String(index).padStart(4, '0')}`
        try {
          acknowledged.set(key, await store.create(key, `${index}`))
        } catch (error) {
          if (!isUnavailable(error)) throw error
          doubtful.push(key)
        }
      }
    }
    const writers = Promise.all(Array.from({ length: 8 }, (_, writer) => writeSome(writer)))
    for (const after of [200, 400, 600]) {
      await waitUntil(
        { what: `${after} writes`, intervalMs: 1 },
        () => acknowledged.size + doubtful.length >= after || undefined,
      )
      await etcd.kill()
      etcd.run()
    }
    await writers
    const { entries, revision } = await store.list(PREFIX)
    const found = new Map(entries.map((entry) => [entry.key, entry]))
    expect(
      [...acknowledged.values()].filter((entry) => found.get(entry.key)?.modRevision !== entry.modRevision),
    ).toEqual([])
    expect(doubtful.length).toBeGreaterThan(0)
    expect(acknowledged.size + doubtful.length).toBe(1000)
    await waitUntil({ what: 'the watch is up to date' }, () => {
      watch.requestProgress()
      return (sink.progress.at(-1) ?? 0) >= revision || undefined
    })
    const byRevision = entries.toSorted((one, other) => one.modRevision - other.modRevision)
    expect(sink.events.map(({ key }) => key)).toEqual(byRevision.map(({ key }) => key))
    await watch.dispose()
  })

  it('given a write while etcd is gone, when it does not come back, then the write fails as unavailable, and soon', async () => {
    await etcd.kill()
    const outcome: unknown = await store.create(`${PREFIX}late`, '1').catch((error: unknown) => error)
    expect(isUnavailable(outcome)).toBe(true)
    etcd.run()
    await waitUntil({ what: 'etcd serves again' }, () => store.currentRevision())
    expect((await store.get(`${PREFIX}late`)).entry).toBeUndefined()
  })

  it('given a read and a write that wait for a connection, when etcd comes back, then both succeed', async () => {
    await etcd.kill()
    // One that was connected might send into the connection that is just breaking, and a write is never sent twice.
    const patient = owned.add(new EtcdStore({ servers: [etcd.url], connectMs: 60_000, clock }))
    const pending = [patient.get(`${PREFIX}0000`), patient.create(`${PREFIX}patient`, '1')]
    etcd.run()
    expect((await Promise.allSettled(pending)).map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled'])
  })
})

describe('etcd restored from an earlier state', () => {
  it('given watches and a cache, when etcd comes back younger than it was, then the watches end and the cache begins anew', async () => {
    const owned = new DisposableStore()
    try {
      const etcd = owned.add(await PrivateEtcd.start())
      const store = owned.add(await connect({ servers: [etcd.url] }))
      for (const name of ['a', 'b', 'c']) await store.create(PREFIX + name, JSON.stringify({ metadata: { name } }))
      const sink = new RecordingSink()
      const afterRevision = await store.currentRevision()
      owned.add(store.watch(PREFIX, afterRevision, sink))
      const decode = (value: string): ApiObject => JSON.parse(value) as ApiObject
      const cache = owned.add(new WatchCache({ store, prefix: PREFIX, decode, clock, logger: silentLogger }))
      const names = async (): Promise<(string | undefined)[]> =>
        (await cache.list(PREFIX, { kind: 'any' })).objects.map(({ metadata }) => metadata.name)
      expect(await names()).toEqual(['a', 'b', 'c'])
      await etcd.kill()
      await etcd.forgetEverything()
      etcd.run()
      await waitUntil({ what: 'the watch to end' }, () => sink.ends.length > 0 || undefined)
      expect(sink.ends.map(({ fault }) => fault.kind)).toEqual(['futureRevision'])
      await waitUntil({ what: 'etcd serves' }, () => store.create(`${PREFIX}new`, '{"metadata":{"name":"new"}}'))
      await waitUntil({ what: 'the cache follows' }, async () => (await names()).join() === 'new' || undefined)
    } finally {
      await owned.dispose()
    }
  })
})

describe('etcd with TLS', () => {
  const owned = new DisposableStore()
  let url: string
  let files: (name: string) => string
  let stores: EtcdStore[] = []
  beforeAll(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'node-lab-etcd-pki-'))
    owned.add(toDisposable(() => rm(folder, { recursive: true, force: true })))
    files = (name) => join(folder, name)
    const now = clock.now()
    const [authority, otherAuthority] = [await makeAuthority('etcd-ca', now), await makeAuthority('other-ca', now)]
    const write = async (name: string, pair: KeyPair): Promise<void> => {
      await writeFile(files(`${name}.crt`), pair.certificate)
      await writeFile(files(`${name}.key`), pair.key)
    }
    await write('ca', authority)
    await write('other-ca', otherAuthority)
    const server = {
      subject: { commonName: 'etcd' },
      usages: ['server', 'client'],
      addresses: ['127.0.0.1'],
      now,
    } as const
    await write('server', await issueCertificate(authority, server))
    const client = { subject: { commonName: 'kube-apiserver-etcd-client' }, usages: ['client'], now } as const
    await write('client', await issueCertificate(authority, client))
    await write('stranger', await issueCertificate(otherAuthority, client))
    const tls = { certFile: files('server.crt'), keyFile: files('server.key'), clientCaFile: files('ca.crt') }
    const etcd = owned.add(await PrivateEtcd.start({ tls }))
    ;({ url } = etcd)
    const friend = await connect({ servers: [url], ...withCertificate('client') })
    stores.push(friend)
  })
  afterEach(() => {
    for (const store of stores) store.dispose()
    stores = []
  })
  afterAll(() => owned.dispose())

  const withCertificate = (name: string, authority = 'ca'): Partial<EtcdClientOptions> => ({
    caFile: files(`${authority}.crt`),
    certFile: files(`${name}.crt`),
    keyFile: files(`${name}.key`),
  })
  const tryWith = (options: Partial<EtcdClientOptions>): Promise<unknown> => {
    const store = new EtcdStore({ servers: [url], ...options, clock })
    stores.push(store)
    return store.create(`${PREFIX}secret`, '1').catch((error: unknown) => error)
  }

  it('given a certificate of its authority, then it serves; given none or that of another authority, then nobody is let in', async () => {
    expect(await tryWith(withCertificate('client'))).toMatchObject({ value: '1' })
    expect(isUnavailable(await tryWith({ caFile: files('ca.crt') }))).toBe(true)
    expect(isUnavailable(await tryWith(withCertificate('stranger')))).toBe(true)
  })

  it('given an etcd of another authority, or whose certificate is for another name, when we connect, then we do not trust it', async () => {
    expect(isUnavailable(await tryWith(withCertificate('client', 'other-ca')))).toBe(true)
    const servers = [url.replace('127.0.0.1', 'localhost')]
    expect(isUnavailable(await tryWith({ ...withCertificate('client'), servers }))).toBe(true)
  })
})
