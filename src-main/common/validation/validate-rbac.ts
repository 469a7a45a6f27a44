/** Validation of roles and bindings beside their metadata (upstream: pkg/apis/rbac/validation). */
import { type PolicyRule, RBAC_GROUP, type RoleBinding, type RoleSubject } from '../api/rbac.ts'
import { type FieldError, invalid, required, unsupported } from './field-error.ts'
import { checkDNS1123Subdomain } from './names.ts'
import { all } from './validate-metadata.ts'

/** Rules of a Role speak of its namespace only; those of a ClusterRole may name paths. */
export function validateRules(rules: readonly PolicyRule[], scope: 'namespace' | 'cluster'): FieldError[] {
  return rules.flatMap((rule, index) => validateRule(rule, `rules[${index}]`, scope))
}

function validateRule(rule: PolicyRule, field: string, scope: 'namespace' | 'cluster'): FieldError[] {
  const { verbs, apiGroups = [], resources = [], resourceNames = [], nonResourceURLs = [] } = rule
  const errors: FieldError[] = []
  if (verbs.length === 0) errors.push(required(`${field}.verbs`, 'verbs must contain at least one value'))
  if (nonResourceURLs.length > 0) {
    const path = `${field}.nonResourceURLs`
    if (scope === 'namespace') {
      errors.push(invalid(path, nonResourceURLs, 'namespaced rules cannot apply to non-resource URLs'))
    }
    if (apiGroups.length + resources.length + resourceNames.length > 0) {
      const detail = 'rules cannot apply to both regular resources and non-resource URLs'
      errors.push(invalid(path, nonResourceURLs, detail))
    }
    return errors
  }
  if (apiGroups.length === 0) {
    errors.push(required(`${field}.apiGroups`, 'resource rules must supply at least one api group'))
  }
  if (resources.length === 0) {
    errors.push(required(`${field}.resources`, 'resource rules must supply at least one resource'))
  }
  return errors
}

/** `kinds`: what the binding may refer to. */
export function validateBinding({ roleRef, subjects = [] }: RoleBinding, kinds: readonly string[]): FieldError[] {
  const errors: FieldError[] = []
  if (roleRef.apiGroup !== RBAC_GROUP) {
    errors.push(unsupported('roleRef.apiGroup', roleRef.apiGroup, [RBAC_GROUP]))
  }
  if (!kinds.includes(roleRef.kind)) errors.push(unsupported('roleRef.kind', roleRef.kind, kinds))
  if (roleRef.name === '') errors.push(required('roleRef.name'))
  return [...errors, ...subjects.flatMap((subject, index) => validateSubject(subject, `subjects[${index}]`))]
}

function validateSubject(subject: RoleSubject, field: string): FieldError[] {
  const { name, apiGroup = '', namespace = '' } = subject
  const kind: string = subject.kind
  const errors = name === '' ? [required(`${field}.name`)] : []
  switch (kind) {
    case 'ServiceAccount':
      if (name !== '') errors.push(...all(`${field}.name`, name, checkDNS1123Subdomain(name)))
      if (apiGroup !== '') errors.push(unsupported(`${field}.apiGroup`, apiGroup, ['']))
      if (namespace === '') errors.push(required(`${field}.namespace`))
      return errors
    case 'User':
    case 'Group':
      if (apiGroup !== RBAC_GROUP) errors.push(unsupported(`${field}.apiGroup`, apiGroup, [RBAC_GROUP]))
      return errors
    default:
      return [...errors, unsupported(`${field}.kind`, kind, ['ServiceAccount', 'User', 'Group'])]
  }
}

/** What a binding grants is fixed for its life. */
export function validateBindingUpdate(binding: RoleBinding, old: RoleBinding, kinds: readonly string[]): FieldError[] {
  const errors = validateBinding(binding, kinds)
  const { roleRef } = binding
  const { apiGroup, kind, name } = old.roleRef
  if (roleRef.apiGroup === apiGroup && roleRef.kind === kind && roleRef.name === name) return errors
  return [...errors, invalid('roleRef', roleRef, 'cannot change roleRef')]
}
