/** What our schema of a Pod says of a path in a manifest. Pure. */
import { API_DESCRIPTIONS } from '@common/api/descriptions/api-descriptions.ts'
import type { FieldSchema } from '@common/api/field-schema.ts'
import { POD_SCHEMA } from '@common/api/pod-schema.ts'
import type { FieldPath } from './field-path.ts'

export interface SchemaPlace {
  schema: FieldSchema
  /** Name of the API type that has the field, such as `Container`; absent for items of lists and free keys. */
  owner?: string
}

/** `undefined` for what no Pod has, and below fields whose content nobody checks. */
export function schemaAt(path: FieldPath): SchemaPlace | undefined {
  let place: SchemaPlace = { schema: POD_SCHEMA }
  for (const part of path) {
    const next = step(place.schema, part)
    if (next === undefined) return undefined
    place = next
  }
  return place
}

function step(schema: FieldSchema, part: string | number): SchemaPlace | undefined {
  switch (schema.type) {
    case 'object': {
      const field = typeof part === 'string' && Object.hasOwn(schema.fields, part) ? schema.fields[part] : undefined
      return field === undefined ? undefined : { schema: field, owner: schema.name }
    }
    case 'array':
      return typeof part === 'number' ? { schema: schema.items } : undefined
    case 'map':
      return typeof part === 'string' ? { schema: schema.items } : undefined
    default:
      return undefined
  }
}

/** Our sentence about a field, as `kubectl explain` prints it; about its type where the field has none of its own. */
export function describeField(path: FieldPath): string {
  const place = schemaAt(path)
  if (place === undefined) return ''
  const name = path.at(-1)
  const own = place.owner === undefined ? undefined : API_DESCRIPTIONS[place.owner]?.[String(name)]
  if (own !== undefined) return own
  if (path.length === 1 && name === 'apiVersion')
    return 'Version of the API that the object is written in: v1 for a Pod.'
  if (path.length === 1 && name === 'kind') return 'What the object is. A kubelet runs Pods only.'
  const { schema } = place
  return schema.type === 'object' ? (API_DESCRIPTIONS[schema.name]?.[''] ?? '') : ''
}

/** As `kubectl explain` writes types: `string`, `[]Container`, `map[string]string`. */
export function typeName(schema: FieldSchema): string {
  switch (schema.type) {
    case 'object':
      return schema.name
    case 'array':
      return `[]${typeName(schema.items)}`
    case 'map':
      return `map[string]${typeName(schema.items)}`
    case 'int32':
    case 'int64':
      return 'integer'
    case 'intOrString':
      return 'integer or string'
    case 'opaque':
      return 'object'
    default:
      return schema.type
  }
}
