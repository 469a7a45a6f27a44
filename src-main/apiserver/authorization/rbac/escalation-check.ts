/**
 * Nobody gives away what he does not have: who writes roles and bindings has all that is in them, or the verb `escalate` or
 * `bind` (pkg/registry/rbac/…/policybased). Not a plugin of the flags: it cannot be switched off.
 */
import { isDeepStrictEqual } from 'node:util'
import type { UnknownObject } from '../../../common/api/api-object.ts'
import { RBAC_GROUP, type ClusterRole, type PolicyRule, type RoleBinding } from '../../../common/api/rbac.ts'
import { forbidden } from '../../../kube/status-error.ts'
import type { AdmissionAttributes, AdmissionPlugin } from '../../admission/admission-plugin.ts'
import type { UserInfo } from '../../authentication/user-info.ts'
import type { Authorizer } from '../authorizer.ts'
import { SUPERUSER_GROUP } from '../union-authorizer.ts'
import { findRules, resolveRules, type RbacSource } from './rule-resolver.ts'
import { findUncovered, formatRule } from './uncovered-rules.ts'

export function escalationCheck(source: RbacSource, authorizer: Authorizer): AdmissionPlugin {
  return {
    name: 'RBACEscalation',
    async validate(attributes) {
      const { resource, operation, object, user } = attributes
      if (resource.group !== RBAC_GROUP || object === undefined || user.groups.includes(SUPERUSER_GROUP)) return
      if (operation !== 'CREATE' && operation !== 'UPDATE') return
      const given = computeGiven(source, attributes, object)
      if (given === undefined || (await mayAnyway(authorizer, attributes, given))) return
      const owned = [...resolveRules(source, user, attributes.namespace)].flatMap((one) =>
        one.type === 'rule' ? [one.rule] : [],
      )
      const missing = findUncovered(owned, given.rules)
      if (missing.length > 0) throw forbidden(resource, attributes.name, describe(user, missing))
    },
  }
}

/** The rules that a write gives away, and the verb on the role by which it is allowed in any case. */
interface Given {
  rules: readonly PolicyRule[]
  verb: 'escalate' | 'bind'
  resource: 'roles' | 'clusterroles'
  name: string
}

/** Undefined when nothing is given that was not given before. */
function computeGiven(
  source: RbacSource,
  { resource, namespace, name, oldObject }: AdmissionAttributes,
  object: UnknownObject,
): Given | undefined {
  switch (resource.resource) {
    case 'roles':
    case 'clusterroles': {
      const [role, old] = [object as unknown as ClusterRole, oldObject as unknown as ClusterRole | undefined]
      const isSame =
        old !== undefined &&
        isDeepStrictEqual(role.rules, old.rules) &&
        isDeepStrictEqual(role.aggregationRule, old.aggregationRule)
      if (isSame) return undefined
      // What an aggregation collects is not known yet: it may be everything.
      const collected = role.aggregationRule === undefined ? [] : EVERYTHING
      return { rules: [...role.rules, ...collected], verb: 'escalate', resource: resource.resource, name }
    }
    case 'rolebindings':
    case 'clusterrolebindings': {
      const [binding, old] = [object as unknown as RoleBinding, oldObject as unknown as RoleBinding | undefined]
      if (old !== undefined && isDeepStrictEqual(binding.subjects, old.subjects)) return undefined
      const { roleRef } = binding
      const found = findRules(source, roleRef, namespace)
      const role = roleRef.kind === 'Role' ? 'roles' : 'clusterroles'
      // A role that is not there may be made later by somebody who has what is in it.
      const rules = found.type === 'rules' ? found.rules : EVERYTHING
      return { rules, verb: 'bind', resource: role, name: roleRef.name }
    }
    default:
      return undefined
  }
}

const EVERYTHING: readonly PolicyRule[] = [
  { apiGroups: ['*'], resources: ['*'], verbs: ['*'] },
  { nonResourceURLs: ['*'], verbs: ['*'] },
]

async function mayAnyway(
  authorizer: Authorizer,
  { user, namespace }: AdmissionAttributes,
  { verb, resource, name }: Given,
): Promise<boolean> {
  const { verdict } = await authorizer.authorize({
    type: 'resource',
    user,
    verb,
    group: RBAC_GROUP,
    version: 'v1',
    resource,
    subresource: '',
    namespace,
    name,
  })
  return verdict === 'allow'
}

function describe({ name, groups }: UserInfo, missing: readonly PolicyRule[]): string {
  const list = groups.map((group) => JSON.stringify(group)).join(' ')
  return `user ${JSON.stringify(name)} (groups=[${list}]) is attempting to grant RBAC permissions not currently held:\n${missing.map(formatRule).join('\n')}`
}
