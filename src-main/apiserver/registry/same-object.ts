/** Whether a write means the object that is there (apiserver/pkg/registry/rest/update.go, storage/errors). */
import type { UnknownObject } from '../../common/api/api-object.ts'
import { invalid as invalidField } from '../../common/validation/field-error.ts'
import { badRequest, conflict, invalid, type StatusError } from '../../kube/status-error.ts'
import type { ResourceDefinition } from './resource-definition.ts'
import { parseResourceVersion } from './resource-version.ts'

const CHANGED_MEANWHILE = 'the object has been modified; please apply your changes to the latest version and try again'

/** @throws StatusError 400 for an object of another name than the address */
export function requireName({ metadata }: UnknownObject, name: string): void {
  const { name: own = '' } = metadata
  if (own === '')
    throw badRequest(`the name of the object (${name} based on URL) was undeterminable: name must be provided`)
  if (own !== name) throw badRequest(`the name of the object (${own}) does not match the name on the URL (${name})`)
}

/**
 * The caller means the object that is there, in the state that it has.
 * @param key where it is stored
 * @throws StatusError 409, or 422 for a kind that is not written without a resourceVersion
 */
export function requireSameObject(
  definition: ResourceDefinition,
  { metadata }: UnknownObject,
  { metadata: old }: UnknownObject,
  key: string,
): void {
  const { name = '', uid = '', resourceVersion = '' } = metadata
  if (uid !== '' && uid !== old.uid) throw uidConflict(definition, name, key, uid, old.uid ?? '')
  if (resourceVersion === '') {
    if (definition.strategy.requireResourceVersionOnUpdate === true)
      throw invalid(definition, name, [invalidField('metadata.resourceVersion', 0, 'must be specified for an update')])
  } else if (parseResourceVersion(resourceVersion) !== Number(old.resourceVersion))
    throw conflict(definition, name, CHANGED_MEANWHILE)
}

export function uidConflict(
  definition: ResourceDefinition,
  name: string,
  key: string,
  asked: string,
  found: string,
): StatusError {
  const why = `Precondition failed: UID in precondition: ${asked}, UID in object meta: ${found}`
  const text = `StorageError: invalid object, Code: 4, Key: ${key}, ResourceVersion: 0, AdditionalErrorMsg: ${why}`
  return conflict(definition, name, text)
}
