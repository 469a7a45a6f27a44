/** Validation of a pod's affinity to nodes, in upstream's order and words (pkg/apis/core/validation). */
import type { NodeAffinity, NodeSelectorRequirement, NodeSelectorTerm } from '../api/core.ts'
import { type FieldError, forbidden, invalid, required } from './field-error.ts'
import { checkDNS1123Subdomain, checkLabelValue, checkQualifiedName } from './names.ts'
import { all } from './validate-metadata.ts'

const NAME_FIELD = 'metadata.name'

export function validateNodeAffinity(affinity: NodeAffinity, field: string): FieldError[] {
  const errors: FieldError[] = []
  const { requiredDuringSchedulingIgnoredDuringExecution: selector } = affinity
  if (selector !== undefined) {
    const path = `${field}.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms`
    if (selector.nodeSelectorTerms.length === 0)
      errors.push(required(path, 'must have at least one node selector term'))
    for (const [index, term] of selector.nodeSelectorTerms.entries())
      errors.push(...validateTerm(term, `${path}[${index}]`))
  }
  for (const [index, preferred] of (affinity.preferredDuringSchedulingIgnoredDuringExecution ?? []).entries()) {
    const path = `${field}.preferredDuringSchedulingIgnoredDuringExecution[${index}]`
    if (preferred.weight < 1 || preferred.weight > 100)
      errors.push(invalid(`${path}.weight`, preferred.weight, 'must be in the range 1-100'))
    errors.push(...validateTerm(preferred.preference, `${path}.preference`))
  }
  return errors
}

function validateTerm({ matchExpressions = [], matchFields = [] }: NodeSelectorTerm, field: string): FieldError[] {
  return [
    ...matchExpressions.flatMap((one, index) => validateLabelRequirement(one, `${field}.matchExpressions[${index}]`)),
    ...matchFields.flatMap((one, index) => validateFieldRequirement(one, `${field}.matchFields[${index}]`)),
  ]
}

function validateLabelRequirement(
  { key, operator, values = [] }: NodeSelectorRequirement,
  field: string,
): FieldError[] {
  return [
    ...validateOperator(operator, values, field),
    ...all(`${field}.key`, key, checkQualifiedName(key)),
    ...values.flatMap((value, index) => all(`${field}.values[${index}]`, value, checkLabelValue(value))),
  ]
}

function validateOperator(operator: string, values: string[], field: string): FieldError[] {
  switch (operator) {
    case 'In':
    case 'NotIn':
      if (values.length > 0) return []
      return [required(`${field}.values`, "must be specified when `operator` is 'In' or 'NotIn'")]
    case 'Exists':
    case 'DoesNotExist':
      if (values.length === 0) return []
      return [forbidden(`${field}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'")]
    case 'Gt':
    case 'Lt':
      if (values.length === 1) return []
      return [required(`${field}.values`, "must be specified single value when `operator` is 'Lt' or 'Gt'")]
    default:
      return [invalid(`${field}.operator`, operator, 'not a valid selector operator')]
  }
}

/** A node has one field that can be asked for: its name. */
function validateFieldRequirement(
  { key, operator, values = [] }: NodeSelectorRequirement,
  field: string,
): FieldError[] {
  const errors: FieldError[] = []
  if (operator !== 'In' && operator !== 'NotIn')
    errors.push(invalid(`${field}.operator`, operator, 'not a valid selector operator'))
  else if (values.length !== 1)
    errors.push(
      required(`${field}.values`, "must be only one value when `operator` is 'In' or 'NotIn' for node field selector"),
    )
  if (key !== NAME_FIELD) errors.push(invalid(`${field}.key`, key, 'not a valid field selector key'))
  else
    for (const [index, value] of values.entries())
      errors.push(...all(`${field}.values[${index}]`, value, checkDNS1123Subdomain(value)))
  return errors
}
