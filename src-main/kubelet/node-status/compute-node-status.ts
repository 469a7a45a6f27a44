/** The status of a node, as its kubelet reports it (K/nodestatus/setters.go; facts 7.2). Pure. */
import { isDeepStrictEqual } from 'node:util'
import type { NodeCondition, NodeStatus } from '../../common/api/node.ts'

/** Everything but the conditions. */
export type NodeParticulars = Omit<NodeStatus, 'conditions'>

export interface NodeStatusInput {
  particulars: NodeParticulars
  /** Why the node is not ready, in upstream's words; empty: it is. */
  problems: readonly string[]
  /** As the server has it. */
  before: NodeStatus | undefined
  now: string
}

type Verdict = Required<Pick<NodeCondition, 'type' | 'status' | 'reason' | 'message'>>

/** A node of the lab has no memory, disk or processes of its own that could run short. */
const PRESSURES: readonly Verdict[] = [
  {
    type: 'MemoryPressure',
    status: 'False',
    reason: 'KubeletHasSufficientMemory',
    message: 'kubelet has sufficient memory available',
  },
  {
    type: 'DiskPressure',
    status: 'False',
    reason: 'KubeletHasNoDiskPressure',
    message: 'kubelet has no disk pressure',
  },
  {
    type: 'PIDPressure',
    status: 'False',
    reason: 'KubeletHasSufficientPID',
    message: 'kubelet has sufficient PID available',
  },
]

export function computeNodeStatus({ particulars, problems, before, now }: NodeStatusInput): NodeStatus {
  const ready: Verdict =
    problems.length === 0
      ? { type: 'Ready', status: 'True', reason: 'KubeletReady', message: 'kubelet is posting ready status' }
      : { type: 'Ready', status: 'False', reason: 'KubeletNotReady', message: aggregate(problems) }
  const conditions = [...PRESSURES, ready].map((verdict): NodeCondition => {
    const old = before?.conditions?.find(({ type }) => type === verdict.type)
    const lastTransitionTime = (old?.status === verdict.status ? old.lastTransitionTime : undefined) ?? now
    return { ...verdict, lastHeartbeatTime: now, lastTransitionTime }
  })
  return { ...particulars, conditions }
}

/** As Go's aggregated errors print. */
function aggregate(problems: readonly string[]): string {
  return problems.length === 1 ? problems.join() : `[${problems.join(', ')}]`
}

/** What differs, for a strategic merge; heartbeats alone are no difference. */
export function computeNodeStatusPatch(before: NodeStatus | undefined, after: NodeStatus): NodeStatus | undefined {
  const patch: NodeStatus = {}
  const { conditions = [], ...particulars } = after
  for (const [field, value] of Object.entries(particulars))
    if (!isSame((before as Record<string, unknown> | undefined)?.[field], value))
      Object.assign(patch, { [field]: value })
  const hasChanged = conditions.some((condition) => {
    const old = before?.conditions?.find(({ type }) => type === condition.type)
    return old === undefined || !isDeepStrictEqual(withoutHeartbeat(old), withoutHeartbeat(condition))
  })
  if (!hasChanged && Object.keys(patch).length === 0) return undefined
  return { ...patch, conditions }
}

/** An empty list is not kept by a server: there it is absent. */
function isSame(before: unknown, after: unknown): boolean {
  if (before === undefined && Array.isArray(after)) return after.length === 0
  return isDeepStrictEqual(before, after)
}

function withoutHeartbeat({
  lastHeartbeatTime: _time,
  ...condition
}: NodeCondition): Omit<NodeCondition, 'lastHeartbeatTime'> {
  return condition
}

/** Reasons of the events that tell of conditions that changed, in the order of the conditions (facts 3). */
export function computeConditionEvents(before: NodeStatus | undefined, after: NodeStatus): string[] {
  return (after.conditions ?? []).flatMap(({ type, status, reason }) => {
    const old = before?.conditions?.find((condition) => condition.type === type)
    if (type !== 'Ready') return old?.status === status ? [] : [nodeReason(reason ?? '')]
    return old === undefined || old.status === status ? [] : [status === 'True' ? 'NodeReady' : 'NodeNotReady']
  })
}

/** `KubeletHasSufficientMemory` of a condition is `NodeHasSufficientMemory` of an event. */
function nodeReason(reason: string): string {
  return reason.replace(/^Kubelet/, 'Node')
}
