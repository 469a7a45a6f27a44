/** `coordination.k8s.io/v1` leases. */
import { LEASE_SCHEMA, type Lease } from '../../../../common/api/lease.ts'
import { type FieldError, invalid } from '../../../../common/validation/field-error.ts'
import { AGE, NAME, printTable, text } from '../../columns.ts'
import { defineKind } from '../../define-kind.ts'
import { strategyOf } from '../../strategies.ts'

export const LEASES = defineKind<Lease>({
  group: 'coordination.k8s.io',
  kind: 'Lease',
  resource: 'leases',
  namespaced: true,
  schema: LEASE_SCHEMA,
  strategy: strategyOf<Lease>({
    setDefaults(lease) {
      lease.spec ??= {}
    },
    validate: validateLease,
    allowCreateOnUpdate: true,
    requireResourceVersionOnUpdate: true,
  }),
  printer: printTable<Lease>([
    NAME,
    text('Holder', 'Who holds the lease.', ({ spec }) => spec?.holderIdentity ?? ''),
    AGE,
  ]),
})

function validateLease({ spec = {} }: Lease): FieldError[] {
  const errors: FieldError[] = []
  const { leaseDurationSeconds: seconds, leaseTransitions: transitions } = spec
  if (seconds !== undefined && seconds <= 0) {
    errors.push(invalid('spec.leaseDurationSeconds', seconds, 'must be greater than 0'))
  }
  if (transitions !== undefined && transitions < 0) {
    errors.push(invalid('spec.leaseTransitions', transitions, 'must be greater than or equal to 0'))
  }
  return errors
}
