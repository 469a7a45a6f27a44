/** Whether a node's kubelet is heard of, and what becomes of the node when it is not (facts 7.4, 7.5). Pure. */
import type { Lease } from '../../common/api/lease.ts'
import type { Node, NodeCondition } from '../../common/api/node.ts'
import { conditionOf } from './node-conditions.ts'

const CONDITIONS = ['Ready', 'MemoryPressure', 'DiskPressure', 'PIDPressure'] as const

/** The last signs of life of a kubelet, and when they were seen, by this controller's clock: others' clocks are not trusted. */
export interface Heard {
  /** Of the condition Ready; `undefined` while there is none. */
  heartbeat: string | undefined
  /** Of the lease. */
  renewTime: string | undefined
  atMs: number
}

/** The same object as before when there is nothing new. A node that never said anything is silent since it was made. */
export function computeHeard(before: Heard | undefined, node: Node, lease: Lease | undefined, nowMs: number): Heard {
  const ready = conditionOf(node, 'Ready')
  const heartbeat = ready === undefined ? undefined : (ready.lastHeartbeatTime ?? '')
  const renewTime = lease?.spec?.renewTime ?? before?.renewTime
  if (before === undefined) {
    const hasSpoken = heartbeat !== undefined || renewTime !== undefined
    const madeMs = Date.parse(node.metadata.creationTimestamp ?? '')
    return { heartbeat, renewTime, atMs: hasSpoken || Number.isNaN(madeMs) ? nowMs : madeMs }
  }
  if (heartbeat === before.heartbeat && renewTime === before.renewTime) return before
  return { heartbeat, renewTime, atMs: nowMs }
}

/**
 * The conditions that change when a kubelet has been silent for too long; none when all has been said already. They come in the
 * node's own order, which a patch would change to its own.
 */
export function computeSilentConditions(node: Node, now: string): NodeCondition[] {
  const present = (node.status?.conditions ?? []).map(({ type }) => type)
  const place = (type: string): number => (present.includes(type) ? present.indexOf(type) : present.length)
  return CONDITIONS.toSorted((one, other) => place(one) - place(other)).flatMap((type): NodeCondition[] => {
    const before = conditionOf(node, type)
    if (before?.status === 'Unknown') return []
    if (before === undefined) {
      const lastHeartbeatTime = node.metadata.creationTimestamp ?? null
      const message = 'Kubelet never posted node status.'
      return [
        { type, ...UNKNOWN, reason: 'NodeStatusNeverUpdated', message, lastHeartbeatTime, lastTransitionTime: now },
      ]
    }
    const message = 'Kubelet stopped posting node status.'
    return [{ ...before, ...UNKNOWN, reason: 'NodeStatusUnknown', message, lastTransitionTime: now }]
  })
}

const UNKNOWN = { status: 'Unknown' } as const
