/** Roles and bindings decide (plugin/pkg/auth/authorizer/rbac). */
import type { Clock } from '../../../base/clock.ts'
import { DisposableStore, type Disposable } from '../../../base/disposable.ts'
import type { Logger } from '../../../base/logger.ts'
import type { Registry } from '../../registry/resource-storage.ts'
import type { Authorizer } from '../authorizer.ts'
import { ObjectCache, ResourceFollower } from '../resource-follower.ts'
import { RBAC_GROUP, type Role, type RoleBinding } from '../../../common/api/rbac.ts'
import { resolveRules, type RbacSource } from './rule-resolver.ts'
import { ruleAllows } from './rule-allows.ts'

/** Everything that RBAC has stored, kept by watches. */
export interface RbacCache extends RbacSource, Disposable {
  readonly synced: Promise<void>
}

/** @throws Error when the registry does not serve RBAC */
export function watchRbac(registry: Registry, clock: Clock, logger: Logger): RbacCache {
  const owned = new DisposableStore()
  const synced: Promise<void>[] = []
  const follow = <Kind extends Role | RoleBinding>(resource: string): ObjectCache<Kind> => {
    const storage = registry.find(RBAC_GROUP, resource)
    if (storage === undefined) throw new Error(`${resource}.${RBAC_GROUP} are not served`)
    const cache = new ObjectCache<Kind>()
    synced.push(owned.add(new ResourceFollower(storage, clock, logger, cache)).synced)
    return cache
  }
  const clusterRoles = follow<Role>('clusterroles')
  const roles = follow<Role>('roles')
  const clusterRoleBindings = follow<RoleBinding>('clusterrolebindings')
  const roleBindings = follow<RoleBinding>('rolebindings')
  return {
    synced: Promise.all(synced).then(() => undefined),
    clusterRoleBindings: () => clusterRoleBindings.list(),
    roleBindings: (namespace) => [...roleBindings.list()].filter(({ metadata }) => metadata.namespace === namespace),
    clusterRole: (name) => clusterRoles.get('', name),
    role: (namespace, name) => roles.get(namespace, name),
    dispose: () => owned.dispose(),
  }
}

export function rbacAuthorizer(source: RbacSource): Authorizer {
  return {
    authorize(attributes) {
      const namespace = attributes.type === 'resource' ? attributes.namespace : ''
      const errors: string[] = []
      for (const resolved of resolveRules(source, attributes.user, namespace)) {
        if (resolved.type === 'error') errors.push(resolved.message)
        else if (ruleAllows(resolved.rule, attributes))
          return Promise.resolve({ verdict: 'allow', reason: resolved.because })
      }
      return Promise.resolve({ verdict: 'noOpinion', reason: errors.length === 0 ? '' : `RBAC: ${describe(errors)}` })
    },
  }
}

/** As Go prints an aggregate. */
function describe(errors: readonly string[]): string {
  const [first = ''] = errors
  const distinct = new Set(errors)
  return distinct.size === 1 ? first : `[${[...distinct].join(', ')}]`
}
