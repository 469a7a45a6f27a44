/** Validation of security contexts, of pods and of containers. What the lab's policy refuses is decided elsewhere. */
import type { Container, PodSpec, SeccompProfile } from '../api/core.ts'
import { type FieldError, invalid, required, unsupported } from './field-error.ts'
import { checkRange, MAX_INT32 } from './names.ts'
import { all } from './validate-metadata.ts'

export function validatePodSecurityContext(spec: PodSpec, field: string): FieldError[] {
  const { securityContext = {} } = spec
  const path = `${field}.securityContext`
  const errors: FieldError[] = []
  const ids = { fsGroup: securityContext.fsGroup, ...pickIds(securityContext) }
  errors.push(...validateIds(ids, path))
  for (const [index, group] of (securityContext.supplementalGroups ?? []).entries()) {
    errors.push(...all(`${path}.supplementalGroups[${index}]`, group, checkRange(group, 0, MAX_INT32)))
  }
  if (spec.shareProcessNamespace === true && spec.hostPID === true) {
    const detail = 'ShareProcessNamespace and HostPID cannot both be enabled'
    errors.push(invalid(`${field}.shareProcessNamespace`, true, detail))
  }
  for (const [index, sysctl] of (securityContext.sysctls ?? []).entries()) {
    if (sysctl.name === '') errors.push(required(`${path}.sysctls[${index}].name`))
  }
  const policy = securityContext.fsGroupChangePolicy
  if (policy !== undefined && policy !== 'OnRootMismatch' && policy !== 'Always') {
    errors.push(unsupported(`${path}.fsGroupChangePolicy`, policy, ['Always', 'OnRootMismatch']))
  }
  errors.push(...validateProfile(securityContext.seccompProfile, `${path}.seccompProfile`, 'seccomp'))
  errors.push(...validateProfile(securityContext.appArmorProfile, `${path}.appArmorProfile`, 'AppArmor'))
  return errors
}

export function validateSecurityContext(container: Container, field: string): FieldError[] {
  const { securityContext } = container
  if (securityContext === undefined) return []
  const path = `${field}.securityContext`
  const errors = validateIds(pickIds(securityContext), path)
  const { privileged, allowPrivilegeEscalation, capabilities, procMount } = securityContext
  if (procMount !== undefined && procMount !== 'Default' && procMount !== 'Unmasked') {
    errors.push(unsupported(`${path}.procMount`, procMount, ['Default', 'Unmasked']))
  }
  if (allowPrivilegeEscalation === false) {
    const escalation = `${path}.allowPrivilegeEscalation`
    if (privileged === true) {
      errors.push(invalid(escalation, false, 'cannot set `allowPrivilegeEscalation` to false and `privileged` to true'))
    }
    if (capabilities?.add?.includes('CAP_SYS_ADMIN')) {
      const detail = 'cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN'
      errors.push(invalid(escalation, false, detail))
    }
  }
  errors.push(...validateProfile(securityContext.seccompProfile, `${path}.seccompProfile`, 'seccomp'))
  errors.push(...validateProfile(securityContext.appArmorProfile, `${path}.appArmorProfile`, 'AppArmor'))
  return errors
}

interface Ids {
  runAsUser?: number | undefined
  runAsGroup?: number | undefined
  fsGroup?: number | undefined
}

function pickIds({ runAsUser, runAsGroup }: Ids): Ids {
  return { runAsUser, runAsGroup }
}

function validateIds(ids: Ids, field: string): FieldError[] {
  return Object.entries(ids).flatMap(([name, id]: [string, number | undefined]) =>
    id === undefined ? [] : all(`${field}.${name}`, id, checkRange(id, 0, MAX_INT32)),
  )
}

function validateProfile(
  profile: SeccompProfile | undefined,
  field: string,
  what: 'seccomp' | 'AppArmor',
): FieldError[] {
  if (profile === undefined) return []
  const { localhostProfile } = profile
  const type: string = profile.type
  if (type === '') return [required(`${field}.type`, 'type is required when profile is set')]
  if (type === 'Localhost') {
    if ((localhostProfile ?? '') !== '') return []
    return [required(`${field}.localhostProfile`, `must be set when ${what} type is Localhost`)]
  }
  if (type !== 'RuntimeDefault' && type !== 'Unconfined') {
    return [unsupported(`${field}.type`, type, ['Localhost', 'RuntimeDefault', 'Unconfined'])]
  }
  if (localhostProfile === undefined) return []
  return [invalid(`${field}.localhostProfile`, localhostProfile, `can only be set when ${what} type is Localhost`)]
}
