/** Objects as the store keeps them: JSON without a resourceVersion, which is the revision of the entry. */
import type { UnknownObject } from '../../common/api/api-object.ts'
import type { ResourceDefinition } from './resource-definition.ts'

export function encodeStored(definition: ResourceDefinition, object: UnknownObject): string {
  const stored = definition.storedForm === undefined ? object : definition.storedForm.encode(object)
  const { resourceVersion: _, ...metadata } = stored.metadata
  return JSON.stringify({ ...stored, metadata })
}

/** Fills defaults, which may be younger than what is stored. */
export function decodeStored(definition: ResourceDefinition, value: string, revision: number): UnknownObject {
  // Only this module's `encodeStored` writes below the resource's prefix.
  const stored = JSON.parse(value) as UnknownObject
  // A definition only ever decodes into its own kind.
  const object = (definition.storedForm?.decode(stored) ?? stored) as UnknownObject
  definition.strategy.setDefaults(object)
  object.metadata.resourceVersion = String(revision)
  return object
}
