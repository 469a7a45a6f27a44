/** Validation of a whole pod at creation, in the order in which upstream reports it (facts 1.3.5). */
import type { Container, Pod, PodSpec, Toleration } from '../api/core.ts'
import { duplicate, type FieldError, forbidden, invalid, required, tooLong, unsupported } from './field-error.ts'
import {
  checkDNS1123Label,
  checkDNS1123Subdomain,
  checkQualifiedName,
  checkRange,
  MAX_INT32,
  MAX_KERNEL_HOSTNAME,
} from './names.ts'
import { validateContainer, type ContainerContext } from './validate-container.ts'
import { validateContainerHandlers } from './validate-handlers.ts'
import { all, validateLabels } from './validate-metadata.ts'
import { validateNodeAffinity } from './validate-node-affinity.ts'
import { validateObjectMeta } from './validate-object-meta.ts'
import {
  validateDNSConfig,
  validateDNSPolicy,
  validateHostAliases,
  validateHostPortClashes,
} from './validate-pod-networking.ts'
import { validateResources } from './validate-resources.ts'
import { validatePodSecurityContext } from './validate-security-context.ts'
import { validateVolumes } from './validate-volumes.ts'

const RESTART_POLICIES: readonly string[] = ['Always', 'OnFailure', 'Never']
const EFFECTS: readonly string[] = ['NoSchedule', 'PreferNoSchedule', 'NoExecute']

/**
 * All faults of a pod to which `applyPodDefaults` has been applied; none is `[]`. Affinity to other pods and topology
 * spread constraints are not looked into: they are for the kube-scheduler, which a static pod never meets.
 */
export function validatePod(pod: Pod): FieldError[] {
  return [...validateObjectMeta(pod.metadata, { namespaced: true }), ...validateNewPod(pod)]
}

/** All faults of a pod to be created beside those of its metadata. */
export function validateNewPod(pod: Pod): FieldError[] {
  const errors = validatePodSpec(pod.spec, 'spec')
  if ((pod.spec.ephemeralContainers ?? []).length > 0) {
    errors.push(forbidden('spec.ephemeralContainers', 'cannot be set on create'))
  }
  if ((pod.spec.serviceAccountName ?? '') === '') errors.push(...validateTokenVolumes(pod.spec))
  return errors
}

/** Also of a pod template, whose `field` is `spec.template.spec`. */
export function validatePodSpec(spec: PodSpec, field: string): FieldError[] {
  const volumes = spec.volumes ?? []
  const context: ContainerContext = {
    volumes,
    hostNetwork: spec.hostNetwork === true,
    isTemplate: field !== 'spec',
  }
  const errors: FieldError[] = [
    ...validateVolumes(volumes, `${field}.volumes`),
    ...validateContainers(spec, `${field}.containers`, context),
    ...validateInitContainers(spec, `${field}.initContainers`, context),
  ]
  if (spec.resources !== undefined) errors.push(...validateResources(spec.resources, `${field}.resources`))
  // Upstream takes them for limits, in the path as well.
  if (spec.overhead !== undefined) errors.push(...validateResources({ limits: spec.overhead }, `${field}.overhead`))
  const restartPolicy: string = spec.restartPolicy ?? ''
  if (restartPolicy === '') errors.push(required(`${field}.restartPolicy`))
  else if (!RESTART_POLICIES.includes(restartPolicy)) {
    errors.push(unsupported(`${field}.restartPolicy`, restartPolicy, RESTART_POLICIES))
  }
  errors.push(...validateDNSPolicy(spec, field))
  errors.push(...validateLabels(spec.nodeSelector ?? {}, `${field}.nodeSelector`))
  errors.push(...validatePodSecurityContext(spec, field))
  for (const [index, secret] of (spec.imagePullSecrets ?? []).entries()) {
    if ((secret.name ?? '') === '') errors.push(required(`${field}.imagePullSecrets[${index}].name`))
  }
  const { nodeAffinity } = spec.affinity ?? {}
  if (nodeAffinity !== undefined) errors.push(...validateNodeAffinity(nodeAffinity, `${field}.affinity.nodeAffinity`))
  errors.push(...validateDNSConfig(spec, field))
  for (const [index, gate] of (spec.readinessGates ?? []).entries()) {
    const path = `${field}.readinessGates[${index}].conditionType`
    errors.push(...all(path, gate.conditionType, checkQualifiedName(gate.conditionType)))
  }
  errors.push(...validateNames(spec, field), ...validateHostnameOverride(spec, field))
  const { activeDeadlineSeconds: deadline } = spec
  if (deadline !== undefined)
    errors.push(...all(`${field}.activeDeadlineSeconds`, deadline, checkRange(deadline, 1, MAX_INT32)))
  errors.push(
    ...(spec.tolerations ?? []).flatMap((item, index) => validateToleration(item, `${field}.tolerations[${index}]`)),
  )
  errors.push(...validateHostAliases(spec, field))
  const os = spec.os?.name
  if (os !== undefined && os !== 'linux' && os !== 'windows') {
    errors.push(unsupported(`${field}.os`, os, ['linux', 'windows']))
  }
  return errors
}

/** Fields that name other things or become host names. */
function validateNames(spec: PodSpec, field: string): FieldError[] {
  const rules: [keyof PodSpec & string, string | undefined, (value: string) => string[]][] = [
    ['serviceAccountName', spec.serviceAccountName, checkDNS1123Subdomain],
    ['nodeName', spec.nodeName, checkDNS1123Subdomain],
    ['hostname', spec.hostname, checkDNS1123Label],
    ['subdomain', spec.subdomain, checkDNS1123Label],
    ['priorityClassName', spec.priorityClassName, checkDNS1123Subdomain],
    ['runtimeClassName', spec.runtimeClassName, checkDNS1123Subdomain],
  ]
  return rules.flatMap(([name, value, check]) =>
    value === undefined || value === '' ? [] : all(`${field}.${name}`, value, check(value)),
  )
}

/** It is the kernel's host name as it stands, of a pod that has one of its own (facts 2.18.2). */
function validateHostnameOverride(spec: PodSpec, field: string): FieldError[] {
  const { hostnameOverride, hostNetwork, setHostnameAsFQDN } = spec
  if (hostnameOverride === undefined) return []
  const path = `${field}.hostnameOverride`
  const errors = all(path, hostnameOverride, checkDNS1123Subdomain(hostnameOverride))
  if (hostnameOverride.length > MAX_KERNEL_HOSTNAME) errors.push(tooLong(path, MAX_KERNEL_HOSTNAME))
  if (setHostnameAsFQDN === true) errors.push(forbidden(path, 'may not be set when setHostnameAsFQDN is true'))
  if (hostNetwork === true) errors.push(forbidden(path, 'may not be set when hostNetwork is true'))
  return errors
}

function validateContainers(spec: PodSpec, field: string, context: ContainerContext): FieldError[] {
  const { containers } = spec
  if (containers.length === 0) return [required(field)]
  const names = new Set<string>()
  const errors = containers.flatMap((container, index) => {
    const path = `${field}[${index}]`
    return [
      ...validateContainer(container, path, context),
      ...validateUniqueName(container, path, names),
      ...validateContainerHandlers(container, path, gracePeriod(spec)),
    ]
  })
  return [...errors, ...validateHostPortClashes(containers, field)]
}

function validateInitContainers(spec: PodSpec, field: string, context: ContainerContext): FieldError[] {
  const names = new Set(spec.containers.map(({ name }) => name))
  return (spec.initContainers ?? []).flatMap((container, index) => {
    const path = `${field}[${index}]`
    const errors = [...validateContainer(container, path, context), ...validateUniqueName(container, path, names)]
    if (container.restartPolicy === 'Always') {
      return [...errors, ...validateContainerHandlers(container, path, gracePeriod(spec))]
    }
    const detail = 'may not be set for init containers without restartPolicy=Always'
    const present = (['lifecycle', 'livenessProbe', 'readinessProbe', 'startupProbe'] as const).filter(
      (name) => container[name] !== undefined,
    )
    return [...errors, ...present.map((name) => forbidden(`${path}.${name}`, detail))]
  })
}

function validateUniqueName(container: Container, field: string, names: Set<string>): FieldError[] {
  const clash = container.name !== '' && names.has(container.name)
  names.add(container.name)
  return clash ? [duplicate(`${field}.name`, container.name)] : []
}

function gracePeriod(spec: PodSpec): number {
  return spec.terminationGracePeriodSeconds ?? 30
}

function validateToleration(toleration: Toleration, field: string): FieldError[] {
  const { key = '', value = '', tolerationSeconds } = toleration
  const operator: string = toleration.operator ?? ''
  const effect: string = toleration.effect ?? ''
  const errors = key === '' ? [] : all(`${field}.key`, key, checkQualifiedName(key))
  if (key === '' && operator !== 'Exists') {
    const detail = 'operator must be Exists when `key` is empty, which means "match all values and all keys"'
    errors.push(invalid(`${field}.operator`, operator, detail))
  }
  if (tolerationSeconds !== undefined && effect !== 'NoExecute') {
    errors.push(invalid(`${field}.effect`, effect, "effect must be 'NoExecute' when `tolerationSeconds` is set"))
  }
  if (operator === 'Exists' && value !== '') {
    errors.push(invalid(`${field}.operator`, value, "value must be empty when `operator` is 'Exists'"))
  } else if (operator !== '' && operator !== 'Exists' && operator !== 'Equal') {
    errors.push(unsupported(`${field}.operator`, operator, ['Equal', 'Exists']))
  }
  if (effect !== '' && !EFFECTS.includes(effect)) errors.push(unsupported(`${field}.effect`, effect, EFFECTS))
  return errors
}

function validateTokenVolumes(spec: PodSpec): FieldError[] {
  return (spec.volumes ?? []).flatMap((volume, index) =>
    (volume.projected?.sources ?? []).flatMap((source, at) =>
      source.serviceAccountToken === undefined
        ? []
        : [
            forbidden(
              `spec.volumes[${index}].projected.sources[${at}].serviceAccountToken`,
              'must not be specified when serviceAccountName is not set',
            ),
          ],
    ),
  )
}
