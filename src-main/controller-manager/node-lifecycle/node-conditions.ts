/** What a node says about itself. Pure. */
import type { Node, NodeCondition } from '../../common/api/node.ts'

export function conditionOf({ status }: Node, type: NodeCondition['type']): NodeCondition | undefined {
  return status?.conditions?.find((condition) => condition.type === type)
}

/** Of the condition Ready; `undefined` for a node that never said anything. */
export function readyStatusOf(node: Node): NodeCondition['status'] | undefined {
  return conditionOf(node, 'Ready')?.status
}
