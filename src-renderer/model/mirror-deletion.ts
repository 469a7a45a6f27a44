/** What a delete of a mirror pod really does: the object goes and comes back, the containers notice nothing (facts 4.5). Pure. */
import type { Pod } from '@common/api/core.ts'
import type { ClusterView } from '@common/lab/cluster-view.ts'
import type { Reflection } from './reflections.ts'

/** One container as its kubelet knows it. */
export interface ContainerTrace {
  name: string
  /** Empty while there is none. */
  id: string
  restartCount: number
}

export interface MirrorDeletion {
  lab: string
  node: string
  namespace: string
  name: string
  /** The object that was deleted, as it was seen last. */
  deleted: Reflection
  /** Of the static pod on the node, before the delete. */
  containers: ContainerTrace[]
  /** Milliseconds since 1970. */
  askedAt: number
  /** `asked`: the old object is still there; `gone`: no object is there; `back`: one with a new UID is. */
  state: 'asked' | 'gone' | 'back'
  /** Present when it is back. */
  newUid?: string
  /** From the question to the new object's being seen here, in milliseconds. */
  tookMs?: number
}

export function traceContainers(pod: Pod | undefined): ContainerTrace[] {
  return (pod?.status?.containerStatuses ?? []).map(({ name, containerID = '', restartCount }) => ({
    name,
    id: containerID,
    restartCount,
  }))
}

/** The deletion after a new view of the API server. What an absent server shows is from before, and says nothing. */
export function observeDeletion(deletion: MirrorDeletion, cluster: ClusterView, now: number): MirrorDeletion {
  if (deletion.state === 'back' || cluster.lab !== deletion.lab || cluster.state !== 'ready') return deletion
  const { namespace, name, deleted } = deletion
  const found = cluster.pods.find(({ metadata }) => metadata.name === name && metadata.namespace === namespace)
  const uid = found?.metadata.uid
  if (uid === undefined) return { ...deletion, state: 'gone' }
  return uid === deleted.pod.metadata.uid
    ? deletion
    : { ...deletion, state: 'back', newUid: uid, tookMs: now - deletion.askedAt }
}

/** `unknown`: the kubelet told of no container before, or tells of none now. */
export function compareContainers(
  before: readonly ContainerTrace[],
  now: readonly ContainerTrace[],
): 'same' | 'changed' | 'unknown' {
  if (before.length === 0 || now.length === 0) return 'unknown'
  const isSame = before.every(({ name, id, restartCount }) =>
    now.some((one) => one.name === name && one.id === id && one.restartCount === restartCount),
  )
  return isSame ? 'same' : 'changed'
}
