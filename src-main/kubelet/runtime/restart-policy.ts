/** Whether an ended container is to be started again (facts 2.4). */
import type { Container, Pod, RestartPolicy } from '../../common/api/core.ts'
import type { RuntimeContainer } from './runtime-pod.ts'

/** An init container with restartPolicy Always: it starts in init order and then runs beside the others (facts 2.4.3). */
export function isSidecar(container: Container): boolean {
  return container.restartPolicy === 'Always'
}

export function podRestartPolicy(pod: Pod): RestartPolicy {
  return pod.spec.restartPolicy ?? 'Always'
}

/** Policy of the container itself where it has one (KEP-5307), else the pod's. */
export function effectiveRestartPolicy(pod: Pod, container: Container): RestartPolicy {
  return container.restartPolicy ?? podRestartPolicy(pod)
}

/**
 * Decides for a container whose newest instance is `instance` (`undefined`: it never ran). The first matching
 * exit-code rule wins, then the container's policy, then the pod's (facts 2.4.4).
 */
export function shouldContainerBeRestarted(
  pod: Pod,
  container: Container,
  instance: RuntimeContainer | undefined,
): boolean {
  if (pod.metadata.deletionTimestamp !== undefined) return false
  switch (instance?.state) {
    case undefined:
    case 'CONTAINER_CREATED':
    case 'CONTAINER_UNKNOWN':
      return true
    case 'CONTAINER_RUNNING':
      return false
    case 'CONTAINER_EXITED':
      return shouldRestartAfterExit(pod, container, instance.exitCode)
  }
}

export function shouldRestartAfterExit(pod: Pod, container: Container, exitCode: number): boolean {
  const ruled = container.restartPolicyRules?.some((rule) => rule.action === 'Restart' && ruleMatches(rule, exitCode))
  if (ruled === true) return true
  switch (effectiveRestartPolicy(pod, container)) {
    case 'Always':
      return true
    case 'OnFailure':
      return exitCode !== 0
    case 'Never':
      return false
  }
}

function ruleMatches(rule: { exitCodes?: { operator: string; values?: number[] } }, exitCode: number): boolean {
  if (rule.exitCodes === undefined) return false
  const listed = rule.exitCodes.values?.includes(exitCode) === true
  return rule.exitCodes.operator === 'In' ? listed : !listed
}
