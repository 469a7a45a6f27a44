/** What becomes of a node whose kubelet is not heard of any more (facts 7.4, 7.5). Pure. */
import type { Node, NodeCondition } from '../../common/api/node.ts'

const CONDITIONS = ['MemoryPressure', 'DiskPressure', 'PIDPressure', 'Ready'] as const

/** What was seen of a node's kubelet, and when, by this controller's clock: others' clocks are not trusted. */
export interface Heard {
  /** Of the node's status and its lease together: another text is a sign of life. */
  signs: string
  atMs: number
}

/** The node's conditions when its kubelet has been silent for too long; `undefined` when nothing is to be changed. */
export function computeSilentConditions(node: Node, now: string): NodeCondition[] | undefined {
  const present = node.status?.conditions ?? []
  const silent = CONDITIONS.map((type): NodeCondition => {
    const before = present.find((condition) => condition.type === type)
    if (before?.status === 'Unknown') return before
    return before === undefined
      ? {
          type,
          status: 'Unknown',
          reason: 'NodeStatusNeverUpdated',
          message: 'Kubelet never posted node status.',
          lastHeartbeatTime: node.metadata.creationTimestamp ?? null,
          lastTransitionTime: now,
        }
      : {
          ...before,
          status: 'Unknown',
          reason: 'NodeStatusUnknown',
          message: 'Kubelet stopped posting node status.',
          lastTransitionTime: now,
        }
  })
  const isNews = silent.some((condition) => !present.includes(condition))
  return isNews ? silent : undefined
}
