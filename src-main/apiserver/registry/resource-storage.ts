/**
 * A served resource with its verbs (upstream's `rest.Storage`): what HTTP handlers, subresources, admission plugins and
 * authorizers reach objects by. Every method throws `StatusError`.
 */
import type { Disposable } from '../../base/disposable.ts'
import type { ApiObject, ObjectList, UnknownObject } from '../../common/api/api-object.ts'
import type { UserInfo } from '../authentication/user-info.ts'
import type { ResourceDefinition } from './resource-definition.ts'

/** Who asks, and what the answer should warn of. */
export interface RequestContext {
  user: UserInfo
  warn(message: string): void
}

export interface WriteOptions {
  dryRun?: boolean
  fieldManager?: string
}

export interface ObjectSelection {
  /** As in the query: `app=web,tier!=db`. */
  labelSelector?: string
  fieldSelector?: string
}

export interface ListRequest extends ObjectSelection {
  /** Empty for all namespaces, and for cluster-scoped resources. */
  namespace: string
  resourceVersion?: string
  resourceVersionMatch?: 'Exact' | 'NotOlderThan'
  limit?: number
  continue?: string
}

export interface WatchRequest extends ObjectSelection {
  namespace: string
  resourceVersion?: string
  allowWatchBookmarks?: boolean
  sendInitialEvents?: boolean
  /** When the caller will end the watch, in milliseconds since the epoch; shortly before comes a last bookmark. */
  deadlineMs?: number
}

export type WatchEvent<Kind extends ApiObject = UnknownObject> =
  | { type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK'; object: Kind }
  | { type: 'ERROR'; object: import('../../common/api/status.ts').Status }

export interface WatchEvents<Kind extends ApiObject = UnknownObject> {
  /** False: enough for now; nothing more comes until `resume`. */
  onEvent(event: WatchEvent<Kind>): boolean | void
  /** Nothing follows; an ERROR event says why where there is a reason. */
  onEnd(): void
}

/** A watch that has begun; its first events may have come before the caller has it. */
export interface ObjectWatch extends Disposable {
  /** Goes on after `onEvent` answered false. */
  resume(): void
}

export interface DeleteRequest extends WriteOptions {
  gracePeriodSeconds?: number
  propagationPolicy?: 'Background' | 'Foreground' | 'Orphan'
  preconditions?: { uid?: string; resourceVersion?: string }
}

/** Computes the object that an update writes from what stands there; it may run again after a conflict. */
export type ComputeUpdate<Kind extends ApiObject> = (current: Kind | undefined) => Kind | Promise<Kind>

export interface UpdateRequest extends WriteOptions {
  /** Empty for the object itself, `status`, or another part that has a strategy. */
  subresource?: string
  /** Creates what is not there (server-side apply, and PUT where the kind allows it). */
  createIfMissing?: boolean
}

export interface ResourceStorage<Kind extends ApiObject = UnknownObject> {
  readonly definition: ResourceDefinition
  get(context: RequestContext, namespace: string, name: string, resourceVersion?: string): Promise<Kind>
  list(context: RequestContext, request: ListRequest): Promise<ObjectList<Kind>>
  watch(context: RequestContext, request: WatchRequest, events: WatchEvents<Kind>): Promise<ObjectWatch>
  create(context: RequestContext, namespace: string, object: Kind, options?: WriteOptions): Promise<Kind>
  /** Runs `compute` on the newest state, and again when somebody else wrote meanwhile, unless the object names a resourceVersion. */
  update(
    context: RequestContext,
    namespace: string,
    name: string,
    compute: ComputeUpdate<Kind>,
    request?: UpdateRequest,
  ): Promise<{ object: Kind; created: boolean }>
  /** `deleted` is false while grace or finalizers keep the object. */
  delete(
    context: RequestContext,
    namespace: string,
    name: string,
    request?: DeleteRequest,
  ): Promise<{ object: Kind; deleted: boolean }>
  deleteCollection(context: RequestContext, list: ListRequest, request?: DeleteRequest): Promise<ObjectList<Kind>>
}

/** What can be read and written below the name of an object, be it in another form. */
export type ObjectPart = Pick<ResourceStorage, 'definition' | 'get' | 'update'>

/** All served resources, by group and plural name. */
export interface Registry {
  readonly all: readonly ResourceStorage[]
  /** Undefined when it is not served. */
  find(group: string, resource: string): ResourceStorage | undefined
}
