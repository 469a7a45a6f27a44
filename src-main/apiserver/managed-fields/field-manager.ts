/**
 * Who owns which fields of an object: `metadata.managedFields`, kept on every write (structured-merge-diff's `Updater`,
 * apimachinery/pkg/util/managedfields).
 */
import { formatTime } from '../../common/api/time.ts'
import { groupVersion, type UnknownObject } from '../../common/api/api-object.ts'
import type { ObjectSchema } from '../../common/api/field-schema.ts'
import type { BodyKind } from '../serialization/json/decode-body.ts'
import { decodeValue } from '../serialization/json/decode-value.ts'
import type { PlainObject } from '../serialization/json/set-member.ts'
import { isStructMember } from '../serialization/json/struct-members.ts'
import { compareValues, type Comparison } from './compute-field-sets.ts'
import { difference, FieldSet, membersSet, recursiveDifference, union } from './field-set.ts'
import {
  asksToForget,
  isSameManager,
  readManagers,
  withoutManagers,
  writeManagers,
  type Manager,
  type ManagerOperation,
} from './managers.ts'

export interface ManagedWrite {
  kind: BodyKind
  /** `managerOf`. */
  manager: string
  /** Empty for the object itself. */
  subresource: string
  /** Milliseconds since the epoch. */
  now: number
}

const MAX_MANAGER_LENGTH = 128

/** Name of the manager: the request's `fieldManager`, or the first part of its `User-Agent`. */
export function managerOf(fieldManager: string | undefined, userAgent: string | undefined): string {
  if (fieldManager !== undefined && fieldManager !== '') return fieldManager
  const agent = (userAgent ?? '').split('/')[0] ?? ''
  return [...agent].slice(0, MAX_MANAGER_LENGTH).join('')
}

/**
 * Computes `managedFields` after a create (`live` undefined), update or patch, and sets it on `updated`, which has its
 * defaults. Like upstream's it comes before admission: what plugins and strategies add belongs to nobody. An object that
 * was written before there were managers gets none until somebody applies it.
 */
export function recordUpdate(live: UnknownObject | undefined, updated: UnknownObject, write: ManagedWrite): void {
  const managers = managersOf(live, updated)
  if (asksToForget(updated) || (managers.length === 0 && live !== undefined)) writeManagers(updated, [])
  else writeManagers(updated, managersAfterUpdate(live, updated, managers, write))
}

/** Clients that know nothing of managers leave them out, and change none thereby. */
function managersOf(live: UnknownObject | undefined, updated: UnknownObject): Manager[] {
  const own = readManagers(updated)
  if (own !== undefined && own.length > 0) return own
  return live === undefined ? [] : (readManagers(live) ?? [])
}

/** The managers when `write` makes `updated` of `live`: what it changes belongs to it alone. */
export function managersAfterUpdate(
  live: UnknownObject | undefined,
  updated: UnknownObject,
  managers: readonly Manager[],
  write: ManagedWrite,
): Manager[] {
  const before = live === undefined ? emptyObject(write.kind) : withoutManagers(live)
  const comparison = changesOf(before, withoutManagers(updated), write)
  const taken = ownable(union(comparison.added, comparison.modified), write)
  const others = takeAway(managers, comparison)
  if (taken.isEmpty) return others
  const entry = managerEntry('Update', write, taken)
  const previous = others.find((manager) => isSameManager(manager, entry))
  if (previous !== undefined) entry.fields = union(previous.fields, taken)
  return [...others.filter((manager) => manager !== previous), entry]
}

/** What was changed or removed belongs no more to whom it belonged. */
export function takeAway(managers: readonly Manager[], { added, modified, removed }: Comparison): Manager[] {
  const lost = union(union(added, modified), removed)
  return managers.map((manager) => ({ ...manager, fields: difference(manager.fields, lost) }))
}

export function managerEntry(operation: ManagerOperation, write: ManagedWrite, fields: FieldSet): Manager {
  return {
    name: write.manager,
    operation,
    apiVersion: groupVersion(write.kind),
    subresource: write.subresource,
    time: formatTime(write.now),
    fields,
  }
}

/** An object of that kind as its type is made: what nobody owns who creates one, since it was there before. */
export function emptyObject({ schema }: BodyKind): UnknownObject {
  // Every kind has metadata, which is such a member.
  return emptyMembers(schema) as UnknownObject
}

function emptyMembers(schema: ObjectSchema): PlainObject {
  const decoded = decodeValue({}, schema)
  const members = decoded.ok ? decoded.value : {}
  for (const [name, field] of Object.entries(schema.fields)) {
    if (field.type === 'object' && isStructMember(name, field)) members[name] = emptyMembers(field)
  }
  return members
}

/** Facts that nobody owns: what tells objects apart, and what the server sets. */
const STRIPPED = membersSet(
  ['apiVersion'],
  ['kind'],
  ['metadata'],
  ['metadata', 'name'],
  ['metadata', 'namespace'],
  ['metadata', 'creationTimestamp'],
  ['metadata', 'selfLink'],
  ['metadata', 'uid'],
  ['metadata', 'generation'],
  ['metadata', 'managedFields'],
  ['metadata', 'resourceVersion'],
)
const STATUS = membersSet(['status'])

/** What a write changes; what it cannot change is out of account, even when the client sends something else. */
export function changesOf(before: UnknownObject, after: UnknownObject, write: ManagedWrite): Comparison {
  const { added, modified, removed } = compareValues(before, after, write.kind.schema)
  const ignored = ignoredBy(write)
  return {
    added: recursiveDifference(added, ignored),
    modified: recursiveDifference(modified, ignored),
    removed: recursiveDifference(removed, ignored),
  }
}

/** What a writer can own of the fields that it wrote. */
export function ownable(fields: FieldSet, write: ManagedWrite): FieldSet {
  return recursiveDifference(difference(fields, STRIPPED), ignoredBy(write))
}

/** Only `status` writes the status, and it writes nothing else. */
function ignoredBy({ kind, subresource }: ManagedWrite): FieldSet {
  if (subresource !== 'status') return STATUS
  const others = Object.keys(kind.schema.fields).filter((name) => name !== 'status' && name !== 'metadata')
  return membersSet(...others.map((name) => [name]))
}
