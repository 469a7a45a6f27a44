/** A program's way to the API server, on which requests take time, are refused and fail, and watches lag and break. */
import { delay, type Clock } from '../../../src-main/base/clock.ts'
import type { Disposable } from '../../../src-main/base/disposable.ts'
import type { ApiObject, GroupVersionResource } from '../../../src-main/common/api/api-object.ts'
import {
  ConnectionError,
  type ApiClient,
  type WatchEvent,
  type WatchOptions,
  type WatchStream,
} from '../../../src-main/kube/api-client.ts'
import { conflict, internalError } from '../../../src-main/kube/status-error.ts'

/** Shares of requests are 0 to 1. */
export interface Faults {
  /** Of updates and patches: somebody else wrote in between. */
  conflicts: number
  /** Of all requests, of which nothing is done then. */
  errors: number
  /** Of all requests, of which everything is done but nobody is told. */
  lostAnswers: number
  /** How long a request takes at most. */
  latencyMs: number
  /** How far watches are behind. */
  lagMs: number
}

/** One that is carried out. */
export interface WriteRequest {
  verb: 'create' | 'update' | 'patch' | 'delete'
  of: GroupVersionResource
  name: string
  /** Of the object that a deletion means, where it says so. */
  uid?: string | undefined
}

export const NO_FAULTS: Faults = { conflicts: 0, errors: 0, lostAnswers: 0, latencyMs: 0, lagMs: 0 }

export class UnreliableClient implements Disposable {
  faults: Faults = NO_FAULTS
  readonly #client: ApiClient
  readonly #clock: Clock
  readonly #random: () => number
  readonly #streams = new Set<WatchStream<ApiObject>>()
  #isDisposed = false

  constructor(client: ApiClient, clock: Clock, random: () => number) {
    this.#client = client
    this.#clock = clock
    this.#random = random
  }

  /** The program is gone: nothing that it asked for and that was not done is done any more. */
  dispose(): void {
    this.#isDisposed = true
    this.cutWatches()
  }

  cutWatches(): void {
    for (const stream of this.#streams) void stream.dispose()
    this.#streams.clear()
  }

  /** `onRequest` is told of every request that is carried out. */
  as(onRequest: (request: WriteRequest) => void): ApiClient {
    const client = this.#client
    return {
      getPath: (path) => this.#ask(() => client.getPath(path)),
      get: (of, address) => this.#ask(() => client.get(of, address)),
      list: (of, options) => this.#ask(() => client.list(of, options)),
      watch: <Kind extends ApiObject>(of: GroupVersionResource, options: WatchOptions) =>
        this.#ask(async () => this.#lagging(await client.watch<Kind>(of, options))),
      create: (of, object, address) =>
        this.#ask(() => {
          onRequest({ verb: 'create', of, name: object.metadata.name ?? '' })
          return client.create(of, object, address)
        }),
      update: (of, object, subresource) =>
        this.#write(of, object.metadata.name ?? '', () => {
          onRequest({ verb: 'update', of, name: object.metadata.name ?? '' })
          return client.update(of, object, subresource)
        }),
      patch: (of, address, type, patch) =>
        this.#write(of, address.name, () => {
          onRequest({ verb: 'patch', of, name: address.name })
          return client.patch(of, address, type, patch)
        }),
      delete: (of, address, options) =>
        this.#ask(() => {
          onRequest({ verb: 'delete', of, name: address.name, uid: options?.preconditions?.uid })
          return client.delete(of, address, options)
        }),
    }
  }

  #write<Answer>(of: GroupVersionResource, name: string, act: () => Promise<Answer>): Promise<Answer> {
    return this.#ask(() => {
      if (this.#random() < this.faults.conflicts) throw conflict(of, name, 'the object has been modified')
      return act()
    })
  }

  async #ask<Answer>(act: () => Promise<Answer>): Promise<Answer> {
    const { latencyMs } = this.faults
    if (latencyMs > 0) await delay(this.#clock, Math.floor(this.#random() * latencyMs))
    if (this.#isDisposed) throw new ConnectionError('the program has ended')
    if (this.#random() < this.faults.errors) throw internalError('try again')
    const answer = await act()
    if (this.#random() < this.faults.lostAnswers) throw internalError('the answer was lost')
    return answer
  }

  #lagging<Kind extends ApiObject>(stream: WatchStream<Kind>): WatchStream<Kind> {
    this.#streams.add(stream)
    return {
      dispose: () => {
        this.#streams.delete(stream)
        return stream.dispose()
      },
      [Symbol.asyncIterator]: () => this.#late(stream),
    }
  }

  /** Each event so long after it came, however many come together. */
  async *#late<Kind extends ApiObject>(stream: WatchStream<Kind>): AsyncGenerator<WatchEvent<Kind>> {
    const arrived: { event: WatchEvent<Kind>; atMs: number }[] = []
    let wake = (): void => undefined
    let hasEnded = false
    const read = async (): Promise<void> => {
      for await (const event of stream) {
        arrived.push({ event, atMs: this.#clock.now() })
        wake()
      }
      hasEnded = true
      wake()
    }
    void read()
    for (;;) {
      const next = arrived.shift()
      if (next !== undefined) {
        const waitMs = next.atMs + this.faults.lagMs - this.#clock.now()
        if (waitMs > 0) await delay(this.#clock, waitMs)
        yield next.event
      } else if (hasEnded) return
      else
        await new Promise<void>((resolve) => {
          wake = resolve
        })
    }
  }
}
