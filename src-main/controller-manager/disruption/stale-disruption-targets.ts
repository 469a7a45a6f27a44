/** Pods that were to be deleted and are not: after a while they say so no longer (disruption.go syncStalePodDisruption). */
import { DisposableStore, type Disposable } from '../../base/disposable.ts'
import { WorkQueue } from '../../base/work-queue.ts'
import type { ApiObject } from '../../common/api/api-object.ts'
import type { Pod } from '../../common/api/core.ts'
import { findCondition } from '../../common/api/pod-helpers.ts'
import { formatTime } from '../../common/api/time.ts'
import { objectKey } from '../../kube/informer.ts'
import { PODS } from '../../kube/resources.ts'
import { hasReason } from '../../kube/status-error.ts'
import { logRetry } from '../control/log-retry.ts'
import type { ControllerContext } from '../controller.ts'

const STALE_AFTER_MS = 2 * 60_000

export function clearStaleDisruptionTargets({ client, clock, informers, logger }: ControllerContext): Disposable {
  const owned = new DisposableStore()
  const pods = informers.of<Pod & ApiObject>(PODS)
  const queue: WorkQueue = owned.add(
    new WorkQueue({
      clock,
      workers: 1,
      onFailure: (pod, err) => logRetry(logger, 'Cannot clear stale DisruptionTarget condition', { pod, err }),
      async sync(key): Promise<void> {
        const [namespace = '', name = ''] = key.split('/')
        const pod = pods.get(namespace, name)
        const waitMs = pod === undefined ? undefined : staleInMs(pod, clock.now())
        if (waitMs === undefined) return
        if (waitMs > 0) return queue.addAfter(key, waitMs)
        const condition = { type: 'DisruptionTarget', status: 'False', lastTransitionTime: formatTime(clock.now()) }
        const patch = { metadata: { uid: pod?.metadata.uid }, status: { conditions: [{ ...condition, ...NO_WORDS }] } }
        const address = { namespace, name, subresource: 'status' }
        try {
          await client.patch(PODS, address, 'application/strategic-merge-patch+json', patch)
        } catch (error) {
          if (!hasReason(error, 'NotFound')) throw error
        }
      },
    }),
  )
  const look = (pod: Pod & ApiObject): void => {
    const waitMs = staleInMs(pod, clock.now())
    if (waitMs !== undefined) queue.addAfter(objectKey(pod.metadata.namespace, pod.metadata.name), waitMs)
  }
  owned.add(pods.follow({ onAdd: look, onUpdate: look }))
  return owned
}

const NO_WORDS = { reason: null, message: null }

/** Milliseconds; `undefined` for a pod that goes, has ended, says nothing, or was told by its kubelet, which takes its time. */
function staleInMs(pod: Pod, nowMs: number): number | undefined {
  const target = findCondition(pod, 'DisruptionTarget')
  if (target?.status !== 'True' || target.reason === 'TerminationByKubelet') return undefined
  const hasEnded = pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed'
  if (hasEnded || pod.metadata.deletionTimestamp !== undefined) return undefined
  return Math.max(0, Date.parse(target.lastTransitionTime ?? '') + STALE_AFTER_MS - nowMs)
}
