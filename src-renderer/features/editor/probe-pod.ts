/** Pods made to ask the kubelet's own rules about one field: the smallest valid pod, and in it the field with some value. Pure. */
import type { Pod } from '@common/api/core.ts'
import type { FieldSchema } from '@common/api/field-schema.ts'
import type { FieldPath } from './field-path.ts'
import { schemaAt } from './field-schema-at.ts'

/** The smallest pod that is valid. */
const SMALLEST = { metadata: { name: 'sample' }, spec: { containers: [{ name: 'sample', image: 'sample:1' }] } }

/** The smallest pod with `value` at the path, all of whose indices count as 0. */
export function podWith(path: FieldPath, value: unknown): Pod {
  // Whatever the schema allows there is a member of a Pod, and the rest is one.
  return put(SMALLEST, [], path, value) as Pod
}

/** What is made on the way has the members that a decoded object always has. */
function put(tree: unknown, done: FieldPath, [part, ...rest]: FieldPath, value: unknown): unknown {
  if (part === undefined) return value
  const inner = [...done, part]
  if (typeof part === 'number') return [put(Array.isArray(tree) ? tree[0] : undefined, inner, rest, value)]
  const members = isRecord(tree) ? tree : emptyAt(done)
  return { ...members, [part]: put(members[part], inner, rest, value) }
}

function emptyAt(path: FieldPath): Record<string, unknown> {
  const schema = schemaAt(path)?.schema
  const sample = schema?.type === 'object' ? sampleOf(schema) : {}
  return isRecord(sample) ? sample : {}
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** What stands at the path; indices count as 0. */
export function valueAt(tree: unknown, path: FieldPath): unknown {
  let at = tree
  for (const part of path) {
    if (typeof at !== 'object' || at === null) return undefined
    at = Array.isArray(at) ? at[0] : (at as Record<string, unknown>)[part]
  }
  return at
}

/** The smallest pod that has room for the field and leaves it out. */
export function podWithout(path: FieldPath): Pod {
  const parent = path.slice(0, -1)
  return podWith(parent, valueAt(SMALLEST, parent) ?? emptyAt(parent))
}

/** Values to try in a field: every value that it is known to take, or one that is not the default. */
export function samplesOf(schema: FieldSchema): unknown[] {
  if (schema.type === 'boolean') return [true]
  if (schema.type === 'string' && schema.values !== undefined) return [...schema.values]
  return [sampleOf(schema)]
}

function sampleOf(schema: FieldSchema): unknown {
  switch (schema.type) {
    case 'object': {
      const required = Object.entries(schema.fields).filter(([, field]) => field.presence === 'required')
      return Object.fromEntries(required.map(([name, field]) => [name, sampleOf(field)]))
    }
    case 'array':
      return [sampleOf(schema.items)]
    case 'map':
      return { sample: sampleOf(schema.items) }
    case 'boolean':
      return true
    case 'int32':
    case 'int64':
    case 'intOrString':
      return 1
    case 'quantity':
      return '1'
    case 'time':
      return '2026-01-01T00:00:00Z'
    case 'opaque':
      return {}
    case 'string':
      return schema.values?.[0] ?? 'sample'
  }
}
