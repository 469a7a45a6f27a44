/** Which object is meant: its coordinates, and the uid that no other object ever has. */
import type { ApiObject, GroupVersionKind } from '../../common/api/api-object.ts'
import { groupVersion } from '../../common/api/api-object.ts'
import type { OwnerReference } from '../../common/api/meta.ts'

export interface ObjectIdentity {
  apiVersion: string
  kind: string
  /** Empty for what has no namespace. */
  namespace: string
  name: string
  uid: string
}

/** Items of lists do not say their kind: it comes from their resource. */
export function identityOf(kind: GroupVersionKind, { metadata }: ApiObject): ObjectIdentity {
  const { namespace = '', name = '', uid = '' } = metadata
  return { apiVersion: groupVersion(kind), kind: kind.kind, namespace, name, uid }
}

/** An owner is of its dependent's namespace, or of none (facts 4.2): the reference does not say. */
export function ownerIdentity({ apiVersion, kind, name, uid }: OwnerReference, namespace: string): ObjectIdentity {
  return { apiVersion, kind, namespace, name, uid }
}

/** Whether a reference by an object of `namespace` names this owner in all its coordinates. */
export function refersTo(reference: OwnerReference, namespace: string, owner: ObjectIdentity): boolean {
  return (
    reference.uid === owner.uid &&
    reference.name === owner.name &&
    reference.kind === owner.kind &&
    reference.apiVersion === owner.apiVersion &&
    isReachable(owner, namespace)
  )
}

/** Whether objects of `namespace` can have this owner. */
export function isReachable(owner: ObjectIdentity, namespace: string): boolean {
  return owner.namespace === '' || owner.namespace === namespace
}

/** As upstream prints it in events and logs. */
export function formatIdentity({ apiVersion, kind, namespace, name, uid }: ObjectIdentity): string {
  return `[${apiVersion}/${kind}, namespace: ${namespace}, name: ${name}, uid: ${uid}]`
}
