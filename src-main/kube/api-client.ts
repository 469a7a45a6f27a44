/** What programs ask of an API server, whatever carries it: HTTPS in a cluster, a call within the process in tests. */
import type { Disposable } from '../base/disposable.ts'
import type { ApiObject, GroupVersionResource, ObjectList, UnknownObject } from '../common/api/api-object.ts'
import type { Status } from '../common/api/status.ts'

export type WatchEvent<Kind extends ApiObject = UnknownObject> =
  | { type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK'; object: Kind }
  | { type: 'ERROR'; object: Status }

/** Ends, without an error, when the server ends it or it is disposed of. */
export interface WatchStream<Kind extends ApiObject> extends AsyncIterable<WatchEvent<Kind>>, Disposable {}

export interface Selection {
  /** Absent or empty: all namespaces, or a resource without them. */
  namespace?: string
  labelSelector?: string
  fieldSelector?: string
}

export interface ListOptions extends Selection {
  resourceVersion?: string
  limit?: number
  continue?: string
}

export interface WatchOptions extends Selection {
  resourceVersion: string
  allowWatchBookmarks?: boolean
  /** After which the server ends the watch. */
  timeoutSeconds?: number
}

/** One object, or with `subresource` a part of it. */
export interface ObjectAddress {
  /** Absent or empty for a resource without namespaces. */
  namespace?: string
  name: string
  subresource?: string
}

export interface DeleteOptions {
  gracePeriodSeconds?: number
  propagationPolicy?: 'Background' | 'Foreground' | 'Orphan'
  preconditions?: { uid?: string; resourceVersion?: string }
}

export type PatchType =
  | 'application/json-patch+json'
  | 'application/merge-patch+json'
  | 'application/strategic-merge-patch+json'

/** Every method rejects with a `StatusError` for what the server says, and with `ConnectionError` when it says nothing. */
export interface ApiClient {
  /** Whatever is at a path: discovery, versions. */
  getPath<Answer>(path: string): Promise<Answer>
  get<Kind extends ApiObject>(of: GroupVersionResource, address: ObjectAddress): Promise<Kind>
  list<Kind extends ApiObject>(of: GroupVersionResource, options?: ListOptions): Promise<ObjectList<Kind>>
  /** Resolves when the server has taken the watch on. */
  watch<Kind extends ApiObject>(of: GroupVersionResource, options: WatchOptions): Promise<WatchStream<Kind>>
  /** `address` is for subresources, such as a pod's `binding`, or an account's `token`. */
  create<Kind extends ApiObject>(of: GroupVersionResource, object: Kind, address?: ObjectAddress): Promise<Kind>
  update<Kind extends ApiObject>(of: GroupVersionResource, object: Kind, subresource?: string): Promise<Kind>
  patch<Kind extends ApiObject>(
    of: GroupVersionResource,
    address: ObjectAddress,
    type: PatchType,
    patch: unknown,
  ): Promise<Kind>
  delete(of: GroupVersionResource, address: ObjectAddress, options?: DeleteOptions): Promise<void>
}

/** Nobody answered: in the words of Go's HTTP client, such as `Post "https://…": dial tcp …: connect: connection refused`. */
export class ConnectionError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'ConnectionError'
  }
}
