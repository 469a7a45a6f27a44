/** Paths of resources and objects in the API. */
import { groupVersion, type GroupVersionResource } from '../common/api/api-object.ts'
import type { ListOptions, ObjectAddress, WatchOptions } from './api-client.ts'

export function collectionPath(of: GroupVersionResource, namespace = ''): string {
  const root = of.group === '' ? '/api' : '/apis'
  const scope = namespace === '' ? '' : `/namespaces/${encodeURIComponent(namespace)}`
  return `${root}/${groupVersion(of)}${scope}/${of.resource}`
}

export function objectPath(of: GroupVersionResource, { namespace, name, subresource }: ObjectAddress): string {
  const part = subresource === undefined ? '' : `/${subresource}`
  return `${collectionPath(of, namespace)}/${encodeURIComponent(name)}${part}`
}

/** With what follows the question mark; empty and absent options are left out. */
export function collectionQuery(
  of: GroupVersionResource,
  { namespace, ...options }: ListOptions | (WatchOptions & { watch: true }),
): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(options))
    if (value !== undefined && value !== '') query.set(name, String(value))
  const path = collectionPath(of, namespace)
  return query.size === 0 ? path : `${path}?${query.toString()}`
}
