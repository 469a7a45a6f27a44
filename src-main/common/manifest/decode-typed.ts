/**
 * Tree → typed object, checked against a schema: unknown fields are dropped with a warning (upstream drops them in
 * silence), a wrong type is a fault in upstream's words, zero values are dropped as the API's own types would drop them.
 */
import { parseQuantity } from '../api/quantity.ts'
import type { ArraySchema, FieldSchema, MapSchema, ObjectSchema, ScalarSchema } from '../api/field-schema.ts'
import { closestWord } from './closest-word.ts'
import { isInteger, isTime, isZero, wrongTimeMessage, wrongTypeMessage } from './go-types.ts'
import { treeToValue, type MapEntry, type TreeNode } from './manifest-tree.ts'

export interface TypedWarning {
  reason: 'UnknownField' | 'DuplicateKey'
  message: string
  field: string
  /** Offset in the text. */
  offset: number
}

export interface TypeFault {
  /** In upstream's words. */
  message: string
  /** Path with indices, such as `spec.containers[0].ports[1].containerPort`. */
  field: string
  /** What should have been there, in plain words: `a whole number`. */
  expected: string
  offset: number
}

export interface TypedResult {
  value: Record<string, unknown>
  warnings: TypedWarning[]
  /** The first wrong type, if any; `value` is of no use then. */
  fault?: TypeFault
}

/** A file can have any number of unknown fields; nobody reads more warnings than these. */
const MAX_WARNINGS = 100

/** Decodes a map node. The tree's depth is bounded by its reader. */
export function decodeTyped(node: TreeNode, schema: ObjectSchema): TypedResult {
  const decoder = new Decoder()
  const value = decoder.object(node, schema, { field: '', goField: '', owner: schema.name })
  const result: TypedResult = { value, warnings: decoder.warnings }
  if (decoder.fault !== undefined) result.fault = decoder.fault
  return result
}

interface Place {
  /** Path with indices. */
  field: string
  /** Path without indices, as Go's decoder prints it. */
  goField: string
  /** API type that has the field. */
  owner: string
}

class Decoder {
  readonly warnings: TypedWarning[] = []
  fault: TypeFault | undefined

  object(node: TreeNode, schema: ObjectSchema, place: Place): Record<string, unknown> {
    const result: Record<string, unknown> = {}
    const entries = node.kind === 'map' ? this.entries(node.entries, place) : new Map<string, MapEntry>()
    if (node.kind !== 'map' && !isNull(node)) this.wrongType(node, schema, place)
    for (const [key, entry] of entries) {
      if (!Object.hasOwn(schema.fields, key)) this.unknownField(key, entry, schema, place)
    }
    for (const [key, field] of Object.entries(schema.fields)) {
      const entry = entries.get(key)
      const inner = { field: join(place.field, key), goField: join(place.goField, key), owner: schema.name }
      const value = entry === undefined || isNull(entry.value) ? undefined : this.decode(entry.value, field, inner)
      if (value !== undefined && !(field.presence === undefined && isZero(value, field))) result[key] = value
      else if (field.presence === 'required') result[key] = value ?? this.zero(field, node, inner)
    }
    return result
  }

  private decode(node: TreeNode, schema: FieldSchema, place: Place): unknown {
    switch (schema.type) {
      case 'object':
        return this.object(node, schema, place)
      case 'array':
        return this.array(node, schema, place)
      case 'map':
        return this.map(node, schema, place)
      default:
        return this.scalar(node, schema, place)
    }
  }

  private array(node: TreeNode, schema: ArraySchema, place: Place): unknown[] {
    if (node.kind !== 'list') {
      this.wrongType(node, schema, place)
      return []
    }
    return node.items.map((item, index) => {
      const inner = { ...place, field: `${place.field}[${index}]` }
      return isNull(item) ? this.zero(schema.items, item, inner) : this.decode(item, schema.items, inner)
    })
  }

  private map(node: TreeNode, schema: MapSchema, place: Place): Record<string, unknown> {
    if (node.kind !== 'map') {
      this.wrongType(node, schema, place)
      return {}
    }
    const values: [string, unknown][] = []
    for (const [key, entry] of this.entries(node.entries, place)) {
      const inner = { ...place, field: `${place.field}[${key}]` }
      const absent = isNull(entry.value)
      values.push([
        key,
        absent ? this.zero(schema.items, entry.value, inner) : this.decode(entry.value, schema.items, inner),
      ])
    }
    return Object.fromEntries(values)
  }

  private scalar(node: TreeNode, schema: ScalarSchema, place: Place): unknown {
    if (schema.type === 'opaque') return treeToValue(node)
    if (node.kind !== 'scalar' || node.value === null) {
      this.wrongType(node, schema, place)
      return undefined
    }
    const value = node.value
    switch (schema.type) {
      case 'string':
        return typeof value === 'string' ? value : this.wrongType(node, schema, place)
      case 'boolean':
        return typeof value === 'boolean' ? value : this.wrongType(node, schema, place)
      case 'int32':
      case 'int64':
        return isInteger(value, schema.type) ? value : this.wrongType(node, schema, place)
      case 'intOrString':
        return typeof value === 'string' || isInteger(value, 'int32') ? value : this.wrongType(node, schema, place)
      case 'quantity':
        return this.quantity(node, value, place)
      case 'time':
        return this.time(node, value, place)
    }
  }

  /** Kept as written, as a string: `1` and `"1"` are the same amount. */
  private quantity(node: TreeNode, value: string | number | boolean, place: Place): string | undefined {
    const text = String(value)
    if (typeof value === 'boolean' || !parseQuantity(text).ok) {
      const parsed = parseQuantity(text)
      this.fail(node, place, parsed.ok ? '' : parsed.message, 'a quantity such as 500m, 64Mi or 1')
      return undefined
    }
    return text
  }

  private time(node: TreeNode, value: string | number | boolean, place: Place): string | undefined {
    if (isTime(value)) return value
    this.fail(node, place, wrongTimeMessage(value), 'a time such as 2026-01-31T12:00:00Z')
    return undefined
  }

  private zero(schema: FieldSchema, node: TreeNode, place: Place): unknown {
    switch (schema.type) {
      case 'object':
        return this.object({ kind: 'map', offset: node.offset, entries: [] }, schema, place)
      case 'array':
        return []
      case 'map':
        return {}
      case 'boolean':
        return false
      case 'int32':
      case 'int64':
      case 'intOrString':
        return 0
      case 'quantity':
        return '0'
      case 'string':
      case 'time':
        return ''
      case 'opaque':
        return {}
    }
  }

  private entries(entries: readonly MapEntry[], place: Place): Map<string, MapEntry> {
    const last = new Map<string, MapEntry>()
    for (const entry of entries) {
      if (last.has(entry.key)) {
        const field = join(place.field, entry.key)
        this.warn('DuplicateKey', field, entry.offset, `${field} is written more than once; the last one counts.`)
      }
      last.set(entry.key, entry)
    }
    return last
  }

  private unknownField(key: string, entry: MapEntry, schema: ObjectSchema, place: Place): void {
    const field = join(place.field, key)
    const guess = closestWord(key, Object.keys(schema.fields))
    const hint = guess === undefined ? '' : `; did you mean ${guess}?`
    const end = guess === undefined ? '.' : ''
    this.warn(
      'UnknownField',
      field,
      entry.offset,
      `${schema.name} has no field ${key}: a kubelet drops ${field} without a word${hint}${end}`,
    )
  }

  private warn(reason: TypedWarning['reason'], field: string, offset: number, message: string): void {
    if (this.warnings.length < MAX_WARNINGS) this.warnings.push({ reason, field, offset, message })
  }

  private wrongType(node: TreeNode, schema: FieldSchema, place: Place): undefined {
    this.fail(node, place, wrongTypeMessage(node, schema, place.owner, place.goField), plainType(schema))
    return undefined
  }

  private fail(node: TreeNode, place: Place, message: string, expected: string): void {
    this.fault ??= { message, field: place.field, expected, offset: node.offset }
  }
}

function join(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`
}

function isNull(node: TreeNode): boolean {
  return node.kind === 'scalar' && node.value === null
}

function plainType(schema: FieldSchema): string {
  switch (schema.type) {
    case 'object':
    case 'map':
      return 'a map (key: value lines)'
    case 'array':
      return 'a list (lines that begin with "-")'
    case 'string':
      return 'text (put it in quotes)'
    case 'boolean':
      return 'true or false'
    case 'int32':
    case 'int64':
      return 'a whole number'
    case 'quantity':
      return 'a quantity'
    case 'intOrString':
      return 'a number or a name'
    case 'time':
      return 'a time'
    case 'opaque':
      return 'anything'
  }
}
