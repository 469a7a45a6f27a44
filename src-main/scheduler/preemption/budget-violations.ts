/** Which pods could not be ended without violating a disruption budget (defaultpreemption filterPodsWithPDBViolation). Pure. */
import { matchesLabels } from '../../common/api/label-selector.ts'
import type { PodDisruptionBudget } from '../../common/api/pod-disruption-budget.ts'
import { selectorOf } from '../framework/affinity-terms.ts'
import type { PodInfo } from '../framework/pod-info.ts'

/** Counts the pods in their order: the first ones use up what a budget allows. */
export function computeViolating(
  pods: readonly PodInfo[],
  budgetsOf: (namespace: string) => readonly PodDisruptionBudget[],
): Set<PodInfo> {
  const allowed = new Map<PodDisruptionBudget, number>()
  const violating = new Set<PodInfo>()
  for (const info of pods)
    for (const budget of budgetsOf(info.pod.metadata.namespace ?? '')) {
      if (!isCovered(info, budget)) continue
      const left = (allowed.get(budget) ?? budget.status?.disruptionsAllowed ?? 0) - 1
      allowed.set(budget, left)
      if (left < 0) violating.add(info)
    }
  return violating
}

/** An empty selector covers no pod; one that is being evicted was counted by the server already. */
function isCovered({ pod: { metadata } }: PodInfo, { spec, status }: PodDisruptionBudget): boolean {
  const selector = selectorOf(spec?.selector ?? {})
  if (selector.length === 0 || status?.disruptedPods?.[metadata.name ?? ''] !== undefined) return false
  return Object.keys(metadata.labels ?? {}).length > 0 && matchesLabels(selector, metadata.labels)
}
