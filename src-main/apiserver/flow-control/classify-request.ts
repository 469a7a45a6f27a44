/**
 * Which requests stand in which line: upstream's suggested and mandatory flow schemas
 * (apiserver/pkg/apis/flowcontrol/bootstrap/default.go), which are fixed here.
 */
import type { UserInfo } from '../authentication/user-info.ts'
import type { RequestInfo } from '../endpoints/request-info.ts'

/** In the order in which seats that others leave free are given away. */
export const PRIORITY_LEVELS = [
  'node-high',
  'leader-election',
  'system',
  'workload-high',
  'workload-low',
  'global-default',
  'catch-all',
] as const

export type PriorityLevel = (typeof PRIORITY_LEVELS)[number]

/** Of the seats, in proportion: upstream's nominal concurrency shares. */
export const LEVEL_SHARES: Readonly<Record<PriorityLevel, number>> = {
  'node-high': 40,
  'leader-election': 10,
  system: 30,
  'workload-high': 40,
  'workload-low': 100,
  'global-default': 20,
  'catch-all': 5,
}

/** `exempt`: never waits. Requests of one flow wait behind one another, and flows of a level take turns. */
export type Classification = { kind: 'exempt' } | { kind: 'limited'; level: PriorityLevel; flow: string }

const NODES = 'system:nodes'
const COMPONENTS = ['system:kube-controller-manager', 'system:kube-scheduler']
const KUBE_SYSTEM_ACCOUNTS = 'system:serviceaccounts:kube-system'
const PROBES = ['/healthz', '/livez', '/readyz']

export function classifyRequest(user: UserInfo, info: RequestInfo): Classification {
  if (user.groups.includes('system:masters') || isProbe(info)) return { kind: 'exempt' }
  return { kind: 'limited', level: levelOf(user, info), flow: user.name }
}

function levelOf({ name, groups }: UserInfo, info: RequestInfo): PriorityLevel {
  if (groups.includes(NODES)) return isHeartbeat(info) ? 'node-high' : 'system'
  if (COMPONENTS.includes(name)) return isLease(info, 'kube-system') ? 'leader-election' : 'workload-high'
  if (groups.includes(KUBE_SYSTEM_ACCOUNTS)) return isLease(info, 'kube-system') ? 'leader-election' : 'workload-high'
  if (groups.includes('system:serviceaccounts')) return 'workload-low'
  return groups.includes('system:authenticated') ? 'global-default' : 'catch-all'
}

function isProbe(info: RequestInfo): boolean {
  return info.type === 'path' && PROBES.some((path) => info.path === path || info.path.startsWith(`${path}/`))
}

/** What a node is known to be alive by. */
function isHeartbeat(info: RequestInfo): boolean {
  const isNode = info.type === 'resource' && info.group === '' && info.resource === 'nodes'
  return isNode || isLease(info, 'kube-node-lease')
}

function isLease(info: RequestInfo, namespace: string): boolean {
  return (
    info.type === 'resource' &&
    info.group === 'coordination.k8s.io' &&
    info.resource === 'leases' &&
    info.namespace === namespace
  )
}
