/** Makes the pods that a ReplicaSet lacks, and deletes those that are too many (replica_set.go manageReplicas). */
import type { Pod } from '../../common/api/core.ts'
import type { ReplicaSet } from '../../common/api/replica-set.ts'
import { objectKey } from '../../kube/informer.ts'
import type { Expectations } from '../control/expectations.ts'
import { newPodFromTemplate, type PodControl } from '../control/pod-control.ts'
import { slowStartBatch } from '../control/slow-start-batch.ts'
import { isNamespaceTerminating } from '../control/namespace-terminating.ts'
import { rankPodsForDeletion } from './rank-pods.ts'

/** So many pods at most are made or deleted before their watch has shown it. */
const BURST_REPLICAS = 500

export interface ReplicaActions {
  podControl: PodControl
  expectations: Expectations
  /** Pods of all ReplicaSets of the same Deployment. */
  related(): readonly Pod[]
  nowMs: number
}

/** @returns the first failure */
export async function syncReplicas(
  set: ReplicaSet,
  active: readonly Pod[],
  actions: ReplicaActions,
): Promise<Error | undefined> {
  const surplus = active.length - (set.spec.replicas ?? 0)
  if (surplus < 0) return await createPods(set, Math.min(-surplus, BURST_REPLICAS), actions)
  if (surplus === 0) return undefined
  const count = Math.min(surplus, BURST_REPLICAS)
  const ranked = count < active.length ? rankPodsForDeletion(active, actions.related(), actions.nowMs) : active
  return await deletePods(set, ranked.slice(0, count), actions)
}

async function createPods(
  set: ReplicaSet,
  count: number,
  { podControl, expectations }: ReplicaActions,
): Promise<Error | undefined> {
  const key = objectKey(set.metadata.namespace, set.metadata.name)
  expectations.expect(key, count, [])
  const { succeeded, error } = await slowStartBatch(count, async () => {
    try {
      await podControl.create(set, newPodFromTemplate(set, set.spec.template))
    } catch (failure) {
      // It is about to go itself: nothing is to be tried again, and nobody needs to know.
      if (!isNamespaceTerminating(failure)) throw failure
    }
  })
  for (let missing = succeeded; missing < count; missing++) expectations.creationObserved(key)
  return asError(error)
}

async function deletePods(
  set: ReplicaSet,
  pods: readonly Pod[],
  { podControl, expectations }: ReplicaActions,
): Promise<Error | undefined> {
  const key = objectKey(set.metadata.namespace, set.metadata.name)
  const podKey = ({ metadata }: Pod): string => objectKey(metadata.namespace, metadata.name)
  expectations.expect(key, 0, pods.map(podKey))
  const results = await Promise.allSettled(
    pods.map(async (pod) => {
      try {
        await podControl.delete(set, pod)
      } catch (failure) {
        expectations.deletionObserved(key, podKey(pod))
        throw failure
      }
    }),
  )
  return asError(results.find((result) => result.status === 'rejected')?.reason)
}

function asError(failure: unknown): Error | undefined {
  if (failure === undefined || failure instanceof Error) return failure
  return new Error(String(failure))
}
