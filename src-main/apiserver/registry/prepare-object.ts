/**
 * What the server does to every object's metadata before a write, whatever its kind (upstream's registry/rest/{create,update}.go
 * and apimachinery's validation of ObjectMeta).
 */
import type { ObjectMeta, Time } from '../../common/api/meta.ts'
import { badRequest, StatusError } from '../../kube/status-error.ts'

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

/** When all generated names were taken: the last refusal, with the advice to try again. */
export function noFreeName({ status }: StatusError): StatusError {
  return new StatusError({
    ...status,
    message: `${status.message ?? ''}, the server was not able to generate a unique name for the object`,
    details: { ...status.details, retryAfterSeconds: 1 },
  })
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

function copy<Field extends keyof ObjectMeta>(to: ObjectMeta, from: ObjectMeta, field: Field): void {
  const value = from[field]
  if (value === undefined) delete to[field]
  else to[field] = value
}
