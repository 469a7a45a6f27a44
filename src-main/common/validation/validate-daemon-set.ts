/** Validation of DaemonSets beside their metadata (upstream: pkg/apis/apps/validation; facts 6.1.2). */
import type { DaemonSet, DaemonSetUpdateStrategy } from '../api/daemon-set.ts'
import { type FieldError, invalid, required, unsupported } from './field-error.ts'
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

export function validateDaemonSet({ spec }: DaemonSet): FieldError[] {
  const { selector, template, updateStrategy = {} } = spec
  const errors: FieldError[] = []
  if (selector !== undefined) errors.push(...validateLabelSelector(selector, 'spec.selector'))
  errors.push(...validateSelectsTemplate(selector, template, 'spec.template'))
  if (selector !== undefined && Object.values(selector).every((part) => Object.keys(part).length === 0)) {
    errors.push(invalid('spec.selector', selector, 'empty selector is invalid for daemonset'))
  }
  return [
    ...errors,
    ...validatePodTemplate(template, 'spec.template'),
    ...validateRunsForever(template, 'spec.template', 'DaemonSet'),
    ...validateNotNegative(spec.minReadySeconds, 'spec.minReadySeconds'),
    ...validateUpdateStrategy(updateStrategy, 'spec.updateStrategy'),
    ...validateNotNegative(spec.revisionHistoryLimit, 'spec.revisionHistoryLimit'),
  ]
}

function validateUpdateStrategy({ type, rollingUpdate }: DaemonSetUpdateStrategy, field: string): FieldError[] {
  switch (type) {
    case 'OnDelete':
      return []
    case 'RollingUpdate':
      if (rollingUpdate === undefined) return [required(`${field}.rollingUpdate`)]
      return validateRollingUpdate(rollingUpdate, `${field}.rollingUpdate`)
    default:
      return [unsupported(field, type ?? '', ['RollingUpdate', 'OnDelete'])]
  }
}

/** Either old pods go before new ones come, or new ones come before old ones go. */
function validateRollingUpdate(
  { maxUnavailable, maxSurge }: NonNullable<DaemonSetUpdateStrategy['rollingUpdate']>,
  field: string,
): FieldError[] {
  const errors = [
    ...validateCountOrPercent(maxUnavailable, `${field}.maxUnavailable`),
    ...validateCountOrPercent(maxSurge, `${field}.maxSurge`),
    ...validateAtMostAll(maxUnavailable, `${field}.maxUnavailable`),
    ...validateAtMostAll(maxSurge, `${field}.maxSurge`),
  ]
  const hasUnavailable = countOf(maxUnavailable) !== 0
  const hasSurge = countOf(maxSurge) !== 0
  if (hasUnavailable && hasSurge) {
    const detail = 'may not be set when maxUnavailable is non-zero'
    errors.push(invalid(`${field}.maxSurge`, maxSurge ?? '', detail))
  } else if (!hasUnavailable && !hasSurge) {
    errors.push(required(`${field}.maxUnavailable`, 'cannot be 0 when maxSurge is 0'))
  }
  return errors
}
