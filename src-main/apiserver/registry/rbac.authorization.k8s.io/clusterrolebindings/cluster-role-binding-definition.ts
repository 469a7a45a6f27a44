/** `rbac.authorization.k8s.io/v1` clusterrolebindings. */
import { CLUSTER_ROLE_BINDING_SCHEMA, RBAC_GROUP, type RoleBinding } from '../../../../common/api/rbac.ts'
import { setBindingDefaults } from '../../../../common/defaults/rbac-defaults.ts'
import { checkPathSegment } from '../../../../common/validation/names.ts'
import { validateBinding, validateBindingUpdate } from '../../../../common/validation/validate-rbac.ts'
import { defineKind } from '../../define-kind.ts'
import { strategyOf } from '../../strategies.ts'
import { BINDING_PRINTER } from '../rbac-columns.ts'

const KINDS: readonly string[] = ['ClusterRole']

export const CLUSTER_ROLE_BINDINGS = defineKind<RoleBinding>({
  group: RBAC_GROUP,
  kind: 'ClusterRoleBinding',
  resource: 'clusterrolebindings',
  namespaced: false,
  checkName: checkPathSegment,
  schema: CLUSTER_ROLE_BINDING_SCHEMA,
  strategy: strategyOf<RoleBinding>({
    setDefaults: setBindingDefaults,
    validate: (binding) => validateBinding(binding, KINDS),
    validateUpdate: (binding, old) => validateBindingUpdate(binding, old, KINDS),
    allowCreateOnUpdate: true,
  }),
  printer: BINDING_PRINTER,
})
