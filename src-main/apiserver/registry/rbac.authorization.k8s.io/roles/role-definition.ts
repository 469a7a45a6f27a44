/** `rbac.authorization.k8s.io/v1` roles. */
import { RBAC_GROUP, ROLE_SCHEMA, type Role } from '../../../../common/api/rbac.ts'
import { checkPathSegment } from '../../../../common/validation/names.ts'
import { validateRules } from '../../../../common/validation/validate-rbac.ts'
import { defineKind } from '../../define-kind.ts'
import { strategyOf } from '../../strategies.ts'
import { ROLE_PRINTER } from '../rbac-columns.ts'

export const ROLES = defineKind<Role>({
  group: RBAC_GROUP,
  kind: 'Role',
  resource: 'roles',
  namespaced: true,
  checkName: checkPathSegment,
  schema: ROLE_SCHEMA,
  strategy: strategyOf<Role>({ validate: ({ rules }) => validateRules(rules, 'namespace'), allowCreateOnUpdate: true }),
  printer: ROLE_PRINTER,
})
