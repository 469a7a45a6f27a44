/** What our schema of a Pod says of a path in a manifest. Pure. */
import { API_DESCRIPTIONS } from '@common/api/descriptions/api-descriptions.ts'
import type { TypeDescriptions } from '@common/api/descriptions/type-descriptions.ts'
import type { FieldSchema } from '@common/api/field-schema.ts'
import { POD_SCHEMA } from '@common/api/pod-schema.ts'
import type { Locale } from '@common/settings/settings.ts'
import { KOREAN_DESCRIPTIONS } from './descriptions-ko/korean-descriptions.ts'
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

/** An OpenAPI document says these two of every kind alike; here they are about a Pod. */
const ENGLISH_DESCRIPTIONS: TypeDescriptions = {
  ...API_DESCRIPTIONS,
  Pod: {
    ...API_DESCRIPTIONS['Pod'],
    apiVersion: 'Version of the API that the object is written in: v1 for a Pod.',
    kind: 'What the object is. A kubelet runs Pods only.',
  },
}
const DESCRIPTIONS: Readonly<Record<Locale, TypeDescriptions>> = { en: ENGLISH_DESCRIPTIONS, ko: KOREAN_DESCRIPTIONS }

/**
 * Our sentence about a field, in English as `kubectl explain` prints it; about its type where the field has none of its own.
 * Empty where there is neither.
 */
export function describeField(path: FieldPath, locale: Locale): string {
  const place = schemaAt(path)
  if (place === undefined) return ''
  const descriptions = DESCRIPTIONS[locale]
  const own = place.owner === undefined ? undefined : descriptions[place.owner]?.[String(path.at(-1))]
  if (own !== undefined) return own
  const { schema } = place
  return schema.type === 'object' ? (descriptions[schema.name]?.[''] ?? '') : ''
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
