/** The present objects of a resource in memory, and whoever follows their changes (client-go's SharedInformer). */
import type { Timer } from '../base/clock.ts'
import { toDisposable, type Disposable } from '../base/disposable.ts'
import type { ApiObject } from '../common/api/api-object.ts'
import { ObjectIndex } from './object-index.ts'
import { Reflector, type ReflectorOptions } from './reflector.ts'

export interface InformerHandler<Kind extends ApiObject> {
  onAdd?(object: Kind): void
  /** `before` is `object` itself at a resync. */
  onUpdate?(object: Kind, before: Kind): void
  /** `isStateKnown` is false when the deletion was missed: `object` is what was seen last, and may have changed since. */
  onDelete?(object: Kind, isStateKnown: boolean): void
  /** The whole was read, for the first time or anew; all its changes have been told. */
  onSynced?(): void
  /** The server answers: at first, and again after it had not. */
  onConnected?(): void
  /** It does not, in the words of the last attempt. */
  onFailed?(message: string): void
}

export interface InformerOptions<Kind extends ApiObject> extends Omit<ReflectorOptions<Kind>, 'sink'> {
  /** Every object is told as updated so often; absent: never. */
  resyncMs?: number
  /** Takes off what nobody needs, before an object is kept. */
  trim?(object: Kind): Kind
}

/** `namespace/name`, or the name alone of what has no namespace. */
export function objectKey(namespace: string | undefined, name: string | undefined): string {
  return namespace === undefined || namespace === '' ? (name ?? '') : `${namespace}/${name ?? ''}`
}

export class Informer<Kind extends ApiObject> implements Disposable {
  readonly #options: InformerOptions<Kind>
  readonly #reflector: Reflector<Kind>
  readonly #handlers = new Set<InformerHandler<Kind>>()
  readonly #objects = new Map<string, Kind>()
  readonly #indices = new Map<string, ObjectIndex<Kind>>()
  #hasSynced = false
  #resync: Timer | undefined

  constructor(options: InformerOptions<Kind>) {
    this.#options = options
    this.#reflector = new Reflector({
      ...options,
      sink: {
        onList: (objects) => this.#replace(objects),
        onChange: (type, object) => this.#apply(type, object),
        onConnected: () => this.#tell((handler) => handler.onConnected?.()),
        onFailed: (message) => this.#tell((handler) => handler.onFailed?.(message)),
      },
    })
  }

  start(): void {
    this.#reflector.start()
    this.#scheduleResync()
  }

  dispose(): void {
    this.#resync?.cancel()
    this.#reflector.dispose()
  }

  /** Whether everything has been read once. */
  get hasSynced(): boolean {
    return this.#hasSynced
  }

  /** Objects are shared: nobody changes them. */
  get(namespace: string | undefined, name: string): Kind | undefined {
    return this.#objects.get(objectKey(namespace, name))
  }

  list(): Kind[] {
    return [...this.#objects.values()]
  }

  /** From now on objects can be found by these values too. A second index of the same name is the first. */
  addIndex(name: string, valuesOf: (object: Kind) => readonly string[]): void {
    if (this.#indices.has(name)) return
    const index = new ObjectIndex(valuesOf)
    for (const [key, object] of this.#objects) index.put(key, object)
    this.#indices.set(name, index)
  }

  /** Throws an Error when no such index was added. */
  byIndex(name: string, value: string): Kind[] {
    const index = this.#indices.get(name)
    if (index === undefined) throw new Error(`no index ${name}`)
    return index.get(value)
  }

  /** Is told of what is there already, then of every change. */
  follow(handler: InformerHandler<Kind>): Disposable {
    this.#handlers.add(handler)
    for (const object of this.#objects.values()) handler.onAdd?.(object)
    if (this.#hasSynced) handler.onSynced?.()
    return toDisposable(() => {
      this.#handlers.delete(handler)
    })
  }

  #replace(objects: Kind[]): void {
    const gone = new Map(this.#objects)
    for (const object of objects) {
      gone.delete(keyOf(object))
      this.#put(object)
    }
    for (const [key, object] of gone) {
      this.#remove(key)
      this.#tell((handler) => handler.onDelete?.(object, false))
    }
    this.#hasSynced = true
    this.#tell((handler) => handler.onSynced?.())
  }

  #apply(type: 'ADDED' | 'MODIFIED' | 'DELETED', object: Kind): void {
    if (type !== 'DELETED') return this.#put(object)
    this.#remove(keyOf(object))
    this.#tell((handler) => handler.onDelete?.(object, true))
  }

  #remove(key: string): void {
    this.#objects.delete(key)
    for (const index of this.#indices.values()) index.remove(key)
  }

  /** An object that took another's name is another object. */
  #put(arrived: Kind): void {
    const key = keyOf(arrived)
    const before = this.#objects.get(key)
    if (before?.metadata.resourceVersion === arrived.metadata.resourceVersion && before !== undefined) return
    const object = this.#options.trim?.(arrived) ?? arrived
    const isSame = before?.metadata.uid === object.metadata.uid
    if (before !== undefined && !isSame) this.#tell((handler) => handler.onDelete?.(before, false))
    this.#objects.set(key, object)
    for (const index of this.#indices.values()) index.put(key, object)
    if (before !== undefined && isSame) this.#tell((handler) => handler.onUpdate?.(object, before))
    else this.#tell((handler) => handler.onAdd?.(object))
  }

  #tell(say: (handler: InformerHandler<Kind>) => void): void {
    for (const handler of [...this.#handlers]) say(handler)
  }

  #scheduleResync(): void {
    const { resyncMs, clock } = this.#options
    if (resyncMs === undefined) return
    this.#resync = clock.setTimer(resyncMs, () => {
      this.#scheduleResync()
      for (const object of this.list()) this.#tell((handler) => handler.onUpdate?.(object, object))
    })
  }
}

function keyOf({ metadata }: ApiObject): string {
  return objectKey(metadata.namespace, metadata.name)
}
