/** Server-side apply: a configuration laid over what stands there, by ownership of fields (facts 8.5.5). */
import { groupVersion, type UnknownObject } from '../../common/api/api-object.ts'
import { cloneData } from '../../common/defaults/clone.ts'
import { required } from '../../common/validation/field-error.ts'
import { invalid } from '../../kube/status-error.ts'
import { fieldsOf } from './compute-field-sets.ts'
import { applyConflict, type FieldConflict } from './apply-conflict.ts'
import { changesOf, managerEntry, managersAfterUpdate, ownable, takeAway, type ManagedWrite } from './field-manager.ts'
import { difference, equals, FieldSet, intersection, union } from './field-set.ts'
import { hasLastApplied, ownedByLastApplied, setLastApplied } from './last-applied.ts'
import { isSameManager, readManagers, withoutManagers, writeManagers, type Manager } from './managers.ts'
import { mergeValues, pruneValue } from './merge-values.ts'

export interface ApplyWrite extends ManagedWrite {
  /** Takes over fields that others own. */
  force: boolean
}

/** kubectl's manager, which takes over from its own client-side apply. */
const KUBECTL = 'kubectl'
/** Owner of everything in an object from before there were managers. */
const BEFORE_FIRST_APPLY = 'before-first-apply'

/**
 * What `live` (undefined: nothing is there yet) becomes when `write.manager` applies `applied` (by `decodeApplied`). The
 * result has its `managedFields`; fill defaults, then store it, without another record. Leaves both as they are. Throws
 * `StatusError`: 409 with causes `FieldManagerConflict` unless `force`, 422 without a manager.
 */
export function applyConfiguration(
  live: UnknownObject | undefined,
  applied: UnknownObject,
  write: ApplyWrite,
): UnknownObject {
  if (write.manager === '') {
    const error = required('fieldManager', 'is required for apply patch')
    throw invalid({ group: 'meta.k8s.io', version: 'v1', kind: 'PatchOptions' }, '', [error])
  }
  const application = new Application(live, applied, write)
  if (!write.force) application.refuseConflicts()
  return application.result()
}

class Application {
  private readonly live: UnknownObject
  private readonly applied: UnknownObject
  private readonly write: ApplyWrite
  private readonly previous: Manager | undefined
  private readonly others: readonly Manager[]
  private readonly merged: UnknownObject
  /** As it is, with what nobody can own, so that it is never pruned. */
  private readonly appliedFields: FieldSet

  constructor(live: UnknownObject | undefined, applied: UnknownObject, write: ApplyWrite) {
    const { schema } = write.kind
    this.write = write
    this.applied = withoutManagers(applied)
    this.live = live === undefined ? { ...this.applied, metadata: {} } : withoutManagers(live)
    this.appliedFields = fieldsOf(this.applied, schema)
    const managers = initialManagers(live, write)
    const identity = managerEntry('Apply', write, new FieldSet())
    this.previous = managers.find((manager) => isSameManager(manager, identity))
    this.others = managers.filter((manager) => manager !== this.previous)
    const merged = mergeValues(this.live, this.applied, schema)
    const owned = this.others.reduce((all, { fields }) => union(all, fields), this.appliedFields)
    // The root is an object on both sides, so that it stays one.
    this.merged = pruneValue(merged, schema, this.previous?.fields ?? new FieldSet(), owned) as UnknownObject
  }

  /** Throws when it would change what others own; kubectl may change what its client-side apply owns. */
  refuseConflicts(): void {
    const { added, modified } = this.compare()
    const allowed = this.write.manager === KUBECTL ? ownedByLastApplied(this.live, this.write.kind) : new FieldSet()
    const changed = union(added, modified)
    const conflicts = this.others.map((manager): FieldConflict => ({
      manager,
      fields: intersection(manager.fields, changed),
    }))
    const open = conflicts.map(({ manager, fields }) => ({ manager, fields: difference(fields, allowed) }))
    if (open.some(({ fields }) => !fields.isEmpty)) throw applyConflict(open)
  }

  result(): UnknownObject {
    const result = cloneData(this.merged)
    result.apiVersion = groupVersion(this.write.kind)
    result.kind = this.write.kind.kind
    const entry = managerEntry('Apply', this.write, ownable(this.appliedFields, this.write))
    const { previous } = this
    const isSame = previous !== undefined && equals(previous.fields, entry.fields)
    const others = takeAway(this.others, this.compare())
    writeManagers(result, [...others, isSame ? { ...entry, time: previous.time } : entry])
    if (this.write.manager === KUBECTL && hasLastApplied(this.live)) setLastApplied(result, this.applied)
    return result
  }

  private compare() {
    return changesOf(this.live, this.merged, this.write)
  }
}

function initialManagers(live: UnknownObject | undefined, write: ManagedWrite): Manager[] {
  if (live === undefined) return []
  const managers = readManagers(live) ?? []
  if (managers.length > 0) return managers
  return managersAfterUpdate(undefined, live, [], { ...write, manager: BEFORE_FIRST_APPLY })
}
