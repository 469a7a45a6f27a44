/** Plain data → typed object by its schema. What a manifest's decoder does with a tree, for data without positions, fast. */
import { canonicalQuantity, parseQuantity } from '../../../common/api/quantity.ts'
import type {
  ArraySchema,
  FieldSchema,
  MapSchema,
  ObjectSchema,
  ScalarSchema,
} from '../../../common/api/field-schema.ts'
import {
  isInteger,
  isTime,
  isZero,
  wrongTimeMessage,
  wrongTypeMessage,
  type FoundValue,
} from '../../../common/manifest/go-types.ts'
import { isRecord, setMember } from './set-member.ts'
import { FaultList } from './strict-faults.ts'

export type DecodedValue =
  | { ok: true; value: Record<string, unknown>; /** Paths of unknown fields: `spec.foo`. */ unknown: string[] }
  | { ok: false; /** The first wrong type, in upstream's words. */ message: string }

/**
 * `whole`: zero values are dropped, and members that are always written are filled, as the API's types do. `partial`: only
 * what is said counts, and all of it, as in a configuration to apply.
 */
export type Completeness = 'whole' | 'partial'

/** Quantities become canonical; unknown fields are dropped. The result shares only opaque parts with `value`. */
export function decodeValue(value: unknown, schema: ObjectSchema, completeness: Completeness = 'whole'): DecodedValue {
  const decoder = new ValueDecoder(completeness)
  try {
    return { ok: true, value: decoder.object(value, schema, ROOT), unknown: decoder.unknown.texts }
  } catch (error) {
    if (error instanceof WrongType) return { ok: false, message: error.message }
    throw error
  }
}

class WrongType extends Error {}

/** A chain, so that paths become text only when somebody wants to read them. */
interface Place {
  parent: Place | undefined
  /** A member's name, an index in brackets, or a map's key. */
  step: string
  kind: 'member' | 'index' | 'key'
  /** API type that has the field. */
  owner: string
}

const ROOT: Place = { parent: undefined, step: '', kind: 'member', owner: '' }

class ValueDecoder {
  readonly unknown = new FaultList()
  private readonly completes: boolean

  constructor(completeness: Completeness) {
    this.completes = completeness === 'whole'
  }

  object(value: unknown, schema: ObjectSchema, place: Place): Record<string, unknown> {
    if (!isRecord(value)) this.wrongType(value, schema, place)
    const result: Record<string, unknown> = {}
    const { fields } = schema
    let known = 0
    for (const key in fields) {
      const field = fields[key]
      if (field === undefined) continue
      const given = Object.hasOwn(value, key) ? value[key] : undefined
      if (given !== undefined) known += 1
      if (given === undefined || given === null) {
        if (this.completes && field.presence === 'required') result[key] = zeroOf(field)
        continue
      }
      const decoded = this.decode(given, field, place, key, schema.name)
      if (!this.completes || field.presence !== undefined || !isZero(decoded, field)) result[key] = decoded
    }
    if (known < Object.keys(value).length) this.reportUnknown(value, schema, place)
    return result
  }

  private decode(value: unknown, schema: FieldSchema, parent: Place, step: string, owner: string): unknown {
    const place: Place = { parent, step, kind: 'member', owner }
    return this.at(value, schema, place)
  }

  private at(value: unknown, schema: FieldSchema, place: Place): unknown {
    switch (schema.type) {
      case 'object':
        return this.object(value, schema, place)
      case 'array':
        return this.array(value, schema, place)
      case 'map':
        return this.map(value, schema, place)
      default:
        return this.scalar(value, schema, place)
    }
  }

  private array(value: unknown, schema: ArraySchema, place: Place): unknown[] {
    if (!Array.isArray(value)) return this.wrongType(value, schema, place)
    return value.map((item: unknown, index) => {
      if (item === null) return zeroOf(schema.items)
      return this.at(item, schema.items, { parent: place, step: String(index), kind: 'index', owner: place.owner })
    })
  }

  private map(value: unknown, schema: MapSchema, place: Place): Record<string, unknown> {
    if (!isRecord(value)) return this.wrongType(value, schema, place)
    const result: Record<string, unknown> = {}
    for (const key of Object.keys(value)) {
      const member = value[key]
      const inner: Place = { parent: place, step: key, kind: 'key', owner: place.owner }
      setMember(result, key, member === null ? zeroOf(schema.items) : this.at(member, schema.items, inner))
    }
    return result
  }

  private scalar(value: unknown, schema: ScalarSchema, place: Place): unknown {
    switch (schema.type) {
      case 'opaque':
        return value
      case 'string':
        return typeof value === 'string' ? value : this.wrongType(value, schema, place)
      case 'boolean':
        return typeof value === 'boolean' ? value : this.wrongType(value, schema, place)
      case 'int32':
      case 'int64':
        return isInteger(value, schema.type) ? value : this.wrongType(value, schema, place)
      case 'intOrString':
        return typeof value === 'string' || isInteger(value, 'int32') ? value : this.wrongType(value, schema, place)
      case 'quantity':
        return this.quantity(value, schema, place)
      case 'time':
        if (typeof value === 'string' && value === '') return value
        if (!isTime(value)) throw new WrongType(wrongTimeMessage(value))
        return inUTC(value)
    }
  }

  private quantity(value: unknown, schema: ScalarSchema, place: Place): string {
    if (typeof value !== 'string' && typeof value !== 'number') return this.wrongType(value, schema, place)
    const parsed = parseQuantity(value)
    if (!parsed.ok) throw new WrongType(parsed.message)
    return canonicalQuantity(value)
  }

  private reportUnknown(value: Record<string, unknown>, schema: ObjectSchema, place: Place): void {
    for (const key of Object.keys(value)) {
      if (Object.hasOwn(schema.fields, key)) continue
      this.unknown.add(fieldPath({ parent: place, step: key, kind: 'member', owner: schema.name }))
    }
  }

  private wrongType(value: unknown, schema: FieldSchema, place: Place): never {
    throw new WrongType(wrongTypeMessage(foundValue(value), schema, place.owner, goPath(place)))
  }
}

function zeroOf(schema: FieldSchema): unknown {
  switch (schema.type) {
    case 'object':
      return new ValueDecoder('whole').object({}, schema, ROOT)
    case 'array':
      return []
    case 'map':
    case 'opaque':
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
      return ''
    case 'time':
      return null
  }
}

/** As the API's times write themselves; a fraction stays, since some types keep it. */
function inUTC(time: string): string {
  if (time.endsWith('Z')) return time
  return new Date(time).toISOString().replace(/\.000Z$/, 'Z')
}

function foundValue(value: unknown): FoundValue {
  if (Array.isArray(value)) return { kind: 'list' }
  if (typeof value === 'object' && value !== null) return { kind: 'map' }
  return { kind: 'scalar', value: value as string | number | boolean | null }
}

/** Path with indices. */
function fieldPath(place: Place): string {
  const parent = place.parent === undefined ? '' : fieldPath(place.parent)
  if (place.kind === 'index') return `${parent}[${place.step}]`
  return parent === '' ? place.step : `${parent}.${place.step}`
}

/** Path of members alone, as Go's decoder prints it. */
function goPath(place: Place): string {
  const parent = place.parent === undefined ? '' : goPath(place.parent)
  if (place.kind !== 'member') return parent
  return parent === '' ? place.step : `${parent}.${place.step}`
}
