/** Whether a disruption budget lets a pod go, and the note that it did. */
import { formatTime } from '../../registry/prepare-object.ts'
import type { Pod } from '../../../common/api/core.ts'
import { matchesLabels } from '../../../common/api/label-selector.ts'
import { labelRequirements } from '../../../common/api/label-selector-object.ts'
import { conditionOf, withCondition } from '../../../common/api/condition.ts'
import {
  disruptionAllowed,
  type PodDisruptionBudget,
  type PodDisruptionBudgetStatus,
} from '../../../common/api/pod-disruption-budget.ts'
import { isPodReady } from '../../../common/api/pod-helpers.ts'
import { forbidden, internalError, tooManyRequests } from '../../../kube/status-error.ts'
import { LOOPBACK_CONTEXT } from '../../registry/find-object.ts'
import type { Registry } from '../../registry/resource-storage.ts'

const BUDGETS = { group: 'policy', resource: 'poddisruptionbudgets' }
const VIOLATION = "Cannot evict pod as it would violate the pod's disruption budget."
const PROCESSING_RETRY_SECONDS = 10
/** Of evictions that the controller has not seen the end of. */
const MAX_DISRUPTED_PODS = 2000

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
  const { disruptionsAllowed, disruptedPods = {}, conditions } = status
  if (disruptionsAllowed < 0) throw forbidden(BUDGETS, name, 'pdb disruptions allowed is negative')
  if (Object.keys(disruptedPods).length > MAX_DISRUPTED_PODS)
    throw forbidden(BUDGETS, name, 'DisruptedPods map too big - too many evictions not confirmed by PDB controller')
  if (disruptionsAllowed === 0) throw violation(`The disruption budget ${name} ${whyNot(status)}`, 0)
  const now = formatTime(nowMs)
  const isLast = disruptionsAllowed === 1
  const exhausted = disruptionAllowed(0, status.observedGeneration ?? 0, now)
  return {
    ...budget,
    status: {
      ...status,
      disruptionsAllowed: disruptionsAllowed - 1,
      // Until the controller has seen the deletion, it knows by this that the pod is on its way.
      disruptedPods: { ...disruptedPods, [podName]: now },
      ...(isLast ? { conditions: withCondition(conditions, exhausted) } : {}),
    },
  }
}

/** Counts mean nothing when they could not be found out. */
function whyNot({ conditions, desiredHealthy, currentHealthy }: PodDisruptionBudgetStatus): string {
  const refused = conditionOf(conditions, 'DisruptionAllowed')
  const reason = refused?.status === 'False' && refused.message !== '' ? refused.reason : undefined
  if (reason === 'SyncFailed')
    return `does not allow evicting pods currently because it failed sync: ${refused?.message ?? ''}`
  if (currentHealthy <= desiredHealthy)
    return `needs ${desiredHealthy} healthy pods and has ${currentHealthy} currently`
  const words = reason === undefined ? '' : ` (${reason}): ${refused?.message ?? ''}`
  return `does not allow evicting pods currently${words}`
}
