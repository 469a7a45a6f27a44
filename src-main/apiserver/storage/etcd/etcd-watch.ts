/** A watch of etcd that survives its connection: it goes on after the last change that it has delivered. */
import type { Clock, Timer } from '../../../base/clock.ts'
import type { DecodedMessage } from '../../../base/protobuf.ts'
import { StoreError, type StoreEvent, type StoreWatch, type WatchSink } from '../store.ts'
import { unavailable, type EtcdClient, type WatchStream } from './etcd-client.ts'
import { rangeEndOf, type WATCH_RESPONSE } from './etcd-messages.ts'

/** Between a lost stream and the next, so that a server that accepts and breaks off is not flooded. */
const REOPEN_MS = 50

type WatchResponse = DecodedMessage<typeof WATCH_RESPONSE>

export interface EtcdWatchOptions {
  client: EtcdClient
  clock: Clock
  prefix: string
  afterRevision: number
  sink: WatchSink
  /** However it ended. */
  onDisposed: (watch: EtcdWatch) => void
}

export class EtcdWatch implements StoreWatch {
  readonly #onDisposed: (watch: EtcdWatch) => void
  readonly #client: EtcdClient
  readonly #clock: Clock
  readonly #prefix: string
  readonly #sink: WatchSink
  #stream: WatchStream | undefined
  #reopening: Timer | undefined
  /** What came up to here has been delivered. */
  #deliveredRevision: number
  /** A restored etcd has another one; only for comparison. */
  #clusterId: bigint | undefined
  /** Of an answer that comes in pieces. */
  #pieces: StoreEvent[] = []
  #ended = false

  constructor(options: EtcdWatchOptions) {
    this.#onDisposed = options.onDisposed
    this.#client = options.client
    this.#clock = options.clock
    this.#prefix = options.prefix
    this.#sink = options.sink
    this.#deliveredRevision = options.afterRevision
    this.#open()
  }

  requestProgress(): void {
    this.#stream?.write({ progress: {} })
  }

  dispose(): void {
    this.#ended = true
    this.#reopening?.cancel()
    this.#stream?.cancel()
    this.#onDisposed(this)
  }

  #open(): void {
    const stream = this.#client.openWatch()
    this.#stream = stream
    this.#pieces = []
    // A stream that fails emits `error` and, later, `end`: whichever comes first counts.
    const lose = (): void => {
      if (this.#stream !== stream) return
      this.#stream = undefined
      if (!this.#ended) this.#reopening = this.#clock.setTimer(REOPEN_MS, () => this.#open())
    }
    stream.on('data', (response: WatchResponse) => {
      if (this.#stream === stream && !this.#ended) this.#onResponse(response)
    })
    stream.on('error', lose)
    stream.on('end', lose)
    stream.write({
      create: {
        key: this.#prefix,
        rangeEnd: rangeEndOf(this.#prefix),
        startRevision: BigInt(this.#deliveredRevision + 1),
        progressNotify: true,
        prevKv: true,
        fragment: true,
      },
    })
  }

  #onResponse(response: WatchResponse): void {
    const revision = Number(response.header?.revision ?? 0n)
    if (response.canceled) {
      this.#end(
        response.compactRevision > 0n
          ? new StoreError({ kind: 'compacted', compactRevision: Number(response.compactRevision) })
          : unavailable(`etcd ended the watch: ${response.cancelReason}`),
      )
    } else if (response.created) {
      // etcd would wait for it in silence: for ever, when an older state was restored meanwhile. That state may have been
      // written to since, beyond the last revision that was delivered of the old one.
      const clusterId = response.header?.clusterId
      const isOther = this.#clusterId !== undefined && clusterId !== this.#clusterId
      this.#clusterId = clusterId
      if (isOther || revision < this.#deliveredRevision)
        this.#end(new StoreError({ kind: 'futureRevision', currentRevision: revision }))
    } else if (response.events.length > 0) this.#onEvents(response)
    else this.#onProgress(revision)
  }

  #onEvents(response: WatchResponse): void {
    this.#pieces.push(...toStoreEvents(response))
    if (response.fragment) return
    const events = this.#pieces.filter(({ revision }) => revision > this.#deliveredRevision)
    this.#pieces = []
    const last = events.at(-1)
    if (last === undefined) return
    this.#deliveredRevision = last.revision
    this.#sink.onEvents(events)
  }

  #onProgress(revision: number): void {
    this.#deliveredRevision = Math.max(this.#deliveredRevision, revision)
    this.#sink.onProgress(revision)
  }

  #end(error: StoreError): void {
    this.dispose()
    this.#sink.onEnd(error)
  }
}

function toStoreEvents({ events }: WatchResponse): StoreEvent[] {
  return events.flatMap(({ type, kv, prevKv }): StoreEvent[] => {
    if (kv === undefined) return []
    const { key } = kv
    const revision = Number(kv.modRevision)
    const previous = prevKv === undefined ? {} : { previous: prevKv.value }
    if (type === 'PUT')
      return [{ type: 'put', key, value: kv.value, ...previous, createRevision: Number(kv.createRevision), revision }]
    const createRevision = Number(prevKv?.createRevision ?? 0n)
    return [{ type: 'delete', key, value: prevKv?.value ?? '', ...previous, createRevision, revision }]
  })
}
