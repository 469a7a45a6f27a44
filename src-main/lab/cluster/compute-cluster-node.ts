/** A Node object, and a pod, as far as a window shows them. Pure. */
import type { ApiObject } from '../../common/api/api-object.ts'
import type { Pod } from '../../common/api/core.ts'
import type { Node } from '../../common/api/node.ts'
import type { ClusterNode } from '../../common/lab/cluster-view.ts'
import { computePodTally } from '../../common/lab/pod-tally.ts'
import { simulatedNodeNumber } from '../../common/lab/simulated-nodes.ts'
import { findPinnedNode } from '../../common/scheduling/pinned-node.ts'

/** @param pods those that are on the node or wait for it; looked at for a simulated node only */
export function computeClusterNode({ metadata, spec, status }: Node, pods: () => readonly Pod[]): ClusterNode {
  const name = metadata.name ?? ''
  const ready = status?.conditions?.find(({ type }) => type === 'Ready')
  const isReady = ready?.status === 'True'
  return {
    name,
    uid: metadata.uid ?? '',
    ready: ready?.status ?? 'Unknown',
    ...(typeof ready?.lastTransitionTime === 'string' && { since: ready.lastTransitionTime }),
    ...(!isReady && ready?.reason !== undefined && { reason: ready.reason }),
    ...(!isReady && ready?.message !== undefined && { message: ready.message }),
    unschedulable: spec?.unschedulable === true,
    taints: (spec?.taints ?? []).map(
      ({ key, value = '', effect }) => `${key}${value === '' ? '' : `=${value}`}:${effect}`,
    ),
    ...(simulatedNodeNumber(name) !== undefined && { simulated: computePodTally(pods()) }),
  }
}

/** The node that a pod is on, or that a DaemonSet's pod waits for; empty for none. */
export function placeOf(pod: Pod): string {
  return pod.spec.nodeName ?? findPinnedNode(pod) ?? ''
}

/** Whether a pod is counted instead of told. */
export function isOfSimulatedNode(pod: Pod): boolean {
  return simulatedNodeNumber(placeOf(pod)) !== undefined
}

/**
 * Who wrote which field is much, and nobody looks at it here. Of pods that are only counted there may be thousands: no more is
 * kept of them than the count asks for.
 */
export function trimPod<Kind extends Pod & ApiObject>(pod: Kind): Kind {
  const trimmed = withoutManagers(pod)
  if (!isOfSimulatedNode(pod)) return trimmed
  const { phase, conditions = [] } = pod.status ?? {}
  const { nodeName, affinity } = pod.spec
  const { name, namespace, uid, resourceVersion, labels, ownerReferences, deletionTimestamp } = pod.metadata
  return {
    ...trimmed,
    metadata: {
      ...{ name, namespace, uid, resourceVersion, labels, ownerReferences },
      ...(deletionTimestamp !== undefined && { deletionTimestamp }),
    },
    spec: { containers: [], ...(nodeName === undefined ? { affinity } : { nodeName }) },
    status: { ...(phase !== undefined && { phase }), conditions: conditions.filter(({ type }) => type === 'Ready') },
  }
}

export function withoutManagers<Kind extends ApiObject>(object: Kind): Kind {
  const { managedFields: _managedFields, ...metadata } = object.metadata as Kind['metadata'] & {
    managedFields?: unknown
  }
  return { ...object, metadata }
}
