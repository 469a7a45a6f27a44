/** What every object of the Kubernetes API has, and the names by which kinds and resources are known. */
import type { ObjectMeta } from './meta.ts'

/** Any API object; kinds with a type of their own extend it. */
export interface ApiObject {
  apiVersion: string
  kind: string
  metadata: ObjectMeta
}

/** An object of whatever kind, with its remaining fields as they are. */
export interface UnknownObject extends ApiObject {
  [field: string]: unknown
}

/** `meta/v1` ListMeta. */
export interface ListMeta {
  resourceVersion?: string
  continue?: string
  remainingItemCount?: number
}

export interface ObjectList<Kind extends ApiObject = UnknownObject> {
  apiVersion: string
  kind: string
  metadata: ListMeta
  items: Kind[]
}

/** `group` is empty for the core group. */
export interface GroupVersionKind {
  group: string
  version: string
  kind: string
}

/** A resource by its plural name, such as `{group: 'apps', version: 'v1', resource: 'daemonsets'}`. */
export interface GroupVersionResource {
  group: string
  version: string
  resource: string
}

/** `apps/v1`, or `v1` for the core group. */
export function groupVersion(of: { group: string; version: string }): string {
  return of.group === '' ? of.version : `${of.group}/${of.version}`
}

/** `daemonsets.apps`, or `pods` for the core group: how messages name a resource. */
export function groupResource(of: { group: string; resource: string }): string {
  return of.group === '' ? of.resource : `${of.resource}.${of.group}`
}
