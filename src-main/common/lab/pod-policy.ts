/**
 * What the safety policy of a lab refuses in a manifest, so that it can be told beforehand. Runtime services enforce the policy
 * (docs/security.md), each request anew; nothing rests on this page. Pure.
 */
import type { Container, Pod, SecurityContext } from '../api/core.ts'

/** Capabilities that Docker gives every container; a pod may name and drop them, and add no others. */
export const DEFAULT_CAPABILITIES = [
  'AUDIT_WRITE',
  'CHOWN',
  'DAC_OVERRIDE',
  'FOWNER',
  'FSETID',
  'KILL',
  'MKNOD',
  'NET_BIND_SERVICE',
  'NET_RAW',
  'SETFCAP',
  'SETGID',
  'SETPCAP',
  'SETUID',
  'SYS_CHROOT',
] as const

export interface RefusedField {
  /** Such as `spec.containers[0].securityContext.privileged`. */
  field: string
  /** What is not allowed, in words. */
  reason: string
  /** What is not started because of it. */
  refuses: 'pod' | 'container'
}

/** A capability's name as the policy compares it: `CAP_SYS_ADMIN` is `SYS_ADMIN`. */
export function capabilityName(capability: string): string {
  return capability.toUpperCase().replace(/^CAP_/, '')
}

/** The sentence of a verdict: what will happen, why, and what to do. */
export function refusedFieldWords({ field, reason, refuses }: RefusedField): string {
  const what = refuses === 'pod' ? 'the pod is not started' : 'the container is not started (CreateContainerError)'
  return `${field} is refused by the safety policy of Node Lab: ${reason}, so ${what}. A real node would allow it; leave it out to see the pod run here.`
}

/** In the order of the manifest's containers; empty for a pod that the policy lets run. */
export function computeRefusedFields({ spec }: Pod): RefusedField[] {
  const ofPod = [
    ...(spec.securityContext?.sysctls ?? []).map(({ name }, index): RefusedField => ({
      field: `spec.securityContext.sysctls[${index}]`,
      reason: `sysctl ${name} belongs to the computer as well`,
      refuses: 'pod',
    })),
    ...refusedProfiles('spec.securityContext', spec.securityContext),
  ]
  const ofContainers = (['initContainers', 'containers'] as const).flatMap((kind) =>
    (spec[kind] ?? []).flatMap((container, index) => refusedInContainer(`spec.${kind}[${index}]`, container)),
  )
  return [...ofPod, ...ofContainers]
}

function refusedInContainer(path: string, { securityContext, volumeMounts = [] }: Container): RefusedField[] {
  const context = `${path}.securityContext`
  const refused: RefusedField[] = []
  const refuse = (field: string, reason: string): void => void refused.push({ field, reason, refuses: 'container' })
  if (securityContext?.privileged === true) refuse(`${context}.privileged`, 'privileged containers are not allowed')
  for (const [index, capability] of (securityContext?.capabilities?.add ?? []).entries())
    if (!DEFAULT_CAPABILITIES.some((allowed) => allowed === capabilityName(capability)))
      refuse(`${context}.capabilities.add[${index}]`, `capability ${capabilityName(capability)} cannot be added`)
  refused.push(...refusedProfiles(context, securityContext))
  for (const [index, { mountPropagation }] of volumeMounts.entries())
    if (mountPropagation !== undefined && mountPropagation !== 'None')
      refuse(`${path}.volumeMounts[${index}].mountPropagation`, 'mounts are not propagated')
  return refused
}

function refusedProfiles(
  path: string,
  context: Pick<SecurityContext, 'seccompProfile' | 'appArmorProfile'> | undefined,
): RefusedField[] {
  return (['seccompProfile', 'appArmorProfile'] as const).flatMap((name): RefusedField[] => {
    const type = context?.[name]?.type
    if (type === undefined || type === 'RuntimeDefault') return []
    return [{ field: `${path}.${name}`, reason: `profile ${type} is not allowed`, refuses: 'container' }]
  })
}
