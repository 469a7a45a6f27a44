/** `core/v1` namespaces (upstream: pkg/registry/core/namespace). */
import { NAMESPACE_SCHEMA, type Namespace } from '../../../../common/api/namespace.ts'
import { type FieldError, invalid } from '../../../../common/validation/field-error.ts'
import { checkDNS1123Label, checkQualifiedName } from '../../../../common/validation/names.ts'
import { all } from '../../../../common/validation/validate-metadata.ts'
import { AGE, NAME, printTable, text } from '../../columns.ts'
import { defineKind } from '../../define-kind.ts'
import type { StatusStrategy } from '../../resource-definition.ts'
import { keep, statusStrategyOf, strategyOf } from '../../strategies.ts'

/** The finalizer whose owner, the namespace controller, empties the namespace. */
const CONTENT_FINALIZER = 'kubernetes'
const NAME_LABEL = 'kubernetes.io/metadata.name'

/** PUT of `finalize`: who is still to clean up. */
const FINALIZE_STRATEGY: StatusStrategy<Namespace> = {
  prepareForUpdate: (namespace, old) => {
    keep(namespace, old, 'status')
  },
  validateUpdate: validateFinalizers,
}

export const NAMESPACES = defineKind<Namespace>({
  group: '',
  kind: 'Namespace',
  resource: 'namespaces',
  shortNames: ['ns'],
  namespaced: false,
  checkName: checkDNS1123Label,
  schema: NAMESPACE_SCHEMA,
  strategy: strategyOf<Namespace>({
    setDefaults,
    prepareForCreate(namespace) {
      namespace.status = { phase: 'Active' }
      const finalizers = namespace.spec?.finalizers ?? []
      if (!finalizers.includes(CONTENT_FINALIZER)) namespace.spec = { finalizers: [...finalizers, CONTENT_FINALIZER] }
      // A generated name was not known when defaults were filled.
      setDefaults(namespace)
    },
    validate: validateFinalizers,
    prepareForUpdate(namespace, old) {
      keep(namespace, old, 'spec')
      keep(namespace, old, 'status')
    },
    isDeletable: ({ spec }) => (spec?.finalizers ?? []).length === 0,
    prepareForDeletion(namespace) {
      namespace.status = { ...namespace.status, phase: 'Terminating' }
    },
  }),
  statusStrategy: statusStrategyOf<Namespace>({ validateUpdate: validatePhase }),
  parts: { finalize: FINALIZE_STRATEGY },
  printer: printTable<Namespace>([
    NAME,
    text('Status', 'Whether the namespace is in use or about to go.', ({ status }) => status?.phase ?? ''),
    AGE,
  ]),
  selectableFields: { 'status.phase': ({ status }) => status?.phase ?? '' },
})

function setDefaults(namespace: Namespace): void {
  namespace.spec ??= {}
  namespace.status ??= {}
  const { metadata } = namespace
  if ((metadata.name ?? '') !== '') metadata.labels = { ...metadata.labels, [NAME_LABEL]: metadata.name ?? '' }
}

function validateFinalizers({ spec }: Namespace): FieldError[] {
  return (spec?.finalizers ?? []).flatMap((finalizer) =>
    all('spec.finalizers', finalizer, [...checkQualifiedName(finalizer), ...checkStandard(finalizer)]),
  )
}

function checkStandard(finalizer: string): string[] {
  if (finalizer.includes('/') || finalizer === CONTENT_FINALIZER) return []
  return ['name is neither a standard finalizer name nor is it fully qualified']
}

function validatePhase({ metadata, status }: Namespace): FieldError[] {
  const phase = status?.phase ?? ''
  if (metadata.deletionTimestamp === undefined) {
    if (phase === 'Active') return []
    return [invalid('status.phase', phase, "may only be 'Active' if `deletionTimestamp` is empty")]
  }
  if (phase === 'Terminating') return []
  return [invalid('status.phase', phase, "may only be 'Terminating' if `deletionTimestamp` is not empty")]
}
