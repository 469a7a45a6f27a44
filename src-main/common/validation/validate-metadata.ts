/** Validation of `metadata` as for every namespaced object, with a pod's rule for the name. */
import type { ObjectMeta } from '../api/meta.ts'
import { type FieldError, invalid, required, tooLong } from './field-error.ts'
import { checkDNS1123Label, checkDNS1123Subdomain, checkLabelValue, checkQualifiedName } from './names.ts'

const MAX_ANNOTATIONS_SIZE = 256 * 1024

export function validateObjectMeta(metadata: ObjectMeta, field = 'metadata'): FieldError[] {
  const { name = '', generateName, namespace, generation } = metadata
  const errors: FieldError[] = []
  if (generateName !== undefined && generateName !== '') {
    // A generated name gets a suffix, so a trailing hyphen is no fault.
    errors.push(...all(`${field}.generateName`, generateName, checkDNS1123Subdomain(generateName.replace(/-$/, 'a'))))
  }
  if (name === '') errors.push(required(`${field}.name`, 'name or generateName is required'))
  else errors.push(...all(`${field}.name`, name, checkDNS1123Subdomain(name)))
  if (namespace === undefined || namespace === '') errors.push(required(`${field}.namespace`))
  else errors.push(...all(`${field}.namespace`, namespace, checkDNS1123Label(namespace)))
  if (generation !== undefined && generation < 0) {
    errors.push(invalid(`${field}.generation`, generation, 'must be greater than or equal to 0'))
  }
  errors.push(...validateLabels(metadata.labels ?? {}, `${field}.labels`))
  errors.push(...validateAnnotations(metadata.annotations ?? {}, `${field}.annotations`))
  for (const finalizer of metadata.finalizers ?? []) {
    errors.push(...all(`${field}.finalizers`, finalizer, checkQualifiedName(finalizer)))
  }
  return errors
}

export function validateLabels(labels: Record<string, string>, field: string): FieldError[] {
  return Object.entries(labels).flatMap(([key, value]) => [
    ...all(field, key, checkQualifiedName(key)),
    ...all(field, value, checkLabelValue(value)),
  ])
}

function validateAnnotations(annotations: Record<string, string>, field: string): FieldError[] {
  let size = 0
  const errors = Object.entries(annotations).flatMap(([key, value]) => {
    size += key.length + value.length
    return all(field, key, checkQualifiedName(key.toLowerCase()))
  })
  return size > MAX_ANNOTATIONS_SIZE ? [...errors, tooLong(field, MAX_ANNOTATIONS_SIZE)] : errors
}

/** One `Invalid value` for each fault of the same value. */
export function all(field: string, value: string | number, faults: readonly string[]): FieldError[] {
  return faults.map((fault) => invalid(field, value, fault))
}
