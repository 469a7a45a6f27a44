/** Which changes may help which pods: what each filter that objected looks at (upstream's EventsToRegister and queueing hints). Pure. */
import type { Node } from '../../common/api/node.ts'
import { hasHostPortClash } from '../../common/scheduling/host-ports.ts'
import { matchesNode } from '../../common/scheduling/node-affinity.ts'
import { amountsOfList } from '../../common/scheduling/pod-requests.ts'
import { meansPod } from '../framework/affinity-terms.ts'
import type { ClusterView, PluginName } from '../framework/plugin.ts'
import type { PodInfo } from '../framework/pod-info.ts'
import { namedNodes } from '../plugins/node-affinity.ts'
import { findShortage } from '../plugins/node-resources-fit.ts'
import { toleratesUnschedulable } from '../plugins/node-unschedulable.ts'
import { computeConstraints } from '../plugins/spread-constraints.ts'
import { toleratesNode } from '../plugins/taint-toleration.ts'
import type { ClusterEvent, NodeChange } from './cluster-event.ts'
import type { QueuedPod } from './scheduling-queue.ts'

type Hint = (event: ClusterEvent, pod: PodInfo, cluster: ClusterView) => boolean

export function mayHelp(event: ClusterEvent, { info, rejectedBy }: QueuedPod, cluster: ClusterView): boolean {
  if (rejectedBy.size === 0) return event.kind === 'node-added'
  for (const plugin of rejectedBy) if (HINTS[plugin](event, info, cluster)) return true
  return false
}

const HINTS: Readonly<Record<PluginName, Hint>> = {
  NodeUnschedulable: onNode(
    'taints',
    ({ pod }, { spec }) => spec?.unschedulable !== true || toleratesUnschedulable(pod),
  ),
  TaintToleration: onNode('taints', ({ pod }, node) => toleratesNode(pod, node)),
  NodeName: onNode(undefined, ({ pod }, { metadata }) => pod.spec.nodeName === metadata.name),
  NodeAffinity: onNode('labels', ({ pod }, { metadata: { name = '', labels = {} } }) =>
    matchesNode(pod, { name, labels }),
  ),
  NodePorts(event, pod) {
    if (event.kind === 'node-added') return isPossibleNode(pod, event.node.metadata.name)
    return event.kind === 'pod-gone' && isBeside(pod, event.pod) && hasHostPortClash(pod.pod, [event.pod.pod])
  },
  NodeResourcesFit(event, pod, cluster) {
    if (event.kind === 'pod-gone' || event.kind === 'pod-changed') return isBeside(pod, event.pod)
    return hasRoomOnNode(event, pod, cluster)
  },
  NodeResourcesBalancedAllocation: () => false,
  PodTopologySpread(event, pod) {
    switch (event.kind) {
      case 'node-added':
      case 'node-removed':
        return true
      case 'node-changed':
        return event.changes.has('labels') || event.changes.has('taints')
      case 'pod-placed':
      case 'pod-changed':
      case 'pod-gone':
        return isCounted(event.pod, pod)
    }
  },
  InterPodAffinity(event, pod, { namespaceLabels }) {
    if (event.kind === 'node-added') return true
    if (event.kind === 'node-changed') return event.changes.has('labels')
    if (event.kind === 'node-removed') return false
    const { required, requiredAnti } = pod.affinity
    const attracts =
      event.kind !== 'pod-gone' && required.some((term) => meansPod(term, event.pod.pod, namespaceLabels))
    const repelled =
      event.kind !== 'pod-placed' &&
      (requiredAnti.some((term) => meansPod(term, event.pod.pod, namespaceLabels)) ||
        event.pod.affinity.requiredAnti.some((term) => meansPod(term, pod.pod, namespaceLabels)))
    return attracts || repelled || (event.kind === 'pod-changed' && requiredAnti.length > 0)
  },
}

const hasRoomOnNode = onNode('allocatable', (pod, node) => {
  const allocatable = amountsOfList(node.status?.allocatable ?? {})
  return findShortage(pod, { allocatable, requested: new Map(), pods: new Map() }) === undefined
})

/** A node that came, or changed in this way, and now would do. */
function onNode(change: NodeChange | undefined, wouldDo: (pod: PodInfo, node: Node) => boolean): Hint {
  return (event, pod) => {
    const isNews =
      event.kind === 'node-added' ||
      (event.kind === 'node-changed' && change !== undefined && event.changes.has(change))
    return isNews && isPossibleNode(pod, event.node.metadata.name) && wouldDo(pod, event.node)
  }
}

/** A pod that names its node, as one of a DaemonSet does, hears of no other. */
function isPossibleNode({ pod }: PodInfo, name = ''): boolean {
  return namedNodes(pod)?.has(name) ?? true
}

function isBeside(pod: PodInfo, other: PodInfo): boolean {
  return isPossibleNode(pod, other.pod.spec.nodeName)
}

function isCounted(other: PodInfo, pod: PodInfo): boolean {
  return computeConstraints(pod, 'DoNotSchedule').some(({ isMeant }) => isMeant(other))
}
