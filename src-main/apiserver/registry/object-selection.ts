/** Which objects a request speaks of: its label and field selectors, read and checked for a resource. */
import type { UnknownObject } from '../../common/api/api-object.ts'
import { matchesFields, parseFieldSelector, requiredValue } from '../../common/api/field-selector.ts'
import { SelectorError, matchesLabels, parseLabelSelector } from '../../common/api/label-selector.ts'
import { badRequest } from '../../kube/status-error.ts'
import type { ResourceDefinition } from './resource-definition.ts'
import type { ObjectSelection } from './resource-storage.ts'

export interface CheckedSelection {
  /** Whether every object is meant. */
  isEverything: boolean
  /** The only name that can match, if there is one. */
  name: string | undefined
  matches(object: UnknownObject): boolean
}

/** @throws StatusError for what cannot be read, and for fields that the resource cannot be selected by */
export function checkSelection(definition: ResourceDefinition, selection: ObjectSelection): CheckedSelection {
  try {
    const labels = parseLabelSelector(selection.labelSelector ?? '')
    const fields = parseFieldSelector(selection.fieldSelector ?? '')
    for (const { field } of fields) requireSelectable(definition, field)
    return {
      isEverything: labels.length === 0 && fields.length === 0,
      name: requiredValue(fields, 'metadata.name'),
      matches: (object) =>
        matchesLabels(labels, object.metadata.labels) &&
        matchesFields(fields, (field) => readField(definition, object, field)),
    }
  } catch (error) {
    throw error instanceof SelectorError ? badRequest(error.message) : error
  }
}

function requireSelectable(definition: ResourceDefinition, field: string): void {
  const own = Object.keys(definition.selectableFields)
  if (field === 'metadata.name' || own.includes(field)) return
  if (field === 'metadata.namespace' && (definition.namespaced || own.length === 0)) return
  throw new SelectorError(
    own.length === 0
      ? `${JSON.stringify(field)} is not a known field selector: only "metadata.name", "metadata.namespace"`
      : `field label not supported: ${field}`,
  )
}

function readField(definition: ResourceDefinition, object: UnknownObject, field: string): string {
  if (field === 'metadata.name') return object.metadata.name ?? ''
  if (field === 'metadata.namespace') return object.metadata.namespace ?? ''
  return definition.selectableFields[field]?.(object) ?? ''
}
