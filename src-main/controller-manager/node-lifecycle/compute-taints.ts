/** The taints that a node gets for its condition (pkg/controller/nodelifecycle; facts 7.6, 7.14). Pure. */
import type { Node, Taint } from '../../common/api/node.ts'

const NOT_READY = 'node.kubernetes.io/not-ready'
const UNREACHABLE = 'node.kubernetes.io/unreachable'
const UNSCHEDULABLE = 'node.kubernetes.io/unschedulable'
const PRESSURES = [
  { condition: 'MemoryPressure', key: 'node.kubernetes.io/memory-pressure' },
  { condition: 'DiskPressure', key: 'node.kubernetes.io/disk-pressure' },
  { condition: 'PIDPressure', key: 'node.kubernetes.io/pid-pressure' },
  { condition: 'NetworkUnavailable', key: 'node.kubernetes.io/network-unavailable' },
]

/** Keys that this controller alone gives and takes. */
const OWNED = [NOT_READY, UNREACHABLE, UNSCHEDULABLE, ...PRESSURES.map(({ key }) => key)]

/** All taints with effect NoSchedule that the node should have now, others' as they are; `undefined`: nothing to change. */
export function computeNoScheduleTaints(node: Node): Taint[] | undefined {
  const taints = node.spec?.taints ?? []
  const wanted = wantedKeys(node)
  const isOwned = ({ key, effect }: Taint): boolean => effect === 'NoSchedule' && OWNED.includes(key)
  const present = taints.filter(isOwned).map(({ key }) => key)
  const isRight = wanted.length === present.length && wanted.every((key) => present.includes(key))
  if (isRight) return undefined
  return [...taints.filter((taint) => !isOwned(taint)), ...wanted.map((key): Taint => ({ key, effect: 'NoSchedule' }))]
}

/**
 * The same for NoExecute, which drives pods away: the one that tells how the node is unwell, or none.
 * @param now as `timeAdded` says it
 */
export function computeNoExecuteTaints(node: Node, evicts: boolean, now: string): Taint[] | undefined {
  const taints = node.spec?.taints ?? []
  const isOwned = ({ key, effect }: Taint): boolean =>
    effect === 'NoExecute' && (key === NOT_READY || key === UNREACHABLE)
  const wanted = evicts ? unwellKey(node) : undefined
  const [present] = taints.filter(isOwned)
  if (present?.key === wanted) return undefined
  const others = taints.filter((taint) => !isOwned(taint))
  return wanted === undefined ? others : [...others, { key: wanted, effect: 'NoExecute', timeAdded: now }]
}

function wantedKeys(node: Node): string[] {
  const unwell = unwellKey(node)
  const pressures = PRESSURES.filter(({ condition }) => statusOf(node, condition) === 'True').map(({ key }) => key)
  return [
    ...(unwell === undefined ? [] : [unwell]),
    ...pressures,
    ...(node.spec?.unschedulable === true ? [UNSCHEDULABLE] : []),
  ]
}

/** `undefined` for a node that is ready. One that never said anything is not. */
function unwellKey(node: Node): string | undefined {
  switch (statusOf(node, 'Ready')) {
    case 'True':
      return undefined
    case 'Unknown':
      return UNREACHABLE
    default:
      return NOT_READY
  }
}

export function statusOf({ status }: Node, condition: string): 'True' | 'False' | 'Unknown' | undefined {
  return status?.conditions?.find(({ type }) => type === condition)?.status
}
