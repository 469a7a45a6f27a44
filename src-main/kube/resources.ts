/** The resources that programs ask an API server for by name. */
import type { GroupVersionResource } from '../common/api/api-object.ts'

export const PODS: GroupVersionResource = { group: '', version: 'v1', resource: 'pods' }
export const NODES: GroupVersionResource = { group: '', version: 'v1', resource: 'nodes' }
export const NAMESPACES: GroupVersionResource = { group: '', version: 'v1', resource: 'namespaces' }
export const CONFIG_MAPS: GroupVersionResource = { group: '', version: 'v1', resource: 'configmaps' }
export const SECRETS: GroupVersionResource = { group: '', version: 'v1', resource: 'secrets' }
export const SERVICE_ACCOUNTS: GroupVersionResource = { group: '', version: 'v1', resource: 'serviceaccounts' }
export const SERVICES: GroupVersionResource = { group: '', version: 'v1', resource: 'services' }
export const LEASES: GroupVersionResource = { group: 'coordination.k8s.io', version: 'v1', resource: 'leases' }
export const DAEMON_SETS: GroupVersionResource = { group: 'apps', version: 'v1', resource: 'daemonsets' }
export const REPLICA_SETS: GroupVersionResource = { group: 'apps', version: 'v1', resource: 'replicasets' }
export const DEPLOYMENTS: GroupVersionResource = { group: 'apps', version: 'v1', resource: 'deployments' }
export const CONTROLLER_REVISIONS: GroupVersionResource = {
  group: 'apps',
  version: 'v1',
  resource: 'controllerrevisions',
}
export const POD_DISRUPTION_BUDGETS: GroupVersionResource = {
  group: 'policy',
  version: 'v1',
  resource: 'poddisruptionbudgets',
}
