/** Restart policies of containers where the gate `ContainerRestartRules` is closed (facts 2.4.4): what 1.33 and older allow. */
import type { Pod } from '../api/core.ts'
import { forbidden, unsupported, type FieldError } from './field-error.ts'

/** Sidecars alone have a policy of their own, and it is `Always`. */
export function validateWithoutRestartRules({ spec }: Pod): FieldError[] {
  const ofInit = (spec.initContainers ?? []).flatMap(({ restartPolicy }, index) =>
    restartPolicy === undefined || restartPolicy === 'Always'
      ? []
      : [unsupported(`spec.initContainers[${index}].restartPolicy`, restartPolicy, ['Always'])],
  )
  const ofOthers = spec.containers.flatMap(({ restartPolicy }, index) =>
    restartPolicy === undefined
      ? []
      : [forbidden(`spec.containers[${index}].restartPolicy`, 'may not be set for non-init containers')],
  )
  return [...ofInit, ...ofOthers]
}
