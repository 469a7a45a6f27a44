/** Conditions of a Deployment, with upstream's reasons and messages (deployment_util.go, progress.go). Pure. */
import { conditionOf, withCondition } from '../../common/api/condition.ts'
import type { Deployment, DeploymentCondition } from '../../common/api/deployment.ts'
import { formatTime } from '../../common/api/time.ts'

/** No deadline at all. */
const NEVER_SECONDS = 2 ** 31 - 1

export interface Said {
  type: DeploymentCondition['type']
  status: DeploymentCondition['status']
  reason: string
  message: string
}

export function newCondition(said: Said, nowMs: number): DeploymentCondition {
  const now = formatTime(nowMs)
  return { ...said, lastUpdateTime: now, lastTransitionTime: now }
}

/** What says the same for the same reason stays as it is, whatever its words. */
export function setCondition(
  conditions: readonly DeploymentCondition[],
  condition: DeploymentCondition,
): readonly DeploymentCondition[] {
  const before = conditionOf(conditions, condition.type)
  if (before?.status === condition.status && before.reason === condition.reason) return conditions
  return withCondition(conditions, keepTransition(condition, before))
}

/** The time of its transition stays while its status does. */
export function keepTransition(
  condition: DeploymentCondition,
  before: DeploymentCondition | undefined,
): DeploymentCondition {
  const { lastTransitionTime } = before ?? {}
  if (before?.status !== condition.status || lastTransitionTime === undefined) return condition
  return { ...condition, lastTransitionTime }
}

export function progressingOf({ status }: Pick<Deployment, 'status'>): DeploymentCondition | undefined {
  return conditionOf(status?.conditions, 'Progressing')
}

/** `undefined`: it may take as long as it takes. */
export function progressDeadlineMs({ spec }: Deployment): number | undefined {
  const { progressDeadlineSeconds: seconds = NEVER_SECONDS } = spec
  return seconds === NEVER_SECONDS ? undefined : seconds * 1000
}

/** What is said anew when it was paused or goes on, so that a pause is not taken for a lack of progress. */
export function computePauseCondition(deployment: Deployment): Said | undefined {
  if (progressDeadlineMs(deployment) === undefined) return undefined
  const reason = progressingOf(deployment)?.reason
  if (reason === 'ProgressDeadlineExceeded') return undefined
  const isPaused = deployment.spec.paused === true
  if (isPaused === (reason === 'DeploymentPaused')) return undefined
  return isPaused
    ? { type: 'Progressing', status: 'Unknown', reason: 'DeploymentPaused', message: 'Deployment is paused' }
    : { type: 'Progressing', status: 'Unknown', reason: 'DeploymentResumed', message: 'Deployment is resumed' }
}
