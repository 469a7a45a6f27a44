/** What events say of the object that they are about (client-go tools/reference). Pure. */
import type { ApiObject } from '../../common/api/api-object.ts'
import type { ObjectReference } from '../../common/api/event.ts'

export function referenceTo({ apiVersion, kind, metadata }: ApiObject): ObjectReference {
  const { namespace = '', name = '', uid = '', resourceVersion = '' } = metadata
  return { apiVersion, kind, namespace, name, uid, resourceVersion }
}
