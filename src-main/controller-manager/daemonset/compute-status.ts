/** The numbers of a DaemonSet, each judged by the oldest pod of a node (daemon_controller.go updateDaemonSetStatus; facts 6.6). Pure. */
import type { DaemonSetStatus } from '../../common/api/daemon-set.ts'
import { isPodReady } from '../../common/api/pod-helpers.ts'
import { availableInMs } from '../control/pod-availability.ts'
import { isCurrent } from './daemon-pod.ts'
import type { DaemonSetView } from './daemon-set-view.ts'

export interface ComputedStatus {
  status: DaemonSetStatus
  /** Until a ready pod counts as available; `undefined`: none is on its way there. */
  changesInMs: number | undefined
}

/** `observedGeneration`: of the DaemonSet when all of it was acted upon; `undefined`: it was only looked at. */
export function computeStatus(view: DaemonSetView, observedGeneration: number | undefined): ComputedStatus {
  const { set, hash, verdicts, podsByNode, nowMs } = view
  const counts = { desired: 0, current: 0, misscheduled: 0, ready: 0, available: 0, updated: 0 }
  const waits: number[] = []
  for (const [node, verdict] of verdicts) {
    const pod = podsByNode.get(node)?.[0]
    if (verdict === 'run') counts.desired++
    if (pod === undefined) continue
    if (verdict !== 'run') {
      counts.misscheduled++
      continue
    }
    counts.current++
    if (isCurrent(pod, set, hash)) counts.updated++
    if (!isPodReady(pod)) continue
    counts.ready++
    const waitMs = availableInMs(pod, set.spec.minReadySeconds ?? 0, nowMs)
    if (waitMs === 0) counts.available++
    else if (waitMs !== undefined) waits.push(waitMs)
  }
  const generation = observedGeneration ?? set.status?.observedGeneration
  const status: DaemonSetStatus = {
    ...set.status,
    currentNumberScheduled: counts.current,
    numberMisscheduled: counts.misscheduled,
    desiredNumberScheduled: counts.desired,
    numberReady: counts.ready,
    updatedNumberScheduled: counts.updated,
    numberAvailable: counts.available,
    numberUnavailable: counts.desired - counts.available,
    ...(generation === undefined ? {} : { observedGeneration: generation }),
  }
  return { status, changesInMs: waits.length === 0 ? undefined : Math.min(...waits) }
}
