/** Nobody can tell whether pods of a silent node work: they are not ready (pkg/controller/util/node MarkPodsNotReady; facts 7.6). */
import type { ApiObject } from '../../common/api/api-object.ts'
import type { Pod } from '../../common/api/core.ts'
import { isPodReady } from '../../common/api/pod-helpers.ts'
import { formatTime } from '../../common/api/time.ts'
import type { ApiClient } from '../../kube/api-client.ts'
import type { EventRecorder } from '../../kube/event-recorder.ts'
import { PODS } from '../../kube/resources.ts'
import { hasReason } from '../../kube/status-error.ts'

/** Marks all that it can, then rejects with the first failure. */
export async function markPodsNotReady(
  client: ApiClient,
  events: EventRecorder,
  pods: readonly (Pod & ApiObject)[],
  nowMs: number,
): Promise<void> {
  const failures: unknown[] = []
  for (const { metadata } of pods.filter(isPodReady)) {
    const { namespace = '', name = '', uid = '' } = metadata
    const condition = { type: 'Ready', status: 'False', lastTransitionTime: formatTime(nowMs) }
    const patch = { metadata: { uid }, status: { conditions: [condition] } }
    try {
      const address = { namespace, name, subresource: 'status' }
      await client.patch(PODS, address, 'application/strategic-merge-patch+json', patch)
    } catch (error) {
      if (!hasReason(error, 'NotFound')) failures.push(error)
      continue
    }
    const about = { apiVersion: 'v1', kind: 'Pod', namespace, name, uid }
    events.record(about, 'Warning', 'NodeNotReady', 'Node is not ready')
  }
  if (failures.length > 0) throw failures[0]
}
