/** Looking things up for the server's own decisions. */
import type { UnknownObject } from '../../common/api/api-object.ts'
import { hasReason, type ResourceName } from '../../kube/status-error.ts'
import { LOOPBACK } from '../authentication/user-info.ts'
import type { Registry, RequestContext } from './resource-storage.ts'

/** What the server asks itself; nobody reads the warnings. */
export const LOOPBACK_CONTEXT: RequestContext = { user: LOOPBACK, warn: () => undefined }

/**
 * From the watch cache; what is not in there may be brand new and is asked of the store, as upstream's admission does.
 * Undefined when it is not there, or its resource not served.
 * @throws StatusError for every other reason
 */
export async function findObject(
  registry: Registry,
  { group, resource }: ResourceName,
  namespace: string,
  name: string,
): Promise<UnknownObject | undefined> {
  const storage = registry.find(group, resource)
  if (storage === undefined || name === '') return undefined
  for (const resourceVersion of ['0', undefined]) {
    try {
      return await storage.get(LOOPBACK_CONTEXT, namespace, name, resourceVersion)
    } catch (error) {
      if (!hasReason(error, 'NotFound')) throw error
    }
  }
  return undefined
}
