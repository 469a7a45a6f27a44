/** In which order a merged list stands: items of the patch in its order, the server's own kept where they were. */
import type { FieldSchema } from '../../common/api/field-schema.ts'
import { isRecord, type PlainObject } from '../serialization/json/set-member.ts'
import { goPrint } from './go-print.ts'
import { unexplained } from './patch-failure.ts'

/** A list that is merged by item. */
export interface ListPatch {
  /** Empty when the items are values that identify themselves. */
  mergeKey: string
  items: FieldSchema
  /** What an item is known by; undefined when it has no merge key. */
  identity(item: unknown): unknown
}

/** The item's merge key. Throws `StatusError` when it has none. */
export function requireMergeKey(item: PlainObject, list: ListPatch): unknown {
  const key = list.identity(item)
  if (key === undefined)
    throw unexplained(`map: ${goPrint(item)} does not contain declared merge key: ${list.mergeKey}`)
  return key
}

/**
 * Sorts `merged`: items that `order` names stand in that order; the others keep the order of `before`, and stand in
 * front of those that they were in front of.
 */
export function enforceOrder(
  merged: readonly unknown[],
  order: readonly unknown[],
  before: readonly unknown[],
  list: ListPatch,
): unknown[] {
  const ordered = positions(order, list)
  const server = positions(before, list)
  const place = (item: unknown, of: Map<unknown, number>) => of.get(identify(item, list)) ?? Number.MAX_SAFE_INTEGER
  const named = merged
    .filter((item) => ordered.has(identify(item, list)))
    .sort((left, right) => place(left, ordered) - place(right, ordered))
  const others = merged
    .filter((item) => !ordered.has(identify(item, list)))
    .sort((left, right) => place(left, server) - place(right, server))
  const result: unknown[] = []
  let next = 0
  for (const item of named) {
    const limit = server.get(identify(item, list)) ?? -1
    for (; next < others.length && place(others[next], server) < limit; next += 1) result.push(others[next])
    result.push(item)
  }
  return [...result, ...others.slice(next)]
}

function identify(item: unknown, list: ListPatch): unknown {
  return isRecord(item) && list.mergeKey !== '' ? requireMergeKey(item, list) : item
}

function positions(items: readonly unknown[], list: ListPatch): Map<unknown, number> {
  const result = new Map<unknown, number>()
  items.forEach((item, index) => {
    const key = identify(item, list)
    if (!result.has(key)) result.set(key, index)
  })
  return result
}
