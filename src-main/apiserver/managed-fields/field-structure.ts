/** How a value is taken apart by its schema: what is one field, and which steps lead to its parts. */
import type { ArraySchema, FieldSchema } from '../../common/api/field-schema.ts'
import { getMember, isRecord, type PlainObject } from '../serialization/json/set-member.ts'

/** `leaf`: one owner for all of it. `members` are of an object or of a map with free keys, `items` of a shared list. */
export type Structure = 'leaf' | 'members' | 'items'

export function structureOf(schema: FieldSchema): Structure {
  switch (schema.type) {
    case 'object':
    case 'map':
      return schema.atomic === true ? 'leaf' : 'members'
    case 'array':
      return schema.listType === undefined ? 'leaf' : 'items'
    default:
      return 'leaf'
  }
}

/** One part of a value. */
export interface Part {
  /** As in `fieldsV1`. */
  step: string
  value: unknown
  schema: FieldSchema
}

/** The parts of a value that is no leaf; of items with the same keys all are given. */
export function partsOf(value: unknown, schema: FieldSchema): Part[] {
  if (schema.type === 'array') {
    const items: unknown[] = Array.isArray(value) ? value : []
    return items.map((item) => ({ step: itemStep(item, schema), value: item, schema: schema.items }))
  }
  if (!isRecord(value)) return []
  const parts: Part[] = []
  for (const [name, member] of Object.entries(value)) {
    const inner = memberSchema(schema, name)
    if (inner !== undefined && member !== undefined) parts.push({ step: `f:${name}`, value: member, schema: inner })
  }
  return parts
}

export function memberSchema(schema: FieldSchema, name: string): FieldSchema | undefined {
  if (schema.type === 'map') return schema.items
  if (schema.type !== 'object') return undefined
  return Object.hasOwn(schema.fields, name) ? schema.fields[name] : undefined
}

/** By which step an item is known in its list. */
export function itemStep(item: unknown, schema: ArraySchema): string {
  if (schema.listType !== 'map') return `v:${JSON.stringify(item)}`
  const record: PlainObject = isRecord(item) ? item : {}
  const keys = [...(schema.listMapKeys ?? [])].sort()
  const members = keys.map((key): [string, unknown] => [key, getMember(record, key) ?? defaultKey(key, schema)])
  return `k:${JSON.stringify(Object.fromEntries(members))}`
}

/** A key that is not written has its default: the first of its values, as `TCP` for a protocol. */
function defaultKey(key: string, { items }: ArraySchema): string {
  const schema = memberSchema(items, key)
  return schema?.type === 'string' ? (schema.values?.[0] ?? '') : ''
}

/** Whether a value has no parts: absent, `{}` or `[]`. */
export function isHollow(value: unknown): boolean {
  if (value === undefined || value === null) return true
  if (Array.isArray(value)) return value.length === 0
  return isRecord(value) && Object.keys(value).length === 0
}
