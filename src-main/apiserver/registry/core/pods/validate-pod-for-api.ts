/** What only pods of the API are checked for: annotations of mirrors, and gates of the scheduler. */
import type { ServedPod } from '../../../../common/api/core.ts'
import { CONFIG_MIRROR_ANNOTATION } from '../../../../common/api/kubelet-labels.ts'
import { isMirrorPod } from '../../../../common/api/static-pod.ts'
import { type FieldError, forbidden, invalid } from '../../../../common/validation/field-error.ts'
import { checkQualifiedName } from '../../../../common/validation/names.ts'
import { all } from '../../../../common/validation/validate-metadata.ts'

/** At creation and at an update, after the pod's own validation. */
export function validatePodForAPI(pod: ServedPod): FieldError[] {
  return [...validateMirror(pod), ...validateGates(pod)]
}

/** A mirror is bound to the node that made it (facts 4.10). */
function validateMirror(pod: ServedPod): FieldError[] {
  if (!isMirrorPod(pod)) return []
  const { nodeName = '', resourceClaims = [] } = pod.spec
  const errors: FieldError[] = []
  if (nodeName === '') {
    const value = pod.metadata.annotations?.[CONFIG_MIRROR_ANNOTATION] ?? ''
    const detail = 'must set spec.nodeName if mirror pod annotation is set'
    errors.push(invalid(MIRROR_FIELD, value, detail))
  }
  if (resourceClaims.length > 0) {
    errors.push(forbidden('spec.resourceClaims', 'static pods do not support resource claims'))
  }
  return errors
}

/** Where messages place the annotation. */
export const MIRROR_FIELD = `metadata.annotations[${CONFIG_MIRROR_ANNOTATION}]`

function validateGates({ spec }: ServedPod): FieldError[] {
  const gates = spec.schedulingGates ?? []
  const errors = gates.flatMap(({ name }, index) =>
    all(`spec.schedulingGates[${index}]`, name, checkQualifiedName(name)),
  )
  if (gates.length > 0 && (spec.nodeName ?? '') !== '') {
    errors.push(forbidden('spec.nodeName', 'cannot be set until all schedulingGates have been cleared'))
  }
  return errors
}
