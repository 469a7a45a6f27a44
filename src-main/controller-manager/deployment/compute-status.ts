/** What a Deployment says of itself (sync.go calculateStatus, progress.go syncRolloutStatus). Pure. */
import { conditionOf, withCondition, withoutCondition } from '../../common/api/condition.ts'
import type { Deployment, DeploymentCondition, DeploymentStatus } from '../../common/api/deployment.ts'
import {
  keepTransition,
  newCondition,
  progressDeadlineMs,
  progressingOf,
  setCondition,
  type Said,
} from './deployment-conditions.ts'
import { computeRollingLimits } from './rolling-limits.ts'
import { allSets, sumOf, wantedReplicas, type RolloutView } from './rollout-view.ts'

/** Counts, and whether enough is available. */
export function computeDeploymentStatus(view: RolloutView, nowMs: number): DeploymentStatus {
  const { deployment, newSet } = view
  const sets = allSets(view)
  const { conditions = [], collisionCount } = deployment.status ?? {}
  const available = sumOf(sets, 'availableReplicas')
  const isEnough = available >= (deployment.spec.replicas ?? 0) - computeRollingLimits(deployment).maxUnavailable
  return {
    observedGeneration: deployment.metadata.generation ?? 0,
    replicas: sumOf(sets, 'replicas'),
    updatedReplicas: newSet?.status?.replicas ?? 0,
    readyReplicas: sumOf(sets, 'readyReplicas'),
    availableReplicas: available,
    unavailableReplicas: Math.max(0, wantedReplicas(sets) - available),
    // Unknown as long as one of them does not say.
    ...(sets.every(({ status }) => status?.terminatingReplicas !== undefined)
      ? { terminatingReplicas: sumOf(sets, 'terminatingReplicas') }
      : {}),
    ...(collisionCount === undefined ? {} : { collisionCount }),
    conditions: [...setCondition(conditions, newCondition(isEnough ? ENOUGH : TOO_FEW, nowMs))],
  }
}

const ENOUGH: Said = {
  type: 'Available',
  status: 'True',
  reason: 'MinimumReplicasAvailable',
  message: 'Deployment has minimum availability.',
}

const TOO_FEW: Said = {
  type: 'Available',
  status: 'False',
  reason: 'MinimumReplicasUnavailable',
  message: 'Deployment does not have minimum availability.',
}

/** The same while it rolls out: how far it is, and what keeps pods from being made. */
export function computeRolloutStatus(view: RolloutView, nowMs: number): DeploymentStatus {
  const status = computeDeploymentStatus(view, nowMs)
  const conditions = computeProgress(view, status, nowMs)
  const failure = findReplicaFailure(view)
  return {
    ...status,
    conditions:
      failure === undefined ? withoutCondition(conditions, 'ReplicaFailure') : [...setCondition(conditions, failure)],
  }
}

/** All pods are of the present template, and available. */
export function isComplete({ metadata, spec }: Deployment, status: DeploymentStatus | undefined): boolean {
  const { replicas = 0 } = spec
  return (
    [status?.updatedReplicas, status?.replicas, status?.availableReplicas].every(
      (count) => (count ?? 0) === replicas,
    ) && (status?.observedGeneration ?? 0) >= (metadata.generation ?? 0)
  )
}

function computeProgress(
  { deployment, newSet }: RolloutView,
  status: DeploymentStatus,
  nowMs: number,
): DeploymentCondition[] {
  const { conditions = [] } = status
  const deadlineMs = progressDeadlineMs(deployment)
  if (deadlineMs === undefined) return withoutCondition(conditions, 'Progressing')
  const before = progressingOf(deployment)
  const isDone = status.replicas === status.updatedReplicas && before?.reason === 'NewReplicaSetAvailable'
  if (isDone) return conditions
  const subject =
    newSet === undefined
      ? `Deployment ${JSON.stringify(deployment.metadata.name)}`
      : `ReplicaSet ${JSON.stringify(newSet.metadata.name)}`
  const progressing = (state: DeploymentCondition['status'], reason: string, what: string): DeploymentCondition =>
    newCondition({ type: 'Progressing', status: state, reason, message: `${subject} ${what}.` }, nowMs)
  if (isComplete(deployment, status))
    return [...setCondition(conditions, progressing('True', 'NewReplicaSetAvailable', 'has successfully progressed'))]
  if (hasProgressed(deployment.status ?? {}, status))
    // Each step of it is news, from which the deadline counts anew.
    return withCondition(conditions, keepTransition(progressing('True', 'ReplicaSetUpdated', 'is progressing'), before))
  if (hasTimedOut(before, deadlineMs, nowMs))
    return [...setCondition(conditions, progressing('False', 'ProgressDeadlineExceeded', 'has timed out progressing'))]
  return conditions
}

function hasProgressed(before: DeploymentStatus, now: DeploymentStatus): boolean {
  const oldPods = ({ replicas = 0, updatedReplicas = 0 }: DeploymentStatus): number => replicas - updatedReplicas
  const grows = (count: 'updatedReplicas' | 'readyReplicas' | 'availableReplicas'): boolean =>
    (now[count] ?? 0) > (before[count] ?? 0)
  return (
    grows('updatedReplicas') || grows('readyReplicas') || grows('availableReplicas') || oldPods(now) < oldPods(before)
  )
}

function hasTimedOut(progressing: DeploymentCondition | undefined, deadlineMs: number, nowMs: number): boolean {
  if (progressing === undefined || progressing.reason === 'NewReplicaSetAvailable') return false
  if (progressing.reason === 'ProgressDeadlineExceeded') return true
  return lastProgressMs(progressing) + deadlineMs < nowMs
}

/** A condition that somebody wrote by hand may not tell it: that is long ago, as Go's zero time. */
function lastProgressMs({ lastUpdateTime = '' }: DeploymentCondition): number {
  const atMs = Date.parse(lastUpdateTime)
  return Number.isNaN(atMs) ? 0 : atMs
}

/** Milliseconds until a lack of progress would be one; `undefined` when there is nothing to wait for. */
export function progressCheckInMs(deployment: Deployment, status: DeploymentStatus, nowMs: number): number | undefined {
  const deadlineMs = progressDeadlineMs(deployment)
  const progressing = progressingOf({ status })
  // Nobody would say then that it has passed, and it would be looked at again and again.
  if (deployment.spec.paused === true || deployment.metadata.deletionTimestamp !== undefined) return undefined
  if (deadlineMs === undefined || progressing === undefined || isComplete(deployment, status)) return undefined
  if (progressing.reason === 'ProgressDeadlineExceeded') return undefined
  return Math.max(0, lastProgressMs(progressing) + deadlineMs - nowMs)
}

/** Rather of the new ReplicaSet than of an old one. */
function findReplicaFailure(view: RolloutView): DeploymentCondition | undefined {
  const { newSet, oldSets } = view
  for (const set of [...(newSet === undefined ? [] : [newSet]), ...oldSets]) {
    const failure = conditionOf(set.status?.conditions, 'ReplicaFailure')
    if (failure === undefined) continue
    const { lastTransitionTime } = failure
    return {
      ...failure,
      type: 'ReplicaFailure',
      ...(lastTransitionTime === undefined ? {} : { lastUpdateTime: lastTransitionTime }),
    }
  }
  return undefined
}
