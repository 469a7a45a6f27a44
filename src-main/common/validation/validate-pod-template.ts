/** Validation that workloads share: their selector, their template, and the counts of a rolling update. */
import type { IntOrString } from '../api/core.ts'
import { labelRequirements, type LabelSelectorObject } from '../api/label-selector-object.ts'
import { matchesLabels } from '../api/label-selector.ts'
import type { PodTemplateSpec } from '../api/pod-template.ts'
import { type FieldError, forbidden, invalid, required, unsupported } from './field-error.ts'
import { checkLabelValue, checkQualifiedName } from './names.ts'
import { all, validateAnnotations, validateLabels } from './validate-metadata.ts'
import { validatePodSpec } from './validate-pod.ts'

const OPERATORS: readonly string[] = ['In', 'NotIn', 'Exists', 'DoesNotExist']

export function validateLabelSelector(selector: LabelSelectorObject, field: string): FieldError[] {
  const errors = validateLabels(selector.matchLabels ?? {}, `${field}.matchLabels`)
  for (const [index, { key, operator, values = [] }] of (selector.matchExpressions ?? []).entries()) {
    const path = `${field}.matchExpressions[${index}]`
    if (!OPERATORS.includes(operator))
      errors.push(invalid(`${path}.operator`, operator, 'not a valid selector operator'))
    else if (operator === 'In' || operator === 'NotIn') {
      if (values.length === 0) {
        errors.push(required(`${path}.values`, "must be specified when `operator` is 'In' or 'NotIn'"))
      }
    } else if (values.length > 0) {
      errors.push(forbidden(`${path}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"))
    }
    errors.push(...all(`${path}.key`, key, checkQualifiedName(key)))
    for (const [at, value] of values.entries()) {
      errors.push(...all(`${path}.values[${at}]`, value, checkLabelValue(value)))
    }
  }
  return errors
}

/** The pods of a template are what the selector finds; an absent selector finds nothing. */
export function validateSelectsTemplate(
  selector: LabelSelectorObject | undefined,
  { metadata }: PodTemplateSpec,
  field: string,
): FieldError[] {
  const labels = metadata?.labels ?? {}
  if (selector !== undefined && matchesLabels(labelRequirements(selector), labels)) return []
  return [invalid(`${field}.metadata.labels`, labels, '`selector` does not match template `labels`')]
}

export function validatePodTemplate({ metadata, spec }: PodTemplateSpec, field: string): FieldError[] {
  const errors = [
    ...validateLabels(metadata?.labels ?? {}, `${field}.labels`),
    ...validateAnnotations(metadata?.annotations ?? {}, `${field}.annotations`),
    ...validatePodSpec(spec, `${field}.spec`),
  ]
  if ((spec.ephemeralContainers ?? []).length > 0) {
    errors.push(forbidden(`${field}.spec.ephemeralContainers`, 'ephemeral containers not allowed in pod template'))
  }
  return errors
}

/** Pods that are kept alive for ever. `kind` stands in the message. */
export function validateRunsForever({ spec }: PodTemplateSpec, field: string, kind: string): FieldError[] {
  const errors: FieldError[] = []
  const { restartPolicy = 'Always', activeDeadlineSeconds } = spec
  if (restartPolicy !== 'Always') errors.push(unsupported(`${field}.spec.restartPolicy`, restartPolicy, ['Always']))
  if (activeDeadlineSeconds !== undefined) {
    const detail = `activeDeadlineSeconds in ${kind} is not Supported`
    errors.push(forbidden(`${field}.spec.activeDeadlineSeconds`, detail))
  }
  return errors
}

export function validateNotNegative(value: number | undefined, field: string): FieldError[] {
  if (value === undefined || value >= 0) return []
  return [invalid(field, value, 'must be greater than or equal to 0')]
}

const PERCENT = '[0-9]+%'

/** A number that is not negative, or a percentage. */
export function validateCountOrPercent(value: IntOrString | undefined, field: string): FieldError[] {
  if (typeof value !== 'string') return validateNotNegative(value, field)
  if (new RegExp(`^${PERCENT}$`).test(value)) return []
  const rule = "a valid percent string must be a numeric string followed by an ending '%'"
  return [invalid(field, value, `${rule} (e.g. '1%',  or '93%', regex used for validation is '${PERCENT}')`)]
}

export function validateAtMostAll(value: IntOrString | undefined, field: string): FieldError[] {
  if (typeof value !== 'string' || !value.endsWith('%') || Number.parseInt(value, 10) <= 100) return []
  return [invalid(field, value, 'must not be greater than 100%')]
}

/** The number in it, of pods or percent. */
export function countOf(value: IntOrString | undefined): number {
  const count = typeof value === 'string' ? Number.parseInt(value, 10) : value
  return count === undefined || Number.isNaN(count) ? 0 : count
}
