/** Pods counted by how they are and by who made them, where there are too many to be told one by one. Pure. */
import type { Pod } from '../api/core.ts'
import { isPodReady } from '../api/pod-helpers.ts'

const TEMPLATE_HASH_LABEL = 'pod-template-hash'

/** The four add up to all pods. */
export interface PodTally {
  ready: number
  /** Not ready: it has no node yet, starts, or ends. */
  waiting: number
  failed: number
  succeeded: number
}

export interface PodOwner {
  kind: string
  name: string
}

/** A workload's pods. */
export interface WorkloadTally extends PodOwner {
  namespace: string
  ready: number
  total: number
}

export function computePodTally(pods: readonly Pod[]): PodTally {
  const tally: PodTally = { ready: 0, waiting: 0, failed: 0, succeeded: 0 }
  for (const pod of pods) tally[stateOf(pod)]++
  return tally
}

export function countPods({ ready, waiting, failed, succeeded }: PodTally): number {
  return ready + waiting + failed + succeeded
}

/** By namespace, kind and name. Pods that nobody owns, and static pods, are no workload. */
export function computeWorkloadTallies(pods: readonly Pod[]): WorkloadTally[] {
  const tallies = new Map<string, WorkloadTally>()
  for (const pod of pods) {
    const owner = findPodOwner(pod)
    if (owner === undefined || owner.kind === 'Node') continue
    const { namespace = 'default' } = pod.metadata
    const key = `${namespace}/${owner.kind}/${owner.name}`
    const tally = tallies.get(key) ?? { namespace, ...owner, ready: 0, total: 0 }
    tallies.set(key, tally)
    tally.total++
    if (stateOf(pod) === 'ready') tally.ready++
  }
  return [...tallies].toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([, tally]) => tally)
}

/** A ReplicaSet that a Deployment made is named after it and the hash of its template: then the Deployment is the answer. */
export function findPodOwner({ metadata }: Pod): PodOwner | undefined {
  const owner = metadata.ownerReferences?.find(({ controller }) => controller === true)
  if (owner === undefined) return undefined
  const { kind, name } = owner
  const ending = `-${metadata.labels?.[TEMPLATE_HASH_LABEL] ?? ''}`
  if (kind === 'ReplicaSet' && ending.length > 1 && name.length > ending.length && name.endsWith(ending))
    return { kind: 'Deployment', name: name.slice(0, -ending.length) }
  return { kind, name }
}

function stateOf(pod: Pod): keyof PodTally {
  if (pod.status?.phase === 'Failed') return 'failed'
  if (pod.status?.phase === 'Succeeded') return 'succeeded'
  return pod.status?.phase === 'Running' && isPodReady(pod) && pod.metadata.deletionTimestamp === undefined
    ? 'ready'
    : 'waiting'
}
