/** Every resource that the API server serves and stores (issue 5). */
import { CONTROLLER_REVISIONS } from './apps/controllerrevisions/controller-revision-definition.ts'
import { DAEMON_SETS } from './apps/daemonsets/daemon-set-definition.ts'
import { DEPLOYMENTS } from './apps/deployments/deployment-definition.ts'
import { REPLICA_SETS } from './apps/replicasets/replica-set-definition.ts'
import { LEASES } from './coordination.k8s.io/leases/lease-definition.ts'
import { CONFIG_MAPS } from './core/configmaps/config-map-definition.ts'
import { ENDPOINTS } from './core/endpoints/endpoints-definition.ts'
import { EVENTS } from './core/events/event-definition.ts'
import { NAMESPACES } from './core/namespaces/namespace-definition.ts'
import { NODES } from './core/nodes/node-definition.ts'
import { PODS } from './core/pods/pod-definition.ts'
import { SECRETS } from './core/secrets/secret-definition.ts'
import { SERVICE_ACCOUNTS } from './core/serviceaccounts/service-account-definition.ts'
import { SERVICES } from './core/services/service-definition.ts'
import { ENDPOINT_SLICES } from './discovery.k8s.io/endpointslices/endpoint-slice-definition.ts'
import { EVENT_VIEWS } from './events.k8s.io/events/event-view-definition.ts'
import { POD_DISRUPTION_BUDGETS } from './policy/poddisruptionbudgets/pod-disruption-budget-definition.ts'
import { CLUSTER_ROLE_BINDINGS } from './rbac.authorization.k8s.io/clusterrolebindings/cluster-role-binding-definition.ts'
import { CLUSTER_ROLES } from './rbac.authorization.k8s.io/clusterroles/cluster-role-definition.ts'
import { ROLE_BINDINGS } from './rbac.authorization.k8s.io/rolebindings/role-binding-definition.ts'
import { ROLES } from './rbac.authorization.k8s.io/roles/role-definition.ts'
import type { ResourceDefinition } from './resource-definition.ts'
import { PRIORITY_CLASSES } from './scheduling.k8s.io/priorityclasses/priority-class-definition.ts'

export const ALL_DEFINITIONS: readonly ResourceDefinition[] = [
  PODS,
  NODES,
  NAMESPACES,
  EVENTS,
  CONFIG_MAPS,
  SECRETS,
  SERVICE_ACCOUNTS,
  SERVICES,
  ENDPOINTS,
  EVENT_VIEWS,
  DAEMON_SETS,
  REPLICA_SETS,
  DEPLOYMENTS,
  CONTROLLER_REVISIONS,
  LEASES,
  ENDPOINT_SLICES,
  PRIORITY_CLASSES,
  ROLES,
  ROLE_BINDINGS,
  CLUSTER_ROLES,
  CLUSTER_ROLE_BINDINGS,
  POD_DISRUPTION_BUDGETS,
]
