/** Validation faults as the API words them: `spec.containers[0].image: Required value`. Collected, never thrown. */

export type FieldErrorType =
  | 'Required value'
  | 'Invalid value'
  | 'Unsupported value'
  | 'Duplicate value'
  | 'Not found'
  | 'Forbidden'
  | 'Too long'
  | 'Too many'

export type FieldValue = string | number | boolean | null | readonly unknown[] | object

export interface FieldError {
  type: FieldErrorType
  /** Path such as `spec.containers[0].ports[1].hostPort`. */
  field: string
  /** What stands there; absent for types that do not show it. */
  value?: FieldValue
  detail: string
}

export function required(field: string, detail = ''): FieldError {
  return { type: 'Required value', field, detail }
}

export function invalid(field: string, value: FieldValue, detail: string): FieldError {
  return { type: 'Invalid value', field, value, detail }
}

export function unsupported(field: string, value: string, supported: readonly string[]): FieldError {
  const list = supported.map((item) => JSON.stringify(item)).join(', ')
  return { type: 'Unsupported value', field, value, detail: `supported values: ${list}` }
}

export function duplicate(field: string, value: FieldValue): FieldError {
  return { type: 'Duplicate value', field, value, detail: '' }
}

export function notFound(field: string, value: FieldValue): FieldError {
  return { type: 'Not found', field, value, detail: '' }
}

export function forbidden(field: string, detail: string): FieldError {
  return { type: 'Forbidden', field, detail }
}

export function tooLong(field: string, maximum: number): FieldError {
  return { type: 'Too long', field, detail: `may not be more than ${maximum} bytes` }
}

export function tooMany(field: string, actual: number, maximum: number): FieldError {
  return { type: 'Too many', field, value: actual, detail: `must have at most ${maximum} items` }
}

/** One fault as the API prints it. */
export function formatFieldError(error: FieldError): string {
  const parts = [error.field, error.type]
  if (error.value !== undefined) parts.push(formatValue(error.value))
  if (error.detail !== '') parts.push(error.detail)
  return parts.join(': ')
}

/** A list as a kubelet's log prints it: in one bracket, separated by blanks. */
export function formatFieldErrors(errors: readonly FieldError[]): string {
  return `[${errors.map(formatFieldError).join(' ')}]`
}

/** A list as the API server prints it: a single fault bare, several in a bracket, separated by commas, without repeats. */
export function formatAggregate(errors: readonly FieldError[]): string {
  const texts = [...new Set(errors.map(formatFieldError))]
  return texts.length === 1 ? texts.join('') : `[${texts.join(', ')}]`
}

/** One fault in plain words for a learner. */
export function explainFieldError(error: FieldError): string {
  const { field } = error
  const detail = error.detail.replace(/, regex used for validation is '.*'\)/, ')')
  const value = error.value === undefined ? '' : ` ${formatValue(error.value)}`
  switch (error.type) {
    case 'Required value':
      return `${field} is missing${detail === '' ? '' : ` (${detail})`}`
    case 'Invalid value':
      return `${field} cannot be${value}: ${detail}`
    case 'Unsupported value':
      return `${field} cannot be${value} (${detail})`
    case 'Duplicate value':
      return `${field}${value} is there already`
    case 'Not found':
      return `${field} names${value}, which does not exist in this Pod`
    case 'Forbidden':
      return `${field} is not allowed here: ${detail}`
    case 'Too long':
    case 'Too many':
      return `${field} is too large: ${detail}`
  }
}

function formatValue(value: FieldValue): string {
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : JSON.stringify(value)
}
