/** A client between controllers and an API that fails as networks and busy servers do: when, and how, a test decides. */
import { delay, type Clock } from '../../../src-main/base/clock.ts'
import { groupResource, type ApiObject, type GroupVersionResource } from '../../../src-main/common/api/api-object.ts'
import {
  ConnectionError,
  type ApiClient,
  type ObjectAddress,
  type WatchEvent,
  type WatchStream,
} from '../../../src-main/kube/api-client.ts'
import { expired } from '../../../src-main/kube/status-error.ts'

/** `conflict`: somebody else writes the object just before. `lost`: it is done, and nobody hears of it. */
export type WriteFault = 'none' | 'conflict' | 'refused' | 'lost'

/** How often somebody who waits looks whether it may go on. */
const LOOK_MS = 100

export class UnreliableApi {
  /** `DELETE pods`, in order; of watches only the beginning. */
  readonly requests: string[] = []
  /** Asked before each write. */
  fault: () => WriteFault = () => 'none'
  readonly #held = new Set<string>()
  readonly #forgotten = new Set<string>()
  readonly #streams = new Map<string, Set<WatchStream<ApiObject>>>()

  /** Of this resource nothing new is seen until it is released. */
  hold(of: GroupVersionResource): void {
    this.#held.add(groupResource(of))
  }

  releaseAll(): void {
    this.#held.clear()
  }

  /** All watches break; they go on where they were. */
  cutWatches(): void {
    for (const streams of this.#streams.values()) for (const stream of streams) void stream.dispose()
  }

  /** All watches break, and the server does not remember where they were: everything is listed again. */
  forgetWatches(): void {
    for (const resource of this.#streams.keys()) this.#forgotten.add(resource)
    this.cutWatches()
  }

  through(client: ApiClient, clock: Clock): ApiClient {
    const note = (verb: string, of: GroupVersionResource): void =>
      void this.requests.push(`${verb} ${groupResource(of)}`)
    return {
      ...client,
      get: (of, address) => {
        note('GET', of)
        return client.get(of, address)
      },
      list: async (of, options) => {
        note('LIST', of)
        await this.#released(of, clock)
        return client.list(of, options)
      },
      watch: async <Kind extends ApiObject>(...[of, options]: Parameters<ApiClient['watch']>) => {
        note('WATCH', of)
        if (this.#forgotten.delete(groupResource(of))) throw expired('too old resource version')
        return this.#follow<Kind>(of, await client.watch<Kind>(of, options), clock)
      },
      patch: (of, address, type, patch) => {
        note('PATCH', of)
        return this.#write(client, of, address, () => client.patch(of, address, type, patch))
      },
      delete: (of, address, options) => {
        note('DELETE', of)
        return this.#write(client, of, address, () => client.delete(of, address, options))
      },
    }
  }

  async #write<Answer>(
    client: ApiClient,
    of: GroupVersionResource,
    { namespace = '', name }: ObjectAddress,
    write: () => Promise<Answer>,
  ): Promise<Answer> {
    const fault = this.fault()
    if (fault === 'refused') throw new ConnectionError('connection refused')
    if (fault === 'conflict') {
      const annotations = { touched: String(this.requests.length) }
      await client
        .patch(of, { namespace, name }, 'application/merge-patch+json', { metadata: { annotations } })
        .catch(() => undefined)
    }
    const answer = await write()
    if (fault === 'lost') throw new ConnectionError('connection reset')
    return answer
  }

  async #released(of: GroupVersionResource, clock: Clock): Promise<void> {
    while (this.#held.has(groupResource(of))) await delay(clock, LOOK_MS)
  }

  #follow<Kind extends ApiObject>(
    of: GroupVersionResource,
    stream: WatchStream<Kind>,
    clock: Clock,
  ): WatchStream<Kind> {
    const streams = this.#streams.get(groupResource(of)) ?? new Set()
    this.#streams.set(groupResource(of), streams)
    const released = (): Promise<void> => this.#released(of, clock)
    let isCut = false
    const followed: WatchStream<Kind> = {
      dispose() {
        isCut = true
        streams.delete(followed)
        return stream.dispose()
      },
      async *[Symbol.asyncIterator](): AsyncGenerator<WatchEvent<Kind>> {
        for await (const event of stream) {
          await released()
          if (isCut) return
          yield event
        }
      },
    }
    streams.add(followed)
    return followed
  }
}
