/** Who owns which fields of an object: `metadata.managedFields`, kept on every write. */
import type { UnknownObject } from '../../common/api/api-object.ts'
import { internalError } from '../../kube/status-error.ts'
import type { BodyKind } from '../serialization/json/decode-body.ts'

export interface ManagedWrite {
  kind: BodyKind
  /** `managerOf`. */
  manager: string
  /** Empty for the object itself. */
  subresource: string
  /** Milliseconds since the epoch. */
  now: number
}

/** Name of the manager: the request's `fieldManager`, or the first part of its `User-Agent`. */
export function managerOf(fieldManager: string | undefined, userAgent: string | undefined): string {
  return fieldManager ?? userAgent?.split('/')[0] ?? ''
}

/**
 * Computes `managedFields` after a create (`live` undefined), update or patch, and sets it on `updated`, which has its
 * defaults and went through admission. Call it last before validation and storing.
 */
export function recordUpdate(live: UnknownObject | undefined, updated: UnknownObject, write: ManagedWrite): void {
  if (live === undefined) return
  throw internalError(`${updated.kind} ${write.manager}`)
}

/**
 * Server-side apply: what `live` (undefined: nothing is there yet) becomes when `manager` applies `applied` (decoded,
 * without defaults). The result has its `managedFields`; fill defaults, then store. `applied` must have no managedFields.
 * Throws `StatusError`: 409 with causes `FieldManagerConflict` unless `force`, 400 without a manager.
 */
export function applyConfiguration(
  live: UnknownObject | undefined,
  applied: UnknownObject,
  write: ManagedWrite & { force: boolean },
): UnknownObject {
  throw internalError(`${live?.kind} ${applied.kind} ${write.manager}`)
}
