/** Validation of labels and annotations. */
import { type FieldError, invalid, tooLong } from './field-error.ts'
import { checkLabelValue, checkQualifiedName } from './names.ts'

const MAX_ANNOTATIONS_SIZE = 256 * 1024

export function validateLabels(labels: Record<string, string>, field: string): FieldError[] {
  return Object.entries(labels).flatMap(([key, value]) => [
    ...all(field, key, checkQualifiedName(key)),
    ...all(field, value, checkLabelValue(value)),
  ])
}

export function validateAnnotations(annotations: Record<string, string>, field: string): FieldError[] {
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
