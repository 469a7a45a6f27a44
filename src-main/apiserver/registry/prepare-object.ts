/**
 * What the server does to every object's metadata before a write, whatever its kind (upstream's registry/rest/{create,update}.go
 * and apimachinery's validation of ObjectMeta).
 */
import type { UnknownObject } from '../../common/api/api-object.ts'
import type { ObjectMeta, Time } from '../../common/api/meta.ts'
import { forbidden, invalid, type FieldError } from '../../common/validation/field-error.ts'
import { badRequest } from '../../kube/status-error.ts'

const NAME_ALPHABET = 'bcdfghjklmnpqrstvwxz2456789'
const SUFFIX_LENGTH = 5
const MAX_GENERATED_NAME_LENGTH = 63

/** Times of the API have whole seconds. */
export function formatTime(ms: number): Time {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`
}

/** `base` and five random characters; `random` gives numbers in [0, 1). */
export function generateName(base: string, random: () => number): string {
  const suffix = Array.from({ length: SUFFIX_LENGTH }, () =>
    NAME_ALPHABET.charAt(Math.floor(random() * NAME_ALPHABET.length)),
  )
  return base.slice(0, MAX_GENERATED_NAME_LENGTH - SUFFIX_LENGTH) + suffix.join('')
}

/** The object goes where the request says. Throws `StatusError` when it says otherwise itself. */
export function placeInNamespace(metadata: ObjectMeta, namespace: string): void {
  const { namespace: own = '' } = metadata
  if (namespace === '') delete metadata.namespace
  else if (own === '' || own === namespace) metadata.namespace = namespace
  else throw badRequest('the namespace of the provided object does not match the namespace sent on the request')
}

/** Clears what only the server sets. */
export function clearForCreate(metadata: ObjectMeta): void {
  delete metadata.deletionTimestamp
  delete metadata.deletionGracePeriodSeconds
  delete metadata.generation
}

/** Carries over what an update cannot change and may leave out. */
export function carryOverMetadata(metadata: ObjectMeta, old: ObjectMeta): void {
  if (metadata.uid === undefined || metadata.uid === '') copy(metadata, old, 'uid')
  copy(metadata, old, 'creationTimestamp')
  if (old.deletionTimestamp !== undefined) copy(metadata, old, 'deletionTimestamp')
  if (metadata.deletionGracePeriodSeconds === undefined) copy(metadata, old, 'deletionGracePeriodSeconds')
}

/** Metadata that stays what it is. */
export function validateMetadataUpdate(object: UnknownObject, old: UnknownObject): FieldError[] {
  const errors: FieldError[] = []
  const { metadata } = object
  if (metadata.generation !== undefined && metadata.generation < (old.metadata.generation ?? 0))
    errors.push(invalid('metadata.generation', metadata.generation, 'must not be decremented'))
  if (old.metadata.deletionTimestamp !== undefined) errors.push(...newFinalizers(metadata, old.metadata))
  if (metadata.deletionGracePeriodSeconds !== old.metadata.deletionGracePeriodSeconds)
    errors.push(
      invalid(
        'metadata.deletionGracePeriodSeconds',
        metadata.deletionGracePeriodSeconds ?? null,
        'field is immutable; may only be changed via deletion',
      ),
    )
  for (const field of ['name', 'namespace', 'uid', 'deletionTimestamp'] as const)
    if (metadata[field] !== old.metadata[field])
      errors.push(invalid(`metadata.${field}`, metadata[field] ?? null, 'field is immutable'))
  return errors
}

function newFinalizers({ finalizers = [] }: ObjectMeta, old: ObjectMeta): FieldError[] {
  const added = finalizers.filter((finalizer) => !(old.finalizers ?? []).includes(finalizer))
  if (added.length === 0) return []
  const list = added.map((finalizer) => JSON.stringify(finalizer)).join(', ')
  return [
    forbidden(
      'metadata.finalizers',
      `no new finalizers can be added if the object is being deleted, found new finalizers []string{${list}}`,
    ),
  ]
}

function copy<Field extends keyof ObjectMeta>(to: ObjectMeta, from: ObjectMeta, field: Field): void {
  const value = from[field]
  if (value === undefined) delete to[field]
  else to[field] = value
}
