/** The verbs of every stored resource, on top of the store (upstream's registry/generic/registry/store.go). */
import { cloneData } from '../../common/defaults/clone.ts'
import { randomUUID } from 'node:crypto'
import type { Disposable } from '../../base/disposable.ts'
import type { ObjectList, UnknownObject } from '../../common/api/api-object.ts'
import type { FieldError } from '../../common/validation/field-error.ts'
import { validateObjectMeta, validateObjectMetaUpdate } from '../../common/validation/validate-object-meta.ts'
import { alreadyExists, hasReason, invalid, notFound } from '../../kube/status-error.ts'
import type { AdmissionChain } from '../admission/run-admission.ts'
import type { AdmissionAttributes } from '../admission/admission-plugin.ts'
import { StoreError, type StoreEntry } from '../storage/store.ts'
import type { CurrentState } from './current-state.ts'
import { computeAttributes } from './compute-attributes.ts'
import { CachedObjects, type CacheDependencies } from './cached-objects.ts'
import { computeDeletion, isReadyToGo } from './compute-deletion.ts'
import { recordUpdate } from '../managed-fields/field-manager.ts'
import { listObjects } from './list-objects.ts'
import {
  carryOverMetadata,
  clearForCreate,
  formatTime,
  generateName,
  noFreeName,
  placeInNamespace,
} from './prepare-object.ts'
import type { ResourceDefinition, StatusStrategy, StrategyContext } from './resource-definition.ts'
import type {
  ComputeUpdate,
  DeleteRequest,
  ListRequest,
  ObjectWatch,
  RequestContext,
  ResourceStorage,
  UpdateRequest,
  WatchEvents,
  WatchRequest,
  WriteOptions,
} from './resource-storage.ts'
import { requireName, requireSameObject, uidConflict } from './same-object.ts'
import { StoredObjects } from './stored-objects.ts'
import { interpretReadFailure, plainFailure } from './store-failure.ts'
import { encodeStored } from './stored-object.ts'

/** How many generated names are tried before it is said that none was free. */
const NAME_ATTEMPTS = 8

export interface StorageDependencies extends CacheDependencies {
  admission: AdmissionChain
  /** Numbers in [0, 1), for generated names. */
  random: () => number
}

export class GenericStorage implements ResourceStorage, Disposable {
  readonly definition: ResourceDefinition
  readonly #dependencies: StorageDependencies
  readonly #cached: CachedObjects
  readonly #stored: StoredObjects

  constructor(definition: ResourceDefinition, dependencies: StorageDependencies) {
    this.definition = definition
    this.#dependencies = dependencies
    this.#cached = new CachedObjects(definition, dependencies)
    this.#stored = new StoredObjects(definition, dependencies.store)
  }

  async get(_: RequestContext, namespace: string, name: string, resourceVersion = ''): Promise<UnknownObject> {
    const object =
      resourceVersion === ''
        ? (await this.#stored.state(namespace, name))?.decode()
        : await this.#cached.get(namespace, name, resourceVersion)
    if (object === undefined) throw notFound(this.definition, name)
    return object
  }

  async list(_: RequestContext, request: ListRequest): Promise<ObjectList> {
    return (await this.#cached.list(request)) ?? (await listObjects(this.#dependencies.store, this.definition, request))
  }

  async watch(_: RequestContext, request: WatchRequest, events: WatchEvents): Promise<ObjectWatch> {
    return await this.#cached.watch(request, events)
  }

  /** Ends all watches. */
  async dispose(): Promise<void> {
    await this.#cached.dispose()
  }

  async create(
    context: RequestContext,
    namespace: string,
    object: UnknownObject,
    options: WriteOptions = {},
  ): Promise<UnknownObject> {
    const { metadata } = object
    this.definition.strategy.setDefaults(object)
    placeInNamespace(metadata, this.#namespaceOf(namespace))
    this.#recordManager(undefined, object, '', options)
    const attributes = this.#attributes(context, 'CREATE', namespace, metadata.name ?? '', '', options)
    await this.#dependencies.admission.admit({ ...attributes, object })
    if ((metadata.resourceVersion ?? '') !== '')
      throw plainFailure('resourceVersion should not be set on objects to be created')
    const base = (metadata.name ?? '') === '' ? (metadata.generateName ?? '') : ''
    if (base === '') return await this.#createNamed(context, namespace, object, attributes, options)
    for (let attempt = 1; ; attempt++) {
      const named = cloneData(object)
      named.metadata.name = generateName(base, this.#dependencies.random)
      try {
        return await this.#createNamed(context, namespace, named, attributes, options)
      } catch (error) {
        if (!hasReason(error, 'AlreadyExists')) throw error
        if (attempt === NAME_ATTEMPTS) throw noFreeName(error)
      }
    }
  }

  async update(
    context: RequestContext,
    namespace: string,
    name: string,
    compute: ComputeUpdate<UnknownObject>,
    request: UpdateRequest = {},
  ): Promise<{ object: UnknownObject; created: boolean }> {
    // What the cache has is nearly always the newest; where it is not, the store says so when it is written to.
    let state = request.dryRun === true ? undefined : this.#cached.peek(namespace, name)
    for (; ; state = undefined) {
      const current = state ?? (await this.#stored.state(namespace, name))
      if (current === undefined) {
        const created = await this.#createByUpdate(context, namespace, name, compute, request)
        if (created !== undefined) return { object: created, created: true }
        continue
      }
      let write: () => Promise<UnknownObject | undefined>
      try {
        write = await this.#prepareUpdate(context, namespace, name, current, compute, request)
      } catch (error) {
        if (current.isNewest) throw error
        continue
      }
      const written = await write()
      if (written !== undefined) return { object: written, created: false }
    }
  }

  async delete(
    context: RequestContext,
    namespace: string,
    name: string,
    request: DeleteRequest = {},
  ): Promise<{ object: UnknownObject; deleted: boolean }> {
    const normal =
      request.gracePeriodSeconds !== undefined && request.gracePeriodSeconds < 0
        ? { ...request, gracePeriodSeconds: 1 }
        : request
    for (;;) {
      const entry = await this.#stored.read(namespace, name)
      if (entry === undefined) throw notFound(this.definition, name)
      const result = await this.#tryDelete(context, namespace, name, entry, normal)
      if (result !== undefined) return result
    }
  }

  async deleteCollection(context: RequestContext, list: ListRequest, request: DeleteRequest = {}): Promise<ObjectList> {
    const found = await this.list(context, list)
    for (const { metadata } of found.items)
      try {
        await this.delete(context, metadata.namespace ?? '', metadata.name ?? '', request)
      } catch (error) {
        if (!hasReason(error, 'NotFound')) throw error
      }
    return found
  }

  async #createNamed(
    context: RequestContext,
    namespace: string,
    object: UnknownObject,
    attributes: AdmissionAttributes,
    { dryRun = false }: WriteOptions,
  ): Promise<UnknownObject> {
    const { definition } = this
    const { store, admission } = this.#dependencies
    const { metadata } = object
    const strategyContext = this.#strategyContext(context, namespace)
    clearForCreate(metadata)
    definition.strategy.prepareForCreate(object, strategyContext)
    metadata.creationTimestamp = formatTime(strategyContext.now)
    metadata.uid = randomUUID()
    this.#refuse(object, [
      ...validateObjectMeta(metadata, definition),
      ...definition.strategy.validate(object, strategyContext),
    ])
    this.#warn(context, object, undefined)
    await admission.validate({ ...attributes, name: metadata.name ?? '', object })
    const key = this.#stored.key(namespace, metadata.name ?? '')
    try {
      if (!dryRun)
        return this.#stored.decode(await store.create(key, encodeStored(definition, object), definition.ttlSeconds))
      const { entry } = await store.get(key)
      if (entry !== undefined) throw new StoreError({ kind: 'exists' })
      return object
    } catch (error) {
      if (error instanceof StoreError && error.fault.kind === 'exists')
        throw alreadyExists(definition, metadata.name ?? '')
      throw interpretReadFailure(error)
    }
  }

  /** Undefined: it has come into being meanwhile. */
  async #createByUpdate(
    context: RequestContext,
    namespace: string,
    name: string,
    compute: ComputeUpdate<UnknownObject>,
    request: UpdateRequest,
  ): Promise<UnknownObject | undefined> {
    const allowed = request.createIfMissing === true && (request.subresource ?? '') === ''
    if (!allowed) throw notFound(this.definition, name)
    const object = await compute(undefined)
    requireName(object, name)
    if ((object.metadata.uid ?? '') !== '')
      throw uidConflict(this.definition, name, this.#stored.key(namespace, name), object.metadata.uid ?? '', '')
    delete object.metadata.resourceVersion
    try {
      return await this.create(context, namespace, object, request)
    } catch (error) {
      if (hasReason(error, 'AlreadyExists')) return undefined
      throw error
    }
  }

  /** Answers what writes the update; that answers undefined when somebody else wrote meanwhile. */
  async #prepareUpdate(
    context: RequestContext,
    namespace: string,
    name: string,
    current: CurrentState,
    compute: ComputeUpdate<UnknownObject>,
    request: UpdateRequest,
  ): Promise<() => Promise<UnknownObject | undefined>> {
    const { definition } = this
    const { admission } = this.#dependencies
    const old = current.decode()
    const object = await compute(current.decode())
    definition.strategy.setDefaults(object)
    requireName(object, name)
    placeInNamespace(object.metadata, this.#namespaceOf(namespace))
    const subresource = request.subresource ?? ''
    const attributes = this.#attributes(context, 'UPDATE', namespace, name, subresource, request)
    const strategy = this.#updateStrategy(subresource)
    if (strategy !== undefined) {
      this.#recordManager(old, object, subresource, request)
      await admission.admit({ ...attributes, object, oldObject: old })
    }
    requireSameObject(definition, object, old, this.#stored.key(namespace, name))
    const strategyContext = this.#strategyContext(context, namespace)
    carryOverMetadata(object.metadata, old.metadata)
    if (strategy !== undefined) {
      if (old.metadata.generation === undefined) delete object.metadata.generation
      else object.metadata.generation = old.metadata.generation
      strategy.prepareForUpdate(object, old, strategyContext)
      this.#refuse(object, [
        ...validateObjectMetaUpdate(object.metadata, old.metadata),
        ...strategy.validateUpdate(object, old, strategyContext),
      ])
      if (subresource === '') this.#warn(context, object, old)
      await admission.validate({ ...attributes, object, oldObject: old })
    }
    return isReadyToGo(definition, object) && !isReadyToGo(definition, old)
      ? () => this.#stored.remove(object, current, request)
      : () => this.#stored.update(object, old, current, request)
  }

  /** Undefined: somebody else wrote meanwhile. */
  async #tryDelete(
    context: RequestContext,
    namespace: string,
    name: string,
    entry: StoreEntry,
    request: DeleteRequest,
  ): Promise<{ object: UnknownObject; deleted: boolean } | undefined> {
    const { admission, clock } = this.#dependencies
    const old = this.#stored.decode(entry)
    const attributes = { ...this.#attributes(context, 'DELETE', namespace, name, '', request), oldObject: old }
    await admission.admit(attributes)
    const deletion = computeDeletion(this.definition, old, request, clock.now())
    await admission.validate(attributes)
    if (deletion.type === 'none') return { object: old, deleted: false }
    if (deletion.type === 'remove') {
      const removed = await this.#stored.remove(old, entry, request)
      return removed === undefined ? undefined : { object: removed, deleted: true }
    }
    const marked = await this.#stored.update(deletion.object, old, { ...entry, isNewest: true }, request)
    if (marked === undefined) return undefined
    if (deletion.type === 'mark') return { object: marked, deleted: false }
    if (request.dryRun === true) return { object: marked, deleted: true }
    const modRevision = Number(marked.metadata.resourceVersion)
    const removed = await this.#stored.remove(marked, { ...entry, modRevision }, request)
    return removed === undefined ? undefined : { object: removed, deleted: true }
  }

  #namespaceOf(namespace: string): string {
    return this.definition.namespaced ? namespace : ''
  }

  #strategyContext({ user }: RequestContext, namespace: string): StrategyContext {
    return { user, now: this.#dependencies.clock.now(), namespace: this.#namespaceOf(namespace) }
  }

  /** Undefined for parts whose own handlers have checked what they change, such as `binding`. */
  #updateStrategy(subresource: string): StatusStrategy<UnknownObject> | undefined {
    const { strategy, statusStrategy, parts = {} } = this.definition
    if (subresource === '') return strategy
    return subresource === 'status' ? statusStrategy : parts[subresource]
  }

  #attributes(
    context: RequestContext,
    operation: AdmissionAttributes['operation'],
    namespace: string,
    name: string,
    subresource: string,
    options: WriteOptions,
  ): AdmissionAttributes {
    const about = { namespace: this.#namespaceOf(namespace), name, subresource }
    return computeAttributes(this.definition, context, operation, about, options)
  }

  /** Who writes without a name is not recorded: the server's own parts, and server-side apply, which has done so itself. */
  #recordManager(
    old: UnknownObject | undefined,
    object: UnknownObject,
    subresource: string,
    { fieldManager }: WriteOptions,
  ): void {
    if (fieldManager === undefined) return
    const now = this.#dependencies.clock.now()
    recordUpdate(old, object, { kind: this.definition, manager: fieldManager, subresource, now })
  }

  #refuse(object: UnknownObject, errors: readonly FieldError[]): void {
    if (errors.length > 0) throw invalid(this.definition, object.metadata.name ?? '', errors)
  }

  #warn(context: RequestContext, object: UnknownObject, old: UnknownObject | undefined): void {
    for (const warning of this.definition.strategy.warnings?.(object, old) ?? []) context.warn(warning)
  }
}
