/** Writes the roles and bindings that every cluster has, those that are missing (pkg/registry/rbac/rest/storage_rbac.go). */
import type { UnknownObject } from '../../../common/api/api-object.ts'
import { hasReason } from '../../../kube/status-error.ts'
import { LOOPBACK_CONTEXT } from '../../registry/find-object.ts'
import type { Registry, ResourceStorage } from '../../registry/resource-storage.ts'
import { BOOTSTRAP_CLUSTER_ROLE_BINDINGS } from './bootstrap-bindings.ts'
import { CONTROLLER_RULES } from './bootstrap-controller-roles.ts'
import { BOOTSTRAP_CLUSTER_ROLES } from './bootstrap-roles.ts'
import { RBAC_GROUP } from '../../../common/api/rbac.ts'

const CONTROLLER_PREFIX = 'system:controller:'
const CONTROLLER_NAMESPACE = 'kube-system'
/** Ours has one identity for all of its controllers, where upstream's takes on an account for each. */
const CONTROLLER_MANAGER = { kind: 'User', apiGroup: RBAC_GROUP, name: 'system:kube-controller-manager' }

/**
 * What is there stays as somebody has changed it. Safe to call again after a failure.
 * @throws StatusError when the store does not answer
 */
export async function ensureBootstrapPolicy(registry: Registry): Promise<void> {
  await ensureAll(registry.find(RBAC_GROUP, 'clusterroles'), computeClusterRoles())
  await ensureAll(registry.find(RBAC_GROUP, 'clusterrolebindings'), computeClusterRoleBindings())
}

async function ensureAll(storage: ResourceStorage | undefined, wanted: readonly UnknownObject[]): Promise<void> {
  if (storage === undefined) return
  const { items } = await storage.list(LOOPBACK_CONTEXT, { namespace: '' })
  const present = new Set(items.map(({ metadata }) => metadata.name))
  for (const object of wanted) {
    if (present.has(object.metadata.name)) continue
    try {
      await storage.create(LOOPBACK_CONTEXT, '', object)
    } catch (error) {
      // Another server of the same cluster was faster.
      if (!hasReason(error, 'AlreadyExists')) throw error
    }
  }
}

function newObject(kind: string, name: string, labels: Readonly<Record<string, string>> = {}): UnknownObject {
  return {
    apiVersion: `${RBAC_GROUP}/v1`,
    kind,
    metadata: {
      name,
      labels: { 'kubernetes.io/bootstrapping': 'rbac-defaults', ...labels },
      annotations: { 'rbac.authorization.kubernetes.io/autoupdate': 'true' },
    },
  }
}

function computeClusterRoles(): UnknownObject[] {
  const roles = BOOTSTRAP_CLUSTER_ROLES.map(({ name, rules, labels, aggregates }) => ({
    ...newObject('ClusterRole', name, labels),
    ...(aggregates === undefined
      ? {}
      : {
          aggregationRule: { clusterRoleSelectors: aggregates.map((label) => ({ matchLabels: { [label]: 'true' } })) },
        }),
    rules,
  }))
  const controllers = Object.entries(CONTROLLER_RULES).map(([account, rules]) => ({
    ...newObject('ClusterRole', `${CONTROLLER_PREFIX}${account}`),
    rules,
  }))
  // What is stored may be changed in place by whoever writes it; the policy itself stays as it is.
  return structuredClone([...roles, ...controllers])
}

function computeClusterRoleBindings(): UnknownObject[] {
  const binding = (name: string, role: string, subjects: readonly object[]) => ({
    ...newObject('ClusterRoleBinding', name),
    ...(subjects.length === 0 ? {} : { subjects }),
    roleRef: { apiGroup: RBAC_GROUP, kind: 'ClusterRole', name: role },
  })
  const common = BOOTSTRAP_CLUSTER_ROLE_BINDINGS.map(({ name, role, subjects }) => binding(name, role, subjects))
  const controllers = Object.keys(CONTROLLER_RULES).map((account) => {
    const name = `${CONTROLLER_PREFIX}${account}`
    const subject = { kind: 'ServiceAccount', name: account, namespace: CONTROLLER_NAMESPACE }
    return binding(name, name, [subject, CONTROLLER_MANAGER])
  })
  return structuredClone([...common, ...controllers])
}
