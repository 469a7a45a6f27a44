/**
 * The roles that every cluster has (plugin/pkg/auth/authorizer/rbac/bootstrappolicy/policy.go), as far as the kinds that are
 * served go.
 */
import { NODE_RULES } from '../node/node-rules.ts'
import type { PolicyRule } from '../../../common/api/rbac.ts'
import { EVERYTHING, paths, READ, READ_WRITE, rule, WRITE } from './rule-builders.ts'

const HEALTH_PATHS = ['/livez', '/readyz', '/healthz']
const POD_STREAMS = ['pods/attach', 'pods/proxy', 'pods/exec', 'pods/portforward']

const AGGREGATE_TO_ADMIN: readonly PolicyRule[] = [
  rule(['create'], 'authorization.k8s.io', ['localsubjectaccessreviews']),
  rule(READ_WRITE, 'rbac.authorization.k8s.io', ['roles', 'rolebindings']),
]

const AGGREGATE_TO_EDIT: readonly PolicyRule[] = [
  rule(READ, '', [...POD_STREAMS, 'secrets', 'services/proxy']),
  rule(['impersonate'], '', ['serviceaccounts']),
  rule(WRITE, '', ['pods', ...POD_STREAMS]),
  rule(['create'], '', ['pods/eviction']),
  rule(WRITE, '', ['configmaps', 'events', 'secrets', 'serviceaccounts', 'services', 'services/proxy']),
  rule(['create'], '', ['serviceaccounts/token']),
  rule(WRITE, 'apps', ['daemonsets', 'deployments', 'deployments/scale', 'replicasets', 'replicasets/scale']),
  rule(WRITE, 'policy', ['poddisruptionbudgets']),
  rule(READ_WRITE, 'coordination.k8s.io', ['leases']),
]

const AGGREGATE_TO_VIEW: readonly PolicyRule[] = [
  rule(READ, '', ['configmaps', 'endpoints', 'pods', 'serviceaccounts', 'services', 'services/status']),
  rule(READ, '', ['bindings', 'events', 'namespaces/status', 'pods/log', 'pods/status']),
  rule(READ, '', ['namespaces']),
  rule(READ, 'discovery.k8s.io', ['endpointslices']),
  rule(READ, 'apps', ['controllerrevisions', 'daemonsets', 'daemonsets/status', 'deployments', 'deployments/status']),
  rule(READ, 'apps', ['deployments/scale', 'replicasets', 'replicasets/status', 'replicasets/scale']),
  rule(READ, 'policy', ['poddisruptionbudgets', 'poddisruptionbudgets/status']),
  rule(READ, 'metrics.k8s.io', ['pods', 'nodes']),
]

const EVENT_WRITER: readonly PolicyRule[] = [
  rule(['create', 'patch', 'update'], '', ['events']),
  rule(['create', 'patch', 'update'], 'events.k8s.io', ['events']),
]

const DELEGATOR: readonly PolicyRule[] = [
  rule(['create'], 'authentication.k8s.io', ['tokenreviews']),
  rule(['create'], 'authorization.k8s.io', ['subjectaccessreviews']),
]

/** The leases by which replicas of a component agree on a leader. */
function leaderLease(component: string): PolicyRule[] {
  return [
    rule(['create'], 'coordination.k8s.io', ['leases']),
    rule(['get', 'list', 'watch', 'update', 'patch'], 'coordination.k8s.io', ['leases'], [component]),
  ]
}

const KUBE_CONTROLLER_MANAGER: readonly PolicyRule[] = [
  ...EVENT_WRITER,
  ...leaderLease('kube-controller-manager'),
  rule(['create'], '', ['secrets', 'serviceaccounts', 'serviceaccounts/token']),
  rule(['delete'], '', ['secrets']),
  rule(['get'], '', ['namespaces', 'secrets', 'serviceaccounts', 'configmaps']),
  rule(['update'], '', ['secrets', 'serviceaccounts']),
  ...DELEGATOR,
  // Garbage collection and namespaces have to do with every kind.
  rule(['list', 'watch'], '*', ['*']),
]

const KUBE_SCHEDULER: readonly PolicyRule[] = [
  ...EVENT_WRITER,
  ...leaderLease('kube-scheduler'),
  rule(READ, '', ['nodes', 'namespaces', 'services']),
  rule(['delete', ...READ], '', ['pods']),
  rule(['create'], '', ['bindings', 'pods/binding']),
  rule(['patch', 'update'], '', ['pods/status']),
  rule(READ, 'apps', ['replicasets']),
  rule(READ, 'policy', ['poddisruptionbudgets']),
  ...DELEGATOR,
]

export interface BootstrapRole {
  name: string
  rules: readonly PolicyRule[]
  labels?: Readonly<Record<string, string>>
  /** Whose rules this role collects: the label that those have. */
  aggregates?: readonly string[]
}

const AGGREGATION_PREFIX = 'rbac.authorization.k8s.io/aggregate-to-'

/** A role whose rules are those of others; they are written out, so that nobody has to collect them. */
function aggregate(name: string, rules: readonly PolicyRule[], into?: string): BootstrapRole {
  return {
    name,
    rules,
    aggregates: [`${AGGREGATION_PREFIX}${name}`],
    ...(into === undefined ? {} : { labels: { [`${AGGREGATION_PREFIX}${into}`]: 'true' } }),
  }
}

function part(of: string, rules: readonly PolicyRule[]): BootstrapRole {
  return {
    name: `system:aggregate-to-${of}`,
    rules,
    labels: { [`${AGGREGATION_PREFIX}${of}`]: 'true' },
  }
}

export const BOOTSTRAP_CLUSTER_ROLES: readonly BootstrapRole[] = [
  { name: 'cluster-admin', rules: [rule(EVERYTHING, '*', ['*']), paths(EVERYTHING, ['*'])] },
  {
    name: 'system:discovery',
    rules: [
      paths(
        ['get'],
        [...HEALTH_PATHS, '/version', '/version/', '/openapi', '/openapi/*', '/api', '/api/*', '/apis', '/apis/*'],
      ),
    ],
  },
  {
    name: 'system:monitoring',
    rules: [paths(['get'], ['/metrics', '/metrics/slis', ...HEALTH_PATHS, ...HEALTH_PATHS.map((path) => `${path}/*`)])],
  },
  {
    name: 'system:basic-user',
    rules: [
      rule(['create'], 'authorization.k8s.io', ['selfsubjectaccessreviews', 'selfsubjectrulesreviews']),
      rule(['create'], 'authentication.k8s.io', ['selfsubjectreviews']),
    ],
  },
  { name: 'system:public-info-viewer', rules: [paths(['get'], [...HEALTH_PATHS, '/version', '/version/'])] },
  aggregate('admin', [...AGGREGATE_TO_ADMIN, ...AGGREGATE_TO_EDIT, ...AGGREGATE_TO_VIEW]),
  aggregate('edit', [...AGGREGATE_TO_EDIT, ...AGGREGATE_TO_VIEW], 'admin'),
  aggregate('view', AGGREGATE_TO_VIEW, 'edit'),
  part('admin', AGGREGATE_TO_ADMIN),
  part('edit', AGGREGATE_TO_EDIT),
  part('view', AGGREGATE_TO_VIEW),
  { name: 'system:node', rules: NODE_RULES },
  {
    name: 'system:kubelet-api-admin',
    rules: [
      rule(READ, '', ['nodes']),
      rule(['proxy'], '', ['nodes']),
      rule(EVERYTHING, '', [
        'nodes/configz',
        'nodes/healthz',
        'nodes/log',
        'nodes/metrics',
        'nodes/pods',
        'nodes/proxy',
        'nodes/stats',
      ]),
    ],
  },
  { name: 'system:auth-delegator', rules: DELEGATOR },
  { name: 'system:kube-controller-manager', rules: KUBE_CONTROLLER_MANAGER },
  { name: 'system:kube-scheduler', rules: KUBE_SCHEDULER },
]
