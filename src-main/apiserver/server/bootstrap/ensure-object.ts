/** Objects that there have to be: made when they are missing, and left alone otherwise. */
import type { UnknownObject } from '../../../common/api/api-object.ts'
import { hasReason } from '../../../kube/status-error.ts'
import { LOOPBACK_CONTEXT } from '../../registry/find-object.ts'
import type { Registry } from '../../registry/resource-storage.ts'

export interface ObjectPlace {
  group: string
  resource: string
}

/** @throws StatusError */
export async function ensureObject(registry: Registry, place: ObjectPlace, object: UnknownObject): Promise<void> {
  const storage = registry.find(place.group, place.resource)
  if (storage === undefined) return
  const { name = '', namespace = '' } = object.metadata
  try {
    await storage.get(LOOPBACK_CONTEXT, namespace, name)
  } catch (error) {
    if (!hasReason(error, 'NotFound')) throw error
    await storage.create(LOOPBACK_CONTEXT, namespace, object).catch(ignoreExisting)
  }
}

/** Another server was faster. */
function ignoreExisting(error: unknown): void {
  if (!hasReason(error, 'AlreadyExists')) throw error
}
