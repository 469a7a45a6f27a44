/** The objects of one resource as they are in the store, one at a time. */
import { isDeepStrictEqual } from 'node:util'
import type { UnknownObject } from '../../common/api/api-object.ts'
import type { Store, StoreEntry } from '../storage/store.ts'
import type { CurrentState } from './current-state.ts'
import type { ResourceDefinition } from './resource-definition.ts'
import type { WriteOptions } from './resource-storage.ts'
import { storageKey } from './storage-key.ts'
import { interpretReadFailure, isConflict } from './store-failure.ts'
import { decodeStored, encodeStored } from './stored-object.ts'

export class StoredObjects {
  readonly #definition: ResourceDefinition
  readonly #store: Store

  constructor(definition: ResourceDefinition, store: Store) {
    this.#definition = definition
    this.#store = store
  }

  /** Undefined: somebody else wrote meanwhile. */
  async update(
    object: UnknownObject,
    old: UnknownObject,
    { key, modRevision, isNewest }: Omit<CurrentState, 'decode'>,
    { dryRun = false }: WriteOptions,
  ): Promise<UnknownObject | undefined> {
    object.metadata.resourceVersion = String(modRevision)
    const value = encodeStored(this.#definition, object)
    const before = encodeStored(this.#definition, old)
    // That nothing would change can only be said of the newest.
    if (dryRun || isDeepStrictEqual(JSON.parse(value), JSON.parse(before))) return isNewest ? object : undefined
    try {
      return this.decode(await this.#store.update(key, value, modRevision, this.#definition.ttlSeconds))
    } catch (error) {
      if (isConflict(error)) return undefined
      throw interpretReadFailure(error)
    }
  }

  /** Removes an object that nothing keeps any more. Undefined: somebody else wrote meanwhile. */
  async remove(
    object: UnknownObject,
    { key, modRevision }: Pick<StoreEntry, 'key' | 'modRevision'>,
    { dryRun = false }: WriteOptions,
  ): Promise<UnknownObject | undefined> {
    if (dryRun) return object
    try {
      const revision = await this.#store.delete(key, modRevision)
      object.metadata.resourceVersion = String(revision)
      return object
    } catch (error) {
      if (isConflict(error)) return undefined
      throw interpretReadFailure(error)
    }
  }

  async read(namespace: string, name: string): Promise<StoreEntry | undefined> {
    try {
      const { entry } = await this.#store.get(this.key(namespace, name))
      return entry
    } catch (error) {
      throw interpretReadFailure(error)
    }
  }

  async state(namespace: string, name: string): Promise<CurrentState | undefined> {
    const entry = await this.read(namespace, name)
    if (entry === undefined) return undefined
    return { key: entry.key, modRevision: entry.modRevision, isNewest: true, decode: () => this.decode(entry) }
  }

  decode(entry: StoreEntry): UnknownObject {
    return decodeStored(this.#definition, entry.value, entry.modRevision)
  }

  key(namespace: string, name: string): string {
    return storageKey(this.#definition, namespace, name)
  }
}
