/** A client whose requests fail, whose answers get lost, and whose watches are late and end: what a controller has to live with. */
import { delay, type Clock } from '../../../src-main/base/clock.ts'
import type { ApiObject, GroupVersionResource, ObjectList } from '../../../src-main/common/api/api-object.ts'
import {
  ConnectionError,
  type ApiClient,
  type DeleteOptions,
  type ListOptions,
  type ObjectAddress,
  type PatchType,
  type WatchOptions,
  type WatchStream,
} from '../../../src-main/kube/api-client.ts'
import { conflict, internalError } from '../../../src-main/kube/status-error.ts'

export interface Faults {
  /** Numbers in [0, 1). */
  random: () => number
  /** How many of the requests go wrong, from 0 to 1; it may change. */
  rate(): number
}

/** Events come so late at most. */
const MAX_LATENESS_MS = 2000

export function faultyClient(client: ApiClient, clock: Clock, { random, rate }: Faults): ApiClient {
  /** Of those that go wrong half are carried out, and nobody is told. */
  async function risky<Answer>(of: GroupVersionResource, act: () => Promise<Answer>): Promise<Answer> {
    if (random() >= rate()) return await act()
    switch (Math.floor(random() * 6)) {
      case 0:
        throw internalError('injected')
      case 1:
        throw new ConnectionError('injected: connection refused')
      case 2:
        throw conflict(of, '', 'injected')
      case 3:
        await act()
        throw internalError('injected after the fact')
      default:
        await act()
        throw new ConnectionError('injected: EOF')
    }
  }
  async function* late<Kind extends ApiObject>(stream: WatchStream<Kind>) {
    for await (const event of stream) {
      if (random() < rate()) return
      if (rate() > 0) await delay(clock, random() * MAX_LATENESS_MS)
      yield event
    }
  }
  return {
    getPath: (path) => client.getPath(path),
    get: <Kind extends ApiObject>(of: GroupVersionResource, address: ObjectAddress) =>
      risky(of, () => client.get<Kind>(of, address)),
    list: <Kind extends ApiObject>(of: GroupVersionResource, options?: ListOptions): Promise<ObjectList<Kind>> =>
      risky(of, () => client.list<Kind>(of, options)),
    async watch<Kind extends ApiObject>(of: GroupVersionResource, options: WatchOptions): Promise<WatchStream<Kind>> {
      const stream = await risky(of, () => client.watch<Kind>(of, options))
      return { [Symbol.asyncIterator]: () => late(stream), dispose: () => stream.dispose() }
    },
    create: <Kind extends ApiObject>(of: GroupVersionResource, object: Kind, address?: ObjectAddress) =>
      risky(of, () => client.create(of, object, address)),
    update: <Kind extends ApiObject>(of: GroupVersionResource, object: Kind, subresource?: string) =>
      risky(of, () => client.update(of, object, subresource)),
    patch: <Kind extends ApiObject>(
      of: GroupVersionResource,
      address: ObjectAddress,
      type: PatchType,
      patch: unknown,
    ): Promise<Kind> => risky(of, () => client.patch<Kind>(of, address, type, patch)),
    delete: (of: GroupVersionResource, address: ObjectAddress, options?: DeleteOptions) =>
      risky(of, () => client.delete(of, address, options)),
  }
}
