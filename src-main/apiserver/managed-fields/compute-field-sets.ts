/** Which fields a value has, and in which two values differ (structured-merge-diff's `ToFieldSet` and `Compare`). */
import { isDeepStrictEqual } from 'node:util'
import type { FieldSchema } from '../../common/api/field-schema.ts'
import { FieldSet, leaf } from './field-set.ts'
import { isHollow, partsOf, structureOf } from './field-structure.ts'

/** What somebody owns who applies the value. */
export function fieldsOf(value: unknown, schema: FieldSchema): FieldSet {
  const structure = structureOf(schema)
  if (structure === 'leaf' || isHollow(value)) return leaf()
  const set = new FieldSet()
  for (const part of partsOf(value, schema)) {
    const child = fieldsOf(part.value, part.schema)
    // An item, and a member with a free name, exist because somebody wrote them.
    if (structure === 'items' || schema.type === 'map') child.owned = true
    set.add(part.step, child)
  }
  return set
}

/** Fields that only `right` has, that both have with other values, and that only `left` has. */
export interface Comparison {
  added: FieldSet
  modified: FieldSet
  removed: FieldSet
}

/** `undefined` is a value that is absent. */
export function compareValues(left: unknown, right: unknown, schema: FieldSchema): Comparison {
  const result: Comparison = { added: new FieldSet(), modified: new FieldSet(), removed: new FieldSet() }
  if (structureOf(schema) === 'leaf' || (isHollow(left) && isHollow(right))) {
    if (left === undefined) result.added.owned = right !== undefined
    else if (right === undefined) result.removed.owned = true
    else result.modified.owned = !isDeepStrictEqual(left, right)
    return result
  }
  const lefts = new Map(partsOf(left, schema).map((part) => [part.step, part]))
  const rights = new Map(partsOf(right, schema).map((part) => [part.step, part]))
  for (const [step, part] of new Map([...lefts, ...rights])) {
    const inner = compareValues(lefts.get(step)?.value, rights.get(step)?.value, part.schema)
    result.added.add(step, inner.added)
    result.modified.add(step, inner.modified)
    result.removed.add(step, inner.removed)
  }
  if (left === undefined) result.added.owned = true
  if (right === undefined) result.removed.owned = true
  return result
}
