/** `apps/v1` deployments. */
import { isDeepStrictEqual } from 'node:util'
import { DEPLOYMENT_SCHEMA, type Deployment } from '../../../../common/api/deployment.ts'
import { setDeploymentDefaults } from '../../../../common/defaults/workload-defaults.ts'
import { validateDeployment } from '../../../../common/validation/validate-replicas.ts'
import { AGE, column, NAME, printTable, text } from '../../columns.ts'
import { defineKind } from '../../define-kind.ts'
import { keep, statusStrategyOf, strategyWithStatus, validateUnchanged } from '../../strategies.ts'
import { WORKLOAD_COLUMNS } from '../workload-columns.ts'

export const DEPLOYMENTS = defineKind<Deployment>({
  group: 'apps',
  kind: 'Deployment',
  resource: 'deployments',
  shortNames: ['deploy'],
  categories: ['all'],
  namespaced: true,
  schema: DEPLOYMENT_SCHEMA,
  strategy: strategyWithStatus<Deployment>({
    setDefaults: setDeploymentDefaults,
    validate: validateDeployment,
    prepareForUpdate(deployment, old) {
      keep(deployment, old, 'status')
      // A rollback of old was an annotation, so that annotations count too.
      const changed =
        !isDeepStrictEqual(deployment.spec, old.spec) ||
        !isDeepStrictEqual(deployment.metadata.annotations, old.metadata.annotations)
      deployment.metadata.generation = (old.metadata.generation ?? 0) + (changed ? 1 : 0)
    },
    validateUpdate: (deployment, old) => [
      ...validateDeployment(deployment),
      ...validateUnchanged(deployment.spec.selector, old.spec.selector, 'spec.selector'),
    ],
  }),
  statusStrategy: statusStrategyOf<Deployment>({
    prepareForUpdate(deployment, old) {
      keep(deployment, old, 'spec')
      keep(deployment.metadata, old.metadata, 'labels')
    },
  }),
  isScalable: true,
  printer: printTable<Deployment>([
    NAME,
    text('Ready', 'Pods that are ready, of all that there should be.', ({ spec, status }) => {
      return `${status?.readyReplicas ?? 0}/${spec.replicas ?? 0}`
    }),
    {
      ...column('Up-to-date', 'string', 'Pods of the present template.'),
      cell: ({ status }) => status?.updatedReplicas ?? 0,
    },
    {
      ...column('Available', 'string', 'Pods that are available.'),
      cell: ({ status }) => status?.availableReplicas ?? 0,
    },
    AGE,
    ...WORKLOAD_COLUMNS,
  ]),
})
