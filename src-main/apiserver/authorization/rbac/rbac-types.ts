/** `rbac.authorization.k8s.io/v1`, as far as it is evaluated. */
import type { UnknownObject } from '../../../common/api/api-object.ts'

export const RBAC_GROUP = 'rbac.authorization.k8s.io'

export interface PolicyRule {
  verbs: readonly string[]
  apiGroups?: readonly string[]
  resources?: readonly string[]
  resourceNames?: readonly string[]
  nonResourceURLs?: readonly string[]
}

export interface Subject {
  kind: 'User' | 'Group' | 'ServiceAccount' | (string & {})
  apiGroup?: string
  name: string
  namespace?: string
}

export interface RoleReference {
  apiGroup: string
  kind: 'Role' | 'ClusterRole' | (string & {})
  name: string
}

/** A Role or a ClusterRole. */
export interface Role extends UnknownObject {
  rules?: PolicyRule[]
}

/** A RoleBinding or a ClusterRoleBinding. */
export interface RoleBinding extends UnknownObject {
  subjects?: Subject[]
  roleRef: RoleReference
}
