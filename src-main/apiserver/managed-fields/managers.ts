/** `metadata.managedFields` as managers with their sets: read, written, ordered and kept short as upstream does. */
import type { UnknownObject } from '../../common/api/api-object.ts'
import { isRecord } from '../serialization/json/set-member.ts'
import { FieldSet, fromFieldsV1, toFieldsV1, union } from './field-set.ts'

export type ManagerOperation = 'Apply' | 'Update'

/** One writer of an object. */
export interface Manager {
  name: string
  operation: ManagerOperation
  apiVersion: string
  /** Empty for the object itself. */
  subresource: string
  /** RFC 3339, whole seconds. */
  time: string
  fields: FieldSet
}

/** More writers than these share one entry. */
const MAX_UPDATE_MANAGERS = 10
const SHARED_ENTRY = 'ancient-changes'

/** Two writes with the same identity share an entry; a version matters for updates only. */
export function isSameManager(left: Manager, right: Omit<Manager, 'fields' | 'time'>): boolean {
  return (
    left.name === right.name &&
    left.operation === right.operation &&
    left.subresource === right.subresource &&
    (left.operation === 'Apply' || left.apiVersion === right.apiVersion)
  )
}

/** The managers of an object; undefined when somebody wrote what cannot be read. */
export function readManagers(object: UnknownObject): Manager[] | undefined {
  const entries = entriesOf(object)
  const managers = entries.map(readManager)
  return managers.every((manager) => manager !== undefined) ? managers : undefined
}

/** The one entry without content by which clients ask to forget all managers. */
export function asksToForget(object: UnknownObject): boolean {
  const entries = entriesOf(object)
  return entries.length === 1 && isRecord(entries[0]) && Object.keys(entries[0]).length === 0
}

function entriesOf(object: UnknownObject): unknown[] {
  const { managedFields } = object.metadata as { managedFields?: unknown }
  return Array.isArray(managedFields) ? managedFields : []
}

function readManager(entry: unknown): Manager | undefined {
  if (!isRecord(entry)) return undefined
  const { manager = '', operation, apiVersion = '', subresource = '', time = '', fieldsV1 = {} } = entry
  const fields = fromFieldsV1(fieldsV1)
  if (operation !== 'Apply' && operation !== 'Update') return undefined
  if (typeof manager !== 'string' || typeof apiVersion !== 'string' || typeof subresource !== 'string') return undefined
  if (typeof time !== 'string' || fields === undefined) return undefined
  return { name: manager, operation, apiVersion, subresource, time, fields }
}

/** Sets `managedFields`; managers without fields are left out. */
export function writeManagers(object: UnknownObject, managers: readonly Manager[]): void {
  const entries = shorten(managers.filter(({ fields }) => !fields.isEmpty).sort(compareManagers)).map(entryOf)
  const metadata = object.metadata as { managedFields?: unknown[] }
  if (entries.length === 0) delete metadata.managedFields
  else metadata.managedFields = entries
}

/** The object without `managedFields`, sharing everything else. */
export function withoutManagers(object: UnknownObject): UnknownObject {
  const { managedFields: _managedFields, ...metadata } = object.metadata as { managedFields?: unknown }
  return { ...object, metadata }
}

function entryOf({ name, operation, apiVersion, subresource, time, fields }: Manager): object {
  return {
    ...(name === '' ? {} : { manager: name }),
    operation,
    apiVersion,
    ...(time === '' ? {} : { time }),
    fieldsType: 'FieldsV1',
    fieldsV1: toFieldsV1(fields),
    ...(subresource === '' ? {} : { subresource }),
  }
}

/** Appliers first, then by time. */
function compareManagers(left: Manager, right: Manager): number {
  const keys = (of: Manager) => [of.operation, of.time, of.name, of.apiVersion, of.subresource]
  const rights = keys(right)
  for (const [index, key] of keys(left).entries()) {
    const other = rights[index] ?? ''
    if (key !== other) return key < other ? -1 : 1
  }
  return 0
}

/** Merges the oldest updates of one version into one entry, until there are few enough. */
function shorten(managers: readonly Manager[]): Manager[] {
  const result = [...managers]
  const countUpdates = () => result.filter(({ operation }) => operation === 'Update').length
  while (countUpdates() > MAX_UPDATE_MANAGERS) {
    const first = result.findIndex(({ operation }) => operation === 'Update')
    const oldest = result[first]
    const second = result.findIndex(
      (manager, index) => index > first && manager.operation === 'Update' && manager.apiVersion === oldest?.apiVersion,
    )
    const next = result[second]
    if (oldest === undefined || next === undefined) break
    result[first] = {
      ...oldest,
      name: SHARED_ENTRY,
      subresource: '',
      time: next.time,
      fields: union(oldest.fields, next.fields),
    }
    result.splice(second, 1)
  }
  return result
}
