/**
 * Schemas of API types as data: what the manifest decoder checks against, and what the editor completes from. A schema
 * says a field's wire type and whether absence differs from the zero value, as the Go types behind the API do.
 */

/**
 * `required`: written even when zero, so a decoded object always has it. `pointer`: absent and zero differ
 * (`runAsUser: 0`). Without presence, a zero value or empty list means the same as absent and is dropped.
 */
export type Presence = 'required' | 'pointer'

interface Base {
  presence?: Presence
}

/** `opaque` keeps any value as it is, unchecked. */
export interface ScalarSchema extends Base {
  type: 'string' | 'boolean' | 'int32' | 'int64' | 'quantity' | 'intOrString' | 'time' | 'opaque'
  /** What upstream accepts, for completion; the decoder does not check it. */
  values?: readonly string[]
}

export interface ObjectSchema extends Base {
  type: 'object'
  /** Name of the API type, such as `PodSpec`; it appears in upstream's messages. */
  name: string
  fields: Readonly<Record<string, FieldSchema>>
  /** One owner for all of it, as `x-kubernetes-map-type: atomic`. */
  atomic?: boolean
}

export interface ArraySchema extends Base {
  type: 'array'
  items: FieldSchema
  /** How writers share the list (absent: one owner for all of it), as `x-kubernetes-list-type`. */
  listType?: 'set' | 'map'
  /** Members that identify an item of a list of type `map`, as `x-kubernetes-list-map-keys`. */
  listMapKeys?: readonly string[]
  /** A strategic merge patch merges items by this member (or, empty, as a set); absent: it replaces the list (facts 8.5.4). */
  patchMergeKey?: string
  /** Whether a strategic merge patch may say `$retainKeys` for an item. */
  retainKeys?: boolean
}

/** An object with free keys. */
export interface MapSchema extends Base {
  type: 'map'
  items: FieldSchema
  atomic?: boolean
}

export type FieldSchema = ScalarSchema | ObjectSchema | ArraySchema | MapSchema

export const STRING: ScalarSchema = { type: 'string' }
export const BOOLEAN: ScalarSchema = { type: 'boolean' }
export const INT32: ScalarSchema = { type: 'int32' }
export const INT64: ScalarSchema = { type: 'int64' }
export const QUANTITY: ScalarSchema = { type: 'quantity' }
export const INT_OR_STRING: ScalarSchema = { type: 'intOrString', presence: 'required' }
export const TIME: ScalarSchema = { type: 'time' }
export const OPAQUE: ScalarSchema = { type: 'opaque', presence: 'pointer' }

export function object(name: string, fields: Readonly<Record<string, FieldSchema>>): ObjectSchema {
  return { type: 'object', name, fields }
}

export function array(items: FieldSchema): ArraySchema {
  return { type: 'array', items }
}

/** A list that writers share by item: merged by its keys in patches and in server-side apply. */
export function mergedBy(keys: readonly [string, ...string[]], items: FieldSchema): ArraySchema {
  return { type: 'array', items, listType: 'map', listMapKeys: keys, patchMergeKey: keys[0] }
}

/** A list that writers share by item in server-side apply, while a strategic merge patch replaces it. */
export function sharedBy(keys: readonly [string, ...string[]], items: FieldSchema): ArraySchema {
  return { type: 'array', items, listType: 'map', listMapKeys: keys }
}

/** A list of values that writers share, each value once. */
export function setOf(items: FieldSchema): ArraySchema {
  return { type: 'array', items, listType: 'set', patchMergeKey: '' }
}

/** The same, with one owner for all of it in server-side apply. */
export function atomic<Schema extends ObjectSchema | MapSchema>(schema: Schema): Schema {
  return { ...schema, atomic: true }
}

export function map(items: FieldSchema): MapSchema {
  return { type: 'map', items }
}

export function oneOf(...values: string[]): ScalarSchema {
  return { type: 'string', values }
}

export function required<Schema extends FieldSchema>(schema: Schema): Schema {
  return { ...schema, presence: 'required' }
}

export function pointer<Schema extends FieldSchema>(schema: Schema): Schema {
  return { ...schema, presence: 'pointer' }
}
