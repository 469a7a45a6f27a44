/** Whose an object is (apimachinery metav1.NewControllerRef, GetControllerOf). Pure. */
import type { ApiObject } from '../../common/api/api-object.ts'
import type { OwnerReference } from '../../common/api/meta.ts'

/** What a controller's own object writes into those it makes. Objects of a watch carry their kind. */
export function newControllerReference({ apiVersion, kind, metadata }: ApiObject): OwnerReference {
  const { name = '', uid = '' } = metadata
  return { apiVersion, kind, name, uid, controller: true, blockOwnerDeletion: true }
}

/** At most one owner is the controller. */
export function controllerOf({
  metadata,
}: ApiObject | { metadata: ApiObject['metadata'] }): OwnerReference | undefined {
  return metadata.ownerReferences?.find(({ controller }) => controller === true)
}

/**
 * A strategic merge patch that takes owners, by their uids, from an object: of that uid and no other, whoever has its name.
 * Owners that it has not are no error.
 */
export function removeOwnersPatch(uid: string | undefined, owners: readonly (string | undefined)[]): unknown {
  return { metadata: { uid, ownerReferences: owners.map((owner) => ({ $patch: 'delete', uid: owner })) } }
}
