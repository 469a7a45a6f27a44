/** Questions to a lab's API server that a window asks now and then, and what it is asked to do. */
import type { ApiObject } from '../../common/api/api-object.ts'
import type { Pod } from '../../common/api/core.ts'
import type { Event } from '../../common/api/event.ts'
import type { ApiEvent } from '../../common/lab/api-event.ts'
import { EVENTS } from '../../kube/event.ts'
import { NODES, PODS } from '../../kube/resources.ts'
import type { LabContext } from '../lab-context.ts'
import { withoutManagers } from './compute-cluster-node.ts'
import { withClusterClient } from './with-cluster-client.ts'

type Context = Pick<LabContext, 'clock' | 'openCluster' | 'store'>

/** `kubectl delete pod`. @throws NotFound, Unavailable when nobody answers, Conflict with the API server's words otherwise */
export async function deleteApiPod(
  context: Context,
  { lab, namespace, pod }: { lab: string; namespace: string; pod: string },
): Promise<void> {
  await withClusterClient(context, lab, (client) => client.delete(PODS, { namespace, name: pod }))
}

/** `kubectl uncordon` and `cordon`. @throws as above */
export async function setSchedulable(
  context: Context,
  { lab, node, schedulable }: { lab: string; node: string; schedulable: boolean },
): Promise<void> {
  // `null` takes the field away, which is what kubectl does (facts 5.2).
  const patch = { spec: { unschedulable: schedulable ? null : true } }
  await withClusterClient(context, lab, (client) =>
    client.patch(NODES, { name: node }, 'application/merge-patch+json', patch),
  )
}

/** Pods that are bound to the node, of all namespaces. @throws as above */
export async function readNodePods(
  context: Context,
  { lab, node, labelSelector }: { lab: string; node: string; labelSelector?: string },
): Promise<Pod[]> {
  return withClusterClient(context, lab, async (client) => {
    const { items } = await client.list<Pod & ApiObject>(PODS, {
      fieldSelector: `spec.nodeName=${node}`,
      ...(labelSelector !== undefined && { labelSelector }),
    })
    return items.map(withoutManagers)
  })
}

/** The events about a pod, the oldest first. @throws as above */
export async function readPodEvents(
  context: Context,
  { lab, namespace, pod }: { lab: string; namespace: string; pod: string },
): Promise<ApiEvent[]> {
  return withClusterClient(context, lab, async (client) => {
    const fieldSelector = `involvedObject.kind=Pod,involvedObject.name=${pod}`
    const { items } = await client.list<Event>(EVENTS, { namespace, fieldSelector })
    return items.map(summarizeEvent).toSorted((one, other) => Date.parse(one.lastSeen) - Date.parse(other.lastSeen))
  })
}

/** As `kubectl describe` has it in a line. */
export function summarizeEvent(event: Event): ApiEvent {
  const { involvedObject, type, reason, message, source, reportingComponent, count, series, metadata } = event
  const component = source?.component === undefined || source.component === '' ? reportingComponent : source.component
  return {
    uid: involvedObject.uid ?? '',
    type: type === 'Warning' ? 'Warning' : 'Normal',
    reason: reason ?? '',
    message: message ?? '',
    component: component ?? '',
    count: series?.count ?? count ?? 1,
    lastSeen: series?.lastObservedTime ?? event.lastTimestamp ?? event.eventTime ?? metadata.creationTimestamp ?? '',
  }
}
