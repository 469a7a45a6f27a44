/** What may change of a pod after its creation: images, a deadline, more tolerations, and little else (facts 8.5.11). */
import { isDeepStrictEqual } from 'node:util'
import type { Container, PodSpec, ServedPod, Toleration } from '../../../../common/api/core.ts'
import { CONFIG_MIRROR_ANNOTATION } from '../../../../common/api/kubelet-labels.ts'
import { POD_SPEC } from '../../../../common/api/pod-schema.ts'
import { cloneData } from '../../../../common/defaults/clone.ts'
import { type FieldError, forbidden, invalid } from '../../../../common/validation/field-error.ts'
import { MAX_INT32 } from '../../../../common/validation/names.ts'
import { validatePodSpec } from '../../../../common/validation/validate-pod.ts'
import { describeChange } from './describe-change.ts'
import { keep } from '../../strategies.ts'
import { MIRROR_FIELD, validatePodForAPI } from './validate-pod-for-api.ts'

export function validatePodUpdate(pod: ServedPod, old: ServedPod): FieldError[] {
  const errors = [
    ...validatePodSpec(pod.spec, 'spec'),
    ...validateMirrorAnnotation(pod, old),
    ...validatePodForAPI(pod),
  ]
  for (const list of ['containers', 'initContainers'] as const) {
    if (pod.spec[list]?.length !== old.spec[list]?.length) {
      // Nothing else can be said while it is not known which container is which.
      return [...errors, forbidden(`spec.${list}`, 'pod updates may not add or remove containers')]
    }
  }
  const deadline = validateDeadline(pod.spec, old.spec)
  if (deadline.length > 0) return [...errors, ...deadline]
  const tolerations = validateTolerations(pod.spec.tolerations ?? [], old.spec.tolerations ?? [])
  errors.push(...tolerations, ...validateGateUpdate(pod.spec, old.spec))
  const rest = withAllowedChangesUndone(pod.spec, old.spec)
  if (!isDeepStrictEqual(rest, old.spec)) {
    const change = describeChange(rest, old.spec, POD_SPEC, 'core.PodSpec')
    errors.push(forbidden('spec', `${ALLOWED_CHANGES}\n${change}`))
  }
  return errors
}

const ALLOWED_CHANGES =
  'pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)'

/** The annotation makes a pod a mirror for the whole of its life (facts 4.4). */
function validateMirrorAnnotation(pod: ServedPod, old: ServedPod): FieldError[] {
  const before = old.metadata.annotations?.[CONFIG_MIRROR_ANNOTATION]
  const after = pod.metadata.annotations?.[CONFIG_MIRROR_ANNOTATION]
  if (before === after) return []
  const detail =
    before === undefined ? 'may not add mirror pod annotation' : 'may not remove or update mirror pod annotation'
  return [forbidden(MIRROR_FIELD, detail)]
}

/** A deadline may come nearer, never go away. */
function validateDeadline(spec: PodSpec, old: PodSpec): FieldError[] {
  const field = 'spec.activeDeadlineSeconds'
  const { activeDeadlineSeconds: seconds } = spec
  const { activeDeadlineSeconds: before } = old
  if (seconds === undefined) {
    return before === undefined ? [] : [invalid(field, null, 'must not update from a positive integer to nil value')]
  }
  if (seconds < 0 || seconds > MAX_INT32) {
    return [invalid(field, seconds, `must be between 0 and ${MAX_INT32}, inclusive`)]
  }
  if (before !== undefined && before < seconds) {
    return [invalid(field, seconds, 'must be less than or equal to previous value')]
  }
  return []
}

function validateTolerations(tolerations: readonly Toleration[], old: readonly Toleration[]): FieldError[] {
  const withoutSeconds = ({
    tolerationSeconds: _seconds,
    ...rest
  }: Toleration): Omit<Toleration, 'tolerationSeconds'> => rest
  const stays = (before: Toleration): boolean =>
    tolerations.some((one) => isDeepStrictEqual(withoutSeconds(one), withoutSeconds(before)))
  if (old.every(stays)) return []
  return [forbidden('spec.tolerations', 'existing toleration can not be modified except its tolerationSeconds')]
}

/** Gates are lifted, never set up. */
function validateGateUpdate(spec: PodSpec, old: PodSpec): FieldError[] {
  const before = new Set((old.schedulingGates ?? []).map(({ name }) => name))
  return (spec.schedulingGates ?? []).flatMap(({ name }, index) =>
    before.has(name)
      ? []
      : [
          forbidden(
            `spec.schedulingGates[${index}]`,
            `only deletion is allowed, but found new scheduling gate '${name}'`,
          ),
        ],
  )
}

/** The new spec with what may change put back; when it differs from the old one still, something else was changed. */
function withAllowedChangesUndone(spec: PodSpec, old: PodSpec): PodSpec {
  const result = cloneData(spec)
  restoreImages(result.containers, old.containers)
  restoreImages(result.initContainers ?? [], old.initContainers ?? [])
  keep(result, old, 'activeDeadlineSeconds')
  keep(result, old, 'tolerations')
  keep(result, old, 'schedulingGates')
  if ((old.schedulingGates ?? []).length > 0) {
    keep(result, old, 'nodeSelector')
    keep(result, old, 'affinity')
  }
  if ((old.terminationGracePeriodSeconds ?? 0) < 0 && spec.terminationGracePeriodSeconds === 1) {
    keep(result, old, 'terminationGracePeriodSeconds')
  }
  return result
}

function restoreImages(containers: readonly Container[], old: readonly Container[]): void {
  for (const [index, container] of containers.entries()) {
    const before = old[index]
    if (before !== undefined) keep(container, before, 'image')
  }
}
