/** Who made a pod and who gave it its node, as far as the pod itself and its events tell (facts 6.3). Pure. */
import type { Pod } from '@common/api/core.ts'
import { findCondition } from '@common/api/pod-helpers.ts'
import { isMirrorPod, isStaticPod } from '@common/api/static-pod.ts'
import type { ApiEvent } from '@common/lab/api-event.ts'
import { findPodOwner, type PodOwner } from '@common/lab/pod-tally.ts'
import { findPinnedNode } from '@common/scheduling/pinned-node.ts'

export type PodMaker = { kind: 'kubelet' } | { kind: 'owner'; owner: PodOwner } | { kind: 'hand' }

/**
 * `kubelet`: it runs what lies in its folder; `scheduler-pinned`: the scheduler, by an affinity that leaves it no choice;
 * `controller`: the DaemonSet controller, as up to Kubernetes 1.11; `scheduler`: the scheduler, by choice; `given`: its node was
 * in it already, or the event that would tell is gone; `waiting`: nobody yet; `waiting-pinned`: nobody yet, for the one node that
 * it may run on.
 */
export type PodBinder =
  | 'kubelet'
  | 'scheduler-pinned'
  | 'controller'
  | 'scheduler'
  | 'given'
  | 'waiting'
  | 'waiting-pinned'

export interface PodOrigin {
  maker: PodMaker
  binder: PodBinder
  /** Where it can be read, in Kubernetes' own words. */
  evidence: string[]
  /** Why it has no node, in the scheduler's words. */
  message?: string
}

export function computePodOrigin(pod: Pod, events: readonly ApiEvent[] = []): PodOrigin {
  if (isStaticPod(pod) || isMirrorPod(pod))
    return { maker: { kind: 'kubelet' }, binder: 'kubelet', evidence: ['kubernetes.io/config.source: file'] }
  const owner = findPodOwner(pod)
  const scheduled = events.findLast(({ uid, reason }) => uid === pod.metadata.uid && reason === 'Scheduled')
  const condition = findCondition(pod, 'PodScheduled')
  const isWaiting = (pod.spec.nodeName ?? '') === ''
  return {
    maker: owner === undefined ? { kind: 'hand' } : { kind: 'owner', owner },
    binder: computeBinder(pod, scheduled !== undefined, owner?.kind === 'DaemonSet'),
    evidence: [
      ...describeController(pod),
      ...describePin(pod),
      ...(isWaiting ? [] : [`spec.nodeName: ${pod.spec.nodeName ?? ''}`]),
      ...(condition === undefined ? [] : [`PodScheduled: ${condition.status}${ofReason(condition.reason)}`]),
      ...(scheduled === undefined ? [] : [`event Scheduled, from ${scheduled.component}`]),
    ],
    ...(isWaiting && condition?.message !== undefined && { message: condition.message }),
  }
}

function computeBinder(pod: Pod, isScheduled: boolean, isOfDaemonSet: boolean): PodBinder {
  const isPinned = findPinnedNode(pod) !== undefined
  if ((pod.spec.nodeName ?? '') === '') return isPinned ? 'waiting-pinned' : 'waiting'
  if (isOfDaemonSet) return isPinned ? 'scheduler-pinned' : 'controller'
  return isScheduled ? 'scheduler' : 'given'
}

function describeController({ metadata }: Pod): string[] {
  const owner = metadata.ownerReferences?.find(({ controller }) => controller === true)
  return owner === undefined ? [] : [`ownerReferences: ${owner.kind} ${owner.name}`]
}

function describePin(pod: Pod): string[] {
  const node = findPinnedNode(pod)
  return node === undefined ? [] : [`nodeAffinity matchFields: metadata.name In [${node}]`]
}

function ofReason(reason: string | undefined): string {
  return reason === undefined || reason === '' ? '' : ` (${reason})`
}
