/** A resource as it is now, kept by list and watch: what authorizers look at on every request. */
import type { Clock, Timer } from '../../base/clock.ts'
import type { Disposable } from '../../base/disposable.ts'
import type { Logger } from '../../base/logger.ts'
import type { UnknownObject } from '../../common/api/api-object.ts'
import { LOOPBACK_CONTEXT } from '../registry/find-object.ts'
import type { ResourceStorage, WatchEvent } from '../registry/resource-storage.ts'

const RETRY_MS = 1_000

export interface ObjectCacheListener<Kind> {
  onPut(object: Kind): void
  onDelete(object: Kind): void
}

/** Objects are the storage's own: nobody may change them. */
export class ObjectCache<Kind extends UnknownObject> implements Disposable {
  readonly #storage: ResourceStorage
  readonly #clock: Clock
  readonly #logger: Logger
  readonly #listener: ObjectCacheListener<Kind> | undefined
  readonly #objects = new Map<string, Kind>()
  readonly #synced = Promise.withResolvers<void>()
  #watch: Disposable | undefined
  #retry: Timer | undefined
  #disposed = false

  /** Begins at once. */
  constructor(storage: ResourceStorage, clock: Clock, logger: Logger, listener?: ObjectCacheListener<Kind>) {
    this.#storage = storage
    this.#clock = clock
    this.#logger = logger
    this.#listener = listener
    void this.#listAndWatch()
  }

  /** Resolves after the first list; never when the store does not answer. */
  get synced(): Promise<void> {
    return this.#synced.promise
  }

  get(namespace: string, name: string): Kind | undefined {
    return this.#objects.get(`${namespace}/${name}`)
  }

  list(): IterableIterator<Kind> {
    return this.#objects.values()
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
      this.#replace(list.items as Kind[])
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

  #replace(objects: readonly Kind[]): void {
    const before = new Map(this.#objects)
    this.#objects.clear()
    for (const object of objects) {
      before.delete(keyOf(object))
      this.#put(object)
    }
    for (const gone of before.values()) this.#listener?.onDelete(gone)
  }

  #apply(event: WatchEvent): void {
    switch (event.type) {
      case 'ADDED':
      case 'MODIFIED':
        return this.#put(event.object as Kind)
      case 'DELETED':
        this.#objects.delete(keyOf(event.object))
        return this.#listener?.onDelete(event.object as Kind)
      case 'BOOKMARK':
      case 'ERROR':
        return
    }
  }

  #put(object: Kind): void {
    this.#objects.set(keyOf(object), object)
    this.#listener?.onPut(object)
  }
}

function keyOf({ metadata }: UnknownObject): string {
  return `${metadata.namespace ?? ''}/${metadata.name ?? ''}`
}
