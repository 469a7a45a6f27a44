/** What the kubelet may not say of a pod: containers that ended for good do not run again. */
import type { ServedPod } from '../../../../common/api/core.ts'
import type { ContainerStatus } from '../../../../common/api/pod-status.ts'
import { type FieldError, forbidden, invalid } from '../../../../common/validation/field-error.ts'
import { IS_IMMUTABLE } from '../../../../common/validation/validate-object-meta.ts'

export function validatePodStatusUpdate(pod: ServedPod, old: ServedPod): FieldError[] {
  const errors: FieldError[] = []
  const { status = {}, spec } = pod
  const before = old.status ?? {}
  if (before.qosClass !== undefined && status.qosClass !== before.qosClass) {
    errors.push(invalid('status.qosClass', status.qosClass ?? '', IS_IMMUTABLE))
  }
  const ownPolicies = new Set(
    [...spec.containers, ...(spec.initContainers ?? [])].flatMap(({ name, restartPolicy }) =>
      restartPolicy === undefined ? [] : [name],
    ),
  )
  for (const list of ['containerStatuses', 'initContainerStatuses'] as const) {
    errors.push(
      ...validateTransitions(status[list] ?? [], before[list] ?? [], `status.${list}`, (container) =>
        // A container with a policy of its own may come back by it.
        ownPolicies.has(container.name) ? true : spec.restartPolicy === 'Always' || mayFailAgain(pod, container),
      ),
    )
  }
  return errors
}

function mayFailAgain({ spec }: ServedPod, { state }: ContainerStatus): boolean {
  return spec.restartPolicy === 'OnFailure' && state.terminated?.exitCode !== 0
}

function validateTransitions(
  statuses: readonly ContainerStatus[],
  before: readonly ContainerStatus[],
  field: string,
  mayRestart: (old: ContainerStatus) => boolean,
): FieldError[] {
  return before.flatMap((old, index) => {
    const status = statuses.find(({ name }) => name === old.name)
    if (old.state.terminated === undefined || status === undefined || mayRestart(old)) return []
    if (status.state.terminated !== undefined) return []
    return [forbidden(`${field}[${index}].state`, 'may not be transitioned to non-terminated state')]
  })
}
