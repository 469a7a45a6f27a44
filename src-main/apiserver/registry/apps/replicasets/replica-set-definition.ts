/** `apps/v1` replicasets. */
import { REPLICA_SET_SCHEMA, type ReplicaSet } from '../../../../common/api/replica-set.ts'
import { setReplicaSetDefaults } from '../../../../common/defaults/workload-defaults.ts'
import { validateReplicaSet } from '../../../../common/validation/validate-replicas.ts'
import { AGE, integer, NAME, printTable } from '../../columns.ts'
import { defineKind } from '../../define-kind.ts'
import { statusStrategyOf, strategyWithStatus, validateUnchanged } from '../../strategies.ts'
import { WORKLOAD_COLUMNS } from '../workload-columns.ts'

export const REPLICA_SETS = defineKind<ReplicaSet>({
  group: 'apps',
  kind: 'ReplicaSet',
  resource: 'replicasets',
  shortNames: ['rs'],
  categories: ['all'],
  namespaced: true,
  schema: REPLICA_SET_SCHEMA,
  strategy: strategyWithStatus<ReplicaSet>({
    setDefaults: setReplicaSetDefaults,
    prepareForCreate(set) {
      set.status = { replicas: 0 }
    },
    validate: validateReplicaSet,
    validateUpdate: (set, old) => [
      ...validateReplicaSet(set),
      ...validateUnchanged(set.spec.selector, old.spec.selector, 'spec.selector'),
    ],
  }),
  statusStrategy: statusStrategyOf<ReplicaSet>(),
  isScalable: true,
  printer: printTable<ReplicaSet>([
    NAME,
    integer('Desired', 'Pods that there should be.', ({ spec }) => spec.replicas ?? 0),
    integer('Current', 'Pods that there are.', ({ status }) => status?.replicas ?? 0),
    integer('Ready', 'Pods that are ready.', ({ status }) => status?.readyReplicas ?? 0),
    AGE,
    ...WORKLOAD_COLUMNS,
  ]),
  selectableFields: { 'status.replicas': ({ status }) => String(status?.replicas ?? 0) },
})
