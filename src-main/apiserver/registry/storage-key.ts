/** Where objects are kept, as upstream lays its keys out: `/registry/pods/default/web`, `/registry/minions/node01`. */
import type { ResourceDefinition } from './resource-definition.ts'

/** Of everything of the resource, or of one namespace of it; ends in `/`. */
export function keyPrefix(definition: ResourceDefinition, namespace: string): string {
  const root = `/registry/${definition.storagePrefix}/`
  return definition.namespaced && namespace !== '' ? `${root}${namespace}/` : root
}

export function storageKey(definition: ResourceDefinition, namespace: string, name: string): string {
  return keyPrefix(definition, namespace) + name
}
