/** Which nodes lack a pod and which pods are too many (daemon_controller.go podsShouldBeOnNode; facts 6.4). Pure. */
import type { ServedPod } from '../../common/api/core.ts'
import { isPodReady } from '../../common/api/pod-helpers.ts'
import { isPodAvailable } from '../control/pod-availability.ts'
import { hashOf } from '../history/revision.ts'
import type { NodeVerdict } from './compute-placement.ts'
import { isBound } from './daemon-pod.ts'
import { isGoing, type DaemonSetView } from './daemon-set-view.ts'
import { allowsSurge } from './update-limits.ts'

/** Pods to make, by their nodes, and pods to delete. */
export interface PodChanges {
  create: string[]
  remove: ServedPod[]
}

export interface WantedChanges extends PodChanges {
  /** Failed or succeeded, to be deleted too, with a word about it; those that failed not too often. */
  ended: { pod: ServedPod; node: string }[]
}

export function computePodChanges(view: DaemonSetView): WantedChanges {
  const changes: WantedChanges = { create: [], remove: [], ended: [] }
  for (const [node, verdict] of view.verdicts) planNode(view, node, verdict, changes)
  for (const [node, pods] of view.podsByNode) {
    // Nobody else would: a pod that has a node is left to the collector of pods of missing nodes (facts 6.4.5).
    if (!view.verdicts.has(node)) changes.remove.push(...pods.filter((pod) => !isBound(pod) && !isGoing(pod)))
  }
  return changes
}

function planNode(view: DaemonSetView, node: string, verdict: NodeVerdict, changes: WantedChanges): void {
  const all = view.podsByNode.get(node)
  if (all === undefined) {
    if (verdict === 'run') changes.create.push(node)
    return
  }
  const pods = all.filter((pod) => !isGoing(pod))
  if (verdict === 'leave') return void changes.remove.push(...pods)
  const live: ServedPod[] = []
  for (const pod of pods)
    if (pod.status?.phase === 'Failed' || pod.status?.phase === 'Succeeded') changes.ended.push({ pod, node })
    else live.push(pod)
  // A node whose pod is on its way out gets the next one when that is gone (facts 6.4.3).
  if (!allowsSurge(view.set.spec)) return void changes.remove.push(...live.slice(1))
  if (live.length === 0 && verdict === 'run') changes.create.push(node)
  changes.remove.push(...surplusOfSurge(view, live))
}

/** Two may be there: an old one that is ready, and a current one that is not available yet. */
function surplusOfSurge(view: DaemonSetView, live: readonly ServedPod[]): ServedPod[] {
  const current = live.filter((pod) => hashOf(pod) === view.hash)
  const old = live.filter((pod) => hashOf(pod) !== view.hash)
  const surplus = [...current.slice(1), ...old.slice(1)]
  const [newest, oldest] = [current[0], old[0]]
  if (newest === undefined || oldest === undefined) return surplus
  const isReplaced = isPodAvailable(newest, view.set.spec.minReadySeconds ?? 0, view.nowMs)
  return isReplaced || !isPodReady(oldest) ? [...surplus, oldest] : surplus
}
