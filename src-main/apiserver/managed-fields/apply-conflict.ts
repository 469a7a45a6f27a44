/** The 409 of an apply that would change what others own, in upstream's words. */
import { StatusError } from '../../kube/status-error.ts'
import { printPaths, type FieldSet } from './field-set.ts'
import type { Manager } from './managers.ts'

export interface FieldConflict {
  manager: Manager
  /** Fields of the manager that would be changed; may be empty. */
  fields: FieldSet
}

/** One cause `FieldManagerConflict` for each field. */
export function applyConflict(conflicts: readonly FieldConflict[]): StatusError {
  const found = conflicts.map(({ manager, fields }) => ({ manager: printManager(manager), paths: printPaths(fields) }))
  const open = found
    .filter(({ paths }) => paths.length > 0)
    .sort((left, right) => (left.manager < right.manager ? -1 : 1))
  const causes = open.flatMap(({ manager, paths }) =>
    paths.map((field) => ({ reason: 'FieldManagerConflict', message: `conflict with ${manager}`, field })),
  )
  const [only] = causes
  const list = open.flatMap(({ manager, paths }) => [`conflicts with ${manager}:`, ...paths.map((path) => `- ${path}`)])
  const message =
    causes.length === 1 && only !== undefined
      ? `Apply failed with 1 conflict: ${only.message}: ${only.field}`
      : `Apply failed with ${causes.length} conflicts: ${list.join('\n')}`
  return new StatusError({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message,
    reason: 'Conflict',
    details: { causes },
    code: 409,
  })
}

function printManager({ name, subresource, operation, apiVersion }: Manager): string {
  const quoted = JSON.stringify(name)
  const shown = subresource === '' ? quoted : `${quoted} with subresource ${JSON.stringify(subresource)}`
  return operation === 'Update' ? `${shown} using ${apiVersion}` : shown
}
