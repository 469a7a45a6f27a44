/** A resource as it is now, followed by list and watch: what authorizers look at on every request. */
import type { Clock, Timer } from '../../base/clock.ts'
import type { Disposable } from '../../base/disposable.ts'
import type { Logger } from '../../base/logger.ts'
import type { ApiObject, UnknownObject } from '../../common/api/api-object.ts'
import { LOOPBACK_CONTEXT } from '../registry/find-object.ts'
import type { ResourceStorage, WatchEvent } from '../registry/resource-storage.ts'

const RETRY_MS = 1_000

/** Objects are the storage's own: nobody may change them. */
export interface ObjectSink {
  onPut(object: UnknownObject): void
  /** Only the metadata can be relied on: it may be that the object went unseen. */
  onDelete(object: Pick<UnknownObject, 'metadata'>): void
}

/** Tells a sink of all objects of a resource and of all changes; it starts again by itself. */
export class ResourceFollower implements Disposable {
  readonly #storage: ResourceStorage
  readonly #clock: Clock
  readonly #logger: Logger
  readonly #sink: ObjectSink
  readonly #names = new Map<string, Pick<UnknownObject, 'metadata'>>()
  readonly #synced = Promise.withResolvers<void>()
  #watch: Disposable | undefined
  #retry: Timer | undefined
  #disposed = false

  /** Begins at once. */
  constructor(storage: ResourceStorage, clock: Clock, logger: Logger, sink: ObjectSink) {
    this.#storage = storage
    this.#clock = clock
    this.#logger = logger
    this.#sink = sink
    void this.#listAndWatch()
  }

  /** Resolves after the first list; not before the store answers. */
  get synced(): Promise<void> {
    return this.#synced.promise
  }

  async dispose(): Promise<void> {
    this.#disposed = true
    this.#retry?.cancel()
    await this.#watch?.dispose()
  }

  async #listAndWatch(): Promise<void> {
    this.#watch = undefined
    try {
      const list = await this.#storage.list(LOOPBACK_CONTEXT, { namespace: '' })
      if (this.#disposed) return
      this.#replace(list.items)
      this.#synced.resolve()
      const { resourceVersion } = list.metadata
      const watch = await this.#storage.watch(
        LOOPBACK_CONTEXT,
        { namespace: '', ...(resourceVersion === undefined ? {} : { resourceVersion }) },
        { onEvent: (event) => this.#apply(event), onEnd: () => this.#again() },
      )
      if (this.#disposed) await watch.dispose()
      else this.#watch = watch
    } catch (error) {
      this.#logger.warn('A resource could not be watched', { resource: this.#storage.definition.resource, err: error })
      this.#again()
    }
  }

  #again(): void {
    if (this.#disposed) return
    this.#retry?.cancel()
    this.#retry = this.#clock.setTimer(RETRY_MS, () => void this.#listAndWatch())
  }

  #replace(objects: readonly UnknownObject[]): void {
    const gone = new Map(this.#names)
    for (const object of objects) {
      gone.delete(objectKey(object))
      this.#put(object)
    }
    for (const name of gone.values()) this.#delete(name)
  }

  #apply(event: WatchEvent): void {
    switch (event.type) {
      case 'ADDED':
      case 'MODIFIED':
        return this.#put(event.object)
      case 'DELETED':
        return this.#delete(event.object)
      case 'BOOKMARK':
      case 'ERROR':
        return
    }
  }

  #put(object: UnknownObject): void {
    const { namespace = '', name = '' } = object.metadata
    this.#names.set(objectKey(object), { metadata: { namespace, name } })
    this.#sink.onPut(object)
  }

  #delete(object: Pick<UnknownObject, 'metadata'>): void {
    this.#names.delete(objectKey(object))
    this.#sink.onDelete(object)
  }
}

/** Keeps all objects of a resource by name. */
export class ObjectCache<Kind extends ApiObject> implements ObjectSink {
  readonly #objects = new Map<string, Kind>()

  /** Undefined when it is not there. */
  get(namespace: string, name: string): Kind | undefined {
    return this.#objects.get(`${namespace}/${name}`)
  }

  list(): IterableIterator<Kind> {
    return this.#objects.values()
  }

  onPut(object: UnknownObject): void {
    this.#objects.set(objectKey(object), object as ApiObject as Kind)
  }

  onDelete(object: Pick<UnknownObject, 'metadata'>): void {
    this.#objects.delete(objectKey(object))
  }
}

export function objectKey({ metadata }: Pick<UnknownObject, 'metadata'>): string {
  return `${metadata.namespace ?? ''}/${metadata.name ?? ''}`
}
