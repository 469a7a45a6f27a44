/** Applied values laid over live ones, and what is taken away again (structured-merge-diff's `Merge` and `RemoveItems`). */
import type { ArraySchema, FieldSchema } from '../../common/api/field-schema.ts'
import { isRecord, setMember, type PlainObject } from '../serialization/json/set-member.ts'
import { FieldSet } from './field-set.ts'
import { itemStep, memberSchema, structureOf } from './field-structure.ts'

/** What `live` becomes when `applied` is laid over it: shared lists and objects are merged, everything else is replaced. */
export function mergeValues(live: unknown, applied: unknown, schema: FieldSchema): unknown {
  if (applied === undefined) return live
  if (live === undefined) return applied
  switch (structureOf(schema)) {
    case 'leaf':
      return applied
    case 'members':
      return isRecord(live) && isRecord(applied) ? mergeMembers(live, applied, schema) : applied
    case 'items':
      return schema.type === 'array' && Array.isArray(live) && Array.isArray(applied)
        ? mergeItems(live, applied, schema)
        : applied
  }
}

function mergeMembers(live: PlainObject, applied: PlainObject, schema: FieldSchema): PlainObject {
  const result = { ...live }
  for (const [name, value] of Object.entries(applied)) {
    const inner = memberSchema(schema, name)
    const current = Object.hasOwn(live, name) ? live[name] : undefined
    setMember(result, name, inner === undefined ? value : mergeValues(current, value, inner))
  }
  return result
}

/** Applied items keep their order; live ones that are not applied stay in front of those that they were in front of. */
function mergeItems(live: readonly unknown[], applied: readonly unknown[], schema: ArraySchema): unknown[] {
  const liveSteps = live.map((item) => itemStep(item, schema))
  const appliedSteps = applied.map((item) => itemStep(item, schema))
  const isApplied = new Set(appliedSteps)
  // Of items with the same keys the first counts.
  const places = new Map(liveSteps.map((step, index): [string, number] => [step, index]).reverse())
  const shared = appliedSteps.filter((step) => places.has(step))
  const result: unknown[] = []
  let at = 0
  let nextShared = 0
  const takeOthers = (limit: number) => {
    for (; at < limit; at += 1) if (!isApplied.has(liveSteps[at] ?? '')) result.push(live[at])
  }
  for (const [index, step] of appliedSteps.entries()) {
    takeOthers(places.get(shared[nextShared] ?? '') ?? live.length)
    const place = places.get(step)
    result.push(mergeValues(place === undefined ? undefined : live[place], applied[index], schema.items))
    if (step === shared[nextShared]) nextShared += 1
  }
  takeOthers(live.length)
  return result
}

/**
 * Takes from `value` what was applied before (`last`) and is `owned` by nobody now: whole items and members, and objects
 * of which no part is owned. What nobody ever applied, such as defaults, stays as long as what it is in.
 */
export function pruneValue(value: unknown, schema: FieldSchema, last: FieldSet, owned: FieldSet): unknown {
  const structure = structureOf(schema)
  if (structure === 'leaf' || last.children.size === 0) return value
  const prunePart = (part: unknown, step: string, inner: FieldSchema): unknown => {
    const before = last.children.get(step)
    if (before === undefined) return part
    const now = owned.children.get(step)
    const isMember = before.owned || schema.type === 'object'
    if (isMember && now === undefined) return undefined
    return pruneValue(part, inner, before, now ?? new FieldSet())
  }
  if (schema.type === 'array' && Array.isArray(value)) {
    return value
      .map((item) => prunePart(item, itemStep(item, schema), schema.items))
      .filter((item) => item !== undefined)
  }
  if (!isRecord(value)) return value
  const result: PlainObject = {}
  for (const [name, member] of Object.entries(value)) {
    const inner = memberSchema(schema, name)
    const kept = inner === undefined ? member : prunePart(member, `f:${name}`, inner)
    if (kept !== undefined) setMember(result, name, kept)
  }
  return result
}
