/** `rbac.authorization.k8s.io/v1`: roles and their bindings (Kubernetes 1.35). */
import type { ApiObject } from './api-object.ts'
import { array, atomic, object, required, STRING } from './field-schema.ts'
import { kindSchema } from './kind-schema.ts'
import type { LabelSelectorObject } from './label-selector-object.ts'
import { LABEL_SELECTOR } from './label-selector-schema.ts'

export const RBAC_GROUP = 'rbac.authorization.k8s.io'

export interface PolicyRule {
  verbs: string[]
  apiGroups?: string[]
  resources?: string[]
  resourceNames?: string[]
  nonResourceURLs?: string[]
}

/** A Role, or a ClusterRole without aggregation. */
export interface Role extends ApiObject {
  rules: PolicyRule[]
}

export interface ClusterRole extends Role {
  aggregationRule?: { clusterRoleSelectors?: LabelSelectorObject[] }
}

export interface RoleSubject {
  kind: 'User' | 'Group' | 'ServiceAccount'
  apiGroup?: string
  name: string
  namespace?: string
}

export interface RoleRef {
  apiGroup: string
  kind: 'Role' | 'ClusterRole'
  name: string
}

/** A RoleBinding or a ClusterRoleBinding. */
export interface RoleBinding extends ApiObject {
  subjects?: RoleSubject[]
  roleRef: RoleRef
}

const RULES = required(
  array(
    object('PolicyRule', {
      verbs: required(array(STRING)),
      apiGroups: array(STRING),
      resources: array(STRING),
      resourceNames: array(STRING),
      nonResourceURLs: array(STRING),
    }),
  ),
)

const BINDING_FIELDS = {
  subjects: array(
    object('Subject', { kind: required(STRING), apiGroup: STRING, name: required(STRING), namespace: STRING }),
  ),
  roleRef: required(
    atomic(object('RoleRef', { apiGroup: required(STRING), kind: required(STRING), name: required(STRING) })),
  ),
}

export const ROLE_SCHEMA = kindSchema('Role', { rules: RULES })
export const CLUSTER_ROLE_SCHEMA = kindSchema('ClusterRole', {
  rules: RULES,
  aggregationRule: object('AggregationRule', { clusterRoleSelectors: array(LABEL_SELECTOR) }),
})
export const ROLE_BINDING_SCHEMA = kindSchema('RoleBinding', BINDING_FIELDS)
export const CLUSTER_ROLE_BINDING_SCHEMA = kindSchema('ClusterRoleBinding', BINDING_FIELDS)
