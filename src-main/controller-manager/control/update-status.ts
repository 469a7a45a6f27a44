/** Writes the status of an object that others write too. */
import type { ApiObject, GroupVersionResource } from '../../common/api/api-object.ts'
import type { ApiClient } from '../../kube/api-client.ts'
import { hasReason } from '../../kube/status-error.ts'

/**
 * When somebody wrote meanwhile, once more on what stands there then (replica_set_utils.go updateReplicaSetStatus).
 * Rejects as the client does.
 */
export async function updateStatus<Kind extends ApiObject & { status?: unknown }>(
  client: ApiClient,
  of: GroupVersionResource,
  object: Kind,
  status: NonNullable<Kind['status']>,
): Promise<Kind> {
  try {
    return await client.update(of, { ...object, status }, 'status')
  } catch (error) {
    if (!hasReason(error, 'Conflict')) throw error
    const { namespace = '', name = '' } = object.metadata
    const fresh = await client.get<Kind>(of, { namespace, name })
    return await client.update(of, { ...fresh, status }, 'status')
  }
}
