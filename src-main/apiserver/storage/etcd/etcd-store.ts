/** The `Store` over etcd's API, version 3 (apiserver/pkg/storage/etcd3/store.go). */
import type { Clock } from '../../../base/clock.ts'
import type { Disposable } from '../../../base/disposable.ts'
import type { DecodedMessage, EncodableMessage } from '../../../base/protobuf.ts'
import {
  StoreError,
  type ListOptions,
  type ListPage,
  type Store,
  type StoreEntry,
  type StoreWatch,
  type WatchSink,
} from '../store.ts'
import { EtcdClient, EtcdRefusal, unavailable, type EtcdClientOptions } from './etcd-client.ts'
import { rangeEndOf, type KEY_VALUE, type UNARY_METHODS } from './etcd-messages.ts'
import { EtcdWatch } from './etcd-watch.ts'
import { LeaseManager } from './lease-manager.ts'

/** A list without a limit is read in pages, so that no answer is boundless. */
const PAGE_ENTRIES = 1000
/** Nobody's key, below all others: reading it answers with the store's revision. */
const NO_KEY = '\0'

type TxnRequest = EncodableMessage<(typeof UNARY_METHODS)['txn']['request']>
type TxnResponse = DecodedMessage<(typeof UNARY_METHODS)['txn']['response']>
type RequestOperation = NonNullable<TxnRequest['success']>[number]

export class EtcdStore implements Store, Disposable {
  readonly #client: EtcdClient
  readonly #clock: Clock
  readonly #leases: LeaseManager
  readonly #watches = new Set<EtcdWatch>()

  /** Connects when it is first used. @throws when a file of the options cannot be read */
  constructor(options: EtcdClientOptions & { clock: Clock }) {
    this.#client = new EtcdClient(options)
    this.#clock = options.clock
    this.#leases = new LeaseManager({
      clock: options.clock,
      grant: async (ttlSeconds) => (await this.#client.call('leaseGrant', { ttl: BigInt(ttlSeconds) })).id,
    })
  }

  async get(key: string): Promise<{ entry: StoreEntry | undefined; revision: number }> {
    const { header, kvs } = await this.#guard(this.#client.call('range', { key }))
    return { entry: toEntry(kvs[0]), revision: Number(header?.revision ?? 0n) }
  }

  async list(prefix: string, options: ListOptions = {}): Promise<ListPage> {
    const { limit = 0, fromKey = prefix, revision } = options
    if (limit > 0) return this.#page(prefix, fromKey, limit, revision)
    const first = await this.#page(prefix, fromKey, PAGE_ENTRIES, revision)
    const { entries } = first
    for (let page = first; page.remaining > 0; entries.push(...page.entries))
      page = await this.#page(prefix, `${entries.at(-1)?.key}\0`, PAGE_ENTRIES, first.revision)
    return { entries, revision: first.revision, remaining: 0 }
  }

  async create(key: string, value: string, ttlSeconds?: number): Promise<StoreEntry> {
    const { succeeded, header } = await this.#write(key, 0, ttlSeconds, (lease) => [{ put: { key, value, lease } }])
    if (!succeeded) throw new StoreError({ kind: 'exists' })
    const revision = Number(header?.revision ?? 0n)
    return { key, value, createRevision: revision, modRevision: revision }
  }

  async update(key: string, value: string, expectedRevision: number, ttlSeconds?: number): Promise<StoreEntry> {
    const answer = await this.#write(key, expectedRevision, ttlSeconds, (lease) => [
      { put: { key, value, lease } },
      { range: { key, keysOnly: true } },
    ])
    if (!answer.succeeded) throw conflictOf(answer)
    const written = toEntry(answer.responses[1]?.range?.kvs[0])
    if (written === undefined) throw unavailable('etcd does not tell what it wrote')
    return { ...written, value }
  }

  async delete(key: string, expectedRevision: number): Promise<number> {
    const answer = await this.#write(key, expectedRevision, undefined, () => [{ deleteRange: { key } }])
    if (!answer.succeeded) throw conflictOf(answer)
    return Number(answer.header?.revision ?? 0n)
  }

  watch(prefix: string, afterRevision: number, sink: WatchSink): StoreWatch {
    const onDisposed = (ended: EtcdWatch): void => void this.#watches.delete(ended)
    const watch = new EtcdWatch({ client: this.#client, clock: this.#clock, prefix, afterRevision, sink, onDisposed })
    this.#watches.add(watch)
    return watch
  }

  async currentRevision(): Promise<number> {
    return (await this.get(NO_KEY)).revision
  }

  async compact(revision: number): Promise<void> {
    try {
      await this.#client.call('compact', { revision: BigInt(revision) })
    } catch (error) {
      if (error instanceof EtcdRefusal && error.isCompacted) return
      throw await this.#toStoreError(error, revision)
    }
  }

  /** Ends all watches silently and closes the connection. */
  dispose(): void {
    for (const watch of this.#watches) watch.dispose()
    this.#client.close()
  }

  async #page(prefix: string, fromKey: string, limit: number, revision: number | undefined): Promise<ListPage> {
    const request = {
      key: fromKey,
      rangeEnd: rangeEndOf(prefix),
      limit: BigInt(limit),
      revision: BigInt(revision ?? 0),
    }
    const { header, kvs, count } = await this.#guard(this.#client.call('range', request), revision)
    const entries = kvs.flatMap((kv) => toEntry(kv) ?? [])
    return { entries, revision: revision ?? Number(header?.revision ?? 0n), remaining: Number(count) - entries.length }
  }

  /** Runs the operations if the key has that revision (0: is not there); else the answer has what is there. */
  async #write(
    key: string,
    modRevision: number,
    ttlSeconds: number | undefined,
    operations: (lease: bigint) => RequestOperation[],
  ): Promise<TxnResponse> {
    const attempt = async (): Promise<TxnResponse> =>
      this.#client.call('txn', {
        compare: [{ result: 'EQUAL', target: 'MOD', key, modRevision: BigInt(modRevision) }],
        success: operations(ttlSeconds === undefined ? 0n : await this.#leases.leaseFor(ttlSeconds)),
        failure: [{ range: { key } }],
      })
    const answer = attempt().catch((error: unknown) => {
      // Refused, so nothing was written: the lease went with a restored or emptied etcd.
      if (!(error instanceof EtcdRefusal && error.isLeaseNotFound)) throw error
      this.#leases.forget()
      return attempt()
    })
    return this.#guard(answer)
  }

  async #guard<T>(call: Promise<T>, revision?: number): Promise<T> {
    try {
      return await call
    } catch (error) {
      throw await this.#toStoreError(error, revision ?? 0)
    }
  }

  /** @param revision what the refused call asked for */
  async #toStoreError(error: unknown, revision: number): Promise<unknown> {
    if (!(error instanceof EtcdRefusal)) return error
    if (error.isCompacted)
      return new StoreError({ kind: 'compacted', compactRevision: await this.#compactRevision(revision) })
    if (error.isFutureRevision)
      return new StoreError({ kind: 'futureRevision', currentRevision: await this.currentRevision() })
    return unavailable(`etcd: ${error.message}`)
  }

  /** Only a refused watch tells. */
  async #compactRevision(revision: number): Promise<number> {
    const end = await new Promise<StoreError>((resolve) => {
      this.watch(NO_KEY, revision - 1, { onEvents: () => undefined, onProgress: () => undefined, onEnd: resolve })
    })
    return end.fault.kind === 'compacted' ? end.fault.compactRevision : revision
  }
}

function toEntry(kv: DecodedMessage<typeof KEY_VALUE> | undefined): StoreEntry | undefined {
  if (kv === undefined) return undefined
  const { key, value, createRevision, modRevision } = kv
  return { key, value, createRevision: Number(createRevision), modRevision: Number(modRevision) }
}

function conflictOf(answer: TxnResponse): StoreError {
  return new StoreError({ kind: 'conflict', current: toEntry(answer.responses[0]?.range?.kvs[0]) })
}
