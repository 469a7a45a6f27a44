/**
 * What each controller may do with the service account that the controller manager gives it
 * (bootstrappolicy/controller_policy.go), for the controllers whose kinds are served.
 */
import type { PolicyRule } from '../../../common/api/rbac.ts'
import { READ, rule } from './rule-builders.ts'

const EVENTS: readonly PolicyRule[] = [
  rule(['create', 'patch', 'update'], '', ['events']),
  rule(['create', 'patch', 'update'], 'events.k8s.io', ['events']),
]

/** By the name of the service account in `kube-system`. */
export const CONTROLLER_RULES: Readonly<Record<string, readonly PolicyRule[]>> = {
  'daemon-set-controller': [
    rule(READ, 'apps', ['daemonsets']),
    rule(['update'], 'apps', ['daemonsets/status', 'daemonsets/finalizers']),
    rule(['list', 'watch'], '', ['nodes']),
    rule(['create', 'delete', 'list', 'patch', 'watch'], '', ['pods']),
    rule(['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'], 'apps', ['controllerrevisions']),
    ...EVENTS,
  ],
  'replicaset-controller': [
    rule(['get', 'list', 'update', 'watch'], 'apps', ['replicasets']),
    rule(['update'], 'apps', ['replicasets/status', 'replicasets/finalizers']),
    rule(['create', 'delete', 'list', 'patch', 'watch'], '', ['pods']),
    ...EVENTS,
  ],
  'deployment-controller': [
    rule(['get', 'list', 'update', 'watch'], 'apps', ['deployments']),
    rule(['update'], 'apps', ['deployments/status', 'deployments/finalizers']),
    rule(['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'], 'apps', ['replicasets']),
    rule(['get', 'list', 'update', 'watch'], '', ['pods']),
    ...EVENTS,
  ],
  'disruption-controller': [
    rule(READ, 'apps', ['deployments', 'replicasets']),
    rule(READ, 'policy', ['poddisruptionbudgets']),
    rule(['update'], 'policy', ['poddisruptionbudgets/status']),
    rule(['patch', 'update'], '', ['pods/status']),
    rule(READ, '', ['pods']),
    ...EVENTS,
  ],
  'node-controller': [
    rule(['delete', 'get', 'list', 'patch', 'update', 'watch'], '', ['nodes']),
    rule(['patch', 'update'], '', ['nodes/status', 'pods/status']),
    rule(['delete', 'get', 'list', 'watch'], '', ['pods']),
    rule(READ, 'coordination.k8s.io', ['leases']),
    ...EVENTS,
  ],
  'pod-garbage-collector': [
    rule(['delete', 'list', 'watch'], '', ['pods']),
    rule(['get', 'list', 'watch'], '', ['nodes']),
    rule(['patch'], '', ['pods/status']),
  ],
  'generic-garbage-collector': [rule(['delete', 'get', 'list', 'patch', 'update', 'watch'], '*', ['*']), ...EVENTS],
  'namespace-controller': [
    rule(['delete', 'get', 'list', 'watch'], '', ['namespaces']),
    rule(['update'], '', ['namespaces/finalize', 'namespaces/status']),
    rule(['delete', 'deletecollection', 'get', 'list'], '*', ['*']),
  ],
  'service-account-controller': [rule(['create', 'list', 'watch'], '', ['serviceaccounts']), ...EVENTS],
  'root-ca-cert-publisher': [rule(['create', 'update', 'list', 'watch'], '', ['configmaps']), ...EVENTS],
  'endpointslice-controller': [
    rule(READ, '', ['services', 'pods', 'nodes']),
    rule(['update'], '', ['services/finalizers']),
    rule(['create', 'delete', 'get', 'list', 'update', 'watch'], 'discovery.k8s.io', ['endpointslices']),
    ...EVENTS,
  ],
  'clusterrole-aggregation-controller': [
    rule(['escalate', 'get', 'list', 'patch', 'update', 'watch'], 'rbac.authorization.k8s.io', ['clusterroles']),
  ],
  'ttl-controller': [rule(['list', 'patch', 'update', 'watch'], '', ['nodes']), ...EVENTS],
}
