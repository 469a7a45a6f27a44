/** Which old pods may go now, and where new ones may come beside them (pkg/controller/daemon/update.go rollingUpdate; facts 6.5). Pure. */
import type { ServedPod } from '../../common/api/core.ts'
import { isPodAvailable } from '../control/pod-availability.ts'
import type { PodChanges } from './compute-pod-changes.ts'
import { isCurrent } from './daemon-pod.ts'
import { isGoing, type DaemonSetView } from './daemon-set-view.ts'
import { computeUpdateLimits } from './update-limits.ts'

/** What an update finds on a node. `unclear`: more than one of a kind, which is put right elsewhere first. */
type NodeState =
  | { kind: 'unclear' }
  | { kind: 'none' }
  | { kind: 'old'; old: ServedPod }
  | { kind: 'new'; new: ServedPod }
  | { kind: 'both'; old: ServedPod; new: ServedPod }

export function computeRollingUpdate(view: DaemonSetView): PodChanges {
  const wanted = [...view.verdicts].filter(([, verdict]) => verdict === 'run').map(([node]) => node)
  const { maxUnavailable, maxSurge } = computeUpdateLimits(view.set.spec, wanted.length)
  const nodes = new Map<string, NodeState>(wanted.map((node) => [node, { kind: 'none' }]))
  for (const [node, pods] of view.podsByNode) nodes.set(node, stateOf(view, pods))
  return maxSurge === 0 ? replace(view, nodes, maxUnavailable) : surge(view, nodes, maxSurge, wanted.length)
}

function stateOf({ set, hash }: DaemonSetView, pods: readonly ServedPod[]): NodeState {
  const live = pods.filter((pod) => !isGoing(pod))
  const current = live.filter((pod) => isCurrent(pod, set, hash))
  const older = live.filter((pod) => !isCurrent(pod, set, hash))
  if (current.length > 1 || older.length > 1) return { kind: 'unclear' }
  const [newPod, old] = [current[0], older[0]]
  if (newPod !== undefined) return old === undefined ? { kind: 'new', new: newPod } : { kind: 'both', new: newPod, old }
  return old === undefined ? { kind: 'none' } : { kind: 'old', old }
}

/**
 * Old pods go first; their nodes get new ones when they are gone. One that does not work may go at any time, and counts as away:
 * it may be the one that an earlier update has just put in the place of one that worked.
 */
function replace(view: DaemonSetView, nodes: ReadonlyMap<string, NodeState>, maxUnavailable: number): PodChanges {
  const unavailable: ServedPod[] = []
  const available: ServedPod[] = []
  let lacking = 0
  for (const state of nodes.values())
    if (state.kind === 'old') (isAvailable(view, state.old) ? available : unavailable).push(state.old)
    else if (state.kind !== 'new' || !isAvailable(view, state.new)) lacking++
  const budget = Math.max(0, maxUnavailable - lacking - unavailable.length)
  return { create: [], remove: [...unavailable, ...available.slice(0, budget)] }
}

/** New pods come first, beside the old ones, which go when the new ones are available. */
function surge(
  view: DaemonSetView,
  nodes: ReadonlyMap<string, NodeState>,
  maxSurge: number,
  desired: number,
): PodChanges {
  const remove: ServedPod[] = []
  /** On nodes that should have none: they go when there are enough elsewhere. */
  const misplaced: ServedPod[] = []
  const urgent: string[] = []
  const patient: string[] = []
  let surging = 0
  let availableNodes = 0
  for (const [node, state] of nodes) {
    if (podsOf(state).some((pod) => isAvailable(view, pod))) availableNodes++
    if (state.kind === 'unclear') surging++
    else if (state.kind === 'both') {
      if (isAvailable(view, state.new)) remove.push(state.old)
      else surging++
    } else if (state.kind === 'old' && view.verdicts.has(node)) {
      const works = isAvailable(view, state.old)
      if (view.verdicts.get(node) === 'run') (works ? patient : urgent).push(node)
      else (works ? misplaced : remove).push(state.old)
    }
  }
  const budget = Math.max(0, maxSurge - surging)
  const spare = Math.max(0, availableNodes - desired)
  return { create: [...urgent, ...patient.slice(0, budget)], remove: [...remove, ...misplaced.slice(0, spare)] }
}

function podsOf(state: NodeState): ServedPod[] {
  switch (state.kind) {
    case 'unclear':
    case 'none':
      return []
    case 'old':
      return [state.old]
    case 'new':
      return [state.new]
    case 'both':
      return [state.old, state.new]
  }
}

function isAvailable({ set, nowMs }: DaemonSetView, pod: ServedPod): boolean {
  return isPodAvailable(pod, set.spec.minReadySeconds ?? 0, nowMs)
}
