/** What a disruption budget allows now (disruption.go updatePdbStatus, buildDisruptedPodMap, failSafe). Pure. */
import { conditionOf, withCondition } from '../../common/api/condition.ts'
import type { Pod } from '../../common/api/core.ts'
import {
  disruptionAllowed,
  type BudgetCondition,
  type PodDisruptionBudget,
  type PodDisruptionBudgetStatus,
} from '../../common/api/pod-disruption-budget.ts'
import { isPodReady } from '../../common/api/pod-helpers.ts'
import { formatTime } from '../../common/api/time.ts'
import type { ExpectedPods } from './compute-expected-pods.ts'

/** An eviction whose pod is not being deleted after so long has failed. */
const DELETION_TIMEOUT_MS = 2 * 60_000

export interface BudgetOutcome {
  status: PodDisruptionBudgetStatus
  /** Milliseconds until an eviction that is under way would have failed. */
  checkInMs: number | undefined
  /** Pods that were evicted and are not being deleted. */
  notDeleted: readonly Pod[]
}

export function computeBudgetStatus(
  budget: PodDisruptionBudget,
  pods: readonly Pod[],
  { expected, desiredHealthy }: ExpectedPods,
  nowMs: number,
): BudgetOutcome {
  const { disruptedPods: before = {}, conditions } = budget.status ?? {}
  const staying = pods.filter(({ metadata }) => metadata.deletionTimestamp === undefined)
  const leftMs = ({ metadata }: Pod): number | undefined => {
    const since = before[metadata.name ?? '']
    return since === undefined ? undefined : Date.parse(since) + DELETION_TIMEOUT_MS - nowMs
  }
  const disrupted = staying.filter((pod) => (leftMs(pod) ?? -1) >= 0)
  const currentHealthy = staying.filter((pod) => isPodReady(pod) && !disrupted.includes(pod)).length
  // With no pods there is nothing to go by: the first ones are not for the taking before they were counted.
  const allowed = expected <= 0 ? 0 : Math.max(0, currentHealthy - desiredHealthy)
  const names = disrupted.map(({ metadata }) => metadata.name ?? '')
  const observedGeneration = budget.metadata.generation ?? 0
  const waits = disrupted.map((pod) => leftMs(pod) ?? 0)
  return {
    status: {
      observedGeneration,
      ...(names.length === 0
        ? {}
        : { disruptedPods: Object.fromEntries(names.map((name) => [name, before[name] ?? ''])) }),
      disruptionsAllowed: allowed,
      currentHealthy,
      desiredHealthy,
      expectedPods: expected,
      conditions: setAllowed(conditions, disruptionAllowed(allowed, observedGeneration, formatTime(nowMs))),
    },
    checkInMs: waits.length === 0 ? undefined : Math.min(...waits),
    notDeleted: staying.filter((pod) => (leftMs(pod) ?? 0) < 0),
  }
}

/** Nothing may go as long as it is not known what there should be. `problem`: in words for the user. */
export function computeFailedStatus(
  budget: PodDisruptionBudget,
  problem: string,
  nowMs: number,
): PodDisruptionBudgetStatus {
  const status = budget.status ?? { disruptionsAllowed: 0, currentHealthy: 0, desiredHealthy: 0, expectedPods: 0 }
  const { observedGeneration } = status
  const failed: BudgetCondition = {
    type: 'DisruptionAllowed',
    status: 'False',
    lastTransitionTime: formatTime(nowMs),
    reason: 'SyncFailed',
    message: problem,
    ...(observedGeneration === undefined ? {} : { observedGeneration }),
  }
  return { ...status, disruptionsAllowed: 0, conditions: setAllowed(status.conditions, failed) }
}

/** The time of its transition stays while its status does. */
function setAllowed(conditions: readonly BudgetCondition[] | undefined, condition: BudgetCondition): BudgetCondition[] {
  const before = conditionOf(conditions, condition.type)
  const { lastTransitionTime } = before?.status === condition.status ? before : condition
  return withCondition(conditions, {
    ...condition,
    ...(lastTransitionTime === undefined ? {} : { lastTransitionTime }),
  })
}
