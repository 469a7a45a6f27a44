/** Whether other pods are ended for one that fits nowhere, and which (framework/preemption Evaluator.Preempt). */
import { findCondition } from '../../common/api/pod-helpers.ts'
import type { PodDisruptionBudget } from '../../common/api/pod-disruption-budget.ts'
import { formatCounts, resolvableNodes, type Diagnosis } from '../framework/diagnosis.ts'
import type { FilterRun } from '../framework/filter-run.ts'
import type { CountedCluster } from '../framework/find-node.ts'
import type { CountedNode } from '../framework/node-info.ts'
import type { PluginName } from '../framework/plugin.ts'
import type { PodInfo } from '../framework/pod-info.ts'
import { pickCandidate } from './pick-candidate.ts'
import { selectVictims, type Candidate } from './select-victims.ts'

const NOT_HELPFUL = 'Preemption is not helpful for scheduling'
const NEVER = 'not eligible due to preemptionPolicy=Never.'
const STILL_TERMINATING = 'not eligible due to a terminating pod on the nominated node.'
/** So many nodes are looked at, or a tenth when that is more (DefaultPreemptionArgs). */
const MIN_CANDIDATES = 100
const MIN_CANDIDATES_PERCENT = 10

/** Of the status that victims get before they are deleted. */
export const PREEMPTED = { type: 'DisruptionTarget', status: 'True', reason: 'PreemptionByScheduler' } as const

export type PreemptionDecision =
  | { kind: 'preempt'; candidate: Candidate }
  /** `message` is upstream's; `waits`: room is being made already, on the node that was nominated. */
  | { kind: 'waits'; message: string }
  /** `rejectedBy`: who objects even when other pods are gone. */
  | { kind: 'helpless'; message: string; rejectedBy: ReadonlySet<PluginName> }

export interface PreemptionQuestion {
  pod: PodInfo
  diagnosis: Diagnosis
  /** Absent when no node was asked. */
  run: FilterRun | undefined
  cluster: CountedCluster
  budgetsOf(namespace: string): readonly PodDisruptionBudget[]
  /** 0 to 1: with which node the search begins. */
  random: () => number
}

export function computePreemption(question: PreemptionQuestion): PreemptionDecision {
  const obstacle = findObstacle(question)
  if (obstacle !== undefined) return { kind: 'waits', message: `preemption: ${obstacle}` }
  const { run, cluster, diagnosis } = question
  const names =
    run === undefined
      ? []
      : resolvableNodes(
          diagnosis,
          cluster.nodes.map(({ name }) => name),
        )
  const { candidates, reasons, rejectedBy } = tryNodes(
    question,
    names.flatMap((name) => cluster.getNode(name) ?? []),
  )
  const candidate = pickCandidate(candidates)
  if (candidate !== undefined) return { kind: 'preempt', candidate }
  const others = diagnosis.nodeCount - names.length
  const counts = others === 0 ? reasons : new Map([...reasons, [NOT_HELPFUL, (reasons.get(NOT_HELPFUL) ?? 0) + others]])
  return { kind: 'helpless', message: `preemption: ${formatCounts(diagnosis.nodeCount, counts)}`, rejectedBy }
}

/** A nominated node that no preemption makes fit any more is no reason to wait. */
function findObstacle({ pod, diagnosis, cluster }: PreemptionQuestion): string | undefined {
  if (pod.pod.spec.preemptionPolicy === 'Never') return NEVER
  const node = cluster.getNode(pod.pod.status?.nominatedNodeName ?? '')
  if (node === undefined) return undefined
  if ((diagnosis.refusals.get(node.name) ?? diagnosis.others)?.isResolvable !== true) return undefined
  return [...node.pods.values()].some((other) => other.priority < pod.priority && isTerminatingVictim(other))
    ? STILL_TERMINATING
    : undefined
}

function isTerminatingVictim({ pod }: PodInfo): boolean {
  if (pod.metadata.deletionTimestamp === undefined) return false
  const condition = findCondition(pod, PREEMPTED.type)
  return condition?.status === PREEMPTED.status && condition.reason === PREEMPTED.reason
}

/** Until there are enough candidates without violations; how often each reason was given by the others. */
function tryNodes(
  { run, budgetsOf, random }: PreemptionQuestion,
  nodes: readonly CountedNode[],
): { candidates: Candidate[]; reasons: Map<string, number>; rejectedBy: Set<PluginName> } {
  const candidates: Candidate[] = []
  const reasons = new Map<string, number>()
  const rejectedBy = new Set<PluginName>()
  if (run === undefined) return { candidates, reasons, rejectedBy }
  const wanted = Math.max(MIN_CANDIDATES, Math.floor((nodes.length * MIN_CANDIDATES_PERCENT) / 100))
  const offset = Math.floor(random() * nodes.length)
  for (const node of [...nodes.slice(offset), ...nodes.slice(0, offset)]) {
    const result = selectVictims(run, node, budgetsOf)
    if ('node' in result) candidates.push(result)
    else {
      for (const reason of result.reasons) reasons.set(reason, (reasons.get(reason) ?? 0) + 1)
      if (result.rejectedBy !== undefined) rejectedBy.add(result.rejectedBy)
    }
    if (candidates.filter(({ violations }) => violations === 0).length >= wanted) break
  }
  return { candidates, reasons, rejectedBy }
}
