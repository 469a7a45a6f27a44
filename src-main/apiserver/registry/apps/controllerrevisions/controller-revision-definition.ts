/** `apps/v1` controllerrevisions. */
import { CONTROLLER_REVISION_SCHEMA, type ControllerRevision } from '../../../../common/api/controller-revision.ts'
import { validateNotNegative } from '../../../../common/validation/validate-pod-template.ts'
import { AGE, integer, NAME, NONE, printTable, text } from '../../columns.ts'
import { defineKind } from '../../define-kind.ts'
import { strategyOf, validateUnchanged } from '../../strategies.ts'

export const CONTROLLER_REVISIONS = defineKind<ControllerRevision>({
  group: 'apps',
  kind: 'ControllerRevision',
  resource: 'controllerrevisions',
  namespaced: true,
  schema: CONTROLLER_REVISION_SCHEMA,
  strategy: strategyOf<ControllerRevision>({
    validate: ({ revision }) => validateNotNegative(revision, 'revision'),
    validateUpdate: ({ revision, data }, old) => [
      ...validateNotNegative(revision, 'revision'),
      ...validateUnchanged(data, old.data, 'data'),
    ],
  }),
  printer: printTable<ControllerRevision>([
    NAME,
    text('Controller', 'Whose revision it is.', formatController),
    integer('Revision', 'Its number; the highest is the present one.', ({ revision }) => revision),
    AGE,
  ]),
})

function formatController({ metadata }: ControllerRevision): string {
  const owner = (metadata.ownerReferences ?? []).find(({ controller }) => controller === true)
  if (owner === undefined) return NONE
  const group = owner.apiVersion.includes('/') ? `.${owner.apiVersion.split('/')[0] ?? ''}` : ''
  return `${`${owner.kind}${group}`.toLowerCase()}/${owner.name}`
}
