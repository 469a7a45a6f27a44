/** `rbac.authorization.k8s.io/v1` clusterroles. */
import { CLUSTER_ROLE_SCHEMA, type ClusterRole, RBAC_GROUP } from '../../../../common/api/rbac.ts'
import { type FieldError, required } from '../../../../common/validation/field-error.ts'
import { checkPathSegment } from '../../../../common/validation/names.ts'
import { validateLabelSelector } from '../../../../common/validation/validate-pod-template.ts'
import { validateRules } from '../../../../common/validation/validate-rbac.ts'
import { defineKind } from '../../define-kind.ts'
import { strategyOf } from '../../strategies.ts'
import { ROLE_PRINTER } from '../rbac-columns.ts'

export const CLUSTER_ROLES = defineKind<ClusterRole>({
  group: RBAC_GROUP,
  kind: 'ClusterRole',
  resource: 'clusterroles',
  namespaced: false,
  checkName: checkPathSegment,
  schema: CLUSTER_ROLE_SCHEMA,
  strategy: strategyOf<ClusterRole>({
    validate: (role) => [...validateRules(role.rules, 'cluster'), ...validateAggregation(role)],
    allowCreateOnUpdate: true,
  }),
  printer: ROLE_PRINTER,
})

function validateAggregation({ aggregationRule }: ClusterRole): FieldError[] {
  if (aggregationRule === undefined) return []
  const field = 'aggregationRule.clusterRoleSelectors'
  const { clusterRoleSelectors: selectors = [] } = aggregationRule
  if (selectors.length === 0) {
    return [required(field, 'at least one clusterRoleSelector required if aggregationRule is non-nil')]
  }
  return selectors.flatMap((selector, index) => validateLabelSelector(selector, `${field}[${index}]`))
}
