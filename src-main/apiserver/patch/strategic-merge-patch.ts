/**
 * Strategic merge patch (apimachinery/pkg/util/strategicpatch): like a merge patch, but lists whose schema has a merge key
 * are merged item by item, and the patch may hold directives (facts 8.5.4).
 */
import type { FieldSchema } from '../../common/api/field-schema.ts'
import { cloneData } from '../../common/defaults/clone.ts'
import { getMember, isRecord, setMember, type PlainObject } from '../serialization/json/set-member.ts'
import { badRequest } from '../../kube/status-error.ts'
import { goPrint } from './go-print.ts'
import { unexplained } from './patch-failure.ts'
import { enforceOrder, requireMergeKey, type ListPatch } from './strategic-order.ts'

const DIRECTIVE = '$patch'
const RETAIN_KEYS = '$retainKeys'
const DELETE_PREFIX = '$deleteFromPrimitiveList/'
const ORDER_PREFIX = '$setElementOrder/'

/** What `target` becomes; neither it nor the patch is changed. Throws `StatusError`. */
export function strategicMergePatch(target: PlainObject, patch: PlainObject, schema: FieldSchema): PlainObject {
  return mergeMaps(cloneData(target), cloneData(patch), schema)
}

/** May change and return either. */
function mergeMaps(original: PlainObject, patch: PlainObject, schema: FieldSchema | undefined): PlainObject {
  const directive = getMember(patch, DIRECTIVE)
  if (directive !== undefined) {
    delete patch[DIRECTIVE]
    if (directive === 'replace') return patch
    if (directive === 'delete') return {}
    throw unknownDirective(directive, { ...patch, [DIRECTIVE]: directive })
  }
  retainKeys(original, patch)
  for (const key of Object.keys(patch)) {
    if (key.startsWith(ORDER_PREFIX)) mergeInOrder(original, patch, key, schema)
  }
  for (const [key, value] of Object.entries(patch)) {
    if (key.startsWith(DELETE_PREFIX)) deleteFromList(original, key.slice(DELETE_PREFIX.length), value)
    else mergeMember(original, key, value, schema)
  }
  return original
}

function mergeMember(original: PlainObject, key: string, value: unknown, schema: FieldSchema | undefined): void {
  const current = getMember(original, key)
  if (value === null) delete original[key]
  else if (isRecord(current) && isRecord(value)) {
    setMember(original, key, mergeMaps(current, value, memberSchema(schema, key)))
  } else if (Array.isArray(current) && Array.isArray(value)) {
    setMember(original, key, mergeLists(current, value, memberSchema(schema, key)))
  } else setMember(original, key, withoutDirectives(value))
}

function memberSchema(schema: FieldSchema | undefined, key: string): FieldSchema | undefined {
  if (schema?.type === 'object') return Object.hasOwn(schema.fields, key) ? schema.fields[key] : undefined
  return schema?.type === 'map' ? schema.items : undefined
}

/** Drops members that the list does not name; what the patch itself sets must be named. */
function retainKeys(original: PlainObject, patch: PlainObject): void {
  const names = getMember(patch, RETAIN_KEYS)
  if (names === undefined) return
  delete patch[RETAIN_KEYS]
  if (!Array.isArray(names)) throw badRequest('Invalid patch format of retainKeys')
  const retained = new Set<unknown>(names)
  for (const [key, value] of Object.entries(patch)) {
    if (value === null || key.startsWith(DELETE_PREFIX) || key.startsWith(ORDER_PREFIX)) continue
    if (!retained.has(key)) throw badRequest('Invalid patch format of retainKeys')
  }
  for (const key of Object.keys(original)) if (!retained.has(key)) delete original[key]
}

/** Carries out `$setElementOrder/x`, together with the patch of `x`, and takes both out of the patch. */
function mergeInOrder(
  original: PlainObject,
  patch: PlainObject,
  directive: string,
  schema: FieldSchema | undefined,
): void {
  const key = directive.slice(ORDER_PREFIX.length)
  const order = patch[directive]
  delete patch[directive]
  const current = getMember(original, key)
  const change = getMember(patch, key)
  const isList = (value: unknown) => value === undefined || Array.isArray(value)
  // A patch that removes or replaces the list with something else has no use for an order.
  if (change === null) return
  if (!Array.isArray(order) || !isList(current) || !isList(change)) {
    throw badRequest('Invalid patch format of setElementOrder list')
  }
  if (current === undefined && change === undefined) return
  delete patch[key]
  const before = (current as unknown[] | undefined) ?? []
  const items = (change as unknown[] | undefined) ?? []
  const list = listPatch(memberSchema(schema, key))
  if (list === undefined) {
    if (change !== undefined) setMember(original, key, withoutDirectives(items))
    return
  }
  checkOrder(items, order, list)
  const merged = current === undefined ? (withoutDirectives(items) as unknown[]) : mergeItems(before, items, list)
  setMember(original, key, enforceOrder(merged, order, before, list))
}

/** The patch's items must come in the order that the directive asks for. */
function checkOrder(items: readonly unknown[], order: readonly unknown[], list: ListPatch): void {
  const present = items.filter((item) => !isRecord(item) || getMember(item, DIRECTIVE) !== 'delete')
  if (present.length === 0 || order.length === 0) return
  let at = 0
  for (const wanted of order) {
    if (at < present.length && list.identity(present[at]) === list.identity(wanted)) at += 1
  }
  if (at >= present.length) return
  throw unexplained(
    `The order in patch list:\n${goPrint(items)}\n doesn't match $setElementOrder list:\n${goPrint(order)}\n`,
  )
}

function deleteFromList(original: PlainObject, key: string, value: unknown): void {
  if (!Array.isArray(value)) throw badRequest('Invalid patch format of primitive list')
  const current = getMember(original, key)
  if (!Array.isArray(current)) return
  const deleted = new Set<unknown>(value)
  setMember(
    original,
    key,
    current.filter((item) => !deleted.has(item)),
  )
}

/** How a list is merged; undefined when a patch replaces it. */
function listPatch(schema: FieldSchema | undefined): ListPatch | undefined {
  if (schema?.type !== 'array' || schema.patchMergeKey === undefined) return undefined
  const key = schema.patchMergeKey
  if (key === '') return { mergeKey: '', items: schema.items, identity: (item) => item }
  const identity = (item: unknown) => (isRecord(item) ? getMember(item, key) : undefined)
  return { mergeKey: key, items: schema.items, identity }
}

function mergeLists(original: unknown[], patch: unknown[], schema: FieldSchema | undefined): unknown[] {
  const list = listPatch(schema)
  return list === undefined ? (withoutDirectives(patch) as unknown[]) : mergeItems(original, patch, list)
}

function mergeItems(original: unknown[], patch: unknown[], list: ListPatch): unknown[] {
  if (patch.length === 0) return original
  if ([...original, ...patch].some(Array.isArray)) throw unexplained('lists of lists are not supported')
  if (list.mergeKey === '') {
    const merged = [...new Set([...original, ...patch])]
    return enforceOrder(merged, patch, original, list)
  }
  const { remaining, changes } = carryOutDirectives(original, patch, list)
  const merged = [...remaining]
  const places = new Map(merged.map((item, index) => [list.identity(item), index]))
  for (const change of changes) {
    const key = requireMergeKey(change, list)
    const at = places.get(key) ?? merged.length
    const item = merged[at]
    merged[at] = isRecord(item) ? mergeMaps(item, change, list.items) : withoutDirectives(change)
    places.set(key, at)
  }
  return enforceOrder(merged, changes, remaining, list)
}

/** Deletes what items with `$patch: delete` name; `$patch: replace` on any item drops the whole list. */
function carryOutDirectives(
  original: readonly unknown[],
  patch: readonly unknown[],
  list: ListPatch,
): { remaining: unknown[]; changes: PlainObject[] } {
  const deleted = new Set<unknown>()
  const changes: PlainObject[] = []
  let replaces = false
  for (const item of patch) {
    if (!isRecord(item)) throw unexplained(`list element types are not identical: ${goPrint(patch)}`)
    const directive = getMember(item, DIRECTIVE)
    if (directive === undefined) changes.push(item)
    else if (directive === 'delete') deleted.add(requireMergeKey(item, list))
    else if (directive === 'replace') replaces = true
    else if (directive === 'merge') throw unexplained('merging lists cannot yet be specified in the patch')
    else throw unknownDirective(directive, item)
  }
  return { remaining: replaces ? [] : original.filter((item) => !deleted.has(list.identity(item))), changes }
}

/** What a patch adds where nothing was: without its directives, and without the members and items that it deletes. */
function withoutDirectives(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((item) => !isDirectiveOnly(item)).map(withoutDirectives)
  if (!isRecord(value)) return value
  const result: PlainObject = {}
  for (const [key, member] of Object.entries(value)) {
    const isDirective =
      key === DIRECTIVE || key === RETAIN_KEYS || /^\$(?:setElementOrder|deleteFromPrimitiveList)\//.test(key)
    if (!isDirective && member !== null) setMember(result, key, withoutDirectives(member))
  }
  return result
}

function isDirectiveOnly(item: unknown): boolean {
  if (!isRecord(item)) return false
  const directive = getMember(item, DIRECTIVE)
  return directive === 'delete' || (directive !== undefined && Object.keys(item).length === 1)
}

function unknownDirective(directive: unknown, patch: PlainObject): Error {
  return unexplained(`unknown patch type: ${goPrint(directive)} in map: ${goPrint(patch)}`)
}
