/** Objects as the store keeps them: JSON without a resourceVersion, which is the revision of the entry. */
import type { UnknownObject } from '../../common/api/api-object.ts'
import type { ResourceDefinition } from './resource-definition.ts'

export function encodeStored(object: UnknownObject): string {
  const { resourceVersion: _, ...metadata } = object.metadata
  return JSON.stringify({ ...object, metadata })
}

/** Fills defaults, which may be younger than what is stored. */
export function decodeStored(definition: ResourceDefinition, value: string, revision: number): UnknownObject {
  // Only this module's `encodeStored` writes below the resource's prefix.
  const object = JSON.parse(value) as UnknownObject
  definition.strategy.setDefaults(object)
  object.metadata.resourceVersion = String(revision)
  return object
}
