/** Deletes a pod because of its node's taints, and says so in its status first (facts 7.8). */
import type { ApiObject } from '../../common/api/api-object.ts'
import type { Pod } from '../../common/api/core.ts'
import { findCondition } from '../../common/api/pod-helpers.ts'
import type { PodCondition } from '../../common/api/pod-status.ts'
import { formatTime } from '../../common/api/time.ts'
import type { ApiClient } from '../../kube/api-client.ts'
import { PODS } from '../../kube/resources.ts'
import { hasReason } from '../../kube/status-error.ts'

export interface PodIdentity {
  namespace: string
  name: string
  uid: string
}

/** That it is gone already, or another has its name, is as good. @throws StatusError */
export async function evictPod(client: ApiClient, { namespace, name, uid }: PodIdentity, nowMs: number): Promise<void> {
  try {
    const pod = await client.get<Pod & ApiObject>(PODS, { namespace, name })
    if (pod.metadata.uid !== uid) return
    const conditions = computeDisruptionTarget(pod, nowMs)
    if (conditions.length > 0) {
      const address = { namespace, name, subresource: 'status' }
      const patch = { metadata: { uid }, status: { conditions } }
      await client.patch(PODS, address, 'application/strategic-merge-patch+json', patch)
    }
    await client.delete(PODS, { namespace, name }, { preconditions: { uid } })
  } catch (error) {
    if (!hasReason(error, 'NotFound')) throw error
  }
}

function computeDisruptionTarget(pod: Pod, nowMs: number): PodCondition[] {
  const wanted = {
    type: 'DisruptionTarget',
    status: 'True',
    reason: 'DeletionByTaintManager',
    message: 'Taint manager: deleting due to NoExecute taint',
  } as const
  const present = findCondition(pod, wanted.type)
  const isThere =
    present?.status === wanted.status && present.reason === wanted.reason && present.message === wanted.message
  if (isThere) return []
  const lastTransitionTime = present?.status === wanted.status ? present.lastTransitionTime : formatTime(nowMs)
  return [{ ...wanted, ...(lastTransitionTime === undefined ? {} : { lastTransitionTime }) }]
}
