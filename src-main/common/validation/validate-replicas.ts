/** Validation of ReplicaSets and Deployments beside their metadata (upstream: pkg/apis/apps/validation). */
import type { Deployment, DeploymentStrategy } from '../api/deployment.ts'
import type { ReplicaSet } from '../api/replica-set.ts'
import { type FieldError, forbidden, invalid, required, unsupported } from './field-error.ts'
import {
  countOf,
  validateAtMostAll,
  validateCountOrPercent,
  validateLabelSelector,
  validateNotNegative,
  validatePodTemplate,
  validateRunsForever,
  validateSelectsTemplate,
} from './validate-pod-template.ts'

export function validateReplicaSet({ spec }: ReplicaSet): FieldError[] {
  return [
    ...validateNotNegative(spec.replicas, 'spec.replicas'),
    ...validateNotNegative(spec.minReadySeconds, 'spec.minReadySeconds'),
    ...validateSelection(spec),
  ]
}

export function validateDeployment({ spec }: Deployment): FieldError[] {
  const { minReadySeconds = 0, progressDeadlineSeconds: deadline } = spec
  const errors = [
    ...validateNotNegative(spec.replicas, 'spec.replicas'),
    ...validateSelection(spec),
    ...validateStrategy(spec.strategy ?? {}, 'spec.strategy'),
    ...validateNotNegative(spec.minReadySeconds, 'spec.minReadySeconds'),
    ...validateNotNegative(spec.revisionHistoryLimit, 'spec.revisionHistoryLimit'),
    ...validateNotNegative(deadline, 'spec.progressDeadlineSeconds'),
  ]
  if (deadline !== undefined && deadline <= minReadySeconds) {
    errors.push(invalid('spec.progressDeadlineSeconds', deadline, 'must be greater than minReadySeconds'))
  }
  return errors
}

function validateSelection({ selector, template }: ReplicaSet['spec']): FieldError[] {
  const errors: FieldError[] = []
  if (selector === undefined) errors.push(required('spec.selector'))
  else {
    errors.push(...validateLabelSelector(selector, 'spec.selector'))
    if (Object.values(selector).every((part) => Object.keys(part).length === 0)) {
      // Upstream's words for a ReplicaSet too.
      errors.push(invalid('spec.selector', selector, 'empty selector is invalid for deployment'))
    }
  }
  return [
    ...errors,
    ...validateSelectsTemplate(selector, template, 'spec.template'),
    ...validatePodTemplate(template, 'spec.template'),
    ...validateRunsForever(template, 'spec.template', 'ReplicaSet'),
  ]
}

function validateStrategy({ type, rollingUpdate }: DeploymentStrategy, field: string): FieldError[] {
  const path = `${field}.rollingUpdate`
  switch (type) {
    case 'Recreate':
      if (rollingUpdate === undefined) return []
      return [forbidden(path, "may not be specified when strategy `type` is 'Recreate'")]
    case 'RollingUpdate':
      if (rollingUpdate === undefined) return [required(path, 'this should be defaulted and never be nil')]
      return validateRollingUpdate(rollingUpdate, path)
    default:
      return [unsupported(`${field}.type`, type ?? '', ['Recreate', 'RollingUpdate'])]
  }
}

function validateRollingUpdate(
  { maxUnavailable, maxSurge }: NonNullable<DeploymentStrategy['rollingUpdate']>,
  field: string,
): FieldError[] {
  const errors = [
    ...validateCountOrPercent(maxUnavailable, `${field}.maxUnavailable`),
    ...validateCountOrPercent(maxSurge, `${field}.maxSurge`),
  ]
  if (countOf(maxUnavailable) === 0 && countOf(maxSurge) === 0) {
    const detail = 'may not be 0 when `maxSurge` is 0'
    errors.push(invalid(`${field}.maxUnavailable`, maxUnavailable ?? '', detail))
  }
  return [...errors, ...validateAtMostAll(maxUnavailable, `${field}.maxUnavailable`)]
}
