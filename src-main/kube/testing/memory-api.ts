/**
 * An API server as small as tests of its clients need it: objects in memory, watches, graceful deletion of pods, an address
 * that can stop answering. What the real one checks beyond that, its own tests show.
 */
import {
  groupResource,
  type ApiObject,
  type GroupVersionResource,
  type ObjectList,
  type UnknownObject,
} from '../../common/api/api-object.ts'
import { matchesLabels, parseLabelSelector } from '../../common/api/label-selector.ts'
import {
  ConnectionError,
  type ApiClient,
  type DeleteOptions,
  type ListOptions,
  type ObjectAddress,
  type PatchType,
  type WatchEvent,
  type WatchOptions,
  type WatchStream,
} from '../api-client.ts'
import { objectKey } from '../informer.ts'
import { collectionPath, objectPath } from '../resource-path.ts'
import { alreadyExists, conflict, expired, notFound, type StatusError, unknownResource } from '../status-error.ts'
import { matchesFields } from './match-fields.ts'
import { mergePatch } from './merge-patch.ts'
import { QueuedWatch } from './queued-watch.ts'

export const TEST_SERVER = 'https://172.30.0.11:6443'

/** `refusing`: nothing listens. */
export type ServerState = 'answering' | 'refusing'

interface Change {
  resource: string
  revision: number
  event: WatchEvent
}

export class MemoryApi {
  /** `GET /api/v1/pods`, in order. */
  readonly requests: string[] = []
  readonly #now: () => number
  readonly #objects = new Map<string, Map<string, UnknownObject>>()
  readonly #changes: Change[] = []
  readonly #watches = new Set<QueuedWatch>()
  #compacted = 0
  #revision = 100
  #uids = 0
  #state: ServerState = 'answering'
  /** Throws to refuse a request, as authorisation and admission do. */
  refuse: (verb: string, of: GroupVersionResource, object: ApiObject | undefined) => StatusError | undefined = () =>
    undefined

  /** @param now milliseconds since the epoch */
  constructor(now: () => number) {
    this.#now = now
  }

  /** From now on connections are refused, and those that were open break. */
  stop(): void {
    this.#state = 'refusing'
    this.cutWatches()
  }

  serve(): void {
    this.#state = 'answering'
  }

  /** Connections break; who asks again is answered. */
  cutWatches(): void {
    for (const watch of [...this.#watches]) watch.end()
    this.#watches.clear()
  }

  /** Forgets what happened before now: a watch from an earlier moment is told so. */
  compact(): void {
    this.#compacted = this.#revision
    this.#changes.length = 0
  }

  /** Tells watches the present moment. */
  bookmark(): void {
    const metadata = { resourceVersion: String(this.#revision) }
    for (const watch of this.#watches) watch.push({ type: 'BOOKMARK', object: { apiVersion: '', kind: '', metadata } })
  }

  /** An object as it is, without a request. @throws StatusError */
  peek(of: GroupVersionResource, address: ObjectAddress): UnknownObject {
    return this.#find(of, address)
  }

  peekAll(of: GroupVersionResource): UnknownObject[] {
    return [...this.#all(of).values()]
  }

  /** Somebody else changes an object: a merge patch, without a request. */
  poke(of: GroupVersionResource, address: ObjectAddress, patch: unknown): void {
    this.#patch(of, address, patch)
  }

  /** A client whose requests are counted. */
  client(): ApiClient {
    return {
      getPath: () => Promise.reject(unknownResource()),
      get: <Kind extends ApiObject>(of: GroupVersionResource, address: ObjectAddress) =>
        this.#answer('GET', of, address, undefined, () => this.#find(of, address) as unknown as Kind),
      list: <Kind extends ApiObject>(of: GroupVersionResource, options: ListOptions = {}) =>
        this.#answer('GET', of, options, undefined, () => this.#list(of, options) as unknown as ObjectList<Kind>),
      watch: <Kind extends ApiObject>(of: GroupVersionResource, options: WatchOptions) =>
        this.#answer('WATCH', of, options, undefined, () => this.#watch(of, options) as unknown as WatchStream<Kind>),
      create: <Kind extends ApiObject>(of: GroupVersionResource, object: Kind, address?: ObjectAddress) =>
        this.#answer('POST', of, address ?? { namespace: object.metadata.namespace ?? '' }, object, () =>
          address === undefined ? (this.#create(of, object) as unknown as Kind) : this.createPart(of, address, object),
        ),
      update: <Kind extends ApiObject>(of: GroupVersionResource, object: Kind) =>
        this.#answer('PUT', of, addressOf(object), object, () => this.#update(of, object) as unknown as Kind),
      patch: <Kind extends ApiObject>(
        of: GroupVersionResource,
        address: ObjectAddress,
        _type: PatchType,
        patch: unknown,
      ) => this.#answer('PATCH', of, address, undefined, () => this.#patch(of, address, patch) as unknown as Kind),
      delete: (of, address, options = {}) =>
        this.#answer('DELETE', of, address, undefined, () => this.#delete(of, address, options)),
    }
  }

  /** What a POST to a subresource answers; tests replace it. */
  createPart: <Kind extends ApiObject>(of: GroupVersionResource, address: ObjectAddress, object: Kind) => Kind = (
    of,
    address,
  ) => {
    throw notFound(of, address.name)
  }

  async #answer<Answer>(
    verb: string,
    of: GroupVersionResource,
    address: Partial<ObjectAddress>,
    object: ApiObject | undefined,
    act: () => Answer,
  ): Promise<Answer> {
    const { name } = address
    const path = name === undefined ? collectionPath(of, address.namespace) : objectPath(of, { ...address, name })
    await Promise.resolve()
    if (this.#state === 'refusing') {
      const word = verb === 'WATCH' ? 'Get' : `${verb.charAt(0)}${verb.slice(1).toLowerCase()}`
      throw new ConnectionError(
        `${word} "${TEST_SERVER}${path}": dial tcp 172.30.0.11:6443: connect: connection refused`,
      )
    }
    this.requests.push(`${verb} ${path}`)
    const refusal = this.refuse(verb, of, object)
    if (refusal !== undefined) throw refusal
    return structuredCloneData(act())
  }

  #all(of: GroupVersionResource): Map<string, UnknownObject> {
    const key = groupResource(of)
    const objects = this.#objects.get(key) ?? new Map<string, UnknownObject>()
    this.#objects.set(key, objects)
    return objects
  }

  #find(of: GroupVersionResource, { namespace, name }: ObjectAddress): UnknownObject {
    const found = this.#all(of).get(objectKey(namespace, name))
    if (found === undefined) throw notFound(of, name)
    return found
  }

  #list(of: GroupVersionResource, { namespace = '', fieldSelector, labelSelector = '' }: ListOptions): ObjectList {
    const items = [...this.#all(of).values()].filter(
      (object) =>
        (namespace === '' || object.metadata.namespace === namespace) &&
        matchesFields(object, fieldSelector) &&
        matchesLabels(parseLabelSelector(labelSelector), object.metadata.labels ?? {}),
    )
    return { apiVersion: 'v1', kind: 'List', metadata: { resourceVersion: String(this.#revision) }, items }
  }

  #watch(of: GroupVersionResource, options: WatchOptions): WatchStream<UnknownObject> {
    const from = Number(options.resourceVersion)
    if (from < this.#compacted) throw expired(`too old resource version: ${from} (${this.#compacted})`)
    const resource = groupResource(of)
    const watch = new QueuedWatch(resource, options, () => this.#watches.delete(watch))
    this.#watches.add(watch)
    for (const change of this.#changes)
      if (change.resource === resource && change.revision > from) watch.push(structuredClone(change.event))
    return watch
  }

  #create(of: GroupVersionResource, object: ApiObject): UnknownObject {
    const { namespace, name = '' } = object.metadata
    const key = objectKey(namespace, name)
    if (this.#all(of).has(key)) throw alreadyExists(of, name)
    const created = structuredClone(object) as UnknownObject
    created.metadata.uid = `uid-${++this.#uids}`
    created.metadata.creationTimestamp = this.#time()
    if (of.resource === 'pods') created['status'] = { phase: 'Pending', qosClass: 'BestEffort' }
    return this.#store(of, 'ADDED', created)
  }

  #update(of: GroupVersionResource, object: ApiObject): UnknownObject {
    const { namespace = '', name = '', resourceVersion } = object.metadata
    const before = this.#find(of, { namespace, name })
    if (resourceVersion !== undefined && resourceVersion !== before.metadata.resourceVersion)
      throw conflict(
        of,
        name,
        'the object has been modified; please apply your changes to the latest version and try again',
      )
    return this.#store(of, 'MODIFIED', structuredClone(object) as UnknownObject)
  }

  #patch(of: GroupVersionResource, address: ObjectAddress, patch: unknown): UnknownObject {
    const before = this.#find(of, address)
    const after = mergePatch(before, patch) as UnknownObject
    const { uid } = after.metadata
    if (uid !== before.metadata.uid)
      throw conflict(
        of,
        address.name,
        `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${before.metadata.uid}`,
      )
    if (JSON.stringify(before) === JSON.stringify(after)) return before
    if (after.metadata.deletionGracePeriodSeconds === 0 && (after.metadata.finalizers ?? []).length === 0) {
      this.#all(of).delete(objectKey(address.namespace, address.name))
      after.metadata.resourceVersion = String(++this.#revision)
      this.#tell(groupResource(of), { type: 'DELETED', object: after })
      return after
    }
    return this.#store(of, 'MODIFIED', after)
  }

  #delete(
    of: GroupVersionResource,
    address: ObjectAddress,
    { gracePeriodSeconds, preconditions }: DeleteOptions,
  ): void {
    const before = this.#find(of, address)
    const uid = preconditions?.uid
    if (uid !== undefined && uid !== before.metadata.uid)
      throw conflict(
        of,
        address.name,
        `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${before.metadata.uid}`,
      )
    const spec = before['spec'] as { terminationGracePeriodSeconds?: number; nodeName?: string } | undefined
    const own = of.resource === 'pods' && spec?.nodeName !== undefined ? (spec.terminationGracePeriodSeconds ?? 30) : 0
    const grace = gracePeriodSeconds ?? own
    const object = structuredClone(before)
    if (grace > 0 || (before.metadata.finalizers ?? []).length > 0) {
      if ((before.metadata.deletionGracePeriodSeconds ?? Infinity) <= grace) return
      object.metadata.deletionTimestamp ??= new Date(this.#now() + grace * 1000).toISOString()
      object.metadata.deletionGracePeriodSeconds = grace
      this.#store(of, 'MODIFIED', object)
      return
    }
    this.#all(of).delete(objectKey(address.namespace, address.name))
    object.metadata.resourceVersion = String(++this.#revision)
    this.#tell(groupResource(of), { type: 'DELETED', object })
  }

  #store(of: GroupVersionResource, type: 'ADDED' | 'MODIFIED', object: UnknownObject): UnknownObject {
    object.metadata.resourceVersion = String(++this.#revision)
    this.#all(of).set(objectKey(object.metadata.namespace, object.metadata.name), object)
    this.#tell(groupResource(of), { type, object })
    return object
  }

  #tell(resource: string, event: WatchEvent): void {
    this.#changes.push({ resource, revision: this.#revision, event: structuredClone(event) })
    for (const watch of this.#watches) if (watch.resource === resource) watch.push(structuredClone(event))
  }

  #time(): string {
    return `${new Date(this.#now()).toISOString().slice(0, 19)}Z`
  }
}

function addressOf({ metadata }: ApiObject): ObjectAddress {
  return { namespace: metadata.namespace ?? '', name: metadata.name ?? '' }
}

/** Watches are handed on as they are. */
function structuredCloneData<Value>(value: Value): Value {
  return value instanceof QueuedWatch ? value : structuredClone(value)
}
