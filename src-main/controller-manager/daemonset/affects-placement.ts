/** Whether a change of a node can matter to DaemonSets: heartbeats do not (facts 6.2.3). Pure. */
import { isDeepStrictEqual } from 'node:util'
import type { Node } from '../../common/api/node.ts'

export function affectsPlacement(before: Node, node: Node): boolean {
  return (
    !isDeepStrictEqual(before.metadata.labels, node.metadata.labels) ||
    !isDeepStrictEqual(before.spec?.taints, node.spec?.taints)
  )
}
