/** Whether a container has a log to show, and why it has none. Pure. */
import type { ContainerStatus } from '@common/api/pod-status.ts'

/**
 * `not-yet`: its turn has not come, or it is being made; `not-made`: it could not be created or started, as the message says.
 */
export interface LogAbsence {
  kind: 'not-yet' | 'not-made'
  reason: string
  message: string
}

/** Some instance of it has run: the newest one's log is there. */
export function hasLog(status: ContainerStatus | undefined): boolean {
  return (status?.containerID ?? '') !== ''
}

/** Another instance ran before the newest one. A pod that has finished keeps both, until its containers are removed. */
export function hasPreviousLog(status: ContainerStatus | undefined): boolean {
  return hasLog(status) && (status?.restartCount ?? 0) > 0
}

const USUAL_WAITS = ['', 'ContainerCreating', 'PodInitializing']

export function describeLogAbsence(status: ContainerStatus | undefined): LogAbsence | undefined {
  if (hasLog(status)) return undefined
  const { reason = '', message = '' } = status?.state.waiting ?? {}
  return USUAL_WAITS.includes(reason) ? { kind: 'not-yet', reason, message } : { kind: 'not-made', reason, message }
}
