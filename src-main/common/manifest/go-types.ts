/** Go's view of a schema, shared by all decoders: its zero values, its ranges, and its words for a wrong type. */
import type { FieldSchema } from '../api/field-schema.ts'

/** What a value is before it has a type. */
export type FoundValue =
  | { kind: 'map' }
  | { kind: 'list' }
  | { kind: 'scalar'; value: string | number | boolean | null }

/** `json: cannot unmarshal …`; `goField` is the path without indices, empty at the root; `owner` the type that has it. */
export function wrongTypeMessage(found: FoundValue, schema: FieldSchema, owner: string, goField: string): string {
  const at = goField === '' ? 'Go value' : `Go struct field ${owner}.${goField}`
  return `json: cannot unmarshal ${describeFound(found, schema)} into ${at} of type ${goType(schema)}`
}

/** Why a text is no time, as Go says it. */
export function wrongTimeMessage(value: unknown): string {
  const shown = JSON.stringify(value)
  return `parsing time ${shown} as "2006-01-02T15:04:05Z07:00": cannot parse ${shown} as "2006"`
}

/** RFC 3339 with any fraction and offset. */
export function isTime(value: unknown): value is string {
  return typeof value === 'string' && RFC3339.test(value)
}

const RFC3339 =
  /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?(?:Z|[-+]\d{2}:\d{2})$/
const INT64_LIMIT = 2 ** 63

export function isInteger(value: unknown, type: 'int32' | 'int64'): value is number {
  if (typeof value !== 'number' || !Number.isInteger(value)) return false
  return type === 'int32' ? value >= -(2 ** 31) && value < 2 ** 31 : value >= -INT64_LIMIT && value < INT64_LIMIT
}

/** Whether the API's own type would leave the value out: `{}` of an object type stays, since its presence may matter. */
export function isZero(value: unknown, schema: FieldSchema): boolean {
  switch (schema.type) {
    case 'object':
    case 'opaque':
    case 'intOrString':
      return false
    case 'array':
      return Array.isArray(value) && value.length === 0
    case 'map':
      return Object.keys(value as object).length === 0
    case 'quantity':
      return false
    default:
      return value === '' || value === 0 || value === false
  }
}

function describeFound(found: FoundValue, schema: FieldSchema): string {
  if (found.kind === 'map') return 'object'
  if (found.kind === 'list') return 'array'
  if (typeof found.value === 'boolean') return 'bool'
  if (typeof found.value !== 'number') return 'string'
  return schema.type === 'int32' || schema.type === 'int64' || schema.type === 'intOrString'
    ? `number ${found.value}`
    : 'number'
}

function goType(schema: FieldSchema): string {
  switch (schema.type) {
    case 'object':
      return `v1.${schema.name}`
    case 'array':
      return `[]${goType(schema.items)}`
    case 'map':
      return `map[string]${goType(schema.items)}`
    case 'boolean':
      return 'bool'
    case 'quantity':
      return 'resource.Quantity'
    case 'intOrString':
      return 'int32'
    case 'time':
      return 'v1.Time'
    case 'opaque':
      return 'interface {}'
    default:
      return schema.type
  }
}
