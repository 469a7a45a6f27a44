/** Which rules a user has: through which bindings, in which order (pkg/registry/rbac/validation/rule.go). */
import type { UserInfo } from '../../authentication/user-info.ts'
import { serviceAccountUserName } from '../../authentication/service-account-name.ts'
import {
  RBAC_GROUP,
  type PolicyRule,
  type Role,
  type RoleBinding,
  type RoleRef,
  type RoleSubject,
} from '../../../common/api/rbac.ts'

/** Where roles and bindings are read. */
export interface RbacSource {
  clusterRoleBindings(): Iterable<RoleBinding>
  roleBindings(namespace: string): Iterable<RoleBinding>
  clusterRole(name: string): Role | undefined
  role(namespace: string, name: string): Role | undefined
}

/** A rule with the way by which the user has it, in the words of a decision's reason; or a binding to no role. */
export type ResolvedRule = { type: 'rule'; rule: PolicyRule; because: string } | { type: 'error'; message: string }

/** @param namespace empty: only what counts in all of the cluster */
export function* resolveRules(source: RbacSource, user: UserInfo, namespace: string): Generator<ResolvedRule> {
  for (const binding of source.clusterRoleBindings()) yield* rulesOf(source, user, binding, '', 'ClusterRoleBinding')
  if (namespace === '') return
  for (const binding of source.roleBindings(namespace)) yield* rulesOf(source, user, binding, namespace, 'RoleBinding')
}

function* rulesOf(
  source: RbacSource,
  user: UserInfo,
  binding: RoleBinding,
  namespace: string,
  kind: 'ClusterRoleBinding' | 'RoleBinding',
): Generator<ResolvedRule> {
  const subject = (binding.subjects ?? []).find((one) => subjectIs(one, user, namespace))
  if (subject === undefined) return
  const found = findRules(source, binding.roleRef, namespace)
  if (found.type === 'error') return yield found
  const { name = '' } = binding.metadata
  const title = namespace === '' ? name : `${name}/${namespace}`
  const { roleRef } = binding
  const because =
    `RBAC: allowed by ${kind} ${JSON.stringify(title)} of ${roleRef.kind} ${JSON.stringify(roleRef.name)}` +
    ` to ${describeSubject(subject, namespace)}`
  for (const rule of found.rules) yield { type: 'rule', rule, because }
}

export type FoundRules = { type: 'rules'; rules: readonly PolicyRule[] } | { type: 'error'; message: string }

/** The rules of the role that a binding names. */
export function findRules(source: RbacSource, roleRef: RoleRef, namespace: string): FoundRules {
  const isCluster = roleRef.kind === 'ClusterRole'
  const role = isCluster ? source.clusterRole(roleRef.name) : source.role(namespace, roleRef.name)
  if (role !== undefined) return { type: 'rules', rules: role.rules ?? [] }
  const resource = isCluster ? 'clusterrole' : 'role'
  return { type: 'error', message: `${resource}.${RBAC_GROUP} ${JSON.stringify(roleRef.name)} not found` }
}

function subjectIs(subject: RoleSubject, user: UserInfo, bindingNamespace: string): boolean {
  switch (subject.kind) {
    case 'User':
      return user.name === subject.name
    case 'Group':
      return user.groups.includes(subject.name)
    case 'ServiceAccount': {
      const namespace = subject.namespace ?? bindingNamespace
      return namespace !== '' && user.name === serviceAccountUserName({ namespace, name: subject.name })
    }
    default:
      return false
  }
}

function describeSubject(subject: RoleSubject, bindingNamespace: string): string {
  const name =
    subject.kind === 'ServiceAccount' ? `${subject.name}/${subject.namespace ?? bindingNamespace}` : subject.name
  return `${subject.kind} ${JSON.stringify(name)}`
}
