/** On which nodes a DaemonSet has its pods (pkg/controller/daemon NodeShouldRunDaemonPod; facts 6.2). Pure. */
import type { Pod } from '../../common/api/core.ts'
import type { Node } from '../../common/api/node.ts'
import type { PodTemplateSpec } from '../../common/api/pod-template.ts'
import { matchesNode } from '../../common/scheduling/node-affinity.ts'
import { findUntolerated } from '../../common/scheduling/tolerations.ts'
import { daemonTolerations } from './daemon-tolerations.ts'

/** `run`: the node has a pod. `stay`: it gets none, but one that is there goes on. `leave`: none, and one that is there is deleted. */
export type NodeVerdict = 'run' | 'stay' | 'leave'

/** Room, ports and readiness of the node are not asked: the first two are the scheduler's, the last shows as taints. */
export type Placement = (node: Node) => NodeVerdict

/** What the template says of all nodes is worked out once. */
export function computePlacement({ spec }: PodTemplateSpec): Placement {
  const pod: Pod = { metadata: {}, spec }
  const tolerations = daemonTolerations(spec)
  return ({ metadata, spec: { taints = [] } = {} }) => {
    const { name = '', labels = {} } = metadata
    if (!isNamed(spec.nodeName, name) || !matchesNode(pod, { name, labels })) return 'leave'
    if (findUntolerated(taints, tolerations, ['NoExecute']) !== undefined) return 'leave'
    return findUntolerated(taints, tolerations, ['NoSchedule']) === undefined ? 'run' : 'stay'
  }
}

function isNamed(wanted: string | undefined, name: string): boolean {
  return wanted === undefined || wanted === '' || wanted === name
}
