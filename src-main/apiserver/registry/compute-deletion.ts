/**
 * What a DELETE does to an object: end it at once, or mark it and wait for its grace and its finalizers
 * (upstream's registry/rest/delete.go, registry/generic/registry/store.go; facts 8.5.7).
 */
import { cloneData } from '../../common/defaults/clone.ts'
import type { UnknownObject } from '../../common/api/api-object.ts'
import { conflict } from '../../kube/status-error.ts'
import { formatTime } from './prepare-object.ts'
import type { ResourceDefinition } from './resource-definition.ts'
import type { DeleteRequest } from './resource-storage.ts'

/**
 * `none`: it is being deleted already and stays as it is. `mark`: the object, changed, is written and waits. `markAndRemove`:
 * it is written, so that watchers see the mark, and removed at once. `remove`: it is removed as it is.
 */
export type Deletion = { type: 'none' } | { type: 'mark' | 'markAndRemove'; object: UnknownObject } | { type: 'remove' }

const ORPHAN = 'orphan'
const FOREGROUND = 'foregroundDeletion'

/** Does not change `current`. Throws `StatusError` for a precondition that does not hold. */
export function computeDeletion(
  definition: ResourceDefinition,
  current: UnknownObject,
  request: DeleteRequest,
  nowMs: number,
): Deletion {
  requirePreconditions(definition, current, request)
  const object = cloneData(current)
  const { metadata } = object
  const grace = computeGrace(definition, current, request, nowMs)
  if (grace.type === 'pending') return { type: 'none' }
  const finalizers = computeFinalizers(definition, current, request)
  if (finalizers.length > 0) metadata.finalizers = finalizers
  else delete metadata.finalizers
  const mayGo = finalizers.length === 0 && (definition.strategy.isDeletable?.(current) ?? true)
  if (grace.type === 'graceful') {
    const isFirst = metadata.deletionTimestamp === undefined
    metadata.deletionTimestamp = grace.deletionTimestamp
    metadata.deletionGracePeriodSeconds = grace.seconds
    if (isFirst) markFirst(definition, object)
    return { type: mayGo && grace.seconds === 0 ? 'markAndRemove' : 'mark', object }
  }
  if (mayGo) return { type: 'remove' }
  if (metadata.deletionTimestamp === undefined) {
    metadata.deletionTimestamp = formatTime(nowMs)
    markFirst(definition, object)
  }
  // What waits for its content alone, as a namespace, has no grace to speak of.
  if (finalizers.length > 0) metadata.deletionGracePeriodSeconds = 0
  return { type: 'mark', object }
}

/** Whether nothing keeps an object any more that has been marked. */
export function isReadyToGo(definition: ResourceDefinition, object: UnknownObject): boolean {
  const { deletionTimestamp, deletionGracePeriodSeconds = 0, finalizers = [] } = object.metadata
  return (
    deletionTimestamp !== undefined &&
    deletionGracePeriodSeconds === 0 &&
    finalizers.length === 0 &&
    (definition.strategy.isDeletable?.(object) ?? true)
  )
}

/** @throws StatusError 409 when it is not the object, or the state of it, that is meant */
export function requirePreconditions(
  { group, kind }: ResourceDefinition,
  { metadata }: UnknownObject,
  { preconditions }: DeleteRequest,
): void {
  // Upstream names the kind here, not the resource.
  const of = { group, resource: kind }
  const { name = '', uid = '', resourceVersion = '' } = metadata
  if (preconditions?.uid !== undefined && preconditions.uid !== uid)
    throw conflict(
      of,
      name,
      `the UID in the precondition (${preconditions.uid}) does not match the UID in record (${uid}). The object might have been deleted and then recreated`,
    )
  if (preconditions?.resourceVersion !== undefined && preconditions.resourceVersion !== resourceVersion)
    throw conflict(
      of,
      name,
      `the ResourceVersion in the precondition (${preconditions.resourceVersion}) does not match the ResourceVersion in record (${resourceVersion}). The object might have been modified`,
    )
}

type Grace = { type: 'pending' } | { type: 'graceful'; seconds: number; deletionTimestamp: string } | { type: 'none' }

function computeGrace(
  { strategy }: ResourceDefinition,
  object: UnknownObject,
  { gracePeriodSeconds: asked }: DeleteRequest,
  nowMs: number,
): Grace {
  if (strategy.graceSeconds === undefined) return { type: 'none' }
  const { deletionTimestamp, deletionGracePeriodSeconds: running = 0 } = object.metadata
  if (deletionTimestamp === undefined) {
    const seconds = strategy.graceSeconds(object, asked)
    return { type: 'graceful', seconds, deletionTimestamp: formatTime(nowMs + seconds * 1000) }
  }
  if (running === 0) return { type: 'none' }
  // A deletion that is under way can only be shortened.
  if (asked === undefined || asked >= running) return { type: 'pending' }
  const seconds = Math.max(0, asked)
  const startedMs = Date.parse(deletionTimestamp) - running * 1000
  return { type: 'graceful', seconds, deletionTimestamp: formatTime(startedMs + seconds * 1000) }
}

/** What is asked for goes before what finalizers say already; without either the dependents are looked after when it is gone. */
function computeFinalizers(
  { strategy }: ResourceDefinition,
  { metadata }: UnknownObject,
  { propagationPolicy }: DeleteRequest,
): string[] {
  const before = metadata.finalizers ?? []
  const wanted = strategy.hasNoDependents === true ? undefined : finalizerOf(propagationPolicy, before)
  const isAsBefore = [ORPHAN, FOREGROUND].every((one) => before.includes(one) === (one === wanted))
  if (isAsBefore) return before
  const others = before.filter((finalizer) => finalizer !== ORPHAN && finalizer !== FOREGROUND)
  return wanted === undefined ? others : [...others, wanted]
}

function finalizerOf(policy: DeleteRequest['propagationPolicy'], before: readonly string[]): string | undefined {
  if (policy === undefined) return [ORPHAN, FOREGROUND].find((one) => before.includes(one))
  if (policy === 'Background') return undefined
  return policy === 'Orphan' ? ORPHAN : FOREGROUND
}

function markFirst({ strategy }: ResourceDefinition, object: UnknownObject): void {
  const { metadata } = object
  strategy.prepareForDeletion?.(object)
  if (metadata.generation !== undefined && metadata.generation > 0) metadata.generation += 1
}
