/** The taints that a node gets for its conditions (pkg/controller/nodelifecycle; facts 7.6, 7.14). Pure. */
import type { Node, NodeCondition, Taint } from '../../common/api/node.ts'

const NOT_READY = 'node.kubernetes.io/not-ready'
const UNREACHABLE = 'node.kubernetes.io/unreachable'
const UNSCHEDULABLE = 'node.kubernetes.io/unschedulable'

/** By condition and its status. A node that says nothing of itself has none of these. */
const TAINTED: Readonly<Record<string, Partial<Record<NodeCondition['status'], string>>>> = {
  Ready: { False: NOT_READY, Unknown: UNREACHABLE },
  MemoryPressure: { True: 'node.kubernetes.io/memory-pressure' },
  DiskPressure: { True: 'node.kubernetes.io/disk-pressure' },
  PIDPressure: { True: 'node.kubernetes.io/pid-pressure' },
  NetworkUnavailable: { True: 'node.kubernetes.io/network-unavailable' },
}

/** Keys that this controller alone gives and takes. */
const OWNED: readonly (string | undefined)[] = [
  UNSCHEDULABLE,
  ...Object.values(TAINTED).flatMap((keys) => Object.values(keys)),
]

/** All taints that the node should have now, as to effect NoSchedule; `undefined`: nothing to change. @param now as `timeAdded` says it */
export function computeNoScheduleTaints(node: Node, now: string): Taint[] | undefined {
  const taints = node.spec?.taints ?? []
  const wanted = wantedKeys(node)
  const isStale = ({ key, effect }: Taint): boolean =>
    effect === 'NoSchedule' && OWNED.includes(key) && !wanted.includes(key)
  const isThere = (wantedKey: string): boolean =>
    taints.some(({ key, effect }) => effect === 'NoSchedule' && key === wantedKey)
  const missing = wanted.filter((key) => !isThere(key))
  if (missing.length === 0 && !taints.some(isStale)) return undefined
  const added = missing.map((key): Taint => ({ key, effect: 'NoSchedule', timeAdded: now }))
  return [...taints.filter((taint) => !isStale(taint)), ...added]
}

function wantedKeys({ spec, status }: Node): string[] {
  const keys = (status?.conditions ?? []).flatMap((condition) => TAINTED[condition.type]?.[condition.status] ?? [])
  return spec?.unschedulable === true ? [...keys, UNSCHEDULABLE] : keys
}

/** How a node stands with the taint that drives pods away: `wrong` when it has that of another status. */
export function evictionTaintState(node: Node, ready: NodeCondition['status']): 'right' | 'wrong' | 'missing' {
  const present = (node.spec?.taints ?? []).filter(drivesAway).map(({ key }) => key)
  const wanted = TAINTED['Ready']?.[ready]
  if (present.some((key) => key !== wanted)) return 'wrong'
  return present.length === 0 && wanted !== undefined ? 'missing' : 'right'
}

/** All taints of the node, with that which drives pods away as this status asks for it; `undefined`: nothing to change. */
export function computeNoExecuteTaints(node: Node, ready: NodeCondition['status'], now: string): Taint[] | undefined {
  if (evictionTaintState(node, ready) === 'right') return undefined
  const key = TAINTED['Ready']?.[ready]
  const others = (node.spec?.taints ?? []).filter((taint) => !drivesAway(taint))
  return key === undefined ? others : [...others, { key, effect: 'NoExecute', timeAdded: now }]
}

function drivesAway({ key, effect }: Taint): boolean {
  return effect === 'NoExecute' && (key === NOT_READY || key === UNREACHABLE)
}
