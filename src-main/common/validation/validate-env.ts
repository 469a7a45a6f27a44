/** Validation of environment variables and of references to a pod's own fields and resources. */
import type { Container, EnvVar, ObjectFieldSelector, ResourceFieldSelector } from '../api/core.ts'
import { parseQuantity, formatQuantity } from '../api/quantity.ts'
import { type FieldError, forbidden, invalid, required, unsupported } from './field-error.ts'
import { checkDNS1123Subdomain, checkEnvVarName, checkQualifiedName } from './names.ts'
import { all } from './validate-metadata.ts'

const ENV_FIELDS = [
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
  'spec.nodeName',
  'spec.serviceAccountName',
  'status.hostIP',
  'status.hostIPs',
  'status.podIP',
  'status.podIPs',
] as const
/** What a file of a downward API volume may show as well: whole maps. */
const VOLUME_FIELDS = [
  'metadata.annotations',
  'metadata.labels',
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
] as const
const RESOURCES = [
  'limits.cpu',
  'limits.ephemeral-storage',
  'limits.memory',
  'requests.cpu',
  'requests.ephemeral-storage',
  'requests.memory',
] as const
const CPU_DIVISORS: ReadonlySet<string> = new Set(['0', '1', '1m'])
const BYTE_DIVISORS: ReadonlySet<string> = new Set('0 1 1k 1M 1G 1T 1P 1E 1Ki 1Mi 1Gi 1Ti 1Pi 1Ei'.split(' '))

export function validateEnv(container: Container, field: string): FieldError[] {
  const variables = (container.env ?? []).flatMap((variable, index) =>
    validateVariable(variable, `${field}.env[${index}]`),
  )
  const sources = (container.envFrom ?? []).flatMap((source, index) => {
    const path = `${field}.envFrom[${index}]`
    const prefix = source.prefix ?? ''
    const errors = prefix === '' ? [] : all(`${path}.prefix`, prefix, checkEnvVarName(prefix))
    const kinds = (['configMapRef', 'secretRef'] as const).filter((kind) => source[kind] !== undefined)
    for (const kind of kinds) {
      const name = source[kind]?.name ?? ''
      if (name === '') errors.push(required(`${path}.${kind}.name`))
      else errors.push(...all(`${path}.${kind}.name`, name, checkDNS1123Subdomain(name)))
    }
    if (kinds.length === 0) errors.push(invalid(path, '', 'must specify one of: `configMapRef` or `secretRef`'))
    if (kinds.length > 1) errors.push(invalid(path, '', 'may not have more than one field specified at a time'))
    return errors
  })
  return [...variables, ...sources]
}

function validateVariable(variable: EnvVar, field: string): FieldError[] {
  const errors =
    variable.name === ''
      ? [required(`${field}.name`)]
      : all(`${field}.name`, variable.name, checkEnvVarName(variable.name))
  const source = variable.valueFrom
  if (source === undefined) return errors
  const path = `${field}.valueFrom`
  if ((variable.value ?? '') !== '') {
    errors.push(invalid(path, '', 'may not be specified when `value` is not empty'))
  }
  // Upstream's gate EnvFiles lets it through; a container without the variable would be a riddle.
  if (source.fileKeyRef !== undefined)
    return [
      ...errors,
      forbidden(`${path}.fileKeyRef`, 'variables from files are not carried out by this version of Node Lab'),
    ]
  const kinds = (['fieldRef', 'resourceFieldRef', 'configMapKeyRef', 'secretKeyRef'] as const).filter(
    (kind) => source[kind] !== undefined,
  )
  if (source.fieldRef !== undefined) errors.push(...validateFieldRef(source.fieldRef, `${path}.fieldRef`, 'env'))
  if (source.resourceFieldRef !== undefined) {
    errors.push(...validateResourceFieldRef(source.resourceFieldRef, `${path}.resourceFieldRef`))
  }
  for (const kind of ['configMapKeyRef', 'secretKeyRef'] as const) {
    if (source[kind]?.name === undefined && source[kind] !== undefined) errors.push(required(`${path}.${kind}.name`))
    if (source[kind]?.key === '') errors.push(required(`${path}.${kind}.key`))
  }
  if (kinds.length === 0) {
    const detail = 'must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`'
    errors.push(invalid(path, '', detail))
  }
  if (kinds.length > 1) errors.push(invalid(path, '', 'may not have more than one field specified at a time'))
  return errors
}

/** A reference to a field of the pod, from a variable or from a file of a downward API volume. */
export function validateFieldRef(reference: ObjectFieldSelector, field: string, place: 'env' | 'volume'): FieldError[] {
  const { fieldPath } = reference
  const path = `${field}.fieldPath`
  if ((reference.apiVersion ?? '') === '') return [required(`${field}.apiVersion`)]
  if (fieldPath === '') return [required(path)]
  const subscript = /^(metadata\.(?:labels|annotations))\['(.*)'\]$/.exec(fieldPath)
  if (subscript !== null) return all(path, subscript[2] ?? '', checkQualifiedName((subscript[2] ?? '').toLowerCase()))
  const supported: readonly string[] = place === 'env' ? ENV_FIELDS : VOLUME_FIELDS
  if (supported.includes(fieldPath)) return []
  const known: readonly string[] = [...ENV_FIELDS, ...VOLUME_FIELDS]
  if (!known.includes(fieldPath)) {
    return [invalid(path, fieldPath, `error converting fieldPath: field label not supported: ${fieldPath}`)]
  }
  return [unsupported(path, fieldPath, supported)]
}

/** A reference to a container's request or limit. */
export function validateResourceFieldRef(reference: ResourceFieldSelector, field: string): FieldError[] {
  const { resource } = reference
  if (resource === '') return [required(`${field}.resource`)]
  const known: readonly string[] = RESOURCES
  if (!known.includes(resource) && !/^(?:limits|requests)\.hugepages-/.test(resource)) {
    return [unsupported(`${field}.resource`, resource, known)]
  }
  const parsed = parseQuantity(reference.divisor ?? '0')
  const divisor = parsed.ok ? formatQuantity(parsed.quantity) : ''
  const name = resource.slice(resource.indexOf('.') + 1)
  const allowed = name === 'cpu' ? CPU_DIVISORS : BYTE_DIVISORS
  if (allowed.has(divisor)) return []
  const list = [...allowed].filter((value) => value !== '0')
  const words = name === 'cpu' ? '1m and 1' : list.join(', ')
  return [
    invalid(`${field}.divisor`, divisor, `only divisor's values ${words} are supported with the ${name} resource`),
  ]
}
