/** Whether a disruption budget lets a pod go, and the note that it did. */
import { formatTime } from '../../registry/prepare-object.ts'
import type { Pod } from '../../../common/api/core.ts'
import { matchesLabels } from '../../../common/api/label-selector.ts'
import { labelRequirements } from '../../../common/api/label-selector-object.ts'
import type { PodDisruptionBudget } from '../../../common/api/pod-disruption-budget.ts'
import { isPodReady } from '../../../common/api/pod-helpers.ts'
import { forbidden, internalError, tooManyRequests } from '../../../kube/status-error.ts'
import { LOOPBACK_CONTEXT } from '../../registry/find-object.ts'
import type { Registry } from '../../registry/resource-storage.ts'

const BUDGETS = { group: 'policy', resource: 'poddisruptionbudgets' }
const VIOLATION = "Cannot evict pod as it would violate the pod's disruption budget."
const PROCESSING_RETRY_SECONDS = 10

/** @throws StatusError 429 when the budget is used up, 500 when several budgets speak of the pod */
export async function spendBudget(registry: Registry, pod: Pod, dryRun: boolean, nowMs: number): Promise<void> {
  const storage = registry.find(BUDGETS.group, BUDGETS.resource)
  if (storage === undefined) return
  const { namespace = '', name = '' } = pod.metadata
  const { items } = await storage.list(LOOPBACK_CONTEXT, { namespace })
  const [budget, ...others] = (items as PodDisruptionBudget[]).filter((one) => concerns(one, pod))
  if (budget === undefined) return
  if (others.length > 0)
    throw internalError(
      'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.',
    )
  if (!isPodReady(pod) && letsUnhealthyGo(budget)) return
  const spend = (current: object | undefined) => spent((current ?? budget) as PodDisruptionBudget, name, nowMs)
  await storage.update(LOOPBACK_CONTEXT, namespace, budget.metadata.name ?? '', (current) => ({ ...spend(current) }), {
    subresource: 'status',
    dryRun,
  })
}

/** A budget without a selector speaks of no pod, one with an empty selector of all. */
function concerns({ spec }: PodDisruptionBudget, { metadata }: Pod): boolean {
  return spec?.selector !== undefined && matchesLabels(labelRequirements(spec.selector), metadata.labels)
}

function letsUnhealthyGo({ spec, status }: PodDisruptionBudget): boolean {
  if (spec?.unhealthyPodEvictionPolicy === 'AlwaysAllow') return true
  const { currentHealthy = 0, desiredHealthy = 0 } = status ?? {}
  return currentHealthy >= desiredHealthy && desiredHealthy > 0
}

/** @throws StatusError when the budget allows no disruption */
function spent(budget: PodDisruptionBudget, podName: string, nowMs: number): PodDisruptionBudget {
  const { metadata, status } = budget
  const { name = '', generation = 0 } = metadata
  const violation = (message: string, retryAfterSeconds: number) =>
    tooManyRequests(VIOLATION, retryAfterSeconds, [{ reason: 'DisruptionBudget', message }])
  if (status === undefined || (status.observedGeneration ?? 0) < generation)
    throw violation(`The disruption budget ${name} is still being processed by the server.`, PROCESSING_RETRY_SECONDS)
  const { disruptionsAllowed, desiredHealthy, currentHealthy, disruptedPods = {} } = status
  if (disruptionsAllowed < 0) throw forbidden(BUDGETS, name, 'pdb disruptions allowed is negative')
  if (disruptionsAllowed === 0)
    throw violation(
      `The disruption budget ${name} needs ${desiredHealthy} healthy pods and has ${currentHealthy} currently`,
      0,
    )
  const now = formatTime(nowMs)
  return {
    ...budget,
    status: {
      ...status,
      disruptionsAllowed: disruptionsAllowed - 1,
      // Until the controller has seen the deletion, it knows by this that the pod is on its way.
      disruptedPods: { ...disruptedPods, [podName]: now },
    },
  }
}
