/** Validation of `metadata`, the same for every kind but for the rule that its name follows (apimachinery/pkg/api/validation). */
import type { ObjectMeta, OwnerReference } from '../api/meta.ts'
import { type FieldError, forbidden, invalid, required } from './field-error.ts'
import { checkDNS1123Label, checkDNS1123Subdomain, checkQualifiedName } from './names.ts'
import { all, validateAnnotations, validateLabels } from './validate-metadata.ts'

export interface ObjectMetaRules {
  namespaced: boolean
  /** What is wrong with a name; an RFC 1123 subdomain where a kind says nothing else. */
  checkName?: ((name: string) => string[]) | undefined
}

/** The faults of an object that is to be created. */
export function validateObjectMeta(metadata: ObjectMeta, rules: ObjectMetaRules, field = 'metadata'): FieldError[] {
  const { name = '', generateName = '', namespace = '', generation = 0 } = metadata
  const { checkName = checkDNS1123Subdomain } = rules
  const errors: FieldError[] = []
  if (generateName !== '') {
    // A generated name gets a suffix, so a trailing hyphen is no fault.
    errors.push(...all(`${field}.generateName`, generateName, checkName(generateName.replace(/-$/, 'a'))))
  }
  if (name === '') errors.push(required(`${field}.name`, 'name or generateName is required'))
  else errors.push(...all(`${field}.name`, name, checkName(name)))
  if (rules.namespaced) {
    if (namespace === '') errors.push(required(`${field}.namespace`))
    else errors.push(...all(`${field}.namespace`, namespace, checkDNS1123Label(namespace)))
  } else if (namespace !== '') {
    errors.push(forbidden(`${field}.namespace`, 'not allowed on this type'))
  }
  if (generation < 0) errors.push(invalid(`${field}.generation`, generation, 'must be greater than or equal to 0'))
  return [...errors, ...validateShared(metadata, field)]
}

const IMMUTABLE = ['name', 'namespace', 'uid', 'creationTimestamp', 'deletionTimestamp'] as const

/** The faults of an update: what the server owns stays, and an object that is being deleted gets no new finalizers. */
export function validateObjectMetaUpdate(metadata: ObjectMeta, old: ObjectMeta, field = 'metadata'): FieldError[] {
  const errors: FieldError[] = []
  if (old.deletionTimestamp !== undefined) errors.push(...validateNoNewFinalizers(metadata, old, field))
  const { generation = 0, deletionGracePeriodSeconds: grace } = metadata
  if (generation < (old.generation ?? 0)) {
    errors.push(invalid(`${field}.generation`, generation, 'must not be decremented'))
  }
  if (grace !== old.deletionGracePeriodSeconds) {
    const detail = `${IS_IMMUTABLE}; may only be changed via deletion`
    errors.push(invalid(`${field}.deletionGracePeriodSeconds`, grace ?? null, detail))
  }
  for (const name of IMMUTABLE) {
    if (metadata[name] !== old[name]) errors.push(invalid(`${field}.${name}`, metadata[name] ?? null, IS_IMMUTABLE))
  }
  return [...errors, ...validateShared(metadata, field)]
}

/** Upstream's words about a field that an update may not change. */
export const IS_IMMUTABLE = 'field is immutable'

function validateShared(metadata: ObjectMeta, field: string): FieldError[] {
  return [
    ...validateLabels(metadata.labels ?? {}, `${field}.labels`),
    ...validateAnnotations(metadata.annotations ?? {}, `${field}.annotations`),
    ...validateOwnerReferences(metadata.ownerReferences ?? [], `${field}.ownerReferences`),
    ...validateFinalizers(metadata.finalizers ?? [], `${field}.finalizers`),
  ]
}

/** Dependents can be waited for or be released, not both. */
function validateFinalizers(finalizers: readonly string[], field: string): FieldError[] {
  const errors = finalizers.flatMap((finalizer) => all(field, finalizer, checkQualifiedName(finalizer)))
  if (finalizers.includes('orphan') && finalizers.includes('foregroundDeletion'))
    errors.push(invalid(field, [...finalizers], 'finalizer orphan and foregroundDeletion cannot be both set'))
  return errors
}

function validateNoNewFinalizers(metadata: ObjectMeta, old: ObjectMeta, field: string): FieldError[] {
  const before = new Set(old.finalizers)
  const added = (metadata.finalizers ?? []).filter((finalizer) => !before.has(finalizer))
  if (added.length === 0) return []
  const list = added.map((finalizer) => JSON.stringify(finalizer)).join(', ')
  const detail = `no new finalizers can be added if the object is being deleted, found new finalizers []string{${list}}`
  return [forbidden(`${field}.finalizers`, detail)]
}

function validateOwnerReferences(references: readonly OwnerReference[], field: string): FieldError[] {
  const errors: FieldError[] = []
  let controller: string | undefined
  for (const reference of references) {
    const { apiVersion, kind } = reference
    if (apiVersion === '' || apiVersion.endsWith('/')) {
      errors.push(invalid(`${field}.apiVersion`, apiVersion, 'version must not be empty'))
    }
    for (const name of ['kind', 'name', 'uid'] as const) {
      if (reference[name] === '') errors.push(invalid(`${field}.${name}`, '', 'must not be empty'))
    }
    if (apiVersion === 'v1' && kind === 'Event') {
      errors.push(invalid(field, reference, '/v1, Kind=Event is disallowed from being an owner'))
    }
    if (reference.controller !== true) continue
    const name = `${kind}/${reference.name}`
    if (controller !== undefined) {
      const both = `${controller} and ${name}`
      const detail = `Only one reference can have Controller set to true. Found "true" in references for ${both}`
      errors.push(invalid(field, references, detail))
    }
    controller ??= name
  }
  return errors
}
